// Train and test rows that keep the shares of the classes, as scikit-learn's StratifiedShuffleSplit draws them.
import { fail } from '../errors/index.ts';
import type { RandomState } from '../random/index.ts';

/** Rows of the training and the test part, `nTrain` and `nTest` of them, shares of classes kept as nearly as possible. */
export function stratifiedIndices(
  where: string,
  y: Int32Array,
  nTrain: number,
  nTest: number,
  random: RandomState,
): [train: Int32Array, test: Int32Array] {
  const rowsByClass = groupRows(y);
  const counts = rowsByClass.map((rows) => rows.length);
  const lone = rowsByClass.find((rows) => rows.length < 2);
  if (lone !== undefined) {
    fail(
      where,
      'stratify',
      'false when a class has a single row',
      true,
      `Row ${lone[0]} alone has label ${y[lone[0]]}.`,
    );
  }
  for (const [name, size] of [
    ['trainSize', nTrain],
    ['testSize', nTest],
  ] as const) {
    if (size < counts.length) fail(where, name, `at least ${counts.length} rows, one per class, to stratify`, size);
  }
  const fromTrain = shareByCounts(counts, nTrain, random);
  const left = counts.map((count, k) => count - fromTrain[k]);
  const fromTest = shareByCounts(left, nTest, random);

  const train: number[] = [];
  const test: number[] = [];
  rowsByClass.forEach((rows, k) => {
    const order = random.permutation(rows.length);
    order.forEach((position, rank) => {
      if (rank < fromTrain[k]) train.push(rows[position]);
      else if (rank < fromTrain[k] + fromTest[k]) test.push(rows[position]);
    });
  });
  return [random.permutation(Int32Array.from(train)), random.permutation(Int32Array.from(test))];
}

/** Rows of each class that occurs in `y`, in order; classes by index. */
function groupRows(y: Int32Array): number[][] {
  const groups = new Map<number, number[]>();
  y.forEach((label, row) => {
    const group = groups.get(label);
    if (group) group.push(row);
    else groups.set(label, [row]);
  });
  return [...groups.keys()].sort((a, b) => a - b).map((label) => groups.get(label)!);
}

/**
 * `draws` shared out in proportion to `counts` (nearly the mode of the multivariate hypergeometric distribution):
 * whole parts first, then one more by descending fraction, ties drawn at random.
 */
function shareByCounts(counts: readonly number[], draws: number, random: RandomState): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const exact = counts.map((count) => (count / total) * draws);
  const shares = exact.map(Math.floor);
  let missing = draws - shares.reduce((sum, share) => sum + share, 0);
  if (missing === 0) return shares;
  const fractions = exact.map((value, k) => value - shares[k]);
  for (const fraction of [...new Set(fractions)].sort((a, b) => b - a)) {
    const tied = [...fractions.keys()].filter((k) => fractions[k] === fraction);
    const added = random.permutation(tied).slice(0, missing);
    for (const k of added) shares[k] += 1;
    missing -= added.length;
    if (missing === 0) break;
  }
  return shares;
}
