// Whole experiments in this thread: order, summary, progress, other workers and stores, and what is kept when one stops.
import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { AbortError, EnvironmentError, ParameterError } from '../../src/errors/index.ts';
import {
  type FinishedTrial,
  partialOutcome,
  type RunEvent,
  runExperiment,
  runTrial,
  type Trial,
  type TrialRunner,
  type TrialStore,
  trialIdentity,
} from '../../src/experiment/index.ts';
import { smallSpec } from './small-spec.ts';

const catchError = (promise: Promise<unknown>) => promise.then(() => undefined).catch((error: unknown) => error);

describe('runExperiment', () => {
  it('gives results that are JSON, without times, and the same again', async () => {
    const { results, figures, timing } = await runExperiment(smallSpec());
    const again = await runExperiment(smallSpec());
    expect(JSON.stringify(again.results)).toBe(JSON.stringify(results));
    expect(JSON.stringify(again.figures)).toBe(JSON.stringify(figures));
    expect(JSON.parse(JSON.stringify({ results, figures, timing }))).toEqual({ results, figures, timing });
    expect(Object.keys(results)).toEqual([
      'version',
      'name',
      'engine',
      'spec',
      'metric',
      'metrics',
      'trials',
      'summary',
      'best',
      'baseline',
      'comparisons',
      'methods',
      'references',
    ]);
    expect(Object.keys(results.trials[0])).toEqual([
      'variant',
      'seed',
      'history',
      'epochs',
      'bestEpoch',
      'train',
      'validation',
      'test',
      'confusion',
      'calibration',
      'sparsity',
    ]);
    expect(results.engine).toMatchObject({ backend: 'wasm', numerics: 'reproducible', simd: 'simd128' });
    expect(timing.trials.map(({ variant, seed }) => [variant, seed])).toEqual(
      results.trials.map(({ variant, seed }) => [variant, seed]),
    );
  });

  it('sums up each variant over its seeds and names the best', async () => {
    const { results } = await runExperiment(smallSpec());
    for (const { variant, testAccuracy } of results.summary) {
      const [a, b] = results.trials.filter((trial) => trial.variant === variant).map((trial) => trial.test.accuracy);
      expect(testAccuracy.mean).toBe((a + b) / 2);
      expect(testAccuracy.n).toBe(2);
    }
    const means = results.summary.map(({ testAccuracy }) => testAccuracy.mean);
    expect(results.best).toBe(results.summary[means.indexOf(Math.max(...means))].variant);
  });

  it('names the first of equal variants the best', async () => {
    const { results } = await runExperiment({ ...smallSpec(), variants: [{ label: 'b' }, { label: 'a' }] });
    expect(results.summary[0].testAccuracy).toEqual(results.summary[1].testAccuracy);
    expect(results.best).toBe('b');
  });

  it('gives the scatter of all points and one set of figures a variant', async () => {
    const { figures } = await runExperiment(smallSpec());
    expect(figures.scatter!.part.join(' ')).toMatch(/^(train ){60}(validation ){20}(test ?){20}$/);
    for (const values of Object.values(figures.scatter!)) expect(values).toHaveLength(100);
    expect(figures.variants.map(({ variant, seed }) => [variant, seed])).toEqual([
      ['Plain', 7],
      ['Dropout', 7],
    ]);
  });

  it('gives the figures of the point that was chosen', async () => {
    const path = 'training.optimizer.learningRate';
    const sweep = { type: 'grid' as const, parameters: { [path]: [1e-9, 0.05] } };
    const { results, figures } = await runExperiment({ ...smallSpec(), sweep });
    expect(results.sweep!.map(({ point }) => point[path])).toEqual([0.05, 0.05]);
    expect(figures.variants.map(({ variant, point, seed }) => [variant, point, seed])).toEqual([
      ['Plain', { [path]: 0.05 }, 7],
      ['Dropout', { [path]: 0.05 }, 7],
    ]);
    const spec = smallSpec();
    Object.assign(spec.training.optimizer, { learningRate: 0.05 });
    const alone = await runExperiment(spec);
    expect(figures.variants.map(({ firstLayerWeights }) => firstLayerWeights)).toEqual(
      alone.figures.variants.map(({ firstLayerWeights }) => firstLayerWeights),
    );
  });

  it('leaves comparisons out when the baseline fails', async () => {
    const spec = smallSpec();
    spec.variants = [
      { label: 'Fails', training: { optimizer: { type: 'sgd', learningRate: 1e30 } } },
      { label: 'B' },
      { label: 'C', network: { dropout: 0.3 } },
    ];
    const { results } = (await partialOutcome(await catchError(runExperiment(spec))))!;
    expect([results.baseline, results.comparisons]).toEqual(['Fails', []]);
    expect(results.trials.map(({ variant }) => variant)).toEqual(['B', 'B', 'C', 'C']);
  });

  it.each(['toString', 'constructor', '__proto__', 'hasOwnProperty'])('takes %s as a label', async (label) => {
    const spec = { ...smallSpec(), variants: [{ label }, { label: 'b', network: { l2: 0.1 } }] };
    const { results, figures } = await runExperiment(spec);
    expect(results.comparisons[0].baseline).toBe(label);
    expect([...new Set(results.trials.map(({ variant }) => variant))]).toEqual([label, 'b']);
    expect(figures.variants[0].variant).toBe(label);
    expect(JSON.parse(JSON.stringify(results))).toEqual(results);
  });

  it.each<[object, string]>([
    [{ foler: 'x' }, "Unknown option 'foler' of runExperiment."],
    [{ onEvnt: () => {} }, "Unknown option 'onEvnt' of runExperiment. Did you mean 'onEvent'?"],
    [{ onEvent: 3 }, "'onEvent' parameter of runExperiment must be a function. Got 3 instead."],
    [{ numerics: 'exact' }, "'numerics' parameter of runExperiment must be one of"],
    [{ workers: 1.5 }, "'workers' parameter of runExperiment must be an integer"],
    [{ signal: new AbortController() }, 'must be an AbortSignal'],
    [{ store: new Map() }, 'must be an object with the methods get and put'],
    [{ readFile: 'data.csv' }, "'readFile' parameter of runExperiment must be a function"],
    [{ catalog: [] }, "'catalog' parameter of runExperiment must be lists of kinds"],
  ])('refuses %j', async (options, message) => {
    const error = await catchError(runExperiment(smallSpec(), options));
    expect(error).toBeInstanceOf(ParameterError);
    expect((error as Error).message).toContain(message);
  });

  it('tells the progress', async () => {
    const events: RunEvent[] = [];
    await runExperiment(smallSpec(), { onEvent: (event) => events.push(event) });
    const one = ['trialStart', 'epoch', 'epoch', 'epoch', 'trialEnd'];
    expect(events.map(({ type }) => type)).toEqual(['start', ...one, ...one, ...one, ...one]);
    expect(events[0]).toEqual({ type: 'start', count: 4, finished: 0 });
    expect(events.at(-1)).toMatchObject({ index: 3, count: 4, result: { variant: 'Dropout', seed: 8 } });
  });

  it('keeps finished trials when it is stopped', async () => {
    const controller = new AbortController();
    const onEvent = (event: RunEvent) => event.type === 'trialEnd' && event.index === 2 && controller.abort();
    const error = await catchError(runExperiment(smallSpec(), { signal: controller.signal, onEvent }));
    expect(error).toBeInstanceOf(AbortError);
    const { results } = await runExperiment(smallSpec());
    const partial = (await partialOutcome(error))!;
    expect(partial.results.trials).toEqual(results.trials.slice(0, 3));
    expect(partial.results.summary.map(({ testAccuracy }) => testAccuracy.n)).toEqual([2, 1]);
  });

  it('keeps finished trials when one fails', async () => {
    const spec = smallSpec();
    spec.variants[1].training = { optimizer: { type: 'sgd', learningRate: 1e30 } };
    const error = await catchError(runExperiment(spec));
    expect(error).toMatchObject({ name: 'NumericError' });
    expect((await partialOutcome(error))?.results.trials).toHaveLength(2);
  });

  it('has nothing to keep when the first trial is stopped, or the spec is wrong', async () => {
    const error = await catchError(runExperiment(smallSpec(), { signal: AbortSignal.abort() }));
    expect(error).toBeInstanceOf(AbortError);
    expect(await partialOutcome(error)).toBeUndefined();
    expect(await catchError(runExperiment({}))).toBeInstanceOf(ParameterError);
  });

  it('runs the trials after one that fails, and names all that failed', async () => {
    const spec = smallSpec();
    spec.variants[0].training = { optimizer: { type: 'sgd', learningRate: 1e30 } };
    const events: RunEvent[] = [];
    const error = (await catchError(runExperiment(spec, { onEvent: (event) => events.push(event) }))) as Error;
    expect(error.message).toMatch(/^In variant 'Plain', seed 7: The loss must be finite/);
    expect(error.message).toMatch(/Other trials failed, too: variant 'Plain', seed 8\.$/);
    expect((await partialOutcome(error))?.results.trials.map(({ variant }) => variant)).toEqual(['Dropout', 'Dropout']);
    expect(events.filter(({ type }) => type === 'trialError')).toHaveLength(2);
  });
});

describe("runExperiment with another's workers", () => {
  const run: TrialRunner = async (trial, hooks) => JSON.parse(JSON.stringify(await runTrial(trial, hooks)));

  /** Ends trials in another order than they began: that with seed 7 after that with seed 8. */
  const reversed = (): TrialRunner => {
    const others = new EventEmitter();
    return async (trial, hooks) => {
      const other = trial.seed === 7 && once(others, trial.variant);
      const result = await run(trial, hooks);
      if (other) await other;
      else others.emit(trial.variant);
      return result;
    };
  };

  it.each([1, 2, 3, 9])('gives the same results with %i at a time', async (workers) => {
    const ends: number[] = [];
    let running = 0;
    let most = 0;
    const onEvent = (event: RunEvent) => {
      if (event.type === 'trialStart') most = Math.max(most, ++running);
      if (event.type === 'trialEnd') running -= 1;
      if (event.type === 'trialEnd') ends.push(event.index);
    };
    const { results, figures } = await runExperiment(smallSpec(), {
      workers,
      run: workers > 1 ? reversed() : run,
      onEvent,
    });
    const { results: alone, figures: itsFigures } = await runExperiment(smallSpec());
    expect(JSON.stringify(results)).toBe(JSON.stringify(alone));
    expect(JSON.stringify(figures)).toBe(JSON.stringify(itsFigures));
    expect(most).toBe(Math.min(workers, 4));
    if (workers > 1) expect(ends).not.toEqual([0, 1, 2, 3]);
  });

  it('needs them for more than one worker', async () => {
    expect(await catchError(runExperiment(smallSpec(), { workers: 2 }))).toBeInstanceOf(ParameterError);
    expect(await catchError(runExperiment(smallSpec(), { workers: 0, run }))).toBeInstanceOf(ParameterError);
  });

  it('stops all of them at the first error that is not of one trial alone', async () => {
    const broken: TrialRunner = (trial, hooks) =>
      trial.seed === 8
        ? Promise.reject(new Error('no connection'))
        : runTrial({ ...trial, training: { ...trial.training, epochs: 1_000_000 } }, hooks);
    const error = await catchError(runExperiment(smallSpec(), { workers: 2, run: broken }));
    expect(error).toMatchObject({ message: 'no connection' });
  });
});

describe('runExperiment with a store', () => {
  class MapStore implements TrialStore {
    readonly kept = new Map<string, string>();
    get(trial: Trial): FinishedTrial | undefined {
      const text = this.kept.get(trialIdentity(trial));
      return text === undefined ? undefined : JSON.parse(text);
    }
    async put(trial: Trial, finished: FinishedTrial): Promise<void> {
      this.kept.set(trialIdentity(trial), JSON.stringify(finished));
    }
  }

  it('runs what the store does not have, and gives the same results', async () => {
    const store = new MapStore();
    const whole = await runExperiment(smallSpec(), { store });
    expect(store.kept.size).toBe(4);
    const ran: number[] = [];
    const onEvent = (event: RunEvent) => event.type === 'trialEnd' && ran.push(event.index);
    const events: RunEvent[] = [];
    const again = await runExperiment(smallSpec(), { store, onEvent: (event) => events.push(event) });
    expect(events).toEqual([{ type: 'start', count: 4, finished: 4 }]);
    expect(again.results).toEqual(whole.results);
    expect(again.timing.trials).toEqual(whole.timing.trials);

    const spec = smallSpec();
    spec.variants[1].network = { dropout: 0.25 };
    spec.seeds = [7, 8, 9];
    const changed = await runExperiment(spec, { store, onEvent });
    expect(ran).toEqual([2, 3, 4, 5]);
    expect(changed.results).toEqual((await runExperiment(spec)).results);
  });

  it('knows trials again under another label and another point', async () => {
    const store = new MapStore();
    await runExperiment(smallSpec(), { store });
    const spec = smallSpec();
    spec.name = 'other';
    spec.variants = [{ label: 'A', network: { dropout: 0 } }, { label: 'B' }];
    spec.sweep = { type: 'grid', parameters: { 'network.dropout': [0.5, 0] } };
    const events: RunEvent[] = [];
    const { results, figures } = await runExperiment(spec, { store, onEvent: (event) => events.push(event) });
    expect(events).toEqual([{ type: 'start', count: 6, finished: 6 }]);
    expect(results).toEqual((await runExperiment(spec)).results);
    expect(figures.variants.map(({ variant }) => variant)).toEqual(['A', 'B']);
  });

  it('runs a trial again for figures that it did not have', async () => {
    const store = new MapStore();
    await runExperiment(smallSpec(), { store });
    const spec = { ...smallSpec(), seeds: [8, 7] };
    const ran: number[] = [];
    const onEvent = (event: RunEvent) => event.type === 'trialEnd' && ran.push(event.index);
    const { results, figures } = await runExperiment(spec, { store, onEvent });
    expect(ran).toEqual([0, 2]);
    expect(results).toEqual((await runExperiment(spec)).results);
    expect(figures.variants.every(({ firstLayerWeights }) => firstLayerWeights)).toBe(true);
  });

  it('passes on what a store warns of, after the start', async () => {
    const store = new MapStore();
    const get = store.get.bind(store);
    const warning: TrialStore = {
      put: store.put.bind(store),
      get(trial, warn) {
        warn(`nothing for ${trial.seed}`);
        return get(trial);
      },
    };
    const events: RunEvent[] = [];
    await runExperiment(smallSpec(), { store: warning, onEvent: (event) => events.push(event) });
    expect(events.slice(0, 3)).toEqual([
      { type: 'start', count: 4, finished: 0 },
      { type: 'warning', message: 'nothing for 7' },
      { type: 'warning', message: 'nothing for 8' },
    ]);
    expect(events.filter(({ type }) => type === 'warning')).toHaveLength(4);
  });

  it('keeps in memory what the store cannot take', async () => {
    const store = new MapStore();
    const put = store.put.bind(store);
    store.put = (trial, finished) =>
      store.kept.size === 2 ? Promise.reject(new EnvironmentError('The disk is full.')) : put(trial, finished);
    const error = await catchError(runExperiment(smallSpec(), { store }));
    expect(error).toBeInstanceOf(EnvironmentError);
    expect(error).toMatchObject({
      message: "The disk is full. The result of variant 'Dropout', seed 7 was not kept.",
    });
    expect((await partialOutcome(error))?.results.trials).toHaveLength(3);
  });
});
