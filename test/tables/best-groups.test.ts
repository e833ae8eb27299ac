// Groups of networks are chosen by what they predict of rows that they have not learnt from.
import { expect, test } from 'vitest';
import { bestGroups } from '../../src/tables/best-groups.ts';
import type { MemberJob, TrainedMember } from '../../src/tables/train-member.ts';

/** Networks of two folds with two rows each, by what each of them predicts. */
function choose(y: Int32Array | Float64Array, columns: number, kinds: number[][][]): number[] {
  const jobs = kinds.flatMap(() =>
    [0, 2].map((start) => ({ validation: { y: y.subarray(start, start + 2) } }) as unknown as MemberJob),
  );
  const networks = kinds.flatMap((folds) =>
    folds.map(
      (data) => ({ predictions: { data: Float64Array.from(data), shape: [2, columns] } }) as unknown as TrainedMember,
    ),
  );
  const chosen = bestGroups(jobs, networks, 2, y instanceof Int32Array);
  return chosen.map((group) => networks.indexOf(group.networks[0]) / 2);
}

test('one group where it is best, and two where their errors cancel', () => {
  const y = Float64Array.of(1, 2, 3, 4);
  const above = [
    [1.5, 2.5],
    [3.5, 4.5],
  ];
  const below = [
    [0.5, 1.5],
    [2.5, 3.5],
  ];
  const far = [
    [9, 9],
    [9, 9],
  ];
  expect(choose(y, 1, [above, far])).toEqual([0]);
  expect(choose(y, 1, [far, above, below])).toEqual([1, 2]);
});

test('probabilities are compared at the temperature of each group', () => {
  const y = Int32Array.of(0, 1, 0, 1);
  // Both rank the classes rightly, the second by a hair: with its own temperature it is as good.
  const sure = [
    [0.9, 0.1, 0.1, 0.9],
    [0.9, 0.1, 0.1, 0.9],
  ];
  const unsure = [
    [0.6, 0.4, 0.4, 0.6],
    [0.6, 0.4, 0.4, 0.6],
  ];
  const wrong = [
    [0.1, 0.9, 0.9, 0.1],
    [0.9, 0.1, 0.1, 0.9],
  ];
  expect(choose(y, 2, [sure, wrong])).toEqual([0]);
  expect(choose(y, 2, [unsure, wrong])).toEqual([0]);
});
