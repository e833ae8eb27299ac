// Metrics of real targets, in the targets' unit where they have one. What each is exactly says its function in `scores`.
import { fail } from '../errors/index.ts';
import { type Collected, collect } from './collect.ts';
import { defineMetric, type MetricContext } from './metric.ts';
import type { Rows } from './scores/inputs.ts';
import {
  alphaRule,
  explainedVarianceScore,
  meanAbsoluteError,
  meanPinballLoss,
  meanSquaredError,
  medianAbsoluteError,
  r2Score,
  rootMeanSquaredError,
} from './scores/regression.ts';

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
 * The coefficient of determination, 1 at its best: {@link r2Score}.
 *
 * @example
 * ```js
 * import { dense, meanSquaredError, sequential } from 'regulus';
 * import { r2 } from 'regulus/metrics';
 *
 * const model = sequential({ inputSize: 1, loss: meanSquaredError(), layers: [dense(1)] });
 * const data = { x: { data: Float64Array.of(-1, 0, 1, 2), shape: [4, 1] }, y: Float64Array.of(-2, 0, 2, 4) };
 * const { valR2 } = await model.fit(data, { epochs: 5, validationData: data, metrics: [r2()] });
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
  start: (_, context) => values(context, r2Score),
});

/**
 * The share of the targets' variance that is explained: {@link explainedVarianceScore}.
 *
 * @example
 * ```js
 * import { explainedVariance } from 'regulus/metrics';
 * console.log(explainedVariance()); // { type: 'explainedVariance' }
 * ```
 */
export const explainedVariance = defineMetric({
  type: 'explainedVariance',
  describe: "Share of the targets' variance that is explained; a constant error does not count",
  options: {},
  better: 'higher',
  unit: 'none',
  tasks,
  start: (_, context) => values(context, explainedVarianceScore),
});

/**
 * The mean squared error, which is not in the unit of the targets: {@link meanSquaredError}.
 *
 * @example
 * ```js
 * import { mse } from 'regulus/metrics';
 * console.log(mse()); // { type: 'mse' }
 * ```
 */
export const mse = defineMetric({
  type: 'mse',
  describe: 'Mean squared error',
  options: {},
  better: 'lower',
  unit: 'none',
  tasks,
  start: (_, context) => values(context, meanSquaredError),
});

/**
 * The root of the mean squared error: {@link rootMeanSquaredError}.
 *
 * @example
 * ```js
 * import { rmse } from 'regulus/metrics';
 * console.log(rmse()); // { type: 'rmse' }
 * ```
 */
export const rmse = defineMetric({
  type: 'rmse',
  describe: 'Root of the mean squared error',
  options: {},
  better: 'lower',
  unit: 'target',
  tasks,
  start: (_, context) => values(context, rootMeanSquaredError),
});

/**
 * The mean absolute error: {@link meanAbsoluteError}.
 *
 * @example
 * ```js
 * import { mae } from 'regulus/metrics';
 * console.log(mae()); // { type: 'mae' }
 * ```
 */
export const mae = defineMetric({
  type: 'mae',
  describe: 'Mean absolute error',
  options: {},
  better: 'lower',
  unit: 'target',
  tasks,
  start: (_, context) => values(context, meanAbsoluteError),
});

/**
 * The median of the absolute error: {@link medianAbsoluteError}.
 *
 * @example
 * ```js
 * import { medae } from 'regulus/metrics';
 * console.log(medae()); // { type: 'medae' }
 * ```
 */
export const medae = defineMetric({
  type: 'medae',
  describe: 'Median of the absolute error',
  options: {},
  better: 'lower',
  unit: 'target',
  tasks,
  start: (_, context) => values(context, medianAbsoluteError),
});

/**
 * The pinball loss of one quantile: {@link meanPinballLoss}.
 *
 * @example
 * ```js
 * import { pinballLoss } from 'regulus/metrics';
 * console.log(pinballLoss(0.9)); // { type: 'pinballLoss', alpha: 0.9 }
 * ```
 */
export const pinballLoss = defineMetric({
  type: 'pinballLoss',
  shorthand: 'alpha',
  describe: 'Pinball loss of one quantile',
  options: { alpha: alphaRule },
  better: 'lower',
  unit: 'target',
  tasks,
  start: ({ alpha }, context) =>
    values(context, (y, predicted, weighted) => meanPinballLoss(y, predicted, { alpha, ...weighted })),
});
