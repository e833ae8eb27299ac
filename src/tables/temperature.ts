// Temperature scaling: how sure a classifier's probabilities should be (Guo et al. 2017, "On Calibration of Modern Neural Networks").
import type { Matrix } from '../data/index.ts';
import { exp, log } from '../random/index.ts';

/** Factors of the logits that are considered; beyond them, few rows say nothing. */
const RANGE: [least: number, greatest: number] = [0.1, 10];

/**
 * The temperature T ≥ 0.1, up to 10, for which p^(1/T), normalized, has the least log loss on predictions of rows that have trained
 * nothing. One more row, shared equally by all classes, keeps it finite where every row is right (as Platt 1999 does).
 */
export function fitTemperature({ data, shape: [rows, classes] }: Matrix, y: Int32Array): number {
  const smoothing = 1 / (rows + 1);
  // Logits as their distance to the greatest of their row; `targets` is the sum of those that should be probable.
  const logits = Float64Array.from(data, (p) => log(Math.max(p, 2 ** -126)));
  let targets = 0;
  for (let start = 0; start < logits.length; start += classes) {
    const row = logits.subarray(start, start + classes);
    const greatest = row.reduce((a, b) => Math.max(a, b));
    for (let k = 0; k < classes; k++) row[k] -= greatest;
    const mean = row.reduce((sum, logit) => sum + logit) / classes;
    targets += (1 - smoothing) * row[y[start / classes]] + smoothing * mean;
  }
  /** The loss for the factor 1 / T. It is convex in it. */
  const lossOf = (factor: number) => {
    let sum = -factor * targets;
    for (let start = 0; start < logits.length; start += classes) {
      let total = 0;
      for (let k = start; k < start + classes; k++) total += exp(factor * logits[k]);
      sum += log(total);
    }
    return sum;
  };
  // Ternary search: a third of the range is left out in each of 40 rounds.
  let [low, high] = RANGE;
  for (let round = 0; round < 40; round++) {
    const third = (high - low) / 3;
    if (lossOf(low + third) < lossOf(high - third)) high -= third;
    else low += third;
  }
  return 2 / (low + high);
}
