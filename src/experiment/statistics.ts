// Estimates, the paired test, the correction for several comparisons, and quantiles: numbers in, numbers out.
import type { Estimate } from './results.ts';
import { tQuantile975, tTwoSidedP } from './student-t.ts';

/** Accuracies that differ by less are equal: it is rounding of their sums. */
const rounding = 1e-12;

/**
 * Estimates the mean of the population that `values` (at least one) were drawn from.
 *
 * @param dependence - What to add to 1/n in the variance of the mean, for values that share data: for the folds of
 * cross-validation the size of a test part over the size of a training part (Nadeau & Bengio 2003, "Inference for the
 * generalization error", Machine Learning 52, equation 9). Default 0, independent values.
 */
export function estimate(values: readonly number[], dependence = 0): Estimate {
  const n = values.length;
  const mean = sum(values) / n;
  if (n === 1) return { mean, sd: null, ci95: null, n };
  const sd = Math.sqrt(sum(values.map((value) => (value - mean) * (value - mean))) / (n - 1));
  const half = dependence
    ? tQuantile975(n - 1) * sd * Math.sqrt(1 / n + dependence)
    : (tQuantile975(n - 1) * sd) / Math.sqrt(n);
  return { mean, sd, ci95: [mean - half, mean + half], n };
}

/**
 * Two-sided p value of Student's t test that the mean is zero, with `dependence` as in {@link estimate}; on paired
 * differences it is the paired t test. Null for one value.
 *
 * Where all values are the same the t statistic would be infinite. Then it is 1 for zeros, and otherwise the p value of
 * the sign test, 2^(1 - n).
 */
export function tTest({ mean, sd, n }: Estimate, dependence = 0): number | null {
  if (sd === null) return null;
  if (sd > rounding) return tTwoSidedP(mean / (sd * Math.sqrt(1 / n + dependence)), n - 1);
  if (Math.abs(mean) <= rounding) return 1;
  let p = 2;
  for (let i = 0; i < n; i++) p /= 2;
  return p;
}

/**
 * Difference between the means of two independent samples, second minus first, without assuming equal variances (Welch
 * 1947): its 95 % interval and two-sided p value, null where a sample has one value or neither varies. `dependences`
 * as in {@link estimate}, for each sample.
 */
export function welch(
  [a, b]: readonly [Estimate, Estimate],
  dependences: readonly [number, number] = [0, 0],
): { mean: number; ci95: [low: number, high: number] | null; p: number | null } {
  const mean = b.mean - a.mean;
  const [va, vb] = [a, b].map(({ sd, n }, i) => (sd === null ? Number.NaN : sd * sd * (1 / n + dependences[i])));
  const error = Math.sqrt(va + vb);
  if (!(error > rounding)) return { mean, ci95: null, p: null };
  // Welch & Satterthwaite's; not below 1 but for rounding.
  const degreesOfFreedom = Math.max(1, ((va + vb) * (va + vb)) / ((va * va) / (a.n - 1) + (vb * vb) / (b.n - 1)));
  const half = tQuantile975(degreesOfFreedom) * error;
  return { mean, ci95: [mean - half, mean + half], p: tTwoSidedP(mean / error, degreesOfFreedom) };
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

/** Quantiles at `shares` of at least one value, linear between order statistics (Hyndman & Fan's type 7, NumPy's default). */
export function quantiles(values: readonly number[], shares: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return shares.map((share) => {
    const at = share * (sorted.length - 1);
    const below = Math.floor(at);
    const value = sorted[below];
    return below + 1 < sorted.length ? value + (at - below) * (sorted[below + 1] - value) : value;
  });
}

export function average(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
