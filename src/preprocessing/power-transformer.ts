// PowerTransformer: features made as normal as a power makes them.
import type { Matrix } from '../data/index.ts';
import { boolean, fail, oneOf, vector } from '../errors/index.ts';
import { exp, log } from '../random/index.ts';
import { defineTransformer, mapColumns, sortedColumns } from './define-transformer.ts';
import { minimum } from './minimum.ts';
import { columnStatistics } from './standard-scaler.ts';

type Method = 'yeo-johnson' | 'box-cox';

/**
 * Raises each feature to the power (λ) that makes it most like a normal distribution, by maximum likelihood; then
 * standardizes it.
 *
 * Options: `method`, `'yeo-johnson'` (default; Yeo and Johnson 2000), or `'box-cox'` for positive values; `standardize`, default
 * true. A fitted one has `lambdas`, and the `mean` and `scale` of what they make. Values are those of scikit-learn's
 * `PowerTransformer`; NaN, a missing value, is left out and stays. A constant feature keeps λ = 1.
 *
 * @example
 * ```js
 * import { PowerTransformer } from 'regulus/tables';
 *
 * const incomes = { data: Float64Array.of(1, 10, 100, 1000, 10000), shape: [5, 1] };
 * console.log(new PowerTransformer({ method: 'box-cox' }).fitTransform(incomes).data); // nearly [-1.4, -0.7, 0, 0.7, 1.4]
 * ```
 */
export const PowerTransformer = defineTransformer({
  type: 'PowerTransformer',
  describe: 'Features raised to the power that makes them most like a normal distribution',
  allowsMissing: true,
  options: {
    method: oneOf(['yeo-johnson', 'box-cox'], { default: 'yeo-johnson', describe: "'box-cox' is for positive values" }),
    standardize: boolean({ default: true, describe: 'Whether results get mean 0 and variance 1' }),
  },
  state: {
    lambdas: vector('(-inf, inf)', { describe: 'Power of each feature' }),
    mean: vector('(-inf, inf)', { describe: 'Mean of each feature after that' }),
    scale: vector('(0, inf)', { describe: 'Standard deviation of each feature after that' }),
  },
  fit(x, { method }) {
    checkPositive(x, method, 'fit');
    const lambdas = Float64Array.from(sortedColumns(x), (values) => mostLikely(values, method));
    return { lambdas, ...columnStatistics(mapColumns(float64(x), (value, j) => power(value, lambdas[j], method))) };
  },
  transform(x, { lambdas, mean, scale }, { method, standardize }) {
    checkPositive(x, method, 'transform');
    return mapColumns(x, (value, j) => {
      const raised = power(value, lambdas[j], method);
      return standardize ? (raised - mean[j]) / scale[j] : raised;
    });
  },
  inverseTransform: (x, { lambdas, mean, scale }, { method, standardize }) =>
    mapColumns(x, (value, j) => root(standardize ? value * scale[j] + mean[j] : value, lambdas[j], method)),
});

/** An instance of the class `PowerTransformer`. */
export type PowerTransformer = InstanceType<typeof PowerTransformer>;

const float64 = ({ data, shape }: Matrix): Matrix => ({ data: Float64Array.from(data), shape });

function checkPositive({ data }: Matrix, method: Method, use: string): void {
  const i = method === 'box-cox' ? data.findIndex((value) => value <= 0) : -1;
  const remedy = "Use method: 'yeo-johnson', which takes all numbers.";
  if (i >= 0) fail(`PowerTransformer.${use}`, `x.data[${i}]`, "above 0 for method 'box-cox'", data[i], remedy);
}

/** log(1 + x) without the rounding of 1 + x. */
function log1p(x: number): number {
  const sum = 1 + x;
  return sum === 1 ? x : (log(sum) * x) / (sum - 1);
}

/** (base ** lambda − 1) / lambda, or its limit; `logarithm` is that of the base. */
function boxCox(logarithm: number, lambda: number): number {
  return Math.abs(lambda) < Number.EPSILON ? logarithm : (exp(lambda * logarithm) - 1) / lambda;
}

/** The logarithm of the base whose {@link boxCox} is `y`. */
const boxCoxRoot = (y: number, lambda: number) => (Math.abs(lambda) < Number.EPSILON ? y : log1p(lambda * y) / lambda);

/** Yeo and Johnson raise 1 + |x|, negative values to the power 2 − λ. */
function power(x: number, lambda: number, method: Method): number {
  if (method === 'box-cox') return boxCox(log(x), lambda);
  return x < 0 ? -boxCox(log1p(-x), 2 - lambda) : boxCox(log1p(x), lambda);
}

function root(y: number, lambda: number, method: Method): number {
  if (Number.isNaN(y)) return y;
  if (method === 'box-cox') return exp(boxCoxRoot(y, lambda));
  return y < 0 ? 1 - exp(boxCoxRoot(-y, 2 - lambda)) : exp(boxCoxRoot(y, lambda)) - 1;
}

function mostLikely(values: Float64Array, method: Method): number {
  if (values[0] === values[values.length - 1]) return 1;
  const raised = new Float64Array(values.length);
  const logarithms = method === 'box-cox' ? values.map(log) : values.map((x) => Math.sign(x) * log1p(Math.abs(x)));
  const slope = logarithms.reduce((sum, value) => sum + value, 0);
  return minimum(
    (lambda) => {
      let mean = 0;
      for (let i = 0; i < values.length; i++) mean += raised[i] = power(values[i], lambda, method);
      mean /= values.length;
      const variance = raised.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / values.length;
      return (values.length / 2) * log(variance) - (lambda - 1) * slope;
    },
    -2,
    2,
  );
}
