// Estimates of a mean from a sample, and quantiles: numbers in, numbers out.
import { exp } from '../random/index.ts';
import { tQuantile975 } from './student-t.ts';

/**
 * An estimate of a mean from `n` values; in results these are `n` seeds, or `n` folds, each the mean of its seeds.
 * Standard deviation and interval are null for `n = 1`.
 */
export interface Estimate {
  mean: number;
  /** Sample standard deviation (with n − 1). */
  sd: number | null;
  /**
   * 95 % interval of the mean (Student's t; for shares such as accuracies on the logit scale; for folds with the correction
   * for their overlap).
   */
  ci95: [low: number, high: number] | null;
  n: number;
}

/**
 * Estimates the mean of the population that `values` (at least one) were drawn from.
 *
 * @param dependence - What to add to 1/n in the variance of the mean, for values that share data: for the folds of
 * cross-validation the size of a test part over the size of a training part (Nadeau & Bengio 2003, "Inference for the
 * generalization error", Machine Learning 52, equation 9). Default 0, independent values.
 */
export function estimate(values: readonly number[], dependence = 0): Estimate {
  const n = values.length;
  const mean = average(values);
  if (n === 1) return { mean, sd: null, ci95: null, n };
  const sd = Math.sqrt(sum(values.map((value) => (value - mean) * (value - mean))) / (n - 1));
  const half = tQuantile975(n - 1) * sd * Math.sqrt(1 / n + dependence);
  return { mean, sd, ci95: [mean - half, mean + half], n };
}

/**
 * {@link estimate} of shares, whose interval lies between 0 and 1: Student's interval of the logit log(m / (1 − m)) of their
 * mean m, whose standard error is that of the mean over m (1 − m) by the delta method, brought back to shares. It is the
 * interval `logit` of `svyciprop` in R's package survey (Lumley 2010, "Complex Surveys", Wiley).
 */
export function estimateShare(values: readonly number[], dependence = 0): Estimate {
  const plain = estimate(values, dependence);
  const { mean, ci95 } = plain;
  if (!ci95 || !(mean > 0 && mean < 1)) return plain;
  const factor = exp((ci95[1] - mean) / (mean * (1 - mean)));
  return { ...plain, ci95: [mean / (mean + (1 - mean) * factor), mean / (mean + (1 - mean) / factor)] };
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

/** The median of at least one value, in ascending order. */
export function median(sorted: ArrayLike<number>): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** The mean of at least one value. */
export function average(values: readonly number[]): number {
  return sum(values) / values.length;
}

/** The sum of the values. */
export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
