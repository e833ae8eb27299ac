// trainTestSplit: a random, optionally stratified, partition of a dataset's rows.
import { checkBoolean, checkKeys, fail } from '../errors/index.ts';
import { checkDataset } from './check.ts';
import { type RandomSource, randomStateFrom } from './random-source.ts';
import { stratifiedIndices } from './stratified-indices.ts';
import { selectRows } from './take-rows.ts';
import type { Dataset } from './types.ts';

const WHERE = 'trainTestSplit';

/** Options of {@link trainTestSplit}. Sizes: below 1 a share of the rows, from 1 on a number of rows. */
export interface TrainTestSplitOptions {
  /** Size of the test part, a share rounded up; default what `trainSize` leaves, or 0.25 without it. */
  testSize?: number;
  /** Size of the training part, a share rounded down; default what the test part leaves. */
  trainSize?: number;
  /** Whether rows are drawn at random; otherwise the first rows train and the next ones test. Default true. */
  shuffle?: boolean;
  /** Whether both parts keep the shares of the classes in `dataset.y`; default false. */
  stratify?: boolean;
  /** Seed or stream; default 0, so that equal calls give equal parts. */
  randomState?: RandomSource;
}

/** What {@link trainTestSplit} returns. */
export interface TrainTestSplit {
  train: Dataset;
  test: Dataset;
  /** Rows of the dataset, in the order they have in `train`. */
  trainIndices: Int32Array;
  /** Rows of the dataset, in the order they have in `test`. */
  testIndices: Int32Array;
}

/**
 * Splits a dataset's rows in two; rows keep their labels.
 *
 * Indices are those of scikit-learn's `train_test_split` for the same parameters and seed. A size of exactly 1 means
 * one row here.
 *
 * @throws ParameterError for sizes that leave a part empty or that do not fit, and for classes too small to stratify
 */
export function trainTestSplit(dataset: Dataset, options: TrainTestSplitOptions = {}): TrainTestSplit {
  checkDataset(WHERE, 'dataset', dataset);
  checkKeys(WHERE, options, ['testSize', 'trainSize', 'shuffle', 'stratify', 'randomState']);
  const { trainSize, testSize, shuffle = true, stratify = false, randomState = 0 } = options;
  checkBoolean(WHERE, 'shuffle', shuffle);
  checkBoolean(WHERE, 'stratify', stratify);
  if (stratify && !shuffle) fail(WHERE, 'stratify', 'false when shuffle is false', stratify, 'Leave shuffle at true.');
  const random = randomStateFrom(WHERE, randomState);
  const rows = dataset.y.length;
  const [nTrain, nTest] = partSizes(rows, trainSize, testSize);

  let trainIndices: Int32Array;
  let testIndices: Int32Array;
  if (stratify) {
    [trainIndices, testIndices] = stratifiedIndices(WHERE, dataset.y, nTrain, nTest, random);
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
    fail(
      WHERE,
      'testSize',
      `such that it leaves a training row of ${rows}`,
      testSize,
      'Give more rows, or adjust the sizes.',
    );
  }
  return [nTrain, nTest];
}

function rowsFor(size: number, rows: number, round: (value: number) => number): number {
  return size < 1 ? round(size * rows) : size;
}

function checkSize(name: string, size: unknown, rows: number): void {
  const isShare = typeof size === 'number' && size > 0 && size < 1;
  const isCount = Number.isInteger(size) && (size as number) >= 1 && (size as number) < rows;
  if (!isShare && !isCount) fail(WHERE, name, `a share in (0, 1) or a number of rows in [1, ${rows - 1}]`, size);
}
