// Metrics of the probabilities of classes or labels. What each is exactly says its function in `scores`.
import { fail, integer, oneOf } from '../errors/index.ts';
import { type Collected, collect } from './collect.ts';
import { defineMetric, type MetricContext } from './metric.ts';
import { topKAccuracyScore } from './scores/accuracy.ts';
import { areaAverages, averagePrecisionScore, multiClasses, rocAucScore } from './scores/curves.ts';
import type { Labels, Rows } from './scores/inputs.ts';
import * as scores from './scores/probabilities.ts';

const ofClasses = ['classification'] as const;
const ofLabels = ['classification', 'multiLabel'] as const;

/** What the functions take: all classes, and the weights of a pass. */
interface Given {
  labels: number[];
  sampleWeight: Collected['sampleWeight'];
}

/** A score of probabilities (rows, classes or labels), computed at the end of a pass. */
function probabilities(context: MetricContext, score: (targets: Labels & Rows, p: Rows, given: Given) => number) {
  const labels = Array.from({ length: context.classes ?? 0 }, (_, k) => k);
  return collect('probabilities', context, ({ targets, predictions, sampleWeight }) =>
    score(targets as Labels & Rows, predictions as Rows, { labels, sampleWeight }),
  );
}

/** The probability of the second of two classes; of more classes, and of labels, all columns. */
function scoresOf(p: Rows, { classes }: MetricContext): Rows | Float64Array {
  const { data } = p as { data: Float32Array };
  return classes === 2 ? Float64Array.from({ length: data.length / 2 }, (_, i) => data[2 * i + 1]) : p;
}

const average = oneOf(areaAverages, { default: 'macro', describe: 'How several classes or labels become one number' });

/**
 * The share of samples whose class is among the `k` most probable: {@link topKAccuracyScore}.
 *
 * @example
 * ```js
 * import { dense, makeBlobs, sequential } from 'regulus';
 * import { metrics } from 'regulus/metrics';
 * const model = sequential({ inputSize: 2, layers: [dense(3)] });
 * console.log(model.evaluate(makeBlobs(), { metrics: [metrics.topKAccuracy(2)] }).topKAccuracy);
 * ```
 */
export const topKAccuracy = defineMetric({
  type: 'topKAccuracy',
  shorthand: 'k',
  describe: 'Share of samples whose class is among the k most probable',
  options: { k: integer(1, { default: 2, describe: 'How many classes count as right' }) },
  better: 'higher',
  unit: 'share',
  tasks: ofClasses,
  start: ({ k }, context) => probabilities(context, (y, p, given) => topKAccuracyScore(y, p, { k, ...given })),
});

/**
 * The area under the ROC curve: {@link rocAucScore}. The data need samples of every class, or with and without every label.
 *
 * @example
 * ```js
 * import { dense, makeMoons, sequential } from 'regulus';
 * import { metrics } from 'regulus/metrics';
 * const model = sequential({ inputSize: 2, layers: [dense(2)] });
 * console.log(model.evaluate(makeMoons(), { metrics: [metrics.rocAuc()] }).rocAuc);
 * ```
 */
export const rocAuc = defineMetric({
  type: 'rocAuc',
  describe: 'Probability that a positive sample has a greater score than a negative one',
  options: {
    multiClass: oneOf(multiClasses, {
      default: 'ovr',
      describe: 'Of more than two classes, each against the rest or against each other',
    }),
    average,
  },
  better: 'higher',
  unit: 'share',
  tasks: ofLabels,
  start({ multiClass, average }, context) {
    if (multiClass === 'ovo' && average === 'micro') {
      fail('rocAuc', 'average', "'macro' or 'weighted' with multiClass 'ovo'", average);
    }
    const options = context.task === 'classification' && context.classes !== 2 ? { average, multiClass } : { average };
    return probabilities(context, (y, p, { labels, sampleWeight }) =>
      rocAucScore(y, scoresOf(p, context), { ...options, ...(labels.length > 0 && { labels }), sampleWeight }),
    );
  },
});

/**
 * The mean of precision over recall, the area under their curve: {@link averagePrecisionScore}.
 *
 * @example
 * ```js
 * import { dense, makeMoons, sequential } from 'regulus';
 * import { metrics } from 'regulus/metrics';
 * const model = sequential({ inputSize: 2, layers: [dense(2)] });
 * console.log(model.evaluate(makeMoons(), { metrics: [metrics.averagePrecision()] }).averagePrecision);
 * ```
 */
export const averagePrecision = defineMetric({
  type: 'averagePrecision',
  describe: 'Mean of precision over recall',
  options: { average },
  better: 'higher',
  unit: 'share',
  tasks: ofLabels,
  start: ({ average }, context) =>
    probabilities(context, (y, p, { labels, sampleWeight }) => {
      const options = { average, ...(labels.length > 2 && { labels }), sampleWeight };
      return averagePrecisionScore(y, scoresOf(p, context), options);
    }),
});

/**
 * The mean squared error of probabilities: {@link scores.brierScoreLoss}.
 *
 * @example
 * ```js
 * import { dense, makeMoons, sequential } from 'regulus';
 * import { metrics } from 'regulus/metrics';
 * const model = sequential({ inputSize: 2, layers: [dense(2)] });
 * console.log(model.evaluate(makeMoons(), { metrics: [metrics.brierScore()] }).brierScore);
 * ```
 */
export const brierScore = defineMetric({
  type: 'brierScore',
  describe: 'Mean squared error of the probabilities',
  options: {},
  better: 'lower',
  unit: 'none',
  tasks: ofClasses,
  start: (_, context) => probabilities(context, scores.brierScoreLoss),
});

/**
 * −log of the probability of the true class: {@link scores.logLoss}. Unlike `dataLoss`, it does not depend on
 * the loss that is trained with.
 *
 * @example
 * ```js
 * import { dense, makeMoons, sequential } from 'regulus';
 * import { metrics } from 'regulus/metrics';
 * const model = sequential({ inputSize: 2, layers: [dense(2)] });
 * console.log(model.evaluate(makeMoons(), { metrics: [metrics.logLoss()] }).logLoss);
 * ```
 */
export const logLoss = defineMetric({
  type: 'logLoss',
  describe: '−log of the probability of the true class, with the natural logarithm',
  options: {},
  better: 'lower',
  unit: 'none',
  tasks: ofClasses,
  start: (_, context) => probabilities(context, scores.logLoss),
});

/**
 * How far the probability of the predicted class is from how often it is right: {@link scores.expectedCalibrationError}.
 *
 * @example
 * ```js
 * import { dense, makeMoons, sequential } from 'regulus';
 * import { metrics } from 'regulus/metrics';
 * const model = sequential({ inputSize: 2, layers: [dense(2)] });
 * console.log(model.evaluate(makeMoons(), { metrics: [metrics.expectedCalibrationError({ nBins: 10 })] }).expectedCalibrationError);
 * ```
 */
export const expectedCalibrationError = defineMetric({
  type: 'expectedCalibrationError',
  describe: 'How far the probability of the predicted class is from how often it is right, over equal bins (ECE)',
  options: { nBins: scores.binsRule },
  better: 'lower',
  unit: 'share',
  tasks: ofClasses,
  start: ({ nBins }, context) =>
    probabilities(context, (y, p, given) => scores.expectedCalibrationError(y, p, { nBins, ...given })),
});
