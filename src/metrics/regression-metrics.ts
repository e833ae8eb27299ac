// Metrics of real targets, in the targets' unit where they have one. What each is exactly says its function in `scores`.
import { fail } from '../errors/index.ts';
import { type Collected, collect } from './collect.ts';
import { defineMetric, type MetricContext } from './metric.ts';
import type { Rows } from './scores/inputs.ts';
import * as scores from './scores/regression.ts';

const tasks = ['regression'] as const;

/** A score of real targets, the mean over the outputs, computed at the end of a pass. */
function values(
  context: MetricContext,
  score: (targets: Rows, predicted: Rows, weighted: { sampleWeight: Collected['sampleWeight'] }) => number,
) {
  const { outputs, targets } = context;
  if (outputs !== targets) {
    fail('fit', 'metrics', 'for one output a target', `${outputs} outputs`, 'Judge such a network by its dataLoss.');
  }
  return collect('values', context, ({ targets, predictions, sampleWeight }) =>
    score(targets as Rows, predictions as Rows, { sampleWeight }),
  );
}

/**
 * The coefficient of determination, 1 at its best: {@link scores.r2Score}.
 *
 * @example
 * ```js
 * import { dense, meanSquaredError, sequential } from 'regulus';
 * import { metrics } from 'regulus/metrics';
 *
 * const model = sequential({ inputSize: 1, loss: meanSquaredError(), layers: [dense(1)] });
 * const data = { x: { data: Float64Array.of(-1, 0, 1, 2), shape: [4, 1] }, y: Float64Array.of(-2, 0, 2, 4) };
 * const { valR2 } = await model.fit(data, { epochs: 5, validationData: data, metrics: [metrics.r2()] });
 * console.log(valR2);
 * ```
 */
export const r2 = defineMetric({
  type: 'r2',
  describe: 'Coefficient of determination: 1 is perfect, 0 as good as the mean',
  options: {},
  better: 'higher',
  unit: 'none',
  tasks,
  start: (_, context) => values(context, scores.r2Score),
});

/**
 * The share of the targets' variance that is explained: {@link scores.explainedVarianceScore}.
 *
 * @example
 * ```js
 * import { metrics } from 'regulus/metrics';
 * console.log(metrics.explainedVariance()); // { type: 'explainedVariance' }
 * ```
 */
export const explainedVariance = defineMetric({
  type: 'explainedVariance',
  describe: "Share of the targets' variance that is explained; a constant error does not count",
  options: {},
  better: 'higher',
  unit: 'none',
  tasks,
  start: (_, context) => values(context, scores.explainedVarianceScore),
});

/**
 * The mean squared error, which is not in the unit of the targets: {@link scores.meanSquaredError}.
 *
 * @example
 * ```js
 * import { metrics } from 'regulus/metrics';
 * console.log(metrics.meanSquaredError()); // { type: 'meanSquaredError' }
 * ```
 */
export const meanSquaredError = defineMetric({
  type: 'meanSquaredError',
  describe: 'Mean squared error',
  options: {},
  better: 'lower',
  unit: 'none',
  tasks,
  start: (_, context) => values(context, scores.meanSquaredError),
});

/**
 * The root of the mean squared error: {@link scores.rootMeanSquaredError}.
 *
 * @example
 * ```js
 * import { metrics } from 'regulus/metrics';
 * console.log(metrics.rootMeanSquaredError()); // { type: 'rootMeanSquaredError' }
 * ```
 */
export const rootMeanSquaredError = defineMetric({
  type: 'rootMeanSquaredError',
  describe: 'Root of the mean squared error',
  options: {},
  better: 'lower',
  unit: 'target',
  tasks,
  start: (_, context) => values(context, scores.rootMeanSquaredError),
});

/**
 * The mean absolute error: {@link scores.meanAbsoluteError}.
 *
 * @example
 * ```js
 * import { metrics } from 'regulus/metrics';
 * console.log(metrics.meanAbsoluteError()); // { type: 'meanAbsoluteError' }
 * ```
 */
export const meanAbsoluteError = defineMetric({
  type: 'meanAbsoluteError',
  describe: 'Mean absolute error',
  options: {},
  better: 'lower',
  unit: 'target',
  tasks,
  start: (_, context) => values(context, scores.meanAbsoluteError),
});

/**
 * The median of the absolute error: {@link scores.medianAbsoluteError}.
 *
 * @example
 * ```js
 * import { metrics } from 'regulus/metrics';
 * console.log(metrics.medianAbsoluteError()); // { type: 'medianAbsoluteError' }
 * ```
 */
export const medianAbsoluteError = defineMetric({
  type: 'medianAbsoluteError',
  describe: 'Median of the absolute error',
  options: {},
  better: 'lower',
  unit: 'target',
  tasks,
  start: (_, context) => values(context, scores.medianAbsoluteError),
});

/**
 * The pinball loss of one quantile: {@link scores.meanPinballLoss}.
 *
 * @example
 * ```js
 * import { metrics } from 'regulus/metrics';
 * console.log(metrics.meanPinballLoss(0.9)); // { type: 'meanPinballLoss', alpha: 0.9 }
 * ```
 */
export const meanPinballLoss = defineMetric({
  type: 'meanPinballLoss',
  shorthand: 'alpha',
  describe: 'Pinball loss of one quantile',
  options: { alpha: scores.alphaRule },
  better: 'lower',
  unit: 'target',
  tasks,
  start: ({ alpha }, context) =>
    values(context, (y, predicted, weighted) => scores.meanPinballLoss(y, predicted, { alpha, ...weighted })),
});
