// trainTestSplit: a random, optionally stratified, partition of a dataset's rows.
import { boolean, fail, type GivenOptions, isTypedArray, number, resolveOptions } from '../errors/index.ts';
import type { RandomState } from '../random/index.ts';
import { checkDataset, type Dataset, type Targets } from './dataset.ts';
import { randomState, randomStateFrom } from './random-source.ts';
import { rowsOfClasses, selectRows } from './take-rows.ts';

const WHERE = 'trainTestSplit';

export const sizeRemedy = 'Below 1 it is a share of the rows, from 1 on a number of rows.';

/** The rules of the options of splits. */
export const splitRules = {
  testSize: number('(0, inf)', {
    optional: true,
    describe: 'Size of the test part, a share rounded up; by default what trainSize leaves, or 0.25 without it',
    remedy: sizeRemedy,
  }),
  trainSize: number('(0, inf)', {
    optional: true,
    describe: 'Size of the training part, a share rounded down; by default what the test part leaves',
    remedy: sizeRemedy,
  }),
  shuffle: boolean({
    default: true,
    describe: 'Whether rows are drawn at random; otherwise the first rows train and the next ones test',
  }),
  stratify: boolean({ default: false, describe: 'Whether both parts keep the shares of the classes in dataset.y' }),
  randomState,
};

/**
 * Options of {@link trainTestSplit}. `testSize` and `trainSize`: below 1 a share of the rows, from 1 on a number of rows;
 * by default a quarter of the rows is for testing. `shuffle`: whether rows are drawn at random, default true. `stratify`:
 * whether both parts keep the shares of the classes, default false. `randomState`: seed or stream, default 0.
 * @interface
 */
export type TrainTestSplitOptions = GivenOptions<typeof splitRules>;

/** What {@link trainTestSplit} returns. */
export interface TrainTestSplit<Y extends Targets = Targets> {
  train: Dataset<Y>;
  test: Dataset<Y>;
  /** Rows of the dataset, in the order they have in `train`. */
  trainIndices: Int32Array;
  /** Rows of the dataset, in the order they have in `test`. */
  testIndices: Int32Array;
}

/**
 * Splits a dataset's rows in two; rows keep their targets.
 *
 * Indices are those of scikit-learn's `train_test_split` for the same parameters and seed. A size of exactly 1 means
 * one row here.
 *
 * @throws ParameterError for sizes that leave a part empty or that do not fit, for classes too small to stratify, and for
 * `stratify` with other targets than class indices
 * @example
 * ```js
 * import { makeMoons, trainTestSplit } from 'regulus';
 *
 * const { train, test } = trainTestSplit(makeMoons({ nSamples: 100 }), { testSize: 0.2, stratify: true, randomState: 42 });
 * console.log(train.y.length, test.y.length); // 80 20
 * ```
 */
export function trainTestSplit<Y extends Targets>(
  dataset: Dataset<Y>,
  options: TrainTestSplitOptions = {},
): TrainTestSplit<Y> {
  const { x, y } = checkDataset(WHERE, 'dataset', dataset);
  const { trainSize, testSize, shuffle, stratify, randomState } = resolveOptions(WHERE, options, splitRules);
  if (stratify && !shuffle) fail(WHERE, 'stratify', 'false when shuffle is false', stratify, 'Leave shuffle at true.');
  const random = randomStateFrom(randomState);
  const rows = x.shape[0];
  const [nTrain, nTest] = partSizes(rows, trainSize, testSize);

  let trainIndices: Int32Array;
  let testIndices: Int32Array;
  if (stratify) {
    if (!isTypedArray(y, 'Int32Array')) {
      const rule = 'false for targets that are numbers';
      fail(WHERE, 'stratify', rule, stratify, 'Only class indices can be stratified.');
    }
    [trainIndices, testIndices] = stratifiedIndices(y, nTrain, nTest, random);
  } else if (shuffle) {
    const order = random.permutation(rows);
    testIndices = order.slice(0, nTest);
    trainIndices = order.slice(nTest, nTest + nTrain);
  } else {
    trainIndices = Int32Array.from({ length: nTrain }, (_, i) => i);
    testIndices = Int32Array.from({ length: nTest }, (_, i) => nTrain + i);
  }
  return {
    train: selectRows(dataset, trainIndices),
    test: selectRows(dataset, testIndices),
    trainIndices,
    testIndices,
  };
}

function partSizes(rows: number, trainSize: number | undefined, testSize: number | undefined): [number, number] {
  const test = testSize ?? (trainSize === undefined ? 0.25 : undefined);
  if (trainSize !== undefined) checkSize('trainSize', trainSize, rows);
  if (test !== undefined) checkSize('testSize', test, rows);
  if (trainSize !== undefined && test !== undefined && trainSize < 1 && test < 1 && trainSize + test > 1) {
    fail(WHERE, 'trainSize', `at most 1 - testSize (testSize is ${test})`, trainSize);
  }
  let nTrain = trainSize === undefined ? undefined : rowsFor(trainSize, rows, Math.floor);
  const nTest = test === undefined ? rows - nTrain! : rowsFor(test, rows, Math.ceil);
  nTrain ??= rows - nTest;
  if (nTrain + nTest > rows) {
    fail(WHERE, 'trainSize', `such that both parts fit ${rows} rows (testSize takes ${nTest})`, trainSize);
  }
  if (nTrain === 0) {
    const [name, size] = trainSize === undefined ? ['testSize', test] : ['trainSize', trainSize];
    fail(WHERE, name, `such that it leaves a training row of ${rows}`, size, 'Give more rows, or another size.');
  }
  return [nTrain, nTest];
}

function rowsFor(size: number, rows: number, round: (value: number) => number): number {
  return size < 1 ? round(size * rows) : size;
}

function checkSize(name: string, size: number, rows: number): void {
  const isCount = Number.isInteger(size) && size < rows;
  if (size >= 1 && !isCount) fail(WHERE, name, `a share in (0, 1) or a number of rows in [1, ${rows - 1}]`, size);
}

/**
 * Rows of the training and the test part, `nTrain` and `nTest` of them, which keep the shares of the classes as nearly as
 * possible, as scikit-learn's StratifiedShuffleSplit draws them.
 */
function stratifiedIndices(
  y: Int32Array,
  nTrain: number,
  nTest: number,
  random: RandomState,
): [train: Int32Array, test: Int32Array] {
  const rowsByClass = [...rowsOfClasses(y)].sort(([a], [b]) => a - b).map(([, rows]) => rows);
  const counts = rowsByClass.map((rows) => rows.length);
  const [lone] = rowsByClass.find((rows) => rows.length < 2) ?? [];
  if (lone !== undefined) {
    fail(WHERE, 'stratify', 'false when a class has a single row', true, `Row ${lone} alone has label ${y[lone]}.`);
  }
  for (const [name, size] of Object.entries({ trainSize: nTrain, testSize: nTest })) {
    if (size < counts.length) fail(WHERE, name, `at least ${counts.length} rows, one per class, to stratify`, size);
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
