// Simple models beside the networks: what they learn is known, and verdicts do not depend on them.
import { describe, expect, it } from 'vitest';
import { expand, prepareData, runExperiment } from '../../src/experiment/index.ts';
import { referenceScores } from '../../src/experiment/references.ts';
import golden from '../golden/sklearn/references.json' with { type: 'json' };
import { expectClose } from '../reference/close.ts';
import { smallSpec } from './small-spec.ts';

const spec = (dataset: object, training: object = {}) => ({
  ...smallSpec(),
  dataset,
  training: { ...smallSpec().training, epochs: 1, ...training },
});

/** The references of a spec's first trial, and its data. */
async function scoresOf(given: object) {
  const [trial] = expand(given as never);
  const data = prepareData(trial);
  const found = await referenceScores(trial, data);
  return { data, scores: Object.fromEntries(found.map(({ reference, ...score }) => [reference, score])) };
}

describe('references', () => {
  it.each(golden.classification)('are what scikit-learn has for $builtin', async ({ builtin, prior, linear }) => {
    const { scores } = await scoresOf({ ...spec({ builtin }), split: golden.split });
    expect(Object.keys(scores)).toEqual(['Class shares', 'Logistic regression']);
    for (const part of ['train', 'test'] as const) {
      expectClose([scores['Class shares'][part].dataLoss], [prior[part].logLoss], { rtol: 1e-5 });
      expect(scores['Class shares'][part].accuracy).toBeCloseTo(prior[part].accuracy, 12);
      expectClose([scores['Logistic regression'][part].dataLoss], [linear[part].logLoss], { rtol: 0.01, atol: 5e-4 });
      expect(scores['Logistic regression'][part].accuracy).toBeCloseTo(linear[part].accuracy, 12);
    }
  });

  it('are mean, median and least squares for numbers, in any unit', async () => {
    const dataset = { generator: 'makeFriedman1', parameters: { nSamples: 200, noise: 1, randomState: 0 } };
    const { data, scores } = await scoresOf(spec(dataset, { loss: { type: 'meanSquaredError' } }));
    expect(Object.keys(scores)).toEqual(['Mean', 'Median', 'Linear regression']);
    const y = data.train.y as Float64Array;
    const mean = y.reduce((a, b) => a + b) / y.length;
    const variance = y.reduce((sum, value) => sum + (value - mean) ** 2, 0) / y.length;
    expectClose([scores.Mean.train.dataLoss], [variance], { rtol: 1e-5 });
    expect(scores.Median.train.dataLoss).toBeGreaterThan(scores.Mean.train.dataLoss);
    expect(scores['Linear regression'].test.dataLoss).toBeLessThan(0.5 * scores.Mean.test.dataLoss);
  });

  it('have the metrics of the trials, those beyond the core too', async () => {
    const training = { ...smallSpec().training, loss: 'meanSquaredError' };
    const { results } = await runExperiment({
      ...smallSpec(),
      dataset: { builtin: 'diabetes' },
      training,
      metric: 'rootMeanSquaredError',
    });
    const [{ test }] = results.references!;
    expectClose([test.rootMeanSquaredError ** 2], [test.dataLoss], { rtol: 1e-6 });
  });

  it('stand beside the results of each fold, and change nothing else', async () => {
    const { results } = await runExperiment({
      ...smallSpec(),
      split: { folds: 3, validationSize: 0.25, randomState: 1 },
    });
    expect(results.references!.map(({ reference, fold }) => [reference, fold!.index])).toEqual(
      [0, 1, 2].flatMap((k) => [
        ['Class shares', k],
        ['Logistic regression', k],
      ]),
    );
    expect(results.summary.map(({ variant }) => variant)).not.toContain('Class shares');
  });
});
