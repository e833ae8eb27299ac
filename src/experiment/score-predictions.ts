// What a trained network's predictions and weights say beyond loss and accuracy.
import type { Matrix } from '../data/index.ts';
import type { Calibration, Sparsity } from './results.ts';

const bins = 10;
const nearZero = 1e-3;

/** Counts of points by true class (row) and predicted class (column). */
export function confusion(y: ArrayLike<number>, predicted: ArrayLike<number>, classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => Array<number>(classes).fill(0));
  for (let i = 0; i < y.length; i++) counts[y[i]][predicted[i]]++;
  return counts;
}

/**
 * Compares confidence with accuracy in ten equal bins of the predicted class's probability (the reliability diagram of
 * Guo et al. 2017, "On calibration of modern neural networks"). A bin holds its lower edge; the last holds 1, too.
 *
 * @param probabilities - (points, classes)
 */
export function calibration(y: ArrayLike<number>, predicted: ArrayLike<number>, { data, shape }: Matrix): Calibration {
  const count = Array<number>(bins).fill(0);
  const confidence = Array<number>(bins).fill(0);
  const correct = Array<number>(bins).fill(0);
  for (let i = 0; i < y.length; i++) {
    const probability = data[i * shape[1] + predicted[i]];
    const bin = Math.min(bins - 1, Math.floor(probability * bins));
    count[bin]++;
    confidence[bin] += probability;
    if (predicted[i] === y[i]) correct[bin]++;
  }
  const mean = (sums: number[]) => sums.map((sum, bin) => (count[bin] > 0 ? sum / count[bin] : 0));
  return { count, confidence: mean(confidence), accuracy: mean(correct) };
}

/** Shares of weights that are exactly zero, and that are below 1e-3 in magnitude. */
export function sparsity(kernel: ArrayLike<number>): Sparsity {
  let zeros = 0;
  let small = 0;
  for (let i = 0; i < kernel.length; i++) {
    if (kernel[i] === 0) zeros++;
    if (Math.abs(kernel[i]) < nearZero) small++;
  }
  return { zero: zeros / kernel.length, nearZero: small / kernel.length };
}
