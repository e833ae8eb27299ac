// Curves over all thresholds of a score, and the areas under them.
import { anyOf, boolean, fail, none, type OptionRules, oneOf, optional } from '../../errors/index.ts';
import { sum } from '../../statistics/index.ts';
import type { Average } from './f-score.ts';
import {
  checkLabels,
  classesOf,
  columnOf,
  hasRows,
  indicatorsOf,
  knownPlacesOf,
  type Label,
  type Labels,
  labelRule,
  labelsRule,
  meanOf,
  positivesOf,
  type Rows,
  scoreOptions,
  type Table,
  tableOf,
  type Values,
  type Weighted,
} from './inputs.ts';

/** The weights of false and true positives when all samples with a score from `thresholds[i]` on are called positive. */
interface Steps {
  falsePositives: number[];
  truePositives: number[];
  /** The different scores, falling. */
  thresholds: number[];
}

function stepsOf(positive: ArrayLike<number>, scores: ArrayLike<number>, weights?: ArrayLike<number>): Steps {
  const counted = Uint32Array.from({ length: scores.length }, (_, i) => i).filter((i) => !weights || weights[i] > 0);
  const order = counted.sort((a, b) => scores[b] - scores[a]);
  const steps: Steps = { falsePositives: [], truePositives: [], thresholds: [] };
  let [wrong, right] = [0, 0];
  order.forEach((i, rank) => {
    const weight = weights ? weights[i] : 1;
    if (positive[i]) right += weight;
    else wrong += weight;
    if (rank + 1 < order.length && scores[order[rank + 1]] === scores[i]) return;
    steps.falsePositives.push(wrong);
    steps.truePositives.push(right);
    steps.thresholds.push(scores[i]);
  });
  return steps;
}

/** Options of scores of one class against the rest. */
export interface CurveOptions extends Weighted {
  /** The class that is positive; by default 1, where labels are 0 and 1, or −1 and 1. */
  readonly posLabel?: Label;
}

/** The steps of arguments, which are checked, and the options with their defaults. */
function binarySteps<const R extends OptionRules>(
  where: string,
  yTrue: Labels,
  yScore: ArrayLike<number>,
  given: CurveOptions,
  rules: R,
) {
  const y = checkLabels(where, 'yTrue', yTrue);
  const { columns, data } = tableOf(where, 'yScore', yScore, y.length);
  if (columns !== 1) fail(where, 'yScore', 'the score of the positive class for each sample', yScore);
  const options = scoreOptions(where, given, { posLabel: optional(labelRule), ...rules }, y.length);
  const { posLabel } = options as { posLabel?: Label };
  return { ...options, steps: stepsOf(positivesOf(where, y, posLabel), data, options.sampleWeight) };
}

/** Whether each point of a curve is a corner of it: both ends, and where one of the two sums changes its step. */
function corners({ falsePositives, truePositives }: Steps): boolean[] {
  const bends = (sums: number[], i: number) => sums[i + 1] - sums[i] - (sums[i] - sums[i - 1]) !== 0;
  const last = falsePositives.length - 1;
  return falsePositives.map((_, i) => i === 0 || i === last || bends(falsePositives, i) || bends(truePositives, i));
}

/**
 * The receiver operating characteristic: the shares of negatives (`fpr`) and of positives (`tpr`) with a score from each of
 * `thresholds` on, which fall. The first point is (0, 0), with the greatest score + 1 as its threshold. Without negatives
 * `fpr`, without positives `tpr` is NaN. scikit-learn's `roc_curve`.
 *
 * @param yScore - One score a sample, greater ones for the positive class
 * @throws ParameterError for arrays that do not fit each other and for bad options
 * @example
 * ```js
 * import { rocCurve } from 'regulus/metrics';
 * console.log(rocCurve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])); // fpr [0, 0, 0.5, 0.5, 1], tpr [0, 0.5, 0.5, 1, 1]
 * ```
 */
export function rocCurve(
  yTrue: Labels,
  yScore: ArrayLike<number>,
  options: CurveOptions & {
    /** Whether to leave out points on a straight line between others; default true. */
    readonly dropIntermediate?: boolean;
  } = {},
): { fpr: number[]; tpr: number[]; thresholds: number[] } {
  const rules = { dropIntermediate: boolean({ default: true }) };
  const { steps, dropIntermediate } = binarySteps('rocCurve', yTrue, yScore, options, rules);
  const kept = dropIntermediate && steps.thresholds.length > 2 ? corners(steps) : undefined;
  const points = (values: number[]) => values.filter((_, i) => kept?.[i] ?? true);
  const shares = (sums: number[]) => [0, ...points(sums)].map((sum) => sum / sums[sums.length - 1]);
  return {
    fpr: shares(steps.falsePositives),
    tpr: shares(steps.truePositives),
    thresholds: [steps.thresholds[0] + 1, ...points(steps.thresholds)],
  };
}

/**
 * Precision and recall when all samples with a score from each of `thresholds` on, which rise, are called positive; a last point
 * (1, 0) has no threshold. Without positives, recall is 1. scikit-learn's `precision_recall_curve`.
 *
 * @param yScore - One score a sample, greater ones for the positive class
 * @throws ParameterError for arrays that do not fit each other and for bad options
 * @example
 * ```js
 * import { precisionRecallCurve } from 'regulus/metrics';
 * console.log(precisionRecallCurve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).precision); // [0.5, 0.667, 0.5, 1, 1]
 * ```
 */
export function precisionRecallCurve(
  yTrue: Labels,
  yScore: ArrayLike<number>,
  options: CurveOptions = {},
): { precision: number[]; recall: number[]; thresholds: number[] } {
  return curveOf(binarySteps('precisionRecallCurve', yTrue, yScore, options, {}).steps);
}

function curveOf({ falsePositives, truePositives, thresholds }: Steps) {
  const positives = truePositives[truePositives.length - 1];
  const precision = truePositives.map((right, i) => right / (right + falsePositives[i]));
  const recall = truePositives.map((right) => (positives === 0 ? 1 : right / positives));
  return {
    precision: [...precision.reverse(), 1],
    recall: [...recall.reverse(), 0],
    thresholds: [...thresholds].reverse(),
  };
}

/** A score of one class or label against the rest; NaN where it has none. */
type BinaryScore = (positive: ArrayLike<number>, scores: ArrayLike<number>, weights?: ArrayLike<number>) => number;

/** The area under the ROC curve, by trapezoids. */
const areaUnderRoc: BinaryScore = (positive, scores, weights) => {
  const { falsePositives, truePositives } = stepsOf(positive, scores, weights);
  let area = 0;
  let [x, y] = [0, 0];
  for (const [i, next] of falsePositives.entries()) {
    area += ((next - x) * (truePositives[i] + y)) / 2;
    [x, y] = [next, truePositives[i]];
  }
  return area / (x * y);
};

const precisionOverRecall: BinaryScore = (positive, scores, weights) => {
  const { precision, recall } = curveOf(stepsOf(positive, scores, weights));
  return precision.slice(0, -1).reduce((sum, value, i) => sum + (recall[i] - recall[i + 1]) * value, 0);
};

/** How the scores of several classes or labels become one number; null for a list of them. */
export type AreaAverage = Exclude<Average, 'binary'> | null;

/** Options of {@link averagePrecisionScore}. */
export interface AreaOptions<A extends AreaAverage = AreaAverage> extends Weighted {
  /**
   * For several classes or labels: `'macro'`, the default, is the mean over them, `'weighted'` weighted by how often each is
   * there, `'micro'` the score of all of them together, and null a list of their scores.
   */
  readonly average?: A;
  /** All classes, in the order of columns; those of `yTrue` in ascending order by default. */
  readonly labels?: Labels;
}

type Area<A> = A extends null ? number[] : number;

export const areaAverages = ['macro', 'micro', 'weighted'] as const;
/** One class against the rest, or against each other. */
export const multiClasses = ['ovr', 'ovo'] as const;
const areaRules = { average: anyOf([oneOf(areaAverages), none], { default: 'macro' }), labels: labelsRule };

/** Scores column by column, or of all columns together. */
function areaOf(
  score: BinaryScore,
  truth: Table,
  scores: Table,
  average: AreaAverage,
  weights: ArrayLike<number> | undefined,
): number | number[] {
  const { columns } = truth;
  if (average === 'micro') {
    const repeated = weights && Float64Array.from(truth.data, (_, i) => weights[Math.floor(i / columns)]);
    return score(truth.data, scores.data, repeated);
  }
  const truths = Array.from({ length: columns }, (_, j) => columnOf(truth, j));
  const areas = truths.map((positive, j) => score(positive, columnOf(scores, j), weights));
  if (average === null) return areas;
  const shares = truths.map((positive) =>
    average === 'macro' ? 1 : positive.reduce((sum, value, i) => sum + value * (weights ? weights[i] : 1), 0),
  );
  const total = sum(shares);
  return total === 0 ? 0 : sum(areas.map((area, j) => area * shares[j])) / total;
}

/** Rows of 0 and 1 for the classes of `places`. */
function oneHot(places: Int32Array, columns: number): Table {
  const data = new Uint8Array(places.length * columns);
  places.forEach((place, i) => {
    data[i * columns + place] = 1;
  });
  return { data, rows: places.length, columns };
}

/** What is true, one column a class or label; one column, of the greater class, for two classes and one score a sample. */
function truthOf(where: string, yTrue: unknown, scores: Table, labels: readonly Label[] | undefined): Table {
  if (hasRows(yTrue)) {
    const truth = indicatorsOf(where, 'yTrue', yTrue, scores.rows);
    if (truth.columns !== scores.columns) fail(where, 'yScore', `rows of ${truth.columns} scores, one a label`, scores);
    return truth;
  }
  const y = checkLabels(where, 'yTrue', yTrue, scores.rows);
  const classes = labels ?? classesOf(y);
  const places = knownPlacesOf(where, y, classes);
  if (scores.columns === 1 && classes.length <= 2) return { data: places, rows: y.length, columns: 1 };
  if (scores.columns !== classes.length) {
    const rule = `rows of ${classes.length} scores, one a class`;
    fail(where, 'yScore', rule, `${scores.columns} columns`, "Give all classes as 'labels'.");
  }
  return oneHot(places, classes.length);
}

/** The area needs samples of both kinds, for which it is a mean over pairs of one each. */
function checkBoth(where: string, area: number | number[]): void {
  const wrong = [area].flat().some(Number.isNaN);
  if (wrong)
    fail(where, 'yTrue', 'such that each class or label is there and missing', 'one class', 'Give samples of both.');
}

/**
 * The area under the ROC curve: the probability that a positive sample has a greater score than a negative one, ties counting
 * half. For several classes `multiClass` is one-vs-rest (`'ovr'`) or the mean over pairs of classes (`'ovo'`, Hand and Till
 * 2001), and scores are probabilities. scikit-learn's `roc_auc_score`.
 *
 * @param yTrue - The class of each sample, or rows of 0 and 1 for labels
 * @param yScore - One score a sample, of the greater of two classes, or (samples, classes or labels)
 * @throws ParameterError where a class or label is always or never there, for arrays that do not fit each other, and for
 * bad options
 * @example
 * ```js
 * import { rocAucScore } from 'regulus/metrics';
 *
 * console.log(rocAucScore([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])); // 0.75
 * const probabilities = [[0.6, 0.3, 0.1], [0.2, 0.5, 0.3], [0.1, 0.5, 0.4], [0.3, 0.1, 0.6]];
 * console.log(rocAucScore([0, 1, 2, 2], probabilities, { multiClass: 'ovr' })); // 0.889
 * ```
 */
export function rocAucScore<A extends AreaAverage = 'macro'>(
  yTrue: Labels | Rows,
  yScore: Values,
  options: AreaOptions<A> & {
    /** Needed for more than two classes. */
    readonly multiClass?: (typeof multiClasses)[number];
  } = {},
): Area<A> {
  const where = 'rocAucScore';
  const scores = tableOf(where, 'yScore', yScore);
  const rules = { ...areaRules, multiClass: optional(oneOf(multiClasses)) };
  const { average, labels, multiClass, sampleWeight: weights } = scoreOptions(where, options, rules, scores.rows);
  const truth = truthOf(where, yTrue, scores, labels);
  const areClasses = !hasRows(yTrue) && truth.columns > 1;
  if (areClasses) checkMultiClass(where, scores, multiClass, average, weights);
  const area =
    areClasses && multiClass === 'ovo'
      ? oneVersusOne(truth, scores, average as 'macro' | 'weighted')
      : areaOf(areaUnderRoc, truth, scores, average, weights);
  checkBoth(where, area);
  return area as Area<A>;
}

function checkMultiClass(
  where: string,
  { data, columns }: Table,
  multiClass: 'ovr' | 'ovo' | undefined,
  average: AreaAverage,
  weights: ArrayLike<number> | undefined,
): void {
  if (multiClass === undefined) fail(where, 'multiClass', "'ovr' or 'ovo' for several classes", multiClass);
  if (multiClass === 'ovo' && average !== 'macro' && average !== 'weighted') {
    fail(where, 'average', "'macro' or 'weighted' with multiClass 'ovo'", average);
  }
  if (multiClass === 'ovo' && weights) {
    fail(where, 'sampleWeight', "left out with multiClass 'ovo'", weights, "Take multiClass 'ovr'.");
  }
  for (let start = 0; start < data.length; start += columns) {
    let sum = 0;
    for (let j = start; j < start + columns; j++) sum += data[j];
    if (!(Math.abs(sum - 1) <= 1e-5)) {
      fail(where, `yScore[${start / columns}]`, 'probabilities that sum up to 1', `a sum of ${sum}`);
    }
  }
}

/** The mean over the pairs of classes that are there. */
function oneVersusOne(truth: Table, scores: Table, average: 'macro' | 'weighted'): number {
  const classes = Array.from({ length: truth.columns }, (_, j) => ({
    is: columnOf(truth, j),
    score: columnOf(scores, j),
  })).filter(({ is }) => is.includes(1));
  const pairs = classes.flatMap((a, k) => classes.slice(k + 1).map((b) => [a, b]));
  const shares = pairs.map(([a, b]) =>
    average === 'macro' ? 1 : a.is.reduce((sum, is, row) => sum + is + b.is[row], 0),
  );
  const area = (i: number) => {
    const [a, b] = pairs[i];
    const ofBoth = (values: Float64Array) => values.filter((_, row) => a.is[row] + b.is[row] > 0);
    const [first, second] = pairs[i].map(({ is, score }) => areaUnderRoc(ofBoth(is), ofBoth(score)));
    return (first + second) / 2;
  };
  return meanOf(pairs.length, area, shares);
}

/**
 * The mean of precision over recall, Σ (Rₙ − Rₙ₋₁)·Pₙ over falling thresholds: the area under the precision–recall curve
 * without interpolation. 0 where nothing is positive. Of several classes, each against the rest. scikit-learn's
 * `average_precision_score`.
 *
 * @param yTrue - The class of each sample, or rows of 0 and 1 for labels
 * @param yScore - One score a sample, or (samples, classes or labels)
 * @throws ParameterError for arrays that do not fit each other and for bad options
 * @example
 * ```js
 * import { averagePrecisionScore } from 'regulus/metrics';
 * console.log(averagePrecisionScore([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])); // 0.833
 * ```
 */
export function averagePrecisionScore<A extends AreaAverage = 'macro'>(
  yTrue: Labels | Rows,
  yScore: Values,
  options: AreaOptions<A> & {
    /** The positive class where there is one score a sample; 1 by default. */
    readonly posLabel?: Label;
  } = {},
): Area<A> {
  const where = 'averagePrecisionScore';
  const scores = tableOf(where, 'yScore', yScore);
  const rules = { ...areaRules, posLabel: optional(labelRule) };
  const { average, labels, posLabel, sampleWeight: weights } = scoreOptions(where, options, rules, scores.rows);
  if (scores.columns === 1 && !hasRows(yTrue)) {
    const y = checkLabels(where, 'yTrue', yTrue, scores.rows);
    return precisionOverRecall(positivesOf(where, y, posLabel), scores.data, weights) as Area<A>;
  }
  return areaOf(precisionOverRecall, truthOf(where, yTrue, scores, labels), scores, average, weights) as Area<A>;
}
