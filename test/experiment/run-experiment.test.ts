// Whole experiments in this process: order, summary, progress, and what is kept when one is stopped.
import { describe, expect, it } from 'vitest';
import { AbortError, ParameterError } from '../../src/errors/index.ts';
import { partialOutcome, type RunEvent, runExperiment } from '../../src/experiment/index.ts';
import { smallSpec } from './small-spec.ts';

const catchError = (promise: Promise<unknown>) => promise.then(() => undefined).catch((error: unknown) => error);

describe('runExperiment', () => {
  it('gives results that are JSON, without times, and the same again', async () => {
    const { results, figures, timing } = await runExperiment(smallSpec());
    const again = await runExperiment(smallSpec());
    expect(JSON.stringify(again.results)).toBe(JSON.stringify(results));
    expect(JSON.stringify(again.figures)).toBe(JSON.stringify(figures));
    expect(JSON.parse(JSON.stringify({ results, figures, timing }))).toEqual({ results, figures, timing });
    expect(Object.keys(results)).toEqual(['version', 'name', 'engine', 'spec', 'trials', 'summary', 'best']);
    expect(Object.keys(results.trials[0])).toEqual([
      'variant',
      'seed',
      'history',
      'epochs',
      'bestEpoch',
      'train',
      'test',
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
    expect(figures.scatter.part.join(' ')).toMatch(/^(train ){60}(validation ){20}(test ?){20}$/);
    for (const values of Object.values(figures.scatter)) expect(values).toHaveLength(100);
    expect(figures.variants.map(({ variant, seed }) => [variant, seed])).toEqual([
      ['Plain', 7],
      ['Dropout', 7],
    ]);
  });

  it('tells the progress', async () => {
    const events: RunEvent[] = [];
    await runExperiment(smallSpec(), { onEvent: (event) => events.push(event) });
    const one = ['trialStart', 'epoch', 'epoch', 'epoch', 'trialEnd'];
    expect(events.map(({ type }) => type)).toEqual([...one, ...one, ...one, ...one]);
    expect(events.at(-1)).toMatchObject({ index: 3, count: 4, result: { variant: 'Dropout', seed: 8 } });
  });

  it('keeps finished trials when it is stopped', async () => {
    const controller = new AbortController();
    const onEvent = ({ type, index }: RunEvent) => type === 'trialEnd' && index === 2 && controller.abort();
    const error = await catchError(runExperiment(smallSpec(), { signal: controller.signal, onEvent }));
    expect(error).toBeInstanceOf(AbortError);
    const { results } = await runExperiment(smallSpec());
    const partial = partialOutcome(error)!;
    expect(partial.results.trials).toEqual(results.trials.slice(0, 3));
    expect(partial.results.summary.map(({ testAccuracy }) => testAccuracy.n)).toEqual([2, 1]);
  });

  it('keeps finished trials when one fails', async () => {
    const spec = smallSpec();
    spec.variants[1].training = { optimizer: { type: 'sgd', learningRate: 1e30 } };
    const error = await catchError(runExperiment(spec));
    expect(error).toMatchObject({ name: 'NumericError' });
    expect(partialOutcome(error)?.results.trials).toHaveLength(2);
  });

  it('has nothing to keep when the first trial is stopped, or the spec is wrong', async () => {
    const error = await catchError(runExperiment(smallSpec(), { signal: AbortSignal.abort() }));
    expect(error).toBeInstanceOf(AbortError);
    expect(partialOutcome(error)).toBeUndefined();
    expect(await catchError(runExperiment({}))).toBeInstanceOf(ParameterError);
  });
});
