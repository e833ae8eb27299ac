// Kinds of networks are weighed by what they predict of rows that they have not learnt from.
import { expect, test } from 'vitest';
import { weighedGroups } from '../../src/tables/groups.ts';
import type { MemberJob, TrainedMember } from '../../src/tables/train-member.ts';

/** What kinds of networks count, by what each of them predicts for the halves of the rows. */
function weigh(y: Int32Array | Float64Array, columns: number, kinds: number[][][]): number[] {
  const jobs = kinds.flatMap(() =>
    [0, 1].map(
      (half) =>
        ({ validation: { y: y.subarray((half * y.length) / 2, ((half + 1) * y.length) / 2) } }) as unknown as MemberJob,
    ),
  );
  const networks = kinds.flatMap((folds) =>
    folds.map(
      (data) =>
        ({
          predictions: { data: Float64Array.from(data), shape: [data.length / columns, columns] },
        }) as unknown as TrainedMember,
    ),
  );
  const groups = weighedGroups(jobs, networks, 2, y instanceof Int32Array);
  const weights = kinds.map(() => 0);
  for (const group of groups) weights[networks.indexOf(group.networks[0]) / 2] = group.weight;
  return weights;
}

/** Twenty rows of each of two folds, where a prediction is `errors[i % 2]` off. */
const numbers = (...errors: number[]) =>
  [0, 20].map((start) => Array.from({ length: 20 }, (_, i) => start + i + errors[i % errors.length]));
const y = Float64Array.from({ length: 40 }, (_, i) => i);

test('kinds that are as good count the same, a better one more, and a bad one nothing', () => {
  expect(weigh(y, 1, [numbers(1, -1), numbers(-1, 1)])).toEqual([0.5, 0.5]);
  const [better, worse] = weigh(y, 1, [numbers(0.5, -1), numbers(2, -1)]);
  expect(better).toBeGreaterThan(worse);
  expect(worse).toBeGreaterThan(0.05);
  expect(weigh(y, 1, [numbers(0.1), numbers(30)])[1]).toBe(0);
});

test('few rows change little', () => {
  const few = [0, 1].map((fold) => [2 * fold + 0.1, 2 * fold + 1.1]);
  const far = [0, 1].map((fold) => [2 * fold + 3, 2 * fold + 4]);
  const [better, worse] = weigh(y.subarray(0, 4), 1, [few, far]);
  expect(better).toBeGreaterThan(worse);
  expect(worse).toBeGreaterThan(0.15);
});

test('the weights are those for which the rows are most likely, with one row more for each kind', () => {
  const [w] = weigh(y, 1, [numbers(0.3, -1.2, 0.1), numbers(1, -0.2, 1.5)]);
  const density = (kind: number[][]) => {
    const squares = kind.flat().map((value, i) => (value - i) ** 2);
    const variance = squares.reduce((a, b) => a + b) / squares.length;
    return squares.map((square) => Math.exp(-square / (2 * variance)) / Math.sqrt(variance));
  };
  const [a, b] = [density(numbers(0.3, -1.2, 0.1)), density(numbers(1, -0.2, 1.5))];
  const posterior = (w: number) =>
    a.reduce((sum, own, i) => sum + Math.log(w * own + (1 - w) * b[i]), Math.log(w) + Math.log(1 - w));
  for (const other of [w - 0.01, w + 0.01]) expect(posterior(w)).toBeGreaterThan(posterior(other));
});

test('probabilities are compared at the temperature of each kind', () => {
  const classes = Int32Array.from({ length: 40 }, (_, i) => i % 2);
  /** The probability of the right class by row. */
  const kind = (...right: number[]) =>
    [0, 20].map(() =>
      Array.from({ length: 20 }, (_, i) => right[i % right.length]).flatMap((p, i) =>
        i % 2 ? [1 - p, p] : [p, 1 - p],
      ),
    );
  // Both rank the classes rightly, the second by a hair: with its own temperature it is as good.
  const [sure, unsure] = weigh(classes, 2, [kind(0.9), kind(0.6)]);
  expect(sure).toBeCloseTo(unsure, 1);
  const [right, wrong] = weigh(classes, 2, [kind(0.9), kind(0.9, 0.9, 0.1)]);
  expect(right).toBeGreaterThan(0.8);
  expect(wrong).toBeLessThan(0.2);
});
