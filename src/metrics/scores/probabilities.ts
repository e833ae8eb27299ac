// How good probabilities are: proper scores, and calibration.
import { boolean, fail, integer, optional } from '../../errors/index.ts';
import { log } from '../../random/index.ts';
import { sum } from '../../statistics/index.ts';
import {
  checkLabels,
  classesOf,
  knownPlacesOf,
  type Label,
  type Labels,
  labelRule,
  labelsRule,
  meanOf,
  positivesOf,
  probabilitiesOf,
  scoreOptions,
  type Table,
  type Values,
  type Weighted,
} from './inputs.ts';

/** Options that say which column of probabilities is whose. */
export interface ClassOptions extends Weighted {
  /** All classes, in the order of columns; those of `yTrue` in ascending order by default. */
  readonly labels?: Labels;
}

/** Options of scores that may have the probability of one class alone. */
export interface PosLabelOptions extends ClassOptions {
  /** The positive class where there is one probability a sample; by default 1, where labels are 0 and 1, or −1 and 1. */
  readonly posLabel?: Label;
}

/** The class of each sample as a column of `p`. */
interface Predicted {
  p: Table;
  places: ArrayLike<number>;
}

/** Probabilities (samples, classes), beside the columns of the true classes. */
function byClasses(where: string, y: ArrayLike<Label>, p: Table, labels: readonly Label[] | undefined): Predicted {
  const classes = labels ?? classesOf(y);
  const places = knownPlacesOf(where, y, classes);
  if (classes.length !== p.columns) {
    const rule = `rows of ${classes.length} probabilities, one a class`;
    fail(where, 'yProb', rule, `${p.columns} columns`, "Give all classes as 'labels'.");
  }
  return { p, places };
}

/** The probability of one class, as that of both. */
function withBoth({ data, rows }: Table): Table {
  return {
    data: Array.from({ length: 2 * rows }, (_, i) => (i % 2 ? data[i >> 1] : 1 - data[i >> 1])),
    rows,
    columns: 2,
  };
}

const posLabelRules = { labels: labelsRule, posLabel: optional(labelRule) };

/** The arguments of scores that take one probability a sample, of `posLabel`, or one for each class. */
function predicted(
  where: string,
  yTrue: Labels,
  yProb: Values,
  { posLabel, labels }: { posLabel?: Label | undefined; labels?: readonly Label[] | undefined },
): Predicted {
  const y = checkLabels(where, 'yTrue', yTrue);
  const p = probabilitiesOf(where, 'yProb', yProb, y.length);
  if (p.columns > 1) return byClasses(where, y, p, labels);
  return { p: withBoth(p), places: positivesOf(where, y, posLabel) };
}

/**
 * The mean squared error of probabilities, Σ (p − 1 for the true class)²: of one probability a sample (p − y)². With a column
 * for each of more than two classes it is the sum over the classes, up to 2 (Brier 1950). scikit-learn's `brier_score_loss`.
 *
 * @param yProb - The probability of `posLabel` for each sample, or (samples, classes)
 * @throws ParameterError for arrays that do not fit each other, what is no probability, and bad options
 * @example
 * ```js
 * import { brierScoreLoss } from 'regulus/metrics';
 * console.log(brierScoreLoss([0, 1, 1, 0], [0.1, 0.9, 0.8, 0.3])); // 0.0375
 * ```
 */
export function brierScoreLoss(yTrue: Labels, yProb: Values, options: PosLabelOptions = {}): number {
  const where = 'brierScoreLoss';
  const { sampleWeight: weights, ...classes } = scoreOptions(where, options, posLabelRules, yTrue?.length);
  const { p, places } = predicted(where, yTrue, yProb, classes);
  const { data, rows, columns } = p;
  const scale = columns === 2 ? 0.5 : 1;
  const error = (i: number) => {
    let sum = 0;
    for (let j = 0; j < columns; j++) {
      const difference = data[i * columns + j] - Number(j === places[i]);
      sum += difference * difference;
    }
    return scale * sum;
  };
  return meanOf(rows, error, weights);
}

/**
 * −log p of the true class, the mean over the samples, with the natural logarithm. Probabilities are kept away from 0 and 1 by the precision of
 * their type (2⁻⁵², or 2⁻²³ in a Float32Array), and divided by the sum of their row. scikit-learn's `log_loss`.
 *
 * @param yProb - The probability of the greater of two classes for each sample, or (samples, classes)
 * @throws ParameterError where samples are of one class and there are no `labels`, for arrays that do not fit each other, what
 * is no probability, and bad options
 * @example
 * ```js
 * import { logLoss } from 'regulus/metrics';
 * console.log(logLoss(['spam', 'ham', 'ham'], [[0.1, 0.9], [0.9, 0.1], [0.8, 0.2]])); // 0.145
 * ```
 */
export function logLoss(
  yTrue: Labels,
  yProb: Values,
  options: ClassOptions & {
    /** False for the sum over the samples instead of their mean. */
    readonly normalize?: boolean;
  } = {},
): number {
  const where = 'logLoss';
  const y = checkLabels(where, 'yTrue', yTrue);
  const rules = { labels: labelsRule, normalize: boolean({ default: true }) };
  const { labels, normalize, sampleWeight } = scoreOptions(where, options, rules, y.length);
  const given = probabilitiesOf(where, 'yProb', yProb, y.length);
  const classes = labels ?? classesOf(y);
  if (classes.length < 2) fail(where, 'labels', 'given where all samples are of one class', labels);
  const { p, places } = byClasses(where, y, given.columns === 1 ? withBoth(given) : given, classes);
  const { data, rows, columns } = p;
  const epsilon = given.data instanceof Float32Array ? 2 ** -23 : 2 ** -52;
  const clipped = (value: number) => Math.min(Math.max(value, epsilon), 1 - epsilon);
  const loss = (i: number) => {
    let sum = 0;
    for (let j = i * columns; j < (i + 1) * columns; j++) sum += clipped(data[j]);
    return log(sum) - log(clipped(data[i * columns + places[i]]));
  };
  return meanOf(rows, loss, sampleWeight, normalize);
}

export const binsRule = integer(1, { default: 15, describe: 'Number of bins' });

/** How often samples with a probability in each of several equal bins are right. */
export interface Reliability {
  /** The weight of the samples of each bin. */
  count: number[];
  /** The mean probability of the predicted class; 0 in an empty bin. */
  confidence: number[];
  /** The share that is predicted right; 0 in an empty bin. */
  accuracy: number[];
}

/**
 * Compares the probability of the predicted class, the first greatest, with how often it is right, in equal bins (Guo et al. 2017,
 * "On calibration of modern neural networks"). A bin holds its lower edge; the last holds 1, too.
 *
 * @hidden
 */
export function reliability({ p, places }: Predicted, nBins: number, weights?: ArrayLike<number>): Reliability {
  const { data, rows, columns } = p;
  const zeros = () => Array<number>(nBins).fill(0);
  const [count, confidence, accuracy] = [zeros(), zeros(), zeros()];
  for (let i = 0; i < rows; i++) {
    let best = 0;
    for (let j = 1; j < columns; j++) if (data[i * columns + j] > data[i * columns + best]) best = j;
    const probability = data[i * columns + best];
    const weight = weights ? weights[i] : 1;
    const bin = Math.min(nBins - 1, Math.floor(probability * nBins));
    count[bin] += weight;
    confidence[bin] += weight * probability;
    if (best === places[i]) accuracy[bin] += weight;
  }
  const mean = (sums: number[]) => sums.map((sum, bin) => (count[bin] > 0 ? sum / count[bin] : 0));
  return { count, confidence: mean(confidence), accuracy: mean(accuracy) };
}

/**
 * How far the probability of the predicted class is from how often it is right: Σ over the bins of
 * |accuracy − mean probability|, weighted by the samples of the bin (Naeini, Cooper and Hauskrecht 2015; Guo et al. 2017). Bins
 * are equal parts of [0, 1], and hold their lower edge. scikit-learn has no such score.
 *
 * @param yProb - The probability of `posLabel` for each sample, or (samples, classes)
 * @throws ParameterError for arrays that do not fit each other, what is no probability, and bad options
 * @example
 * ```js
 * import { expectedCalibrationError } from 'regulus/metrics';
 * console.log(expectedCalibrationError([1, 1, 0, 1], [0.8, 0.8, 0.8, 0.8])); // 0.05
 * ```
 */
export function expectedCalibrationError(
  yTrue: Labels,
  yProb: Values,
  options: PosLabelOptions & {
    /** Number of bins; default 15. */
    readonly nBins?: number;
  } = {},
): number {
  const where = 'expectedCalibrationError';
  const rules = { ...posLabelRules, nBins: binsRule };
  const { sampleWeight, nBins, ...classes } = scoreOptions(where, options, rules, yTrue?.length);
  const { count, confidence, accuracy } = reliability(predicted(where, yTrue, yProb, classes), nBins, sampleWeight);
  const total = sum(count);
  return sum(count.map((own, bin) => (own / total) * Math.abs(accuracy[bin] - confidence[bin])));
}
