// Sums up an experiment's trials: estimates per variant, the choice of a sweep, comparisons with the baseline.
import type { EngineInfo } from '../backend/index.ts';
import { catalog as builtIn } from '../catalog/index.ts';
import { type Catalog, checkCatalog, checkParts, fail } from '../errors/index.ts';
import { average, type Estimate, estimate, estimateShare } from '../statistics/index.ts';
import { seriesName } from '../train/index.ts';
import { compareVariants, type Group, perUnit } from './compare-variants.ts';
import type { MetricFacts, Results, SweepChoice, TrialKey, TrialResult, VariantSummary } from './results.ts';
import type { ExperimentSpec } from './spec.ts';
import { type DecidingMetric, decidingMetric, isOfLoss, metricFacts } from './task.ts';

/**
 * The results of the trials that have finished, in the order of their spec (at least one). Figures are left out.
 *
 * @param known - the kinds that the spec may use
 * @example
 * ```js
 * import { expand, presets, runTrial, summarize } from 'regulus/experiment';
 * import { createEngine } from 'regulus';
 *
 * const { moons } = presets;
 * const spec = { ...moons, variants: [{ label: 'Plain' }], training: { ...moons.training, epochs: 2 } };
 * const finished = [];
 * for (const trial of expand(spec)) finished.push(await runTrial(trial));
 * console.log(summarize(spec, createEngine().info, finished).summary[0].testAccuracy.mean);
 * ```
 */
export function summarize(
  spec: ExperimentSpec,
  engine: EngineInfo,
  results: readonly TrialResult[],
  known: Catalog = builtIn,
): Results {
  checkParts('summarize', 'engine', engine);
  checkParts('summarize', 'spec', spec, { training: 'object', variants: 'list', split: 'object' });
  checkCatalog('summarize', known);
  if (!Array.isArray(results) || results.length === 0) {
    fail('summarize', 'results', 'a list of one trial at least', results);
  }
  const trials = Array.from(results, (result: TrialResult) => {
    checkParts('summarize', 'results', result, { test: 'object', train: 'object', validation: 'object' });
    const { figures, model, ...rest } = result;
    return rest;
  });
  const dependence = foldOverlap(spec, trials);
  const recorded = [...new Set(trials.flatMap(({ test }) => Object.keys(test)))];
  const metrics = Object.fromEntries(recorded.map((name) => [name, metricFacts(name, known)]));
  const metric = decidingMetric(spec, known);
  const { name } = metric;
  const groups = spec.variants.flatMap(({ label }) => byPoint(label, trials));
  const summary = groups.map((group) => summaryOf(group, metric, metrics, dependence));
  const losses = sweepsLoss({ summary });
  const choices = choose(groups, summary, losses ? metric : undefined);
  const chosen = groups.filter(({ variant, trials: [{ point }] }) => isChosen(choices, variant, point));
  const decides = (entry: VariantSummary) => entry[seriesName('test', name)].mean;
  const best = summary
    .filter(({ variant, point }) => isChosen(choices, variant, point))
    .reduce((a, b) => (isBetter(metric, decides(b), decides(a)) ? b : a));
  const baseline = spec.variants[0].label;
  return {
    version: 2,
    name: spec.name,
    engine,
    spec,
    metric: name,
    metrics,
    trials,
    summary,
    best: best.variant,
    baseline,
    comparisons: compareVariants(chosen, baseline, metric, dependence),
    ...(choices.length > 0 && { sweep: choices }),
    methods: methods(metric, dependence > 0, choices.length > 0, losses),
  };
}

/** Whether `a` is better than `b`. */
const isBetter = ({ better }: Pick<MetricFacts, 'better'>, a: number, b: number): boolean =>
  better === 'higher' ? a > b : a < b;

/**
 * Whether results at `point` stand for the variant: without a sweep always, with one if it is the point that was chosen.
 *
 * @example
 * ```js
 * import { isChosen, presets, runExperiment } from 'regulus/experiment';
 *
 * const { moons } = presets;
 * const sweep = { type: 'grid', parameters: { 'network.dropout': [0, 0.5] } };
 * const spec = { ...moons, variants: [{ label: 'Dropout' }], sweep, training: { ...moons.training, epochs: 2 } };
 * const { results } = await runExperiment(spec);
 * console.log(results.trials.filter(({ variant, point }) => isChosen(results.sweep, variant, point)).length); // 1
 * ```
 */
export function isChosen(
  choices: readonly SweepChoice[] | undefined,
  variant: string,
  point: TrialResult['point'],
): boolean {
  if (choices !== undefined && !Array.isArray(choices)) fail('isChosen', 'choices', 'a list', choices);
  for (const choice of choices ?? []) checkParts('isChosen', 'choices', choice);
  return !point || choices?.some((c: SweepChoice) => c.variant === variant && samePoint(c.point, point)) === true;
}

const samePoint = (a: object | undefined, b: object | undefined) => JSON.stringify(a) === JSON.stringify(b);

/**
 * Whether two results are of one trial.
 *
 * @example
 * ```js
 * import { isSameTrial } from 'regulus/experiment';
 * console.log(isSameTrial({ variant: 'Plain', seed: 1 }, { variant: 'Plain', seed: 2 })); // false
 * ```
 */
export function isSameTrial(a: TrialKey, b: TrialKey): boolean {
  for (const trial of [a, b]) checkParts('isSameTrial', 'trial', trial);
  return a.variant === b.variant && a.seed === b.seed && a.fold?.index === b.fold?.index && samePoint(a.point, b.point);
}

/** One group per point of a variant, in order of first appearance; one in all without a sweep. */
function byPoint(variant: string, trials: readonly TrialResult[]): Group[] {
  const groups = new Map<string | undefined, TrialResult[]>();
  for (const trial of trials) {
    if (trial.variant !== variant) continue;
    const key = JSON.stringify(trial.point);
    const group = groups.get(key);
    if (group) group.push(trial);
    else groups.set(key, [trial]);
  }
  return [...groups.values()].map((own) => ({ variant, trials: own }));
}

function summaryOf(
  { variant, trials }: Group,
  { name, better }: DecidingMetric,
  metrics: Results['metrics'],
  dependence: number,
): VariantSummary {
  const over = (value: (trial: TrialResult) => number, isShare = false): Estimate =>
    (isShare ? estimateShare : estimate)(perUnit(trials, value), dependence);
  const isShare = (metric: string) => metrics[metric].unit === 'share';
  const sign = better === 'higher' ? 1 : -1;
  const [{ point, test }] = trials;
  const estimates = Object.keys(test).map(
    (key) => [seriesName('test', key), over((trial) => trial.test[key], isShare(key))] as const,
  );
  return {
    variant,
    ...(point && { point }),
    ...Object.fromEntries(estimates),
    [seriesName('train', name)]: over(({ train }) => train[name], isShare(name)),
    gap: over(({ train, test }) => sign * (train[name] - test[name])),
    valDataLoss: over(({ validation }) => validation.dataLoss),
  } as VariantSummary;
}

/**
 * Whether a sweep changes the loss: its values cannot choose a point then, and the metric that decides does it.
 *
 * @hidden
 */
export function sweepsLoss(results: Pick<Results, 'summary'>): boolean {
  checkParts('sweepsLoss', 'results', results, { summary: 'list' });
  return results.summary.some((entry) => Object.keys(entry?.point ?? {}).some(isOfLoss));
}

/** The chosen point of each variant, by its validation loss, or by a metric of the validation part. */
function choose(
  groups: readonly Group[],
  summary: readonly VariantSummary[],
  metric: DecidingMetric | undefined,
): SweepChoice[] {
  const chosen = new Map<string, SweepChoice & { value: number }>();
  for (const [i, { variant, trials }] of groups.entries()) {
    const { point, valDataLoss } = summary[i];
    if (!point) continue;
    const value = metric ? average(perUnit(trials, ({ validation }) => validation[metric.name])) : valDataLoss.mean;
    const best = chosen.get(variant);
    if (!best || isBetter(metric ?? { better: 'lower' }, value, best.value)) {
      chosen.set(variant, { variant, point, valDataLoss, value });
    }
  }
  return [...chosen.values()].map(({ value: _, ...choice }) => choice);
}

/** Size of a test part over the size of a training part, or 0 without folds. */
export function foldOverlap({ split }: ExperimentSpec, [{ fold }]: readonly TrialResult[]): number {
  return fold ? 1 / ((fold.of - 1) * (1 - split.validationSize)) : 0;
}

function methods(
  { name, unit: measure }: DecidingMetric,
  folds: boolean,
  sweep: boolean,
  losses: boolean,
): Record<string, string> {
  const unit = folds ? 'folds (each the mean of its seeds)' : 'seeds';
  const correction = folds
    ? ', its variance with test size over training size added to 1/n because folds share training data (Nadeau & Bengio 2003)'
    : '';
  return {
    estimate: `mean over ${unit}; sample standard deviation; 95 % interval from Student's t${measure === 'share' ? ', for shares on the logit scale, so that it is between 0 and 1' : ''}${correction}`,
    comparison: `difference in test ${name} to the first variant, paired over ${unit}; 95 % interval and two-sided p value of the paired t test${folds ? ', with the same correction' : ''}`,
    correction:
      'p values adjusted for several comparisons by Holm (1979); a difference counts as shown below 0.05; intervals are not adjusted',
    dependence: folds
      ? 'folds come from one data set and one shuffle; the intervals speak of new samples of about this size'
      : 'all seeds share one split into training, validation and test part; the intervals speak of new seeds on this split, not of new data',
    ...(sweep && {
      sweep: `for each variant, the setting with the ${losses ? `best mean validation ${name}, since losses differ,` : 'lowest mean validation loss without penalty'} is used and compared`,
    }),
  };
}
