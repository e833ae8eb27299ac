// Probes on cases that can be counted by hand.
import { expect, it } from 'vitest';
import { sparsity } from '../../src/experiment/probes.ts';
import { confusionOf, reliability } from '../../src/metrics/index.ts';

it('counts points by true and predicted class', () => {
  expect(confusionOf([0, 0, 1, 2, 2, 2], [0, 1, 1, 2, 0, 2], [0, 1, 2])).toEqual([
    [1, 1, 0],
    [0, 1, 0],
    [1, 0, 2],
  ]);
});

it('bins points by the probability of the predicted class', () => {
  const p = { data: [0.5, 0.5, 0.25, 0.75, 0.21875, 0.78125, 1, 0], rows: 4, columns: 2 };
  const bins = reliability({ p, places: [0, 1, 0, 0] }, 10);
  expect(bins.count).toEqual([0, 0, 0, 0, 0, 1, 0, 2, 0, 1]);
  expect(bins.confidence).toEqual([0, 0, 0, 0, 0, 0.5, 0, 0.765625, 0, 1]);
  expect(bins.accuracy).toEqual([0, 0, 0, 0, 0, 1, 0, 0.5, 0, 1]);
});

it('tells exact zeros from small weights', () => {
  expect(sparsity([0, -0, 5e-4, -5e-4, 1e-3, 2, -3, 4])).toEqual({ zero: 0.25, nearZero: 0.5 });
});
