// The built executable: what `run` leaves for other tools, and `report` and `compare` on what it has left.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import type { Results } from '../../src/experiment/index.ts';
import { eventFile } from '../../src/tracking/index.ts';
import { smallSpec } from '../experiment/small-spec.ts';
import { runProcess, temporaryFolder } from './terminal.ts';

function experiment(): { folder: string; run: string[]; out: string } {
  const folder = temporaryFolder();
  const file = join(folder, 'spec.json');
  writeFileSync(file, JSON.stringify(smallSpec()));
  const out = join(folder, 'out');
  return { folder, out, run: ['run', file, '--out', out, '--workers', '1', '--quiet'] };
}

const read = (...path: string[]) => readFileSync(join(...path), 'utf8');
const quiet = { code: 0, stdout: '', stderr: '' };

describe('regulus as a process', { timeout: 60_000 }, () => {
  it('writes an event file for each trial, and leaves it alone when it is run again', async () => {
    const { folder, run, out } = experiment();
    const log = join(folder, 'log', 'small');
    expect(await runProcess([...run, '--tensorboard', log])).toEqual(quiet);
    const { trials } = JSON.parse(read(out, 'results.json')) as Results;
    const files = trials.map(eventFile);
    const found = readdirSync(log, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(found).toHaveLength(files.length);
    for (const { path, bytes } of files) expect(readFileSync(join(log, path)).equals(bytes), path).toBe(true);
    const [kept, lost] = files.map(({ path }) => join(log, path));
    const { mtimeMs } = statSync(kept);
    writeFileSync(lost, 'half');
    expect(await runProcess([...run, '--tensorboard', log])).toEqual(quiet);
    expect(statSync(kept).mtimeMs).toBe(mtimeMs);
    expect(readFileSync(lost).equals(files[1].bytes)).toBe(true);
  });

  it('refuses a TensorBoard folder that it cannot write to, before training', async () => {
    const { run, out } = experiment();
    const { code, stdout, stderr } = await runProcess([...run, '--tensorboard', join(run[1], 'log')]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error: Cannot write .* Choose another folder with --tensorboard, or/);
    expect(readdirSync(out)).not.toContain('results.json');
  });

  it('writes history.csv, and makes it and the report again from the results', async () => {
    const { folder, run, out } = experiment();
    expect(await runProcess(run)).toEqual(quiet);
    const { trials } = JSON.parse(read(out, 'results.json')) as Results;
    const rows = parseCsv(read(out, 'history.csv'), { columns: true }) as Record<string, string>[];
    expect(rows).toEqual(
      trials.flatMap(({ variant, seed, history }) =>
        history.valLoss.map((valLoss, i) => ({
          variant,
          seed: String(seed),
          epoch: String(i + 1),
          trainLoss: String(history.trainLoss[i]),
          trainDataLoss: String(history.trainDataLoss[i]),
          trainAccuracy: String(history.trainAccuracy[i]),
          valLoss: String(valLoss),
          valDataLoss: String(history.valDataLoss[i]),
          valAccuracy: String(history.valAccuracy[i]),
        })),
      ),
    );
    const made = [
      'history.csv',
      'report.html',
      ...readdirSync(join(out, 'figures')).map((name) => join('figures', name)),
    ];
    const before = made.map((name) => readFileSync(join(out, name)));
    for (const name of made) rmSync(join(out, name));
    expect(await runProcess(['report', out, '--quiet'])).toEqual(quiet);
    for (const [i, name] of made.entries()) expect(readFileSync(join(out, name)).equals(before[i]), name).toBe(true);

    const page = join(folder, 'compare.html');
    const { code, stdout } = await runProcess(['compare', out, out, '--out', page]);
    expect(code).toBe(0);
    expect(stdout).toContain('tested identically.');
    expect(stdout).toMatch(/\nPlain +identical +/);
    expect(read(page)).toContain('Nothing: specification and engine are the same.');
  });
});
