// appendNoiseFeatures: columns of pure noise beside a dataset's own features.
import { type GivenOptions, integer, resolveOptions } from '../errors/index.ts';
import { checkDataset, type Dataset, type Targets, zeroMatrix } from './dataset.ts';
import { randomState, randomStateFrom } from './random-source.ts';

const WHERE = 'appendNoiseFeatures';

const rules = {
  count: integer(0, { describe: 'Number of columns to append' }),
  randomState,
};

/** Options of {@link appendNoiseFeatures}: `count` columns; `randomState`, a seed or stream, default 0. @interface */
export type NoiseFeaturesOptions = GivenOptions<typeof rules>;

/**
 * A new dataset with `count` standard-normal features appended on the right: `RandomState.randn(rows * count)`, row
 * by row (`np.hstack([X, RandomState(seed).randn(rows, count)])` in NumPy).
 *
 * @returns copies: x [rows, features + count] of the element type that x has, and the same targets
 * @throws ParameterError, NumericError for a bad dataset or option; EnvironmentError where there is no memory
 * @example
 * ```js
 * import { appendNoiseFeatures, makeMoons } from 'regulus';
 *
 * const noisy = appendNoiseFeatures(makeMoons({ nSamples: 50 }), { count: 18, randomState: 1 });
 * console.log(noisy.x.shape); // [50, 20]
 * ```
 */
export function appendNoiseFeatures<Y extends Targets>(dataset: Dataset<Y>, options: NoiseFeaturesOptions): Dataset<Y> {
  const { x, y, sampleWeight } = checkDataset(WHERE, 'dataset', dataset, { allowEmpty: true });
  const { count, randomState } = resolveOptions(WHERE, options, rules);
  const random = randomStateFrom(randomState);
  const [rows, columns] = x.shape;
  const width = columns + count;
  const wide = zeroMatrix(WHERE, rows, width, x.data);
  for (let i = 0; i < rows; i++) {
    wide.data.set(x.data.subarray(i * columns, (i + 1) * columns), i * width);
    wide.data.set(random.randn(count), i * width + columns);
  }
  const copy = 'data' in y ? { data: y.data.slice(), shape: y.shape } : y.slice();
  return { x: wide, y: copy as Y, ...(sampleWeight && { sampleWeight: sampleWeight.slice() }) };
}
