// RobustScaler: features centered and scaled by quantiles, which outliers do not move.
import { boolean, number, pair, vector } from '../errors/index.ts';
import { defineTransformer, mapColumns, quantileOf, scaleOf, sortedColumns } from './define-transformer.ts';
import { normalQuantile } from './normal.ts';

/**
 * Subtracts the median of each feature and divides by the distance between two of its quantiles.
 *
 * Options: `withCentering` and `withScaling`, default true; `quantileRange`, in per cent, default [25, 75]; `unitVariance`,
 * whether normally distributed features get variance 1, default false. A fitted one has `center` and `scale` (1 for a
 * feature whose two quantiles are equal). Values are those of scikit-learn's `RobustScaler`; NaN, a missing value, is left out
 * and stays.
 *
 * @example
 * ```js
 * import { RobustScaler } from 'regulus/tables';
 *
 * const incomes = { data: Float64Array.of(10, 20, 30, 40, 5000), shape: [5, 1] };
 * console.log(new RobustScaler().fitTransform(incomes).data); // [-1, -0.5, 0, 0.5, 248.5]
 * ```
 */
export const RobustScaler = defineTransformer({
  type: 'RobustScaler',
  describe: 'Features centered by their median and divided by the distance of two quantiles',
  allowsMissing: true,
  options: {
    withCentering: boolean({ default: true, describe: 'Whether the median is subtracted' }),
    withScaling: boolean({ default: true, describe: 'Whether data are divided by the distance of the quantiles' }),
    quantileRange: pair(number('[0, 100]'), { default: [25, 75], describe: 'The two quantiles, in per cent' }),
    unitVariance: boolean({ default: false, describe: 'Whether normally distributed features get variance 1' }),
  },
  state: {
    center: vector('(-inf, inf)', { describe: 'Median of each feature' }),
    scale: vector('(0, inf)', { describe: 'Distance of the quantiles of each feature' }),
  },
  check: ({ quantileRange: [low, high] }) =>
    low < high ? undefined : { option: 'quantileRange', rule: '[low, high] with low below high' },
  fit(x, { quantileRange, unitVariance }) {
    const [low, high] = quantileRange.map((percent) => percent / 100);
    const normal = unitVariance ? normalQuantile(high) - normalQuantile(low) : 1;
    const columns = sortedColumns(x);
    return {
      center: Float64Array.from(columns, (sorted) => quantileOf(sorted, 0.5)),
      scale: Float64Array.from(
        columns,
        (sorted) => scaleOf(quantileOf(sorted, high) - quantileOf(sorted, low)) / normal,
      ),
    };
  },
  transform: (x, { center, scale }, { withCentering, withScaling }) =>
    mapColumns(x, (value, j) => (value - (withCentering ? center[j] : 0)) / (withScaling ? scale[j] : 1)),
  inverseTransform: (x, { center, scale }, { withCentering, withScaling }) =>
    mapColumns(x, (value, j) => value * (withScaling ? scale[j] : 1) + (withCentering ? center[j] : 0)),
});

/** An instance of the class `RobustScaler`. */
export type RobustScaler = InstanceType<typeof RobustScaler>;
