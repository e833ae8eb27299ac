// `regulus check`: sound folders, finished and not, and what it says of damage.
import { appendFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { smallSpec } from '../experiment/small-spec.ts';
import { runHere, temporaryFolder } from './terminal.ts';

async function finished() {
  const folder = temporaryFolder();
  const [spec, out] = [join(folder, 'spec.json'), join(folder, 'out')];
  writeFileSync(spec, JSON.stringify(smallSpec()));
  const run = () => runHere(['run', spec, '--out', out, '--quiet']);
  await run();
  const trials = join(out, '.regulus', 'trials');
  return { out, run, trials: readdirSync(trials).map((name) => join(trials, name)) };
}

it('finds a run sound, and one whose report has been made again', async () => {
  const { out } = await finished();
  const sound = {
    code: 0,
    stdout: expect.stringMatching(/^All sound: 4 trials, 0 checkpoints and \d+ files of results\.\n$/),
    stderr: '',
  };
  expect(await runHere(['check', out])).toEqual(sound);
  await runHere(['report', out, '--quiet']);
  expect(await runHere(['check', out])).toEqual(sound);
  expect(await runHere(['check', out, '--quiet'])).toEqual({ code: 0, stdout: '', stderr: '' });
});

it('lists what is damaged or missing, until a rerun has made it again', async () => {
  const { out, run, trials } = await finished();
  writeFileSync(trials[0], '{}');
  appendFileSync(join(out, 'results.json'), ' ');
  rmSync(join(out, 'history.csv'));
  const checkpoint = join(out, '.regulus', 'checkpoints', 'x.bin');
  mkdirSync(checkpoint);
  const entry = join(out, '.regulus', 'lock-x.json');
  writeFileSync(entry, '[]');
  const { code, stdout } = await runHere(['check', out]);
  expect(code).toBe(1);
  expect(stdout.split('\n')).toEqual([
    `${trials[0]} is damaged or belongs to another trial`,
    `${checkpoint} cannot be read (EISDIR)`,
    `${entry} is not a lock entry that can be read`,
    `${join(out, 'results.json')} is not as the run has written it`,
    `${join(out, 'history.csv')} is missing`,
    expect.stringMatching(/^5 problems\. Sound: 3 trials, 0 checkpoints and \d+ files of results\. Repeat the run/),
    '',
  ]);
  for (const path of [entry, checkpoint]) rmSync(path, { recursive: true });
  await run();
  const again = await runHere(['check', out]);
  expect([again.code, again.stdout.split('\n')[0]]).toEqual([
    0,
    `${trials[0]}.bad was set aside; it is not used and can be deleted`,
  ]);
});

it('checks an unfinished folder, and results without hashes', async () => {
  const { out, trials } = await finished();
  rmSync(join(out, '.regulus', 'files.json'));
  rmSync(trials[0]);
  expect((await runHere(['check', out])).stdout).toBe('All sound: 3 trials, 0 checkpoints and 0 files of results.\n');
  writeFileSync(join(out, 'results.json'), '{}');
  writeFileSync(join(out, '.regulus', 'files.json'), '{}');
  const { code, stdout } = await runHere(['check', out, '--quiet']);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^.*files\.json is damaged\nIn .*results\.json: These are not the results/);
});

it('says so where there is nothing of a run', async () => {
  const folder = temporaryFolder();
  const { code, stderr } = await runHere(['check', folder]);
  expect([code, stderr]).toEqual([
    1,
    `error: There is nothing to check in ${folder}, which has no folder .regulus. Give the folder of a run, such as out/moons.\n`,
  ]);
});
