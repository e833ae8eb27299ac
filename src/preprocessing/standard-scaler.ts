// StandardScaler: features with mean 0 and variance 1.
import type { Matrix } from '../data/index.ts';
import { boolean, vector } from '../errors/index.ts';
import { defineTransformer, mapColumns } from './define-transformer.ts';

/**
 * Standardizes features: subtracts the mean and divides by the population standard deviation, both learnt by `fit`.
 * A feature that is constant, but for rounding, is only centered.
 *
 * A fitted one has `mean` and `scale`, the mean and the standard deviation (1 for a constant feature) of each feature, in
 * the units of the data. Options: `withMean` and `withStd`, whether data are centered and divided, default true. Values are
 * those of scikit-learn's `StandardScaler`; NaN, a missing value, is left out and stays. Results have the element type of the
 * input; statistics are float64.
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
  allowsMissing: true,
  options: {
    withMean: boolean({ default: true, describe: 'Whether the mean is subtracted' }),
    withStd: boolean({ default: true, describe: 'Whether data are divided by the standard deviation' }),
  },
  state: {
    mean: vector('(-inf, inf)', { describe: 'Mean of each feature' }),
    scale: vector('(0, inf)', { describe: 'Standard deviation of each feature, 1 for a constant one' }),
  },
  fit: columnStatistics,
  transform(x, { mean, scale }, { withMean, withStd }) {
    return mapColumns(x, (value, j) => (value - (withMean ? mean[j] : 0)) / (withStd ? scale[j] : 1));
  },
  inverseTransform(x, { mean, scale }, { withMean, withStd }) {
    return mapColumns(x, (value, j) => value * (withStd ? scale[j] : 1) + (withMean ? mean[j] : 0));
  },
});

/** An instance of the class `StandardScaler`. */
export type StandardScaler = InstanceType<typeof StandardScaler>;

/** Mean and scale by the corrected two-pass algorithm (Chan, Golub and LeVeque 1983), as scikit-learn does; without NaN. */
export function columnStatistics({ data, shape: [, columns] }: Matrix): { mean: Float64Array; scale: Float64Array } {
  const mean = new Float64Array(columns);
  const counts = new Float64Array(columns);
  for (let i = 0; i < data.length; i++) {
    if (Number.isNaN(data[i])) continue;
    mean[i % columns] += data[i];
    counts[i % columns]++;
  }
  for (let j = 0; j < columns; j++) mean[j] /= counts[j];

  const deviations = new Float64Array(columns);
  const squares = new Float64Array(columns);
  for (let i = 0; i < data.length; i++) {
    if (Number.isNaN(data[i])) continue;
    const deviation = data[i] - mean[i % columns];
    deviations[i % columns] += deviation;
    squares[i % columns] += deviation * deviation;
  }
  const scale = squares.map((square, j) => {
    const variance = (square - (deviations[j] * deviations[j]) / counts[j]) / counts[j];
    // The algorithm's own rounding error bounds what can be distinguished from a constant.
    const rounding = counts[j] * mean[j] * Number.EPSILON;
    const isConstant = variance <= counts[j] * Number.EPSILON * variance + rounding * rounding;
    return isConstant ? 1 : Math.sqrt(variance);
  });
  return { mean, scale };
}
