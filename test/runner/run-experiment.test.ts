// Experiments in worker threads: any number of them, interrupted and resumed, with checkpoints.
import { readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AbortError, EnvironmentError } from '../../src/errors/index.ts';
import {
  type ExperimentSpec,
  partialOutcome,
  type RunEvent,
  runExperiment as runPortable,
} from '../../src/experiment/index.ts';
import { runExperiment, TrialFolder } from '../../src/runner/index.ts';
import { temporaryFolder } from '../cli/terminal.ts';
import { smallSpec } from '../experiment/small-spec.ts';

/** Trials of some tenths of a second, with everything that a checkpoint must bring back. */
function longSpec(): ExperimentSpec {
  const spec = smallSpec();
  spec.network = { hiddenUnits: [32], l1: 1e-4 };
  spec.training = { ...spec.training, epochs: 600, earlyStopping: { patience: 240 } };
  spec.variants = [
    { label: 'Adam', network: { dropout: 0.3 } },
    { label: 'Momentum', training: { optimizer: { type: 'sgd', learningRate: 0.05, momentum: 0.9 } } },
  ];
  return spec;
}

const json = (value: unknown) => JSON.stringify(value);

describe('runExperiment in Node', () => {
  it.each([1, 2, 3])('gives the results of one thread with %i workers', async (workers) => {
    const { results, figures } = await runExperiment(smallSpec(), { workers });
    const alone = await runPortable(smallSpec());
    expect(json(results)).toBe(json(alone.results));
    expect(json(figures)).toBe(json(alone.figures));
  });

  it('resumes trials from their checkpoints, with the same results', async () => {
    const whole = await runExperiment(longSpec());
    const folder = temporaryFolder();
    const first = new Map<number, number>();
    let resumed = 0;
    for (let attempt = 1; ; attempt++) {
      const controller = new AbortController();
      let epochs = 0;
      const onEvent = (event: RunEvent) => {
        if (event.type !== 'epoch') return;
        if (!first.has(event.index)) {
          first.set(event.index, event.epoch.epoch);
          if (event.epoch.epoch > 1) resumed += 1;
        }
        if (++epochs === 240) controller.abort();
      };
      first.clear();
      const options = { folder, workers: 2, checkpointEvery: 7, signal: controller.signal, onEvent };
      const outcome = await runExperiment(longSpec(), options).catch((error: unknown) => {
        expect(error).toBeInstanceOf(AbortError);
      });
      if (!outcome) continue;
      expect(attempt).toBeGreaterThan(1);
      expect(resumed).toBeGreaterThan(0);
      expect(json(outcome.results)).toBe(json(whole.results));
      expect(json(outcome.figures)).toBe(json(whole.figures));
      break;
    }
    expect(readdirSync(join(folder, '.regulus', 'checkpoints'))).toEqual([]);
    expect(readdirSync(join(folder, '.regulus')).sort()).toEqual(['checkpoints', 'trials']);
  });

  it('starts a trial again whose checkpoint is damaged', async () => {
    const folder = temporaryFolder();
    const controller = new AbortController();
    const onEvent = (event: RunEvent) => event.type === 'epoch' && event.epoch.epoch === 20 && controller.abort();
    const stopped = runExperiment(longSpec(), {
      folder,
      workers: 1,
      checkpointEvery: 1,
      signal: controller.signal,
      onEvent,
    });
    await expect(stopped).rejects.toThrow(AbortError);
    const checkpoints = join(folder, '.regulus', 'checkpoints');
    const [name] = readdirSync(checkpoints);
    truncateSync(join(checkpoints, name), 100);
    const { results } = await runExperiment(longSpec(), { folder });
    expect(json(results)).toBe(json((await runExperiment(longSpec())).results));
  });

  it('locks its folder, and one that is open already can be used several times', async () => {
    const path = temporaryFolder();
    const folder = await TrialFolder.open(path);
    await expect(runExperiment(smallSpec(), { folder: path })).rejects.toThrow(EnvironmentError);
    const { timing } = await runExperiment(smallSpec(), { folder });
    expect((await runExperiment(smallSpec(), { folder })).timing.trials).toEqual(timing.trials);
    folder.close();
    expect((await runExperiment(smallSpec(), { folder: path })).timing.trials).toEqual(timing.trials);
  });

  it('keeps what has finished when a trial fails or the run is stopped', async () => {
    const spec = smallSpec();
    spec.variants[0].training = { optimizer: { type: 'sgd', learningRate: 1e30 } };
    const error = await runExperiment(spec, { workers: 2 }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      name: 'NumericError',
      message: expect.stringContaining("In variant 'Plain', seed 7: "),
    });
    expect((await partialOutcome(error))?.results.trials).toHaveLength(2);
  });

  it("takes the caller's own workers", async () => {
    const { results } = await runPortable(smallSpec());
    const [first] = results.trials;
    const same = await runExperiment(
      { ...smallSpec(), seeds: [7] },
      { run: async ({ variant }) => ({ ...first, variant }) },
    );
    expect(same.results.trials.map(({ test }) => test)).toEqual([first.test, first.test]);
  });

  it('checks its options', async () => {
    await expect(runExperiment(smallSpec(), { workers: 0 })).rejects.toThrow("'workers'");
    await expect(runExperiment(smallSpec(), { checkpointEvery: 0 })).rejects.toThrow("'checkpointEvery'");
  });

  it('is what Node finds in the package', async () => {
    const name = 'regulus/experiment';
    const { runExperiment: built } = await import(name);
    const { results } = await built(smallSpec(), { workers: 2 });
    expect(results.trials).toEqual((await runPortable(smallSpec())).results.trials);
  });
});
