// Compares every variant with the baseline, paired over the seeds and folds that both have finished.
import { average, type Estimate, holm, pairedTTest } from '../statistics/index.ts';
import type { Comparison, ComparisonVerdict, MetricFacts, TrialResult } from './results.ts';
import type { DecidingMetric } from './task.ts';

export const level = 0.05;

/** The trials of one variant, at one point of a sweep. */
export interface Group {
  variant: string;
  trials: readonly TrialResult[];
}

/**
 * One value per independent unit: per seed, or per fold the mean over its seeds. Seeds of a fold share its test part, so
 * counting each of them would claim more evidence than there is.
 */
export function perUnit<T extends Pick<TrialResult, 'fold'>>(
  trials: readonly T[],
  value: (trial: T) => number,
): number[] {
  if (!trials.some(({ fold }) => fold)) return trials.map(value);
  const folds = new Map<number | undefined, number[]>();
  for (const trial of trials) {
    const index = trial.fold?.index;
    folds.set(index, [...(folds.get(index) ?? []), value(trial)]);
  }
  return [...folds.values()].map(average);
}

/**
 * Comparisons of `groups` with the group of `baseline`, none where that has no trials. `dependence` is that of `estimate`.
 */
export function compareVariants(
  groups: readonly Group[],
  baseline: string,
  metric: DecidingMetric,
  dependence: number,
): Comparison[] {
  const first = groups.find(({ variant }) => variant === baseline);
  const tested = groups.flatMap(({ variant, trials }) => {
    const pairs = variant === baseline ? [] : pair(trials, first?.trials ?? []);
    if (pairs.length === 0) return [];
    const own = perUnit(pairs, ({ own }) => own.test[metric.name]);
    const base = perUnit(pairs, ({ base }) => base.test[metric.name]);
    return [{ variant, ...pairedTTest(own, base, dependence) }];
  });
  const adjusted = corrected(tested);
  return tested.map(({ variant, difference, p }, i) => {
    const pAdjusted = adjusted[i];
    const verdict = verdictOf(difference.mean, pAdjusted, metric);
    const comparison = { variant, baseline, difference, p, pAdjusted, verdict } as const;
    return { ...comparison, text: sentence(comparison, metric) };
  });
}

/** The p values of several tests, corrected for their number; null where a test has none. */
export function corrected(tests: readonly { p: number | null }[]): (number | null)[] {
  const adjusted = holm(tests.flatMap(({ p }) => p ?? []));
  return tests.map(({ p }) => (p === null ? null : (adjusted.shift() as number)));
}

/** What a difference shows, at the 5 % level of its adjusted p value. */
export function verdictOf(
  difference: number,
  pAdjusted: number | null,
  { better }: Pick<MetricFacts, 'better'>,
): ComparisonVerdict {
  if (pAdjusted === null || !(pAdjusted < level)) return 'no difference shown';
  return difference > 0 === (better === 'higher') ? 'better' : 'worse';
}

export function pair(trials: readonly TrialResult[], baseline: readonly TrialResult[]) {
  const key = ({ seed, fold }: TrialResult) => `${fold?.index} ${seed}`;
  const bases = new Map(baseline.map((trial) => [key(trial), trial]));
  return trials.flatMap((own) => {
    const base = bases.get(key(own));
    return base ? [{ own, base, ...(own.fold && { fold: own.fold }) }] : [];
  });
}

function sentence(comparison: Omit<Comparison, 'text'>, metric: DecidingMetric): string {
  const { variant, baseline, difference, pAdjusted, verdict } = comparison;
  if (verdict === 'better') return `${variant} beats ${baseline} by ${size(difference, metric)}`;
  if (verdict === 'worse') return `${variant} falls behind ${baseline} by ${size(difference, metric)}`;
  const start = `No difference shown between ${variant} and ${baseline}`;
  const { ci95 } = difference;
  const change = signed(difference, metric);
  if (!ci95 || pAdjusted === null) return `${start}: one pair (${change}) says nothing about chance`;
  const excludesZero = ci95[0] > 0 || ci95[1] < 0;
  const reason = excludesZero ? `, adjusted p = ${pAdjusted.toFixed(2)}` : '';
  return `${start} (${change}${reason})`;
}

/** `4.2 ± 0.9 points`: the size of a difference with half the 95 % interval; shares in percentage points. */
function size({ mean, ci95 }: Estimate, { unit }: DecidingMetric): string {
  const scale = unit === 'share' ? 100 : 1;
  const half = ci95 ? ((ci95[1] - ci95[0]) / 2) * scale : undefined;
  const value = Math.abs(mean) * scale;
  const digits = half !== undefined && half >= 0.095 ? 1 : 2;
  const short = (x: number) => (unit === 'share' ? x.toFixed(digits) : String(Number(x.toPrecision(3))));
  const range = half === undefined ? short(value) : `${short(value)} ± ${short(half)}`;
  return unit === 'share' ? `${range} points` : range;
}

function signed(difference: Estimate, metric: DecidingMetric): string {
  const text = size(difference, metric);
  const sign = /^[0.]+( |$)/.test(text) ? '' : difference.mean < 0 ? '−' : '+';
  return sign + text;
}
