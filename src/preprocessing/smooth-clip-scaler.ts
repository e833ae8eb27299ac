// SmoothClipScaler: features scaled by quantiles and bent so that outliers stay within a limit.
import type { Matrix } from '../data/index.ts';
import { number, vector } from '../errors/index.ts';
import { defineTransformer, mapColumns, quantileOf, sortedColumns } from './define-transformer.ts';

/** Beyond it, the square of a number is none. */
export const GREATEST = 1e150;

/** What is learnt of each feature to put most of its values between -1 and 1. */
export const quartileRules = {
  center: vector('(-inf, inf)', { describe: 'Median of each feature' }),
  scale: vector('(0, inf)', { describe: 'Distance of its quartiles, or half its range' }),
};

/** The median and the distance of the quartiles of each feature; half its range where they are equal, 1 for a constant one. */
export function quartiles(x: Matrix): { center: Float64Array; scale: Float64Array } {
  const columns = sortedColumns(x);
  return {
    center: Float64Array.from(columns, (sorted) => quantileOf(sorted, 0.5)),
    scale: Float64Array.from(columns, (sorted) => {
      const distance = quantileOf(sorted, 0.75) - quantileOf(sorted, 0.25);
      return distance || (sorted[sorted.length - 1] - sorted[0]) / 2 || 1;
    }),
  };
}

/**
 * Subtracts the median of each feature, divides by the distance z of its quartiles, and clips smoothly: z / √(1 + (z / limit)²), which is z
 * near 0 and never reaches ±limit (RobustScaler and smooth clipping of Holzmüller et al. 2024, "Better by Default").
 *
 * A feature whose quartiles are equal is divided by half its range instead. Option: `limit`, default 3. A fitted one has `center` and `scale` (1
 * for a constant feature). NaN, a missing value, is left out and stays.
 *
 * @example
 * ```js
 * import { SmoothClipScaler } from 'regulus/tables';
 *
 * const incomes = { data: Float64Array.of(10, 20, 30, 40, 5000), shape: [5, 1] };
 * console.log(new SmoothClipScaler().fitTransform(incomes).data); // [-0.95, -0.49, 0, 0.49, 2.9998]
 * ```
 */
export const SmoothClipScaler = defineTransformer({
  type: 'SmoothClipScaler',
  describe: 'Features centered by their median, divided by the distance of the quartiles and smoothly clipped',
  allowsMissing: true,
  options: { limit: number('(0, inf)', { default: 3, describe: 'What no value reaches' }) },
  state: quartileRules,
  fit: quartiles,
  transform: (x, { center, scale }, { limit }) =>
    mapColumns(x, (value, j) => {
      const z = Math.max(-GREATEST * limit, Math.min((value - center[j]) / scale[j], GREATEST * limit));
      return z / Math.sqrt(1 + (z / limit) * (z / limit));
    }),
});

/** An instance of the class `SmoothClipScaler`. */
export type SmoothClipScaler = InstanceType<typeof SmoothClipScaler>;
