// Scores of real targets, with one output or several.
import { anyOf, boolean, checkOption, checkOptionsObject, fail, list, number, oneOf } from '../../errors/index.ts';
import { median } from '../../statistics/index.ts';
import { columnOf, meanOf, scoreOptions, tableOf, tablesOf, type Values, type Weighted } from './inputs.ts';

/** How the scores of several outputs become one number: their mean, a list of them, or a mean with the weights of a list. */
export type Multioutput = 'uniformAverage' | 'rawValues' | readonly number[];

/** Options of scores of real targets. */
export interface RegressionOptions<M = Multioutput> extends Weighted {
  /** For several outputs: `'uniformAverage'` is the default, `'rawValues'` gives a list of one number an output. */
  readonly multioutput?: M;
}

/** Options of scores that are shares of the targets' variance. */
export interface VarianceOptions<M = Multioutput | 'varianceWeighted'> extends RegressionOptions<M> {
  /** Whether constant targets give 1 (predicted exactly) or 0 instead of NaN and −Infinity; default true. */
  readonly forceFinite?: boolean;
}

type Score<M> = M extends 'rawValues' ? number[] : number;

const multioutput = anyOf([oneOf(['uniformAverage', 'rawValues']), list(number('[0, inf)'))], {
  default: 'uniformAverage',
});
const varianceRules = {
  multioutput: anyOf([oneOf(['uniformAverage', 'rawValues', 'varianceWeighted']), list(number('[0, inf)'))], {
    default: 'uniformAverage',
  }),
  forceFinite: boolean({ default: true }),
};

/** Which quantile is predicted. */
export const alphaRule = number('[0, 1]', { default: 0.5, describe: 'Which quantile is predicted' });

/** The columns of targets and predictions. */
function columns(where: string, yTrue: Values, yPred: Values): { right: Float64Array; predicted: Float64Array }[] {
  const [right, predicted] = tablesOf(where, yTrue, yPred, tableOf, 'outputs');
  return Array.from({ length: right.columns }, (_, j) => ({
    right: columnOf(right, j),
    predicted: columnOf(predicted, j),
  }));
}

/** The scores of all outputs as `multioutput` says. */
function combined<M>(
  where: string,
  scores: number[],
  given: 'uniformAverage' | 'rawValues' | readonly number[],
): Score<M> {
  if (given === 'rawValues') return scores as Score<M>;
  const weights = typeof given === 'string' ? undefined : given;
  if (weights && weights.length !== scores.length) {
    fail(where, 'multioutput', `a list of ${scores.length} weights, one an output`, weights);
  }
  return meanOf(scores.length, (j) => scores[j], weights) as Score<M>;
}

/** A score of the errors of each output, target − prediction. */
function ofErrors<M>(
  where: string,
  yTrue: Values,
  yPred: Values,
  options: RegressionOptions<M>,
  score: ErrorScore,
): Score<M> {
  const outputs = columns(where, yTrue, yPred);
  const { sampleWeight, multioutput: how } = scoreOptions(where, options, { multioutput }, outputs[0].right.length);
  const errors = outputs.map(({ right, predicted }) => right.map((value, i) => value - predicted[i]));
  const scores = errors.map((own) => score(own, sampleWeight));
  return combined(where, scores, how);
}

type ErrorScore = (errors: Float64Array, weights: ArrayLike<number> | undefined) => number;

/** The mean over the samples of what `size` makes of an error. */
const meanSize =
  (size: (error: number) => number): ErrorScore =>
  (errors, weights) =>
    meanOf(errors.length, (i) => size(errors[i]), weights);

const square = (x: number) => x * x;
const meanSquare: ErrorScore = (errors, weights) => meanOf(errors.length, (i) => square(errors[i]), weights);

/**
 * The mean of (target − prediction)². scikit-learn's `mean_squared_error`.
 *
 * @param yTrue - The targets: one a sample, or rows of several
 * @param yPred - Predictions, in the same form
 * @returns a number, or with `multioutput: 'rawValues'` a list of one number an output
 * @throws ParameterError for arrays that do not fit each other and for bad options
 * @example
 * ```js
 * import { meanSquaredError } from 'regulus/metrics';
 * console.log(meanSquaredError([3, -0.5, 2, 7], [2.5, 0, 2, 8])); // 0.375
 * ```
 */
export function meanSquaredError<M extends Multioutput = 'uniformAverage'>(
  yTrue: Values,
  yPred: Values,
  options: RegressionOptions<M> = {},
): Score<M> {
  return ofErrors('meanSquaredError', yTrue, yPred, options, meanSquare);
}

/**
 * √ of the mean of (target − prediction)², output by output: in the unit of the targets. scikit-learn's
 * `root_mean_squared_error`; arguments as {@link meanSquaredError}.
 *
 * @example
 * ```js
 * import { rootMeanSquaredError } from 'regulus/metrics';
 * console.log(rootMeanSquaredError([3, -0.5, 2, 7], [2.5, 0, 2, 8])); // 0.612
 * ```
 */
export function rootMeanSquaredError<M extends Multioutput = 'uniformAverage'>(
  yTrue: Values,
  yPred: Values,
  options: RegressionOptions<M> = {},
): Score<M> {
  return ofErrors('rootMeanSquaredError', yTrue, yPred, options, (...given) => Math.sqrt(meanSquare(...given)));
}

/**
 * The mean of |target − prediction|. scikit-learn's `mean_absolute_error`; arguments as {@link meanSquaredError}.
 *
 * @example
 * ```js
 * import { meanAbsoluteError } from 'regulus/metrics';
 * console.log(meanAbsoluteError([[0.5, 1], [-1, 1]], [[0, 2], [-1, 2]], { multioutput: 'rawValues' })); // [0.25, 1]
 * ```
 */
export function meanAbsoluteError<M extends Multioutput = 'uniformAverage'>(
  yTrue: Values,
  yPred: Values,
  options: RegressionOptions<M> = {},
): Score<M> {
  return ofErrors('meanAbsoluteError', yTrue, yPred, options, meanSize(Math.abs));
}

/**
 * The pinball loss of the quantile `alpha`: α·(target − prediction) where the target is greater, else
 * (1 − α)·(prediction − target), the mean over the samples. scikit-learn's `mean_pinball_loss`; other arguments as
 * {@link meanSquaredError}.
 *
 * @example
 * ```js
 * import { meanPinballLoss } from 'regulus/metrics';
 * console.log(meanPinballLoss([1, 2, 3], [0, 2, 3], { alpha: 0.1 })); // 0.033
 * ```
 */
export function meanPinballLoss<M extends Multioutput = 'uniformAverage'>(
  yTrue: Values,
  yPred: Values,
  options: RegressionOptions<M> & {
    /** Which quantile is predicted, in [0, 1]; default 0.5, the median, for which the loss is half the absolute error. */
    readonly alpha?: number;
  } = {},
): Score<M> {
  const where = 'meanPinballLoss';
  checkOptionsObject(where, options);
  const { alpha = alphaRule.default as number, ...rest } = options;
  checkOption(where, 'alpha', alpha, alphaRule);
  const loss = (difference: number) => (difference >= 0 ? alpha : alpha - 1) * difference;
  return ofErrors<M>(where, yTrue, yPred, rest as RegressionOptions<M>, meanSize(loss));
}

/**
 * The median of |target − prediction|. With weights, the least error that at least half of the weight does not exceed.
 * scikit-learn's `median_absolute_error`; arguments as {@link meanSquaredError}.
 *
 * @example
 * ```js
 * import { medianAbsoluteError } from 'regulus/metrics';
 * console.log(medianAbsoluteError([3, -0.5, 2, 7], [2.5, 0, 2, 8])); // 0.5
 * ```
 */
export function medianAbsoluteError<M extends Multioutput = 'uniformAverage'>(
  yTrue: Values,
  yPred: Values,
  options: RegressionOptions<M> = {},
): Score<M> {
  return ofErrors('medianAbsoluteError', yTrue, yPred, options, (errors, weights) => {
    const sizes = errors.map(Math.abs);
    return weights ? weightedMedian(sizes, weights) : median(sizes.sort());
  });
}

function weightedMedian(values: Float64Array, weights: ArrayLike<number>): number {
  const order = [...values.keys()].sort((a, b) => values[a] - values[b]).filter((i) => weights[i] > 0);
  let total = 0;
  const sums = order.map((i) => {
    total += weights[i];
    return total;
  });
  return values[order[sums.findIndex((sum) => sum >= 0.5 * total)]];
}

/** 1 − unexplained / whole variance of each output. */
function explained<M>(
  where: string,
  yTrue: Values,
  yPred: Values,
  options: VarianceOptions<M>,
  parts: (
    right: Float64Array,
    predicted: Float64Array,
    mean: (value: (i: number) => number) => number,
  ) => [unexplained: number, whole: number],
): Score<M> {
  const outputs = columns(where, yTrue, yPred);
  const rows = outputs[0].right.length;
  const { sampleWeight: weights, multioutput: how, forceFinite } = scoreOptions(where, options, varianceRules, rows);
  const mean = (value: (i: number) => number) => meanOf(rows, value, weights);
  const variances = outputs.map(({ right, predicted }) => parts(right, predicted, mean));
  const scores = variances.map(([unexplained, whole]) => {
    if (forceFinite && whole === 0) return unexplained === 0 ? 1 : 0;
    return 1 - unexplained / whole;
  });
  if (how !== 'varianceWeighted') return combined(where, scores, how);
  const wholes = variances.map(([, whole]) => whole);
  return combined(where, scores, wholes.some((whole) => whole > 0) ? wholes : 'uniformAverage');
}

/**
 * The coefficient of determination, 1 − Σ (target − prediction)² / Σ (target − mean)²: 1 is perfect, 0 as good as the mean, less
 * is worse. NaN for one sample. scikit-learn's `r2_score`; arguments as {@link meanSquaredError}.
 *
 * @example
 * ```js
 * import { r2Score } from 'regulus/metrics';
 * console.log(r2Score([3, -0.5, 2, 7], [2.5, 0, 2, 8])); // 0.949
 * ```
 */
export function r2Score<M extends Multioutput | 'varianceWeighted' = 'uniformAverage'>(
  yTrue: Values,
  yPred: Values,
  options: VarianceOptions<M> = {},
): Score<M> {
  return explained('r2Score', yTrue, yPred, options, (right, predicted, mean) => {
    if (right.length < 2) return [Number.NaN, Number.NaN];
    const centre = mean((i) => right[i]);
    return [mean((i) => square(right[i] - predicted[i])), mean((i) => square(right[i] - centre))];
  });
}

/**
 * 1 − variance of (target − prediction) / variance of the targets: as {@link r2Score}, but a constant error does not count.
 * scikit-learn's `explained_variance_score`; arguments as {@link meanSquaredError}.
 *
 * @example
 * ```js
 * import { explainedVarianceScore } from 'regulus/metrics';
 * console.log(explainedVarianceScore([3, -0.5, 2, 7], [2.5, 0, 2, 8])); // 0.957
 * ```
 */
export function explainedVarianceScore<M extends Multioutput | 'varianceWeighted' = 'uniformAverage'>(
  yTrue: Values,
  yPred: Values,
  options: VarianceOptions<M> = {},
): Score<M> {
  return explained('explainedVarianceScore', yTrue, yPred, options, (right, predicted, mean) => {
    const centre = mean((i) => right[i]);
    const bias = mean((i) => right[i] - predicted[i]);
    return [mean((i) => square(right[i] - predicted[i] - bias)), mean((i) => square(right[i] - centre))];
  });
}
