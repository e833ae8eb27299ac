// Files are written whole or not at all.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OutputFolder } from '../../src/cli/output-folder.ts';
import { EnvironmentError } from '../../src/errors/index.ts';
import { temporaryFolder } from './terminal.ts';

describe('OutputFolder', () => {
  it('makes the folders and leaves nothing else in them', () => {
    const path = join(temporaryFolder(), 'a', 'b');
    new OutputFolder(path, ['figures']);
    expect(readdirSync(path, { recursive: true })).toEqual(['figures']);
  });

  it('writes text and bytes, and replaces old files', () => {
    const folder = new OutputFolder(temporaryFolder());
    folder.write('a.txt', 'one');
    expect(readFileSync(folder.write('a.txt', 'two'), 'utf8')).toBe('two');
    expect([...readFileSync(folder.write('b.png', Uint8Array.of(1, 2)))]).toEqual([1, 2]);
    expect(readdirSync(folder.path).sort()).toEqual(['a.txt', 'b.png']);
  });

  it('leaves no temporary file when a file cannot be put in place', () => {
    const folder = new OutputFolder(temporaryFolder());
    mkdirSync(join(folder.path, 'results.json'));
    expect(() => folder.write('results.json', '{}')).toThrow(EnvironmentError);
    expect(readdirSync(folder.path)).toEqual(['results.json']);
  });

  it('refuses a path that is a file, or leads through one', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(() => new OutputFolder(file)).toThrow(/^Cannot write .*file: a file is in the way\. Choose another folder/);
    expect(() => new OutputFolder(join(file, 'out'))).toThrow(/a part of the path is a file, not a folder/);
  });

  it.runIf(process.platform === 'linux')('refuses a file system that takes no files', () => {
    expect(() => new OutputFolder('/proc/regulus')).toThrow(EnvironmentError);
    expect(() => new OutputFolder('/proc')).toThrow(EnvironmentError);
  });
});
