// How many predictions are right: in all, class by class, and among the first few.
import { boolean, fail, integer } from '../../errors/index.ts';
import { average, sum } from '../../statistics/index.ts';
import { confusionOf } from './confusion-matrix.ts';
import {
  checkLabels,
  classesOf,
  hasRows,
  indicatorsOf,
  knownPlacesOf,
  type Labels,
  labelsOf,
  labelsRule,
  meanOf,
  type Rows,
  scoreOptions,
  tableOf,
  tablesOf,
  type Values,
  type Weighted,
} from './inputs.ts';

/**
 * The share of samples that are predicted right; with several labels a sample (rows of 0 and 1), of those with all labels
 * right. scikit-learn's `accuracy_score`.
 *
 * @param yTrue - The class of each sample, or rows of 0 and 1
 * @param yPred - What was predicted, in the same form
 * @throws ParameterError for arrays that do not fit each other and for bad options
 * @example
 * ```js
 * import { accuracyScore } from 'regulus/metrics';
 * console.log(accuracyScore(['cat', 'dog', 'cat'], ['cat', 'cat', 'cat'])); // 0.667
 * ```
 */
export function accuracyScore(
  yTrue: Labels | Rows,
  yPred: Labels | Rows,
  options: Weighted & {
    /** False for the number (the weight) of the samples instead of their share. */
    readonly normalize?: boolean;
  } = {},
): number {
  const where = 'accuracyScore';
  const tables = hasRows(yTrue) ? tablesOf(where, yTrue, yPred, indicatorsOf, 'labels') : undefined;
  const [right, predicted] = tables?.map(({ data }) => data) ?? labelsOf(where, yTrue, yPred);
  const columns = tables?.[0].columns ?? 1;
  const rows = right.length / columns;
  const { sampleWeight, normalize } = scoreOptions(where, options, { normalize: boolean({ default: true }) }, rows);
  const isRight = (i: number) => {
    let j = i * columns;
    while (j < (i + 1) * columns && right[j] === predicted[j]) j++;
    return Number(j === (i + 1) * columns);
  };
  return meanOf(rows, isRight, sampleWeight, normalize);
}

/**
 * The mean over the classes of the share of their samples that are predicted right (recall). Classes that are predicted and
 * not there do not count. scikit-learn's `balanced_accuracy_score`.
 *
 * @throws ParameterError for arrays that do not fit each other and for bad options
 * @example
 * ```js
 * import { balancedAccuracyScore } from 'regulus/metrics';
 * console.log(balancedAccuracyScore([0, 0, 0, 1], [0, 0, 0, 0])); // 0.5
 * ```
 */
export function balancedAccuracyScore(
  yTrue: Labels,
  yPred: Labels,
  options: Weighted & {
    /** True to rescale, so that guessing gives 0 and what is perfect 1. */
    readonly adjusted?: boolean;
  } = {},
): number {
  const where = 'balancedAccuracyScore';
  const [right, predicted] = labelsOf(where, yTrue, yPred);
  const rules = { adjusted: boolean({ default: false }) };
  const { sampleWeight, adjusted } = scoreOptions(where, options, rules, right.length);
  const recalls = confusionOf(right, predicted, classesOf(right, predicted), sampleWeight).flatMap((row, k) => {
    const total = sum(row);
    return total > 0 ? [row[k] / total] : [];
  });
  const mean = average(recalls);
  const chance = 1 / recalls.length;
  return adjusted ? (mean - chance) / (1 - chance) : mean;
}

/**
 * The share of samples whose class is among the `k` with the greatest scores; of equal scores, later columns come first.
 * scikit-learn's `top_k_accuracy_score`.
 *
 * @param yScore - Scores (samples, classes), with columns in the order of `labels`; for two classes the score of the greater
 * one (samples) will do
 * @throws ParameterError for arrays that do not fit each other and for bad options
 * @example
 * ```js
 * import { topKAccuracyScore } from 'regulus/metrics';
 * console.log(topKAccuracyScore([0, 1, 2], [[0.5, 0.2, 0.3], [0.3, 0.4, 0.3], [0.6, 0.3, 0.1]], { k: 2 })); // 0.667
 * ```
 */
export function topKAccuracyScore(
  yTrue: Labels,
  yScore: Values,
  options: Weighted & {
    /** Default 2. */
    readonly k?: number;
    /** False for the number (the weight) of the samples instead of their share. */
    readonly normalize?: boolean;
    /** All classes, in the order of columns; those of `yTrue` in ascending order by default. */
    readonly labels?: Labels;
  } = {},
): number {
  const where = 'topKAccuracyScore';
  const y = checkLabels(where, 'yTrue', yTrue);
  const rows = y.length;
  const rules = { k: integer(1, { default: 2 }), normalize: boolean({ default: true }), labels: labelsRule };
  const { k, sampleWeight, normalize, labels: given } = scoreOptions(where, options, rules, rows);
  const labels = given ?? classesOf(y);
  const places = knownPlacesOf(where, y, labels);
  const { data, columns } = tableOf(where, 'yScore', yScore, rows);
  if (columns === 1) {
    if (labels.length !== 2) fail(where, 'yScore', `rows of ${labels.length} scores, one a class`, yScore);
    const areShares = Array.from(data).every((score) => score >= 0 && score <= 1);
    const threshold = areShares ? 0.5 : 0;
    const isRight = (i: number) => k > 1 || places[i] === Number(data[i] > threshold);
    return meanOf(rows, (i) => Number(isRight(i)), sampleWeight, normalize);
  }
  if (columns !== labels.length) {
    fail(where, 'yScore', `rows of ${labels.length} scores, one a class`, yScore, "Give all classes as 'labels'.");
  }
  const isRight = (i: number) => {
    const own = data[i * columns + places[i]];
    let before = 0;
    for (let j = 0; j < columns; j++) {
      const score = data[i * columns + j];
      if (score > own || (score === own && j > places[i])) before++;
    }
    return before < k;
  };
  return meanOf(rows, (i) => Number(isRight(i)), sampleWeight, normalize);
}
