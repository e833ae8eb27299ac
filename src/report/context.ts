// What figures, tables and sentences are made from: checked results, regrouped by variant, and the words of their metric.
import { fail } from '../errors/index.ts';
import {
  type Boundary,
  checkResults,
  type FigureData,
  isChosen,
  isSameTrial,
  type NetworkSpec,
  type Results,
  type SweepPoint,
  settingsAt,
  sweepsLoss,
  type TrainingSpec,
  type TrialFigures,
  type TrialKey,
  type VariantSummary,
} from '../experiment/index.ts';
import { average } from '../statistics/index.ts';
import { capitalized, describePoint, joinNames, type MetricWords, metricWords, variantNames } from './words.ts';

export type Trial = Results['trials'][number];

/** The trained networks of one variant; with a sweep, at its chosen point. */
export interface Run {
  /** Its place in the spec, which stands for the variant in the data of figures and gives it its colour. */
  index: number;
  variant: string;
  point?: SweepPoint;
  summary: VariantSummary;
  /** With the keys of the variant and the values of the point. */
  network: NetworkSpec;
  training: TrainingSpec;
  trials: Trial[];
}

/** What a report is made from. */
export interface ReportContext {
  /** One for each variant that has at least one finished trial, in the order of the spec. */
  runs: Run[];
  results: Results;
  /** The words of the metric that decides. */
  metric: MetricWords;
  /** The words of the loss without penalty. */
  loss: MetricWords;
}

/** Checks `results` and regroups them. */
export function reportContext(where: string, results: Results): ReportContext {
  checkResults(where, 'results', results);
  const { spec, trials, summary, sweep, metric } = results;
  const chosen = <T extends Pick<TrialKey, 'variant' | 'point'>>(list: readonly T[], label: string): T[] =>
    list.filter(({ variant, point }) => variant === label && isChosen(sweep, variant, point));
  const runs = spec.variants.flatMap((variant, index): Run[] => {
    const { label } = variant;
    const own = chosen(trials, label);
    const [ownSummary] = chosen(summary, label);
    if (own.length === 0 || !ownSummary) return [];
    const [{ point }] = own;
    const common = { index, variant: label, ...(point && { point }), summary: ownSummary, trials: own };
    const { network, training } = settingsAt(spec, variant, point);
    return [{ ...common, network, training }];
  });
  return { runs, results, metric: wordsOf(results, metric), loss: wordsOf(results, 'dataLoss') };
}

/** The words of one of the metrics that were recorded. */
export function wordsOf({ metrics, summary }: Results, name: string): MetricWords {
  const estimates = summary.map((entry) => testOf(entry, name));
  return metricWords(name, metrics[name], estimates);
}

/** The words of the other metrics: the loss without penalty, and all that were recorded beside. */
export function otherWords({ results, metric, loss }: ReportContext): MetricWords[] {
  const further = Object.keys(results.metrics).filter((name) => ![metric.name, 'loss', 'dataLoss'].includes(name));
  return [...(metric.name === loss.name ? [] : [loss]), ...further.map((name) => wordsOf(results, name))];
}

/** The estimate of a metric on the test part. */
export const testOf = (summary: VariantSummary, metric: string) => summary[`test${capitalized(metric)}`];

/** The estimate of the metric that decides on the training part. */
export const trainOf = (summary: VariantSummary, metric: string) => summary[`train${capitalized(metric)}`];

/** The variants with the best mean in the metric that decides: several where they differ by no more than sums are rounded. */
export function leaders({ runs, metric }: ReportContext): Run[] {
  const mean = ({ summary }: Run) => testOf(summary, metric.name).mean;
  const best = mean(runs.reduce((a, b) => (metric.isBetter(mean(b), mean(a)) ? b : a)));
  return runs.filter((run) => Math.abs(mean(run) - best) <= 1e-12 * Math.abs(best));
}

/** Whether the variant's network drops units in training. */
export function dropsUnits({ network }: Pick<Run, 'network'>): boolean {
  const hasDropout = (node: unknown): boolean => {
    if (typeof node !== 'object' || node === null) return false;
    const { type = '', rate, dropout } = node as Record<string, unknown>;
    return /dropout$/i.test(String(type)) ? rate !== 0 : (dropout ?? 0) !== 0 || Object.values(node).some(hasDropout);
  };
  return hasDropout(network);
}

/** Whether weights were penalized: then the loss is more than the loss on the data. */
export const isPenalized = ({ trials }: Run): boolean => trials.some(({ train }) => train.loss !== train.dataLoss);

/** What chooses the point of a sweep on the validation part, and its mean at a point: the loss, or where that is swept the metric that decides. */
export function validationOf({ results, metric, loss }: ReportContext) {
  if (!sweepsLoss(results)) return { words: loss, mean: ({ valDataLoss }: VariantSummary) => valDataLoss.mean };
  return { words: metric, mean: meanOfTrials(results, ({ validation }) => validation[metric.name]) };
}

/** What `value` is on average over the trials of a variant, at its point. */
export function meanOfTrials({ trials }: Results, value: (trial: Trial) => number) {
  const keyOf = ({ variant, point }: Pick<TrialKey, 'variant' | 'point'>) => JSON.stringify([variant, point]);
  const values = new Map<string, number[]>();
  for (const trial of trials) values.set(keyOf(trial), [...(values.get(keyOf(trial)) ?? []), value(trial)]);
  return (entry: Pick<TrialKey, 'variant' | 'point'>): number => average(values.get(keyOf(entry)) ?? []);
}

/** What {@link validationOf} looks for, in words. */
export const choosesBy = ({ runs, results, metric }: ReportContext): string => {
  if (sweepsLoss(results)) return `best validation ${metric.label}`;
  return `lowest validation loss${runs.some(isPenalized) ? ' without penalty' : ''}`;
};

/** Whether a callback ended the training of this variant early. */
export const stopsEarly = ({ training: { earlyStopping, callbacks = [] } }: Run): boolean =>
  earlyStopping !== undefined || callbacks.some(({ type }) => type === 'earlyStopping');

/** Whether dots, lines and means stand for several trained networks. */
export const hasManyTrials = (runs: readonly Run[]): boolean => runs.some(({ trials }) => trials.length > 1);

export const hasFolds = (runs: readonly Run[]): boolean => runs.some(({ trials }) => trials.some(({ fold }) => fold));

/** What one dot of a chart stands for. */
export const trialNoun = (runs: readonly Run[]): string => (hasFolds(runs) ? 'fold and seed' : 'seed');

/** Of which variants the curves and epochs are those of one of several networks, as a sentence; empty where there are none. */
export function membersText(runs: readonly Run[]): string {
  const names = variantNames(runs.filter(({ training }) => training.members !== undefined));
  if (!names) return '';
  return `Curves and epochs of ${names} are those of the first member, with the rows that it leaves out as validation data.`;
}

/** Whether losses are of different kinds, as a sentence; empty where they are of one. */
export function lossesText(runs: readonly Run[]): string {
  const losses = new Set(runs.map(({ training }) => JSON.stringify(training.loss)));
  return losses.size > 1 ? 'Variants have different losses, whose values cannot be compared.' : '';
}

/** Which setting of each variant is shown, as a sentence; empty without a sweep. */
export function chosenText(runs: readonly Run[]): string {
  const chosen = runs.flatMap(({ variant, point }) => (point ? [`${variant} (${describePoint(point)})`] : []));
  return chosen.length > 0 ? `The sweep chose the settings that are shown: ${joinNames(chosen)}.` : '';
}

/** The pictures of the network that stands for `run`, and its trial. */
export function picturesOf<T extends keyof TrialFigures>(run: Run, { variants }: FigureData, key: T) {
  const pictured = variants.find((entry) => entry[key] && run.trials.some((trial) => isSameTrial(trial, entry)));
  const trial = pictured && run.trials.find((candidate) => isSameTrial(candidate, pictured));
  return trial ? [{ run, trial, picture: pictured[key]! }] : [];
}

/** Which trained networks are pictured: `seed 42`, `fold 1, seed 42`. */
export function picturedText(pictured: readonly { trial: TrialKey }[]): string {
  const names = pictured.map(({ trial: { fold, seed } }) => `${fold ? `fold ${fold.index + 1}, ` : ''}seed ${seed}`);
  return [...new Set(names)].join('; ');
}

/** Checks that `data` has the right lengths and speaks of the trials of `results`. */
export function checkFigureData(where: string, { trials }: Results, data: FigureData): void {
  const { scatter, variants } = data ?? {};
  if (!Array.isArray(variants)) fail(where, 'data', 'the FigureData of an experiment', data);
  for (const key of scatter ? (['x', 'y', 'part'] as const) : []) {
    const rule = `as long as data.scatter.label (${scatter?.label.length})`;
    if (scatter?.[key].length !== scatter?.label.length) fail(where, `data.scatter.${key}`, rule, scatter?.[key]);
  }
  const wrong = trials.some(({ confusion }) => confusion) ? scatter?.label.find((label) => !isIndex(label)) : undefined;
  if (wrong !== undefined) fail(where, 'data.scatter.label', 'a list of class indices', wrong);
  const first = variants.find(({ boundary }) => boundary)?.boundary;
  for (const entry of variants) {
    const { variant, seed, boundary, point } = entry;
    const isKnown = trials.some((trial) => isSameTrial(trial, entry));
    if (!isKnown) fail(where, 'data.variants', 'about finished trials of results', `${variant}, seed ${seed}`);
    // Another scaling, which a sweep may choose, moves the limits.
    if (boundary && first) checkBoundary(where, boundary, point ? boundary : first);
  }
}

const isIndex = (value: number) => Number.isSafeInteger(value) && value >= 0;

function checkBoundary(where: string, boundary: Boundary, first: Boundary): void {
  const { columns, rows, classes, probabilities } = boundary;
  for (const key of ['xMin', 'xMax', 'yMin', 'yMax', 'classes'] as const) {
    const rule = `the same for all variants (${first[key]})`;
    if (boundary[key] !== first[key]) fail(where, `data.variants[].boundary.${key}`, rule, boundary[key]);
  }
  const needed = columns * rows * (classes === 2 ? 1 : classes);
  const rule = `${columns} x ${rows} cells for ${classes} classes (${needed} values, 2 x 2 cells or more)`;
  const isRight = classes >= 1 && columns >= 2 && rows >= 2 && probabilities.length === needed;
  if (!isRight) fail(where, 'data.variants[].boundary.probabilities', rule, probabilities);
}

/** A reference with the means of its scores over the folds. */
export interface ReferenceRow {
  reference: string;
  train: Readonly<Record<string, number>>;
  test: Readonly<Record<string, number>>;
}

/** The references of the results, one row each. */
export function referenceRows({ references: given = [], metrics }: Results): ReferenceRow[] {
  const recorded = Object.keys(metrics);
  const references = given.filter(({ test, train }) => recorded.every((name) => name in test && name in train));
  const names = [...new Set(references.map(({ reference }) => reference))];
  return names.map((name) => {
    const own = references.filter(({ reference }) => reference === name);
    const means = (part: 'train' | 'test') => {
      const keys = Object.keys(own[0][part]);
      return Object.fromEntries(keys.map((key) => [key, average(own.map((entry) => entry[part][key]))]));
    };
    return { reference: name, train: means('train'), test: means('test') };
  });
}
