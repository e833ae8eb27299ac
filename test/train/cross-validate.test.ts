// Each fold is scored by a model that the others have trained.
import { expect, it } from 'vitest';
import {
  crossValidate,
  dense,
  makeBlobs,
  makeRegression,
  meanSquaredError,
  StratifiedKFold,
  sequential,
  takeRows,
} from '../../src/index.ts';

it('gives what fits by hand give', async () => {
  const data = makeBlobs({ nSamples: 60, centers: 3, randomState: 1 });
  const model = { inputSize: 2, layers: [dense(3)], seed: 5 };
  const { scores, mean, standardDeviation } = await crossValidate(model, data, {
    epochs: 4,
    nSplits: 3,
    randomState: 2,
  });
  const folds = new StratifiedKFold({ nSplits: 3, shuffle: true, randomState: 2 }).split(data);
  for (const [k, { trainIndices, testIndices }] of folds.entries()) {
    const own = sequential(model);
    await own.fit(takeRows(data, trainIndices), { epochs: 4 });
    expect(own.evaluate(takeRows(data, testIndices))).toEqual(scores[k]);
  }
  const losses = scores.map(({ dataLoss }) => dataLoss);
  const average = (losses[0] + losses[1] + losses[2]) / 3;
  expect(mean.dataLoss).toBeCloseTo(average, 12);
  const squares = losses.map((loss) => (loss - average) ** 2);
  expect(standardDeviation.dataLoss).toBeCloseTo(Math.sqrt((squares[0] + squares[1] + squares[2]) / 2), 12);
});

it('takes numbers as targets', async () => {
  const data = makeRegression({ nSamples: 40, nFeatures: 3, randomState: 0 });
  const model = { inputSize: 3, layers: [dense(1)], loss: meanSquaredError() };
  expect((await crossValidate(model, data, { epochs: 1 })).scores.length).toBe(5);
  await expect(crossValidate(model, data, { epochs: 1, nSplits: 100 })).rejects.toThrow('nSplits');
});
