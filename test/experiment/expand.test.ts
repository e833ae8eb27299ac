// The presets and how specs expand to trials.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import {
  countTrials,
  expand,
  presets,
  seedList,
  type Trial,
  trials,
  validateSpec,
} from '../../src/experiment/index.ts';
import { smallSpec } from './small-spec.ts';

describe('expand', () => {
  it('goes variant by variant, seeds in order, with figures for the first seed', () => {
    const trials = expand(smallSpec(), { numerics: 'fast' });
    expect(trials.map(({ variant, seed, figures, numerics }) => [variant, seed, figures, numerics])).toEqual([
      ['Plain', 7, true, 'fast'],
      ['Plain', 8, false, 'fast'],
      ['Dropout', 7, true, 'fast'],
      ['Dropout', 8, false, 'fast'],
    ]);
  });

  it("lets a variant's keys replace the experiment's", () => {
    const spec = smallSpec();
    spec.network.l2 = 0.1;
    spec.variants = [{ label: 'a', network: { l2: 0 }, training: { epochs: 9, optimizer: { type: 'sgd' } } }];
    const [trial] = expand(spec);
    expect(trial.network).toEqual({ hiddenUnits: [8], l2: 0 });
    expect(trial.training).toEqual({ epochs: 9, batchSize: 16, optimizer: { type: 'sgd' } });
  });

  it('goes point by point, fold by fold, seed by seed within a variant', () => {
    const spec = validateSpec({
      ...smallSpec(),
      split: { folds: 2, validationSize: 0.2, randomState: 1 },
      sweep: { type: 'grid', parameters: { 'network.l2': [0.1, 0.2] } },
      seeds: { start: 3, count: 2 },
    });
    const all = expand(spec);
    expect(all).toHaveLength(16);
    expect(countTrials(spec)).toBe(16);
    expect(all.slice(0, 5).map(({ variant, point, fold, seed }) => [variant, point, fold, seed])).toEqual([
      ['Plain', { 'network.l2': 0.1 }, { index: 0, of: 2 }, 3],
      ['Plain', { 'network.l2': 0.1 }, { index: 0, of: 2 }, 4],
      ['Plain', { 'network.l2': 0.1 }, { index: 1, of: 2 }, 3],
      ['Plain', { 'network.l2': 0.1 }, { index: 1, of: 2 }, 4],
      ['Plain', { 'network.l2': 0.2 }, { index: 0, of: 2 }, 3],
    ]);
    expect(all.slice(8).every(({ variant }) => variant === 'Dropout')).toBe(true);
    expect(all[12].network).toEqual({ hiddenUnits: [8], dropout: 0.5, l2: 0.2 });
    expect(all.flatMap(({ figures }, i) => (figures ? [i] : []))).toEqual([0, 8]);
    expect(JSON.parse(JSON.stringify(all))).toEqual(all);
  });

  it('has no keys for what a spec does not use', () => {
    const keys = 'variant seed dataset split scaling network training numerics figures'.split(' ');
    expect(Object.keys(expand(smallSpec())[0])).toEqual(keys);
  });

  it('lets points replace what variants say, anywhere in the spec', () => {
    const spec = smallSpec();
    spec.variants = [
      { label: 'a', network: { dropout: 0.5 }, training: { optimizer: { type: 'sgd', momentum: 0.9 } } },
    ];
    spec.sweep = {
      type: 'grid',
      parameters: {
        'network.dropout': [0.1],
        'network.hiddenUnits[0]': [3],
        'training.optimizer.learningRate': [0.5],
        'training.earlyStopping.patience': [4],
        'dataset.parameters.noise': [0.7],
        scaling: ['none'],
      },
    };
    const before = JSON.stringify(spec);
    const [trial] = expand(validateSpec(spec));
    expect(trial.network).toEqual({ hiddenUnits: [3], dropout: 0.1 });
    expect(trial.training).toEqual({
      epochs: 3,
      batchSize: 16,
      optimizer: { type: 'sgd', momentum: 0.9, learningRate: 0.5 },
      earlyStopping: { patience: 4 },
    });
    expect(trial.dataset).toMatchObject({ parameters: { nSamples: 100, noise: 0.7, randomState: 1 } });
    expect(trial.scaling).toBe('none');
    expect(JSON.stringify(spec)).toBe(before);
  });

  it('replaces a network by one of the other kind as a whole', () => {
    const spec = smallSpec();
    spec.network.l2 = 0.1;
    const layers = [{ type: 'dense' as const, units: 4 }];
    spec.variants = [{ label: 'a', network: { layers } }];
    expect(expand(spec)[0].network).toEqual({ layers });
    const back = { ...spec, network: { layers }, variants: [{ label: 'a', network: { hiddenUnits: [2] } }] };
    expect(expand(back)[0].network).toEqual({ hiddenUnits: [2] });
  });

  it('counts seeds from 0 unless told otherwise', () => {
    expect(seedList({ count: 3 })).toEqual([0, 1, 2]);
    expect(seedList({ start: 7, count: 2 })).toEqual([7, 8]);
    expect(seedList([4, 2])).toEqual([4, 2]);
  });

  it('plans 10 000 trials in less than a second, one at a time', () => {
    const start = performance.now();
    const spec = validateSpec({
      ...smallSpec(),
      sweep: {
        type: 'random',
        samples: 5000,
        parameters: { 'network.l2': { from: 1e-6, to: 1, scale: 'log' }, 'network.dropout': { from: 0, to: 0.9 } },
      },
      seeds: [1],
    });
    expect(countTrials(spec)).toBe(10_000);
    let count = 0;
    for (const _ of trials(spec)) count += 1;
    expect(count).toBe(10_000);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('holds no trial that has been handed out', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const parameters = { 'network.l2': { from: 0, to: 1 } };
    const spec = { ...smallSpec(), sweep: { type: 'random' as const, samples: 10_000, parameters }, seeds: [1] };
    const used: number[] = [];
    let count = 0;
    for (const _ of trials(spec)) {
      if (count++ % 9999 > 0) continue;
      collect();
      used.push(process.memoryUsage().heapUsed);
    }
    expect(used).toHaveLength(3);
    expect(used[2] - used[0]).toBeLessThan(1e6);
  });

  it('makes trials only when they are asked for', () => {
    const spec = { ...smallSpec(), seeds: { count: 100_000 } };
    spec.sweep = { type: 'grid', parameters: { 'network.l2': { from: 0, to: 1, count: 100_000 } } };
    const start = performance.now();
    expect(countTrials(spec)).toBe(2e10);
    expect(trials(spec).next().value).toMatchObject({ seed: 0, point: { 'network.l2': 0 } });
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('gives plain JSON', () => {
    const trials = expand(smallSpec());
    expect(JSON.parse(JSON.stringify(trials))).toEqual(trials);
  });
});

describe('presets', () => {
  it.each(['moons', 'high-dimensional'])('%s compares the five variants of the tutorial', (name) => {
    const trials = expand(presets[name]);
    const of = (key: keyof Trial) => trials.map((trial) => trial[key]);
    expect(of('variant')).toEqual(['Baseline', 'L1 Regularization', 'L2 Regularization', 'Dropout', 'Early Stopping']);
    expect(of('seed')).toEqual([42, 42, 42, 42, 42]);
    expect(of('network')).toEqual(
      [{}, { l1: 0.001 }, { l2: 0.001 }, { dropout: 0.5 }, {}].map((own) => ({ hiddenUnits: [128, 64], ...own })),
    );
    const training = { epochs: 100, batchSize: 64, optimizer: { type: 'adam', learningRate: 0.001 } };
    expect(of('training')).toEqual([...Array(4).fill(training), { ...training, earlyStopping: { patience: 10 } }]);
    expect(trials[0]).toMatchObject({
      split: { testSize: 0.2, validationSize: 0.2, randomState: 42 },
      scaling: 'standard',
    });
  });
});
