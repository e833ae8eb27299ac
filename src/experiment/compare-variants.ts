// Compares every variant with the first one, paired over the seeds and folds that both have finished.
import type { Comparison, Estimate, TrialResult } from './results.ts';
import { average, estimate, holm, tTest } from './statistics.ts';

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

/** Comparisons of `groups[1…]` with `groups[0]`. `dependence` is that of `estimate`. */
export function compareVariants([first, ...others]: readonly Group[], dependence: number): Comparison[] {
  const differences = others.map(({ trials }) => {
    const pairs = pair(trials, first.trials);
    return pairs.length > 0
      ? estimate(
          perUnit(pairs, ({ own, base }) => own.test.accuracy - base.test.accuracy),
          dependence,
        )
      : undefined;
  });
  const tested = others.flatMap(({ variant }, i) => {
    const difference = differences[i];
    return difference ? [{ variant, difference, p: tTest(difference, dependence) }] : [];
  });
  const adjusted = holm(tested.flatMap(({ p }) => (p === null ? [] : [p])));
  let next = 0;
  return tested.map(({ variant, difference, p }) => {
    const pAdjusted = p === null ? null : adjusted[next++];
    const shown = pAdjusted !== null && pAdjusted < level;
    const verdict = !shown ? 'no difference shown' : difference.mean > 0 ? 'better' : 'worse';
    const comparison = { variant, baseline: first.variant, difference, p, pAdjusted, verdict } as const;
    return { ...comparison, text: sentence(comparison) };
  });
}

export function pair(trials: readonly TrialResult[], baseline: readonly TrialResult[]) {
  const key = ({ seed, fold }: TrialResult) => `${fold?.index} ${seed}`;
  const bases = new Map(baseline.map((trial) => [key(trial), trial]));
  return trials.flatMap((own) => {
    const base = bases.get(key(own));
    return base ? [{ own, base, ...(own.fold && { fold: own.fold }) }] : [];
  });
}

function sentence({ variant, baseline, difference, pAdjusted, verdict }: Omit<Comparison, 'text'>): string {
  if (verdict === 'better') return `${variant} beats ${baseline} by ${points(difference)}`;
  if (verdict === 'worse') return `${variant} falls behind ${baseline} by ${points(difference)}`;
  const start = `No difference shown between ${variant} and ${baseline}`;
  const { ci95 } = difference;
  if (!ci95 || pAdjusted === null) return `${start}: one pair (${signed(difference)}) says nothing about chance`;
  const excludesZero = ci95[0] > 0 || ci95[1] < 0;
  const reason = excludesZero ? `, adjusted p = ${pAdjusted.toFixed(2)}` : '';
  return `${start} (${signed(difference)}${reason})`;
}

/** `4.2 ± 0.9 points`: percentage points of accuracy with half the 95 % interval. */
function points({ mean, ci95 }: Estimate): string {
  const half = ci95 ? ((ci95[1] - ci95[0]) / 2) * 100 : undefined;
  const digits = half !== undefined && half >= 0.095 ? 1 : 2;
  const size = (Math.abs(mean) * 100).toFixed(digits);
  return half === undefined ? `${size} points` : `${size} ± ${half.toFixed(digits)} points`;
}

function signed(difference: Estimate): string {
  const text = points(difference);
  const sign = /^[0.]+ /.test(text) ? '' : difference.mean < 0 ? '−' : '+';
  return sign + text;
}
