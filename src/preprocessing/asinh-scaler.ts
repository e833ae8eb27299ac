// AsinhScaler: features scaled by quantiles, whose long tails become logarithms.
import { number } from '../errors/index.ts';
import { log } from '../random/index.ts';
import { defineTransformer, mapColumns } from './define-transformer.ts';
import { GREATEST, quartileRules, quartiles } from './smooth-clip-scaler.ts';

/**
 * Subtracts the median of each feature, divides by the distance z of its quartiles, and takes the inverse hyperbolic sine: width · asinh(z / width),
 * which is z near 0 and grows as the logarithm far from it. So an outlier stays near the others, but far values keep their order and their
 * distances, which `SmoothClipScaler` takes from them.
 *
 * A feature whose quartiles are equal is divided by half its range instead. Option: `linearWidth`, default 3. A fitted one has `center` and `scale`
 * (1 for a constant feature). NaN, a missing value, is left out and stays.
 *
 * @example
 * ```js
 * import { AsinhScaler } from 'regulus/tables';
 *
 * const incomes = { data: Float64Array.of(10, 20, 30, 40, 5000), shape: [5, 1] };
 * console.log(new AsinhScaler().fitTransform(incomes).data); // [-0.98, -0.5, 0, 0.5, 15.3]
 * ```
 */
export const AsinhScaler = defineTransformer({
  type: 'AsinhScaler',
  describe: 'Features centered by their median and divided by the distance of the quartiles, far values as logarithms',
  allowsMissing: true,
  options: { linearWidth: number('(0, inf)', { default: 3, describe: 'Up to where values stay nearly as they are' }) },
  state: quartileRules,
  fit: quartiles,
  transform: (x, { center, scale }, { linearWidth }) =>
    mapColumns(x, (value, j) => {
      const z = (value - center[j]) / scale[j] / linearWidth;
      const size = Math.min(Math.abs(z), GREATEST);
      return Math.sign(z) * linearWidth * log(size + Math.sqrt(size * size + 1));
    }),
});

/** An instance of the class `AsinhScaler`. */
export type AsinhScaler = InstanceType<typeof AsinhScaler>;
