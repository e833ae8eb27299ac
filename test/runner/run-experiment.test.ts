// Experiments in worker threads: any number of them, interrupted and resumed, with checkpoints.
import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AbortError, EnvironmentError } from '../../src/errors/index.ts';
import {
  type ExperimentSpec,
  expand,
  partialOutcome,
  type RunEvent,
  runExperiment as runPortable,
  runTrial,
  type TrialRunner,
} from '../../src/experiment/index.ts';
import { runExperiment, TrialFolder } from '../../src/runner/index.ts';
import { checksum } from '../../src/runner/kept-file.ts';
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

/** Flips one bit in the middle of a file. */
function flipBit(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] ^= 1;
  writeFileSync(path, bytes);
}

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

  it('gives the same results and the same model with members, for any number of workers, interrupted or not', async () => {
    const spec = smallSpec();
    spec.training = { ...spec.training, epochs: 600, members: 3 };
    const whole = await runPortable(spec);
    for (const workers of [1, 2]) {
      const { results, figures, model } = await runExperiment(spec, { workers });
      expect(json([results, figures])).toBe(json([whole.results, whole.figures]));
      expect(model).toEqual(whole.model);
    }
    const folder = temporaryFolder();
    const resumedAt: number[] = [];
    for (let outcome: typeof whole | undefined; !outcome; ) {
      const controller = new AbortController();
      let epochs = 0;
      const onEvent = (event: RunEvent) => {
        if (event.type !== 'epoch') return;
        if (epochs === 0) resumedAt.push(event.epoch.epoch);
        if (++epochs === 900) controller.abort();
      };
      const options = { folder, workers: 1, checkpointEvery: 50, signal: controller.signal, onEvent };
      const finished = await runExperiment(spec, options).catch((error: unknown) => {
        expect(error).toBeInstanceOf(AbortError);
      });
      outcome = finished ?? undefined;
      if (!outcome) continue;
      expect(json([outcome.results, outcome.figures])).toBe(json([whole.results, whole.figures]));
      expect(outcome.model).toEqual(whole.model);
    }
    // Of the 1,800 epochs of a trial, also within its second or its third member.
    expect(resumedAt.some((epoch) => epoch > 601 && epoch !== 1201)).toBe(true);
  });

  it.each<[string, (path: string) => void]>([
    ['cut off', (path) => truncateSync(path, 100)],
    ['empty', (path) => truncateSync(path, 0)],
    ['changed in one bit', (path) => flipBit(path)],
  ])('starts a trial again whose checkpoint is %s', async (_, damage) => {
    const folder = temporaryFolder();
    const controller = new AbortController();
    const onEvent = (event: RunEvent) => event.type === 'epoch' && event.epoch.epoch === 20 && controller.abort();
    const warnings: string[] = [];
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
    damage(join(checkpoints, name));
    const { results } = await runExperiment(longSpec(), {
      folder,
      onEvent: (event) => event.type === 'warning' && warnings.push(event.message),
    });
    expect(json(results)).toBe(json((await runExperiment(longSpec())).results));
    expect(warnings).toEqual([
      `${join(checkpoints, name)} is damaged or belongs to another trial. It is set aside as ${name}.bad; the trial starts again.`,
    ]);
  });

  it("sets a checkpoint aside that is another network's, and starts the trial again", async () => {
    const path = temporaryFolder();
    const [stopped, spec] = [longSpec(), longSpec()];
    spec.network = { hiddenUnits: [4] };
    spec.training = { ...spec.training, epochs: 3 };
    for (const one of [stopped, spec]) Object.assign(one, { variants: [{ label: 'A' }], seeds: [7] });
    const controller = new AbortController();
    const onEvent = (event: RunEvent) => event.type === 'epoch' && controller.abort();
    const options = { folder: path, checkpointEvery: 1, signal: controller.signal, onEvent };
    await expect(runExperiment(stopped, options)).rejects.toThrow(AbortError);
    // The same bytes under the other name, as they are when a file that a module imports has changed.
    const folder = await TrialFolder.open(path);
    const [from, to] = [stopped, spec].map((one) => folder.checkpointPath(expand(one)[0]));
    const state = readFileSync(from).subarray(64);
    writeFileSync(to, Buffer.concat([Buffer.from(checksum(to, state)), state]));
    const warnings: string[] = [];
    const { results } = await runExperiment(spec, {
      folder,
      onEvent: (event) => event.type === 'warning' && warnings.push(event.message),
    });
    folder.close();
    expect(warnings).toEqual([expect.stringMatching(/set aside as .*\.bin\.bad; the trial starts again\.$/)]);
    expect(json(results)).toBe(json((await runPortable(spec)).results));
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

  it("keeps what the caller's own workers find in the folder", async () => {
    const folder = temporaryFolder();
    let ran = 0;
    const run: TrialRunner = (trial, hooks) => {
      ran += 1;
      return runTrial(trial, hooks);
    };
    const { results } = await runExperiment(smallSpec(), { run, folder, workers: 1 });
    expect(ran).toBe(4);
    expect(readdirSync(join(folder, '.regulus', 'trials'))).toHaveLength(4);
    const again = await runExperiment(smallSpec(), { run, folder });
    expect(ran).toBe(4);
    expect(json(again.results)).toBe(json(results));
    expect(json((await runExperiment(smallSpec())).results)).toBe(json(results));
  });

  it('trains again what a damaged file of a trial held, and says so', async () => {
    const folder = temporaryFolder();
    const { results } = await runExperiment(smallSpec(), { folder });
    const trials = join(folder, '.regulus', 'trials');
    const [first, second, third] = readdirSync(trials).map((name) => join(trials, name));
    flipBit(first);
    writeFileSync(second, readFileSync(third));
    const events: RunEvent[] = [];
    const again = await runExperiment(smallSpec(), { folder, onEvent: (event) => events.push(event) });
    expect(json(again.results)).toBe(json(results));
    expect(events[0]).toEqual({ type: 'start', count: 4, finished: 2 });
    const warnings = events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
    expect(warnings.toSorted()).toEqual(
      [first, second].map(
        (path) =>
          `${path} is damaged or belongs to another trial. It is set aside as ${basename(path)}.bad; the trial runs again.`,
      ),
    );
    const last: RunEvent[] = [];
    await runExperiment(smallSpec(), { folder, onEvent: (event) => last.push(event) });
    expect(last).toEqual([{ type: 'start', count: 4, finished: 4 }]);
  });

  it('says so when its folder, or a result in it, is gone before the end', async () => {
    const folder = temporaryFolder();
    let ended = 0;
    const removing = (path: () => string) => (event: RunEvent) => {
      if (event.type === 'trialEnd' && ++ended === 2) rmSync(path(), { recursive: true });
    };
    const options = { folder, workers: 1, onEvent: removing(() => folder) };
    await expect(runExperiment(smallSpec(), options)).rejects.toThrow(
      /^The folder .* was deleted or moved while the experiment ran, with what was kept in it\. Run again\./,
    );
    ended = 0;
    const trials = join(folder, '.regulus', 'trials');
    const onEvent = removing(() => join(trials, readdirSync(trials)[0]));
    await expect(runExperiment(smallSpec(), { folder, workers: 1, onEvent })).rejects.toThrow(
      /^The result of variant '\w+', seed \d was kept, and now it is gone or damaged\. Run again/,
    );
    const { results } = await runExperiment(smallSpec(), { folder });
    expect(json(results)).toBe(json((await runPortable(smallSpec())).results));
  });

  it('reads data with a readFile of the caller, once for all workers', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${i % 7},${(i * i) % 11},${i % 2}`);
    const bytes = new TextEncoder().encode(`a,b,y\n${rows.join('\n')}`);
    const read: string[] = [];
    const readFile = (path: string) => {
      read.push(path);
      return bytes;
    };
    const spec = { ...smallSpec(), dataset: { csv: 'nowhere/data.csv' } };
    const { results } = await runExperiment(spec, { readFile, workers: 2 });
    expect(results.trials).toHaveLength(4);
    expect(results.spec.dataset).toMatchObject({ csv: 'nowhere/data.csv' });
    expect(new Set(read)).toEqual(new Set(['nowhere/data.csv']));
    // For the hash, for the threads, for the scatter.
    expect(read).toHaveLength(3);
    expect(json(results)).toBe(json((await runPortable(spec, { readFile })).results));
  });

  it('has the same results for paths relative to any folder', async () => {
    const base = temporaryFolder();
    mkdirSync(join(base, 'data'));
    const rows = Array.from({ length: 60 }, (_, i) => `${i % 7},${(i * i) % 11},${i % 2}`);
    writeFileSync(join(base, 'data', 'a.csv'), `a,b,y\n${rows.join('\n')}`);
    const spec = { ...smallSpec(), dataset: { csv: 'data/a.csv' } };
    const { results } = await runExperiment(spec, { base });
    expect(results.spec.dataset).toMatchObject({ csv: 'data/a.csv' });
    const there = await runExperiment({ ...spec, dataset: { csv: 'a.csv' } }, { base: join(base, 'data') });
    expect(there.results.trials).toEqual(results.trials);
    await expect(runExperiment(spec, { base: join(base, 'data') })).rejects.toThrow(
      /Cannot read the data file .*a\.csv/,
    );
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
    for (const [options, message] of [
      [{ foler: 'x' }, "Unknown option 'foler' of runExperiment. Did you mean 'folder'?"],
      [{ folder: 3 }, "'folder' parameter of runExperiment must be the path of a folder, or a TrialFolder. Got 3"],
      [{ folder: '' }, "'folder'"],
      [{ base: 3 }, "'base'"],
      [
        { folder: 'x', store: { get() {}, put() {} } },
        "'store' parameter of runExperiment must be left out with 'folder'",
      ],
    ] as const) {
      await expect(runExperiment(smallSpec(), options as never)).rejects.toThrow(message);
    }
  });

  it('is what Node finds in the package', async () => {
    const name = 'regulus/experiment';
    const { runExperiment: built } = await import(name);
    const { results } = await built(smallSpec(), { workers: 2 });
    expect(results.trials).toEqual((await runPortable(smallSpec())).results.trials);
  });
});
