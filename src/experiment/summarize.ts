// Sums up an experiment's trials: estimates per variant, the choice of a sweep, comparisons with the baseline.
import type { EngineInfo } from '../backend/index.ts';
import { compareVariants, type Group, perUnit } from './compare-variants.ts';
import type { Results, SweepChoice, TrialResult, VariantSummary } from './results.ts';
import type { ExperimentSpec } from './spec.ts';
import { estimate } from './statistics.ts';

/** The results of the trials that have finished, in the order of their spec (at least one). Figures are left out. */
export function summarize(spec: ExperimentSpec, engine: EngineInfo, results: readonly TrialResult[]): Results {
  const trials = results.map(({ figures, ...result }) => result);
  const dependence = foldOverlap(spec, trials);
  const groups = spec.variants.flatMap(({ label }) => byPoint(label, trials));
  const summary = groups.map((group) => summaryOf(group, dependence));
  const choices = spec.variants.flatMap(({ label }) => choice(label, summary));
  const chosen = groups.filter(({ variant, trials: [{ point }] }) => isChosen(choices, variant, point));
  const best = summary
    .filter(({ variant, point }) => isChosen(choices, variant, point))
    .reduce((a, b) => (b.testAccuracy.mean > a.testAccuracy.mean ? b : a));
  return {
    version: 1,
    name: spec.name,
    engine,
    spec,
    trials,
    summary,
    best: best.variant,
    comparisons: compareVariants(chosen, dependence),
    ...(choices.length > 0 && { sweep: choices }),
    methods: methods(dependence > 0, choices.length > 0),
  };
}

/** Whether a variant is looked at with this point: without a sweep always, with one if it is the variant's choice. */
export function isChosen(
  choices: readonly SweepChoice[] | undefined,
  variant: string,
  point: TrialResult['point'],
): boolean {
  return !point || choices?.some((c) => c.variant === variant && samePoint(c.point, point)) === true;
}

const samePoint = (a: object | undefined, b: object | undefined) => JSON.stringify(a) === JSON.stringify(b);

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

function summaryOf({ variant, trials }: Group, dependence: number): VariantSummary {
  const over = (value: (trial: TrialResult) => number) => estimate(perUnit(trials, value), dependence);
  const { point } = trials[0];
  return {
    variant,
    ...(point && { point }),
    testAccuracy: over(({ test }) => test.accuracy),
    testLoss: over(({ test }) => test.loss),
    trainAccuracy: over(({ train }) => train.accuracy),
    gap: over(({ train, test }) => train.accuracy - test.accuracy),
    ...(point && { validationLoss: over(validationLoss) }),
  };
}

/** Without the penalty, which would favour points with a small one. */
function validationLoss({ validation, history, bestEpoch }: TrialResult): number {
  return validation?.dataLoss ?? history.valLoss[bestEpoch - 1];
}

function choice(variant: string, summary: readonly VariantSummary[]): SweepChoice[] {
  const candidates = summary.flatMap(({ variant: own, point, validationLoss }) =>
    own === variant && point && validationLoss ? [{ variant, point, validationLoss }] : [],
  );
  return candidates.length > 0
    ? [candidates.reduce((a, b) => (b.validationLoss.mean < a.validationLoss.mean ? b : a))]
    : [];
}

/** Size of a test part over the size of a training part, or 0 without folds. */
export function foldOverlap({ split }: ExperimentSpec, [{ fold }]: readonly TrialResult[]): number {
  return fold ? 1 / ((fold.of - 1) * (1 - split.validationSize)) : 0;
}

function methods(folds: boolean, sweep: boolean): Record<string, string> {
  const unit = folds ? 'folds (each the mean of its seeds)' : 'seeds';
  const correction = folds
    ? ', its variance with test size over training size added to 1/n because folds share training data (Nadeau & Bengio 2003)'
    : '';
  return {
    estimate: `mean over ${unit}; sd with n - 1; 95 % interval from Student's t${correction}`,
    comparison: `difference in test accuracy to the first variant, paired over ${unit}; 95 % interval and two-sided p value of the paired t test${folds ? ', with the same correction' : ''}`,
    correction:
      'p values adjusted for several comparisons by Holm (1979); a difference counts as shown below 0.05; intervals are not adjusted',
    dependence: folds
      ? 'folds come from one data set and one shuffle; the intervals speak of new samples of about this size'
      : 'all seeds share one split into training, validation and test part; the intervals speak of new seeds on this split, not of new data',
    ...(sweep && {
      sweep:
        'per variant the point with the lowest mean validation loss without penalty; comparisons are between these points',
    }),
  };
}
