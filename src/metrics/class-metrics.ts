// Metrics of predicted classes or labels. What each is exactly says its function in `scores`.
import { anyOf, fail, integer, none, oneOf } from '../errors/index.ts';
import { type Collected, collect } from './collect.ts';
import { defineMetric, type MetricContext } from './metric.ts';
import { balancedAccuracyScore } from './scores/accuracy.ts';
import * as scores from './scores/confusion-matrix.ts';
import {
  type Average,
  averages,
  betaRule,
  f1Score,
  fbetaScore,
  precisionScore,
  recallScore,
} from './scores/f-score.ts';
import type { Labels, Rows } from './scores/inputs.ts';

const ofClasses = ['classification'] as const;
const ofLabels = ['classification', 'multiLabel'] as const;

/** A score of classes or labels, computed at the end of a pass. */
const classes = (
  context: MetricContext,
  score: (
    targets: Labels & Rows,
    predicted: Labels & Rows,
    weighted: { sampleWeight: Collected['sampleWeight'] },
  ) => number,
) =>
  collect('classes', context, ({ targets, predictions, sampleWeight }) =>
    score(targets as Labels & Rows, predictions as Labels & Rows, { sampleWeight }),
  );

// Apart, because a definition that spreads an object would stay in every bundle.
const average = oneOf(averages, {
  optional: true,
  describe: "How classes become one number; 'binary' by default for two classes, else 'macro'",
});
const posLabel = integer(0, { default: 1, describe: "The class that 'binary' is about" });

/** A score that is averaged over classes, whose options are checked and filled in. */
function averaged<O extends { average: Average | undefined; posLabel: number }>(
  where: string,
  options: O,
  context: MetricContext,
  score: (y: Labels & Rows, predicted: Labels & Rows, options: Omit<O, 'average'> & { average: Average }) => number,
) {
  const { average, posLabel } = options;
  const { classes: count = 0 } = context;
  if (average === 'binary' && count !== 2) {
    const rule = `'micro', 'macro' or 'weighted' for ${count > 0 ? `${count} classes` : 'labels'}`;
    fail(where, 'average', rule, average);
  }
  if (posLabel >= 2 && count === 2) fail(where, 'posLabel', 'one of the classes (0, 1)', posLabel);
  const all = { ...options, average: average ?? (count === 2 ? 'binary' : 'macro') } as const;
  return classes(context, (y, predicted, weighted) => score(y, predicted, { ...all, ...weighted }));
}

/**
 * The mean over the classes of the share of their samples that are predicted right: {@link balancedAccuracyScore}.
 *
 * @example
 * ```js
 * import { dense, makeMoons, sequential } from 'regulus';
 * import { metrics } from 'regulus/metrics';
 * const model = sequential({ inputSize: 2, layers: [dense(2)] });
 * console.log(model.evaluate(makeMoons(), { metrics: [metrics.balancedAccuracy()] }).balancedAccuracy);
 * ```
 */
export const balancedAccuracy = defineMetric({
  type: 'balancedAccuracy',
  describe: 'Mean over the classes of the share of their samples that are predicted right',
  options: {},
  better: 'higher',
  unit: 'share',
  tasks: ofClasses,
  start: (_, context) => classes(context, balancedAccuracyScore),
});

/**
 * The share of the samples predicted to be of a class, or to have a label, that do: {@link precisionScore}; 0 where none are.
 *
 * @example
 * ```js
 * import { dense, makeMoons, sequential } from 'regulus';
 * import { metrics } from 'regulus/metrics';
 * const model = sequential({ inputSize: 2, layers: [dense(2)] });
 * console.log(model.evaluate(makeMoons(), { metrics: [metrics.precision()] }).precision);
 * ```
 */
export const precision = defineMetric({
  type: 'precision',
  describe: 'Share of the samples predicted to be of a class that are: TP / (TP + FP)',
  options: { average, posLabel },
  better: 'higher',
  unit: 'share',
  tasks: ofLabels,
  start: (options, context) => averaged('precision', options, context, precisionScore),
});

/**
 * The share of the samples of a class, or with a label, that are predicted so: {@link recallScore}; 0 where there are none.
 *
 * @example
 * ```js
 * import { dense, makeMoons, sequential } from 'regulus';
 * import { metrics } from 'regulus/metrics';
 * const model = sequential({ inputSize: 2, layers: [dense(2)] });
 * console.log(model.evaluate(makeMoons(), { metrics: [metrics.recall({ average: 'macro' })] }).recall);
 * ```
 */
export const recall = defineMetric({
  type: 'recall',
  describe: 'Share of the samples of a class that are predicted to be: TP / (TP + FN)',
  options: { average, posLabel },
  better: 'higher',
  unit: 'share',
  tasks: ofLabels,
  start: (options, context) => averaged('recall', options, context, recallScore),
});

/**
 * The harmonic mean of precision and recall: {@link f1Score}.
 *
 * @example
 * ```js
 * import { dense, makeMoons, sequential } from 'regulus';
 * import { metrics } from 'regulus/metrics';
 * const model = sequential({ inputSize: 2, layers: [dense(2)] });
 * console.log(model.evaluate(makeMoons(), { metrics: [metrics.f1()] }).f1);
 * ```
 */
export const f1 = defineMetric({
  type: 'f1',
  describe: 'Harmonic mean of precision and recall: 2·TP / (2·TP + FP + FN)',
  options: { average, posLabel },
  better: 'higher',
  unit: 'share',
  tasks: ofLabels,
  start: (options, context) => averaged('f1', options, context, f1Score),
});

/**
 * The weighted harmonic mean of precision and recall, in which recall counts `beta` times as much: {@link fbetaScore}.
 *
 * @example
 * ```js
 * import { dense, makeMoons, sequential } from 'regulus';
 * import { metrics } from 'regulus/metrics';
 * const model = sequential({ inputSize: 2, layers: [dense(2)] });
 * console.log(model.evaluate(makeMoons(), { metrics: [metrics.fbeta(2)] }).fbeta);
 * ```
 */
export const fbeta = defineMetric({
  type: 'fbeta',
  shorthand: 'beta',
  describe: 'Harmonic mean of precision and recall, in which recall counts beta times as much',
  options: { beta: betaRule, average, posLabel },
  better: 'higher',
  unit: 'share',
  tasks: ofLabels,
  start: (options, context) => averaged('fbeta', options, context, fbetaScore),
});

/**
 * Matthews' correlation of classes and predictions: {@link scores.matthewsCorrcoef}.
 *
 * @example
 * ```js
 * import { dense, makeMoons, sequential } from 'regulus';
 * import { metrics } from 'regulus/metrics';
 * const model = sequential({ inputSize: 2, layers: [dense(2)] });
 * console.log(model.evaluate(makeMoons(), { metrics: [metrics.matthewsCorrcoef()] }).matthewsCorrcoef);
 * ```
 */
export const matthewsCorrcoef = defineMetric({
  type: 'matthewsCorrcoef',
  describe: "Matthews' correlation of classes and predictions, from −1 to 1",
  options: {},
  better: 'higher',
  unit: 'none',
  tasks: ofClasses,
  start: (_, context) => classes(context, scores.matthewsCorrcoef),
});

/**
 * Cohen's κ, the agreement of classes and predictions beyond that of chance: {@link scores.cohenKappaScore}.
 *
 * @example
 * ```js
 * import { dense, makeMoons, sequential } from 'regulus';
 * import { metrics } from 'regulus/metrics';
 * const model = sequential({ inputSize: 2, layers: [dense(2)] });
 * console.log(model.evaluate(makeMoons(), { metrics: [metrics.cohenKappa({ weights: 'linear' })] }).cohenKappa);
 * ```
 */
export const cohenKappa = defineMetric({
  type: 'cohenKappa',
  describe: 'Agreement of classes and predictions beyond that of chance',
  options: {
    weights: anyOf([scores.disagreementRule, none], {
      default: null,
      describe: 'How disagreement grows with the distance of two classes; null where all of it counts the same',
    }),
  },
  better: 'higher',
  unit: 'none',
  tasks: ofClasses,
  start: ({ weights }, context) =>
    classes(context, (y, predicted, weighted) => scores.cohenKappaScore(y, predicted, { weights, ...weighted })),
});
