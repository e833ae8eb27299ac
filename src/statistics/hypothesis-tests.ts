// Tests of differences between means, and the correction for making several of them.
import { type Estimate, estimate } from './estimate.ts';
import { tQuantile975, tTwoSidedP } from './student-t.ts';

/**
 * Student's t test for paired samples: the estimate of the mean of `values[i] - baseline[i]`, and the two-sided p value
 * of its being zero, null for one pair. `dependence` as in {@link estimate}.
 *
 * Where all differences are the same, p is 0, as `scipy.stats.ttest_rel` has it. Where all are zero, p is 1, and SciPy's
 * is NaN.
 */
export function pairedTTest(
  values: readonly number[],
  baseline: readonly number[],
  dependence = 0,
): { difference: Estimate; p: number | null } {
  const difference = estimate(
    values.map((value, i) => value - baseline[i]),
    dependence,
  );
  const { mean, sd, n } = difference;
  if (sd === null) return { difference, p: null };
  const size = [...values, ...baseline].reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return { difference, p: pValue(mean, sd * Math.sqrt(1 / n + dependence), n - 1, size) };
}

/**
 * Difference between the means of two independent samples, second minus first, without assuming equal variances (Welch
 * 1947): its 95 % interval and two-sided p value, null where a sample has one value. Samples without variance give the
 * p values of {@link pairedTTest}. `dependences` as in {@link estimate}, for each sample.
 */
export function welch(
  [a, b]: readonly [Estimate, Estimate],
  dependences: readonly [number, number] = [0, 0],
): { mean: number; ci95: [low: number, high: number] | null; p: number | null } {
  const mean = b.mean - a.mean;
  if (a.sd === null || b.sd === null) return { mean, ci95: null, p: null };
  const va = a.sd * a.sd * (1 / a.n + dependences[0]);
  const vb = b.sd * b.sd * (1 / b.n + dependences[1]);
  const error = Math.sqrt(va + vb);
  // Welch & Satterthwaite's. It is not below 1 but for rounding, and 0/0 without variance, where any number will do.
  const degreesOfFreedom = Math.max(1, ((va + vb) * (va + vb)) / ((va * va) / (a.n - 1) + (vb * vb) / (b.n - 1)) || 1);
  const half = tQuantile975(degreesOfFreedom) * error;
  const p = pValue(mean, error, degreesOfFreedom, Math.max(Math.abs(a.mean), Math.abs(b.mean)));
  return { mean, ci95: [mean - half, mean + half], p };
}

/** Adjusts p values for being several (Holm 1979, "A simple sequentially rejective multiple test procedure"). */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((i, j) => pValues[i] - pValues[j]);
  const adjusted: number[] = [];
  let largest = 0;
  for (const [rank, i] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * pValues[i]));
    adjusted[i] = largest;
  }
  return adjusted;
}

/** P value of a mean of differences between values of up to `size`. What may be rounding of these counts as zero. */
function pValue(mean: number, standardError: number, degreesOfFreedom: number, size: number): number {
  const rounding = 1e-12 * size;
  if (standardError > rounding) return tTwoSidedP(mean / standardError, degreesOfFreedom);
  return Math.abs(mean) > rounding ? 0 : 1;
}
