// The band of curves that end at different epochs.
import { expect, it } from 'vitest';
import { learningCurve } from '../../src/experiment/index.ts';

const curves = (...valLoss: number[][]) => valLoss.map((values) => ({ history: { trainLoss: [], valLoss: values } }));

it('gives median and quartiles over the trials that reached an epoch, while at least half of them did', () => {
  expect(learningCurve(curves([1, 10, 7], [2, 20], [3], [4]), 'valLoss')).toEqual([
    { epoch: 1, lower: 1.75, median: 2.5, upper: 3.25 },
    { epoch: 2, lower: 12.5, median: 15, upper: 17.5 },
  ]);
});

it('is the curve itself for one trial, and empty without values', () => {
  expect(learningCurve(curves([3, 2]), 'valLoss').map(({ lower, median, upper }) => [lower, median, upper])).toEqual([
    [3, 3, 3],
    [2, 2, 2],
  ]);
  expect(learningCurve(curves([], []), 'valLoss')).toEqual([]);
});
