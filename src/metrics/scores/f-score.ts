// Precision, recall and their harmonic means, from how often each class is right, predicted and there.
import { anyOf, checkOption, checkOptionsObject, fail, none, number, oneOf, optional } from '../../errors/index.ts';
import { sum } from '../../statistics/index.ts';
import {
  classesOf,
  hasRows,
  indicatorsOf,
  type Label,
  type Labels,
  labelRule,
  labelsOf,
  labelsRule,
  placesOf,
  type Rows,
  scoreOptions,
  tablesOf,
  type Weighted,
} from './inputs.ts';

export const averages = ['binary', 'micro', 'macro', 'weighted'] as const;
/** How the classes' scores become one number. @useDeclaredType */
export type Average = (typeof averages)[number];

/** Options of {@link precisionScore}, {@link recallScore}, {@link f1Score} and {@link fbetaScore}. */
export interface PrecisionRecallOptions<A extends Average | null = Average | null> extends Weighted {
  /**
   * `'binary'`, the default: of the class `posLabel` alone. `'macro'`: the mean over the classes; `'weighted'`: weighted by how
   * often each is there; `'micro'`: of the counts of all classes together. null: a list of all classes' scores.
   */
  readonly average?: A;
  /** The class that `'binary'` is about; 1 by default. */
  readonly posLabel?: Label;
  /** The classes that count; all that occur, in ascending order, by default. */
  readonly labels?: Labels;
  /** The score of what would be 0 / 0, in [0, 1]; 0 by default. */
  readonly zeroDivision?: number;
}

const rules = {
  average: anyOf([oneOf(averages), none], { default: 'binary' }),
  posLabel: optional(labelRule),
  labels: labelsRule,
  zeroDivision: number('[0, 1]', { default: 0 }),
};

export const betaRule = number('[0, inf)', { describe: 'How many times as much recall counts as precision' });

/** The weights of the samples of one class that are predicted right, that are predicted to be of it, and that are. */
interface Counts {
  right: number;
  predicted: number;
  actual: number;
}

/** A score as a fraction of these counts. */
type Fraction = (counts: Counts) => [numerator: number, denominator: number];

type Score<A> = A extends null ? number[] : number;

function score<A extends Average | null>(
  where: string,
  fraction: Fraction,
  yTrue: Labels | Rows,
  yPred: Labels | Rows,
  options: PrecisionRecallOptions<A>,
): Score<A> {
  const samples = hasRows(yTrue) ? ofLabels(where, yTrue, yPred) : ofClasses(where, yTrue, yPred);
  const { present, rows } = samples;
  const { average, posLabel = 1, labels, zeroDivision, sampleWeight } = scoreOptions(where, options, rules, rows);
  let counted = labels ?? present;
  if (average === 'binary') {
    if (samples.isMultiLabel || present.length > 2) {
      const what = samples.isMultiLabel ? 'several labels' : `${present.length} classes`;
      fail(where, 'average', `'micro', 'macro', 'weighted' or null for ${what}`, average);
    }
    if (present.length === 2 && !present.includes(posLabel)) {
      fail(where, 'posLabel', `one of the classes (${present.join(', ')})`, posLabel);
    }
    counted = [posLabel];
  }
  const counts = samples.count(counted, sampleWeight);
  const value = (of: Counts) => {
    const [numerator, denominator] = fraction(of);
    return denominator === 0 ? zeroDivision : numerator / denominator;
  };
  const all = counts.map(value);
  const total = (key: keyof Counts) => sum(counts.map((own) => own[key]));
  const micro = () => value({ right: total('right'), predicted: total('predicted'), actual: total('actual') });
  const combine = {
    binary: () => all[0],
    micro,
    macro: () => sum(all) / all.length,
    // Where none of the classes is there, no weights are left, and what micro says is right.
    weighted: () =>
      total('actual') === 0 ? micro() : sum(all.map((own, k) => own * counts[k].actual)) / total('actual'),
  };
  return (average === null ? all : combine[average]()) as Score<A>;
}

function ofClasses(where: string, yTrue: unknown, yPred: unknown) {
  const [right, predicted] = labelsOf(where, yTrue, yPred);
  const count = (classes: readonly Label[], weights?: ArrayLike<number>) => {
    const counts = classes.map((): Counts => ({ right: 0, predicted: 0, actual: 0 }));
    const [is, said] = [placesOf(right, classes), placesOf(predicted, classes)];
    for (let i = 0; i < is.length; i++) {
      const weight = weights ? weights[i] : 1;
      if (is[i] >= 0) counts[is[i]].actual += weight;
      if (said[i] >= 0) counts[said[i]].predicted += weight;
      if (is[i] >= 0 && is[i] === said[i]) counts[is[i]].right += weight;
    }
    return counts;
  };
  return { rows: right.length, present: classesOf(right, predicted), isMultiLabel: false, count };
}

function ofLabels(where: string, yTrue: unknown, yPred: unknown) {
  const [{ data: is, rows, columns }, { data: said }] = tablesOf(where, yTrue, yPred, indicatorsOf, 'labels');
  const count = (labels: readonly Label[], weights?: ArrayLike<number>) =>
    labels.map((label): Counts => {
      const j = label as number;
      if (!(j >= 0 && j < columns)) fail(where, 'labels', `columns of yTrue, 0 to ${columns - 1}`, labels);
      const own = { right: 0, predicted: 0, actual: 0 };
      for (let i = 0; i < rows; i++) {
        const weight = weights ? weights[i] : 1;
        own.actual += weight * is[i * columns + j];
        own.predicted += weight * said[i * columns + j];
        own.right += weight * is[i * columns + j] * said[i * columns + j];
      }
      return own;
    });
  return { rows, present: Array.from({ length: columns }, (_, j): Label => j), isMultiLabel: true, count };
}

/**
 * The share of the samples predicted to be of a class that are: TP / (TP + FP). scikit-learn's `precision_score`.
 *
 * @param yTrue - The class of each sample, or rows of 0 and 1 for labels
 * @param yPred - What was predicted, in the same form
 * @returns a number, or with `average: null` a list of one number a class
 * @throws ParameterError for arrays that do not fit each other and for bad options
 * @example
 * ```js
 * import { precisionScore } from 'regulus/metrics';
 * console.log(precisionScore([0, 1, 1, 0], [1, 1, 0, 0])); // 0.5
 * ```
 */
export function precisionScore<A extends Average | null = 'binary'>(
  yTrue: Labels | Rows,
  yPred: Labels | Rows,
  options: PrecisionRecallOptions<A> = {},
): Score<A> {
  return score('precisionScore', ({ right, predicted }) => [right, predicted], yTrue, yPred, options);
}

/**
 * The share of the samples of a class that are predicted to be: TP / (TP + FN). scikit-learn's `recall_score`; arguments as
 * {@link precisionScore}.
 *
 * @example
 * ```js
 * import { recallScore } from 'regulus/metrics';
 * console.log(recallScore(['a', 'b', 'c', 'c'], ['a', 'b', 'b', 'c'], { average: null })); // [1, 1, 0.5]
 * ```
 */
export function recallScore<A extends Average | null = 'binary'>(
  yTrue: Labels | Rows,
  yPred: Labels | Rows,
  options: PrecisionRecallOptions<A> = {},
): Score<A> {
  return score('recallScore', ({ right, actual }) => [right, actual], yTrue, yPred, options);
}

/**
 * The harmonic mean of precision and recall: 2·TP / (2·TP + FP + FN). scikit-learn's `f1_score`; arguments as
 * {@link precisionScore}.
 *
 * @example
 * ```js
 * import { f1Score } from 'regulus/metrics';
 * console.log(f1Score([0, 1, 2, 2], [0, 1, 1, 2], { average: 'macro' })); // 0.778
 * ```
 */
export function f1Score<A extends Average | null = 'binary'>(
  yTrue: Labels | Rows,
  yPred: Labels | Rows,
  options: PrecisionRecallOptions<A> = {},
): Score<A> {
  return score('f1Score', fOf(1), yTrue, yPred, options);
}

/**
 * The weighted harmonic mean of precision and recall, in which recall counts `beta` times as much:
 * (1 + β²)·TP / ((1 + β²)·TP + FP + β²·FN). scikit-learn's `fbeta_score`; other arguments as {@link precisionScore}.
 *
 * @example
 * ```js
 * import { fbetaScore } from 'regulus/metrics';
 * console.log(fbetaScore([0, 1, 1, 0], [1, 1, 0, 0], { beta: 2 })); // 0.5
 * ```
 */
export function fbetaScore<A extends Average | null = 'binary'>(
  yTrue: Labels | Rows,
  yPred: Labels | Rows,
  options: PrecisionRecallOptions<A> & {
    /** How many times as much recall counts, above 0 or 0 for precision alone. */
    readonly beta: number;
  },
): Score<A> {
  checkOptionsObject('fbetaScore', options);
  const { beta, ...rest } = options;
  checkOption('fbetaScore', 'beta', beta, betaRule);
  return score('fbetaScore', fOf(beta), yTrue, yPred, rest as PrecisionRecallOptions<A>);
}

const fOf =
  (beta: number): Fraction =>
  ({ right, predicted, actual }) => [(1 + beta * beta) * right, beta * beta * actual + predicted];
