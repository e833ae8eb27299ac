// The confusion matrix, and the agreement that is read off it.
import { anyOf, fail, none, type OptionRules, oneOf, optional } from '../../errors/index.ts';
import { sum } from '../../statistics/index.ts';
import {
  classesOf,
  type Label,
  type Labels,
  labelsOf,
  labelsRule,
  placesOf,
  scoreOptions,
  type Weighted,
} from './inputs.ts';

/** Sums of weights by true class (row) and predicted class (column); labels that are not among `classes` are left out. */
export function confusionOf(
  right: ArrayLike<Label>,
  predicted: ArrayLike<Label>,
  classes: readonly Label[],
  weights?: ArrayLike<number>,
): number[][] {
  const matrix = classes.map(() => Array<number>(classes.length).fill(0));
  const rows = placesOf(right, classes);
  const columns = placesOf(predicted, classes);
  for (let i = 0; i < rows.length; i++) {
    if (rows[i] >= 0 && columns[i] >= 0) matrix[rows[i]][columns[i]] += weights ? weights[i] : 1;
  }
  return matrix;
}

const rowSums = (matrix: number[][]) => matrix.map(sum);
const columnSums = (matrix: number[][]) => matrix.map((_, j) => sum(matrix.map((row) => row[j])));

/** The options of all scores here. */
export interface ConfusionOptions extends Weighted {
  /** The classes that count, in their order; all that occur, in ascending order, by default. */
  readonly labels?: Labels;
}

/** The confusion matrix of arguments, which are checked, and the options with their defaults. */
function confusion<const R extends OptionRules>(
  where: string,
  yTrue: Labels,
  yPred: Labels,
  given: ConfusionOptions,
  rules: R,
) {
  const [right, predicted] = labelsOf(where, yTrue, yPred);
  const options = scoreOptions(where, given, rules, right.length);
  const { labels } = options as { labels?: readonly Label[] };
  const classes = labels ?? classesOf(right, predicted);
  if (placesOf(right, classes).every((place) => place < 0)) fail(where, 'labels', 'such that one is in yTrue', labels);
  return { ...options, matrix: confusionOf(right, predicted, classes, options.sampleWeight) };
}

/**
 * How many samples (what weight) of each true class, the row, are predicted as each class, the column. scikit-learn's
 * `confusion_matrix`; where a row, a column or all is empty, shares are 0.
 *
 * @returns rows in the order of `labels`
 * @throws ParameterError for arrays that do not fit each other and for bad options
 * @example
 * ```js
 * import { confusionMatrix } from 'regulus/metrics';
 * console.log(confusionMatrix(['cat', 'dog', 'cat'], ['cat', 'cat', 'cat'])); // [[2, 0], [1, 0]]
 * ```
 */
export function confusionMatrix(
  yTrue: Labels,
  yPred: Labels,
  options: ConfusionOptions & {
    /** Shares of the samples of each true class, of each predicted class, or of all, instead of numbers. */
    readonly normalize?: 'true' | 'pred' | 'all';
  } = {},
): number[][] {
  const where = 'confusionMatrix';
  const rules = { labels: labelsRule, normalize: optional(oneOf(['true', 'pred', 'all'])) };
  const { matrix, normalize } = confusion(where, yTrue, yPred, options, rules);
  if (!normalize) return matrix;
  const [rows, columns] = [rowSums(matrix), columnSums(matrix)];
  const all = sum(rows);
  const totals = { true: (i: number) => rows[i], pred: (_: number, j: number) => columns[j], all: () => all };
  return matrix.map((row, i) => row.map((count, j) => (count === 0 ? 0 : count / totals[normalize](i, j))));
}

/**
 * Matthews' correlation of classes and predictions, in [−1, 1], for any number of classes (Gorodkin 2004); 0 where all classes,
 * or all predictions, are the same. scikit-learn's `matthews_corrcoef`.
 *
 * @throws ParameterError for arrays that do not fit each other and for bad options
 * @example
 * ```js
 * import { matthewsCorrcoef } from 'regulus/metrics';
 * console.log(matthewsCorrcoef([1, 1, 1, 0], [1, 0, 1, 1])); // -0.333
 * ```
 */
export function matthewsCorrcoef(yTrue: Labels, yPred: Labels, options: Weighted = {}): number {
  const { matrix } = confusion('matthewsCorrcoef', yTrue, yPred, options, {});
  const [right, predicted] = [rowSums(matrix), columnSums(matrix)];
  const total = sum(right);
  const product = (a: number[], b: number[]) => sum(a.map((value, k) => value * b[k]));
  const covariance = sum(matrix.map((row, k) => row[k])) * total - product(right, predicted);
  const spread = (total * total - product(right, right)) * (total * total - product(predicted, predicted));
  return spread === 0 ? 0 : covariance / Math.sqrt(spread);
}

/** How disagreement grows with the distance of two classes. */
export const disagreementRule = oneOf(['linear', 'quadratic']);

/**
 * Cohen's κ, the agreement of classes and predictions beyond that of chance: 1 − observed / expected disagreement. NaN
 * where all of both are of one class. scikit-learn's `cohen_kappa_score`.
 *
 * @throws ParameterError for arrays that do not fit each other and for bad options
 * @example
 * ```js
 * import { cohenKappaScore } from 'regulus/metrics';
 * console.log(cohenKappaScore([1, 2, 3, 3], [1, 2, 2, 3], { weights: 'quadratic' })); // 0.8
 * ```
 */
export function cohenKappaScore(
  y1: Labels,
  y2: Labels,
  options: ConfusionOptions & {
    /** How disagreement grows with the distance of the classes; without, all disagreement counts the same. */
    readonly weights?: 'linear' | 'quadratic' | null;
  } = {},
): number {
  const weights = anyOf([disagreementRule, none], { default: null });
  const { matrix, weights: how } = confusion('cohenKappaScore', y1, y2, options, { labels: labelsRule, weights });
  const [rows, columns] = [rowSums(matrix), columnSums(matrix)];
  const total = sum(rows);
  const disagreement = (i: number, j: number) =>
    how === null ? Number(i !== j) : how === 'linear' ? Math.abs(i - j) : (i - j) * (i - j);
  const observed = sum(matrix.map((row, i) => sum(row.map((count, j) => disagreement(i, j) * count))));
  const expected =
    sum(rows.map((row, i) => sum(columns.map((column, j) => disagreement(i, j) * row * column)))) / total;
  return 1 - observed / expected;
}
