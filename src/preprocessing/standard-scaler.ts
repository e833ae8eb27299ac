// StandardScaler: features with mean 0 and variance 1.
import type { Matrix } from '../data/index.ts';
import { vector } from '../errors/index.ts';
import { defineTransformer, mapColumns } from './define-transformer.ts';

/**
 * Standardizes features: subtracts the mean and divides by the population standard deviation, both learnt by `fit`.
 * A feature that is constant, but for rounding, is only centered.
 *
 * A fitted one has `mean` and `scale`, the mean and the standard deviation (1 for a constant feature) of each feature, in
 * the units of the data. It has no options. Values are those of scikit-learn's `StandardScaler`. Results have the element
 * type of the input; statistics are float64.
 *
 * @example
 * ```js
 * import { StandardScaler } from 'regulus';
 *
 * const train = { data: Float64Array.of(1, 10, 3, 20), shape: [2, 2] };
 * const scaler = new StandardScaler().fit(train);
 * console.log(scaler.mean, scaler.transform(train).data); // [2, 15] [-1, -1, 1, 1]
 * const again = StandardScaler.fromJSON(JSON.parse(JSON.stringify(scaler)));
 * console.log(again.inverseTransform(again.transform(train)).data); // [1, 10, 3, 20]
 * ```
 */
export const StandardScaler = defineTransformer({
  type: 'StandardScaler',
  describe: 'Features with mean 0 and variance 1',
  options: {},
  state: {
    mean: vector('(-inf, inf)', { describe: 'Mean of each feature' }),
    scale: vector('(0, inf)', { describe: 'Standard deviation of each feature, 1 for a constant one' }),
  },
  fit: columnStatistics,
  transform: (x, { mean, scale }) => mapColumns(x, (value, j) => (value - mean[j]) / scale[j]),
  inverseTransform: (x, { mean, scale }) => mapColumns(x, (value, j) => value * scale[j] + mean[j]),
});

/** An instance of the class `StandardScaler`. */
export type StandardScaler = InstanceType<typeof StandardScaler>;

/** Mean and scale by the corrected two-pass algorithm (Chan, Golub and LeVeque 1983), as scikit-learn does. */
function columnStatistics({ data, shape: [rows, columns] }: Matrix): { mean: Float64Array; scale: Float64Array } {
  const mean = new Float64Array(columns);
  for (let i = 0; i < data.length; i++) mean[i % columns] += data[i];
  for (let j = 0; j < columns; j++) mean[j] /= rows;

  const deviations = new Float64Array(columns);
  const squares = new Float64Array(columns);
  for (let i = 0; i < data.length; i++) {
    const deviation = data[i] - mean[i % columns];
    deviations[i % columns] += deviation;
    squares[i % columns] += deviation * deviation;
  }
  const scale = squares.map((square, j) => {
    const variance = (square - (deviations[j] * deviations[j]) / rows) / rows;
    // The algorithm's own rounding error bounds what can be distinguished from a constant.
    const rounding = rows * mean[j] * Number.EPSILON;
    const isConstant = variance <= rows * Number.EPSILON * variance + rounding * rounding;
    return isConstant ? 1 : Math.sqrt(variance);
  });
  return { mean, scale };
}
