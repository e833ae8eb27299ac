// appendNoiseFeatures: columns of pure noise beside a dataset's own features.
import { checkInteger, checkKeys } from '../errors/index.ts';
import { checkDataset } from './check.ts';
import { type RandomSource, randomStateFrom } from './random-source.ts';
import { emptyLike } from './take-rows.ts';
import type { Dataset } from './types.ts';

/** Options of {@link appendNoiseFeatures}. */
export interface NoiseFeaturesOptions {
  /** Number of columns to append. */
  count: number;
  /** Seed or stream; default 0. */
  randomState?: RandomSource;
}

/**
 * A new dataset with `count` standard-normal features appended on the right: `RandomState.randn(rows * count)`, row
 * by row (`np.hstack([X, RandomState(seed).randn(rows, count)])` in NumPy).
 *
 * @throws ParameterError, NumericError for a bad dataset or option
 */
export function appendNoiseFeatures(dataset: Dataset, options: NoiseFeaturesOptions): Dataset {
  const where = 'appendNoiseFeatures';
  const { x, y } = checkDataset(where, 'dataset', dataset, { allowEmpty: true });
  checkKeys(where, options, ['count', 'randomState']);
  const { count, randomState = 0 } = options;
  checkInteger(where, 'count', count, 0);
  const random = randomStateFrom(where, randomState);
  const [rows, columns] = x.shape;
  const width = columns + count;
  const data = emptyLike(x.data, rows * width);
  for (let i = 0; i < rows; i++) {
    data.set(x.data.subarray(i * columns, (i + 1) * columns), i * width);
    data.set(random.randn(count), i * width + columns);
  }
  return { x: { data, shape: [rows, width] }, y: y.slice() };
}
