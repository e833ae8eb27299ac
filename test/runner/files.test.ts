// Atomic files: whole or not there, in pieces, and nothing left behind.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { removeLeftovers, writeAtomically } from '../../src/runner/index.ts';
import { temporaryFolder } from '../cli/terminal.ts';

it('writes text, bytes and pieces in place of the old file', () => {
  const path = join(temporaryFolder(), 'file');
  writeAtomically(path, 'grün');
  expect(readFileSync(path, 'utf8')).toBe('grün');
  writeAtomically(path, Uint8Array.of(1, 2));
  expect([...readFileSync(path)]).toEqual([1, 2]);
  writeAtomically(path, ['a', '', 'ü'].values());
  expect(readFileSync(path, 'utf8')).toBe('aü');
});

it('leaves the old file alone when a piece fails, and nothing else', () => {
  const folder = temporaryFolder();
  writeAtomically(join(folder, 'file'), 'old');
  function* pieces() {
    yield 'new';
    throw new RangeError('no more');
  }
  expect(() => writeAtomically(join(folder, 'file'), pieces())).toThrow(RangeError);
  mkdirSync(join(folder, 'taken'));
  expect(() => writeAtomically(join(folder, 'taken'), 'new')).toThrow(/EISDIR|EPERM/);
  expect(readdirSync(folder)).toEqual(['file', 'taken']);
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('old');
});

it('knows leftovers from files of others', () => {
  const folder = temporaryFolder();
  const others = ['.file.tmp', 'a.01234567-89ab-cdef-0123-456789abcdef.tmp', '.hidden'];
  for (const name of [...others, '.a.json.01234567-89ab-cdef-0123-456789abcdef.tmp'])
    writeFileSync(join(folder, name), '');
  removeLeftovers(folder);
  expect(readdirSync(folder).sort()).toEqual(others.sort());
});
