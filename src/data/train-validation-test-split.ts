// trainValidationTestSplit: a random, optionally stratified, partition of a dataset's rows in three.
import { fail, type GivenOptions, number, resolveOptions } from '../errors/index.ts';
import { checkDataset, type Dataset, type Targets } from './dataset.ts';
import { sizeRemedy, splitRules, trainTestSplit } from './train-test-split.ts';

const { shuffle, stratify, randomState } = splitRules;
const rules = {
  validationSize: number('(0, inf)', {
    default: 0.2,
    describe: 'Size of the validation part, a share rounded up',
    remedy: sizeRemedy,
  }),
  testSize: number('(0, inf)', {
    default: 0.2,
    describe: 'Size of the test part, a share rounded up',
    remedy: sizeRemedy,
  }),
  shuffle,
  stratify,
  randomState,
};

/**
 * Options of {@link trainValidationTestSplit}. `validationSize` and `testSize`: below 1 a share of all rows, from 1 on a number of
 * rows; default 0.2 each. `shuffle`, `stratify` and `randomState` are those of `trainTestSplit`.
 * @interface
 */
export type TrainValidationTestSplitOptions = GivenOptions<typeof rules>;

/** What {@link trainValidationTestSplit} returns: the parts, and their rows of the dataset in the order they have there. */
export interface TrainValidationTestSplit<Y extends Targets = Targets> {
  train: Dataset<Y>;
  validation: Dataset<Y>;
  test: Dataset<Y>;
  trainIndices: Int32Array;
  validationIndices: Int32Array;
  testIndices: Int32Array;
}

/**
 * Splits a dataset's rows in three: to train on, to choose with (an epoch, an option), and to be measured on once. It splits off the test
 * part first, then the validation part, as two calls of `trainTestSplit` with the same `randomState`.
 *
 * @throws ParameterError for sizes that leave a part empty, and as `trainTestSplit`
 * @example
 * ```js
 * import { makeMoons, trainValidationTestSplit } from 'regulus';
 *
 * const { train, validation, test } = trainValidationTestSplit(makeMoons({ nSamples: 100 }), { stratify: true });
 * console.log(train.y.length, validation.y.length, test.y.length); // 60 20 20
 * ```
 */
export function trainValidationTestSplit<Y extends Targets>(
  dataset: Dataset<Y>,
  options: TrainValidationTestSplitOptions = {},
): TrainValidationTestSplit<Y> {
  const where = 'trainValidationTestSplit';
  const rows = checkDataset(where, 'dataset', dataset).x.shape[0];
  const { validationSize, testSize, ...rest } = resolveOptions(where, options, rules);
  const inRows = (share: number) => (share < 1 ? Math.ceil(share * rows) : share);
  const [nValidation, nTest] = [inRows(validationSize), inRows(testSize)];
  if (nValidation + nTest >= rows) {
    fail(where, 'testSize', `such that it leaves a training row of ${rows} beside validationSize`, testSize);
  }
  const outer = trainTestSplit(dataset, { ...rest, testSize: nTest });
  const inner = trainTestSplit(outer.train, { ...rest, testSize: nValidation });
  const ofAll = (indices: Int32Array) => indices.map((i) => outer.trainIndices[i]);
  return {
    train: inner.train,
    validation: inner.test,
    test: outer.test,
    trainIndices: ofAll(inner.trainIndices),
    validationIndices: ofAll(inner.testIndices),
    testIndices: outer.testIndices,
  };
}
