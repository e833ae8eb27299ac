// A worker that dies before any of its messages: its trial fails with an error of its own, the others are kept, and a rerun
// goes on from checkpoints to the same results.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setEnvironmentData } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { WorkerError } from '../../src/errors/index.ts';
import { type RunEvent, runExperiment as runPortable } from '../../src/experiment/index.ts';
import { runExperiment, TrialFolder } from '../../src/runner/index.ts';
import { WorkerPool } from '../../src/runner/worker-pool.ts';
import { temporaryFolder } from '../cli/terminal.ts';
import { smallSpec } from '../experiment/small-spec.ts';

const dying = fileURLToPath(new URL('dying-worker.mjs', import.meta.url));

it('loses nothing', { timeout: 120_000 }, async () => {
  const expected = JSON.stringify((await runPortable(smallSpec())).results);
  const left = new Int32Array(new SharedArrayBuffer(4));
  setEnvironmentData('dying', left);
  let deaths = 0;
  for (let n = 1; ; n++) {
    left[0] = n;
    const path = temporaryFolder();
    const folder = await TrialFolder.open(path);
    const pool = new WorkerPool({ readFile: (name) => readFileSync(name) }, dying);
    const events: RunEvent[] = [];
    const error = await runPortable(smallSpec(), {
      store: folder,
      run: (trial, hooks) => pool.run(trial, hooks, { path: folder.checkpointPath(trial), every: 1 }),
      onEvent: (event) => events.push(event),
    }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    await pool.close();
    folder.close();
    const ended = events.filter(({ type }) => type === 'trialEnd').length;
    if (left[0] > 0) {
      expect([error, ended]).toEqual([undefined, 4]);
      break;
    }
    deaths += 1;
    expect(error).toBeInstanceOf(WorkerError);
    expect(String(error)).toMatch(/In variant '\w+', seed \d: The worker crashed with exit code 1\. Run again/);
    expect(ended).toBe(3);
    const again: RunEvent[] = [];
    const { results } = await runExperiment(smallSpec(), {
      folder: path,
      workers: 1,
      onEvent: (event) => again.push(event),
    });
    expect(JSON.stringify(results)).toBe(expected);
    expect(again[0]).toEqual({ type: 'start', count: 4, finished: 3 });
  }
  // Each trial sends epochs and a result.
  expect(deaths).toBeGreaterThanOrEqual(8);
});
