// The built executable as a process: files, equal bytes, Ctrl-C, limits of files and closed pipes.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type SmallSpec, smallSpec } from '../experiment/small-spec.ts';
import { executable, runProcess, temporaryFolder } from './terminal.ts';

function specFile(folder: string, change: (spec: SmallSpec) => void = () => {}): string {
  const spec = smallSpec();
  change(spec);
  const path = join(folder, `${spec.variants.length}-spec.json`);
  writeFileSync(path, JSON.stringify(spec));
  return path;
}

describe('regulus as a process', { timeout: 60_000 }, () => {
  it('runs a preset into its files, twice with the same bytes', async () => {
    const folder = temporaryFolder();
    const outs = ['a', 'b'].map((name) => join(folder, name));
    for (const out of outs) {
      const { code, stdout, stderr } = await runProcess(['run', 'moons', '--epochs', '2', '--out', out]);
      expect(code).toBe(0);
      expect(stdout).toContain('\nEarly Stopping ');
      expect(stderr.match(/\n/g)).toHaveLength(5);
      for (const control of ['\r', '\x1b']) expect(stdout + stderr).not.toContain(control);
    }
    const list = (out: string) => readdirSync(out, { recursive: true }).map(String).sort();
    const files = list(outs[0]);
    for (const name of ['results.json', 'timing.json', 'figures.json', 'report.html']) expect(files).toContain(name);
    const [svg, png] = ['.svg', '.png'].map((end) => files.filter((name) => name.endsWith(end)));
    expect(svg.length).toBeGreaterThanOrEqual(4);
    expect(png.length).toBe(svg.length);
    expect(readFileSync(join(outs[0], png[0])).subarray(1, 4).toString()).toBe('PNG');
    expect(readFileSync(join(outs[0], svg[0]), 'utf8')).toMatch(/^<svg/);
    expect(list(outs[1])).toEqual(files);
    for (const name of files.filter((file) => /^[^.].*\./.test(file) && file !== 'timing.json')) {
      expect(readFileSync(join(outs[1], name)).equals(readFileSync(join(outs[0], name))), name).toBe(true);
    }
  });

  it('keeps what has finished when it is interrupted', async () => {
    const folder = temporaryFolder();
    const file = specFile(folder, (spec) => {
      spec.variants[1].training = { epochs: 1_000_000_000 };
    });
    const out = join(folder, 'out');
    const { code, stdout, stderr } = await runProcess(['run', file, '--out', out, '--workers', '1'], {
      // Twice at once, as `npm start` does.
      onStderr: (text, kill) => {
        if (/\[2\/4\].*\n$/.test(text)) for (const _ of [1, 2]) kill('SIGINT');
      },
    });
    expect([code, stdout]).toEqual([130, '']);
    expect(stderr).toMatch(
      /\nStopped\. 2 of 4 trials are finished and saved in .*out\. To continue, repeat the command\.\n$/,
    );
    expect(readdirSync(out).sort()).toEqual(['.regulus', 'figures']);

    const rest = await runProcess(['run', specFile(folder), '--out', out]);
    expect([rest.code, rest.stderr.match(/\n/g)?.length]).toEqual([0, 3]);
    expect(rest.stderr).toMatch(/^2 of 4 trials were finished before\.\n/);
  });

  it.skipIf(process.platform === 'win32')('keeps the old file when the new one cannot be written whole', async () => {
    const folder = temporaryFolder();
    const file = specFile(folder, (spec) => {
      spec.training.epochs = 400;
    });
    writeFileSync(join(folder, 'results.json'), 'old');
    // Files of at most 4 blocks: writing fails in the middle, as on a full disk.
    const command = ['sh', '-c', 'ulimit -f 4; exec "$@"', 'sh', process.execPath, executable];
    const failed = await runProcess(['run', file, '--out', folder], { command });
    expect([failed.code, failed.stdout]).toEqual([1, '']);
    expect(failed.stderr).toMatch(
      /^error: Cannot write .*\.json: the file is larger than is allowed here\. .* The result of variant 'Plain', seed \d was not kept\.\n$/,
    );
    // The trials fit, each in a file of its own, and the results of all do not.
    command[2] = 'ulimit -f 256; exec "$@"';
    const { code, stdout, stderr } = await runProcess(['run', file, '--out', folder], { command });
    expect(code).toBe(1);
    expect(stdout).toContain('the highest mean test accuracy: ');
    expect(stderr).toMatch(/error: Cannot write .*results\.json: the file is larger than is allowed here\./);
    expect(readFileSync(join(folder, 'results.json'), 'utf8')).toBe('old');
    const files = readdirSync(folder, { recursive: true }).map(String);
    expect(files.filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(files.filter((name) => /trials.*\.json$/.test(name))).toHaveLength(4);
  });

  it('writes its files, by default into out/<name>, although nobody reads what it prints', async () => {
    const folder = temporaryFolder();
    const child = spawn(process.execPath, [executable, 'run', specFile(folder)], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect([code, stderr.match(/\n/g)?.length]).toEqual([0, 4]);
    expect(readdirSync(join(folder, 'out', 'small'))).toContain('report.html');
  });

  it('answers --help, --version and mistakes with the right exit codes', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await runProcess(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
    expect((await runProcess(['--help'])).code).toBe(0);
    expect((await runProcess(['run', 'mons'])).code).toBe(2);
    expect((await runProcess(['run', 'missing.json'])).code).toBe(1);
  });
});
