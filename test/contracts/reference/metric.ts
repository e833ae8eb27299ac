// What each metric is, for a whole pass at once. Accuracy and macro F1 are counted here; the other metrics are what the functions
// of `regulus/metrics` say, whose values are those of scikit-learn (test/metrics/entry.test.ts).
import * as scores from '../../../src/metrics/entry.ts';
import type { Task } from '../../../src/nn/index.ts';

/** Rows of predictions beside the right targets: one class each, 0 and 1 for each label, or real numbers. */
export interface Pass {
  task: Task;
  classes: number | undefined;
  predicted: number[][];
  probabilities: number[][];
  values: number[][];
  targets: number[][];
}

export type MetricReference = (pass: Pass, options: never, weights?: number[]) => number;

function mean(values: number[], weights = values.map(() => 1)): number {
  const sum = (own: number[]) => own.reduce((total, value) => total + value, 0);
  return sum(values.map((value, i) => value * weights[i])) / sum(weights);
}

/** F1 of one class: 2·TP / (2·TP + FP + FN), 0 where nothing is predicted and nothing is there. */
function f1(predicted: boolean[], right: boolean[], weights = predicted.map(() => 1)): number {
  const weight = (of: (i: number) => boolean) => weights.reduce((sum, own, i) => sum + (of(i) ? own : 0), 0);
  const mentioned = weight((i) => predicted[i]) + weight((i) => right[i]);
  return mentioned === 0 ? 0 : (2 * weight((i) => predicted[i] && right[i])) / mentioned;
}

type Score = (targets: never, predictions: never, options: never) => unknown;

/** What a function of `regulus/metrics` says of one part of a pass. */
const scored =
  (part: 'predicted' | 'probabilities' | 'values', score: Score, withLabels = false): MetricReference =>
  (pass, options, sampleWeight) => {
    const { task, classes = 0 } = pass;
    const ofClasses = task === 'classification';
    const targets = ofClasses ? pass.targets.flat() : pass.targets;
    const predictions = ofClasses && part === 'predicted' ? pass.predicted.flat() : pass[part];
    // As the network's: their type says how precise they are.
    const data = Float32Array.from(predictions.flat());
    const matrix = { data, shape: [targets.length, data.length / targets.length] };
    const labels = withLabels && ofClasses && { labels: Array.from({ length: classes }, (_, k) => k) };
    const given = { ...(options as object), ...labels, ...(sampleWeight && { sampleWeight }) };
    return score(
      targets as never,
      (part === 'probabilities' ? matrix : predictions) as never,
      given as never,
    ) as number;
  };

/** The average that a score of classes has where none is given. */
const averaged =
  (score: Score): MetricReference =>
  (pass, options, weights) => {
    const { average = pass.classes === 2 ? 'binary' : 'macro', ...rest } = options as { average?: string };
    return scored('predicted', score)(pass, { ...rest, average } as never, weights);
  };

/** The area under a curve: of two classes, by the probability of the second. */
const area =
  (score: Score): MetricReference =>
  (pass, options, weights) => {
    const { multiClass, ...rest } = options as { multiClass?: string };
    if (pass.classes !== 2) {
      const own = pass.task === 'classification' && multiClass ? options : rest;
      return scored('probabilities', score, true)(pass, own as never, weights);
    }
    const positive = pass.probabilities.map((p) => [p[1]]);
    return scored('probabilities', score)({ ...pass, probabilities: positive }, rest as never, weights);
  };

export const references: Record<string, MetricReference> = {
  accuracy: ({ predicted, targets }, _, weights) =>
    mean(
      predicted.map((row, i) => Number(String(row) === String(targets[i]))),
      weights,
    ),
  macroF1({ predicted, targets }, _, weights) {
    const labels = targets[0].length;
    if (labels > 1) {
      const column = (rows: number[][], j: number) => rows.map((row) => row[j] === 1);
      return mean(Array.from({ length: labels }, (_, j) => f1(column(predicted, j), column(targets, j), weights)));
    }
    const present = [...new Set([...predicted, ...targets].flat())];
    const is = (rows: number[][], label: number) => rows.map(([value]) => value === label);
    return mean(present.map((label) => f1(is(predicted, label), is(targets, label), weights)));
  },
  balancedAccuracy: scored('predicted', scores.balancedAccuracyScore),
  topKAccuracy: scored('probabilities', scores.topKAccuracyScore, true),
  precision: averaged(scores.precisionScore),
  recall: averaged(scores.recallScore),
  f1: averaged(scores.f1Score),
  fbeta: averaged(scores.fbetaScore),
  matthewsCorrcoef: scored('predicted', scores.matthewsCorrcoef),
  cohenKappa: scored('predicted', scores.cohenKappaScore),
  rocAuc: area(scores.rocAucScore),
  averagePrecision: area(scores.averagePrecisionScore),
  brierScore: scored('probabilities', scores.brierScoreLoss, true),
  logLoss: scored('probabilities', scores.logLoss, true),
  expectedCalibrationError: scored('probabilities', scores.expectedCalibrationError, true),
  r2: scored('values', scores.r2Score),
  explainedVariance: scored('values', scores.explainedVarianceScore),
  meanSquaredError: scored('values', scores.meanSquaredError),
  rootMeanSquaredError: scored('values', scores.rootMeanSquaredError),
  meanAbsoluteError: scored('values', scores.meanAbsoluteError),
  medianAbsoluteError: scored('values', scores.medianAbsoluteError),
  meanPinballLoss: scored('values', scores.meanPinballLoss),
};
