// The presets and how specs expand to trials.
import { describe, expect, it } from 'vitest';
import { expand, presets, type Trial } from '../../src/experiment/index.ts';
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
