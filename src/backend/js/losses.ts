// What losses and metrics compute from the outputs of a network.
import { exp, log } from '../../random/index.ts';
import { log1p, logistic } from './functions.ts';
import type { Kernels } from './kernels.ts';

/** The column of the first greatest value of the row that starts at `start`. */
function argmaxRow(x: Float32Array, start: number, columns: number): number {
  let best = 0;
  for (let j = 1; j < columns; j++) if (x[start + j] > x[start + best]) best = j;
  return best;
}

/** Writes exp(x − max) of a row to `out`; returns their sum. */
function exponentials(out: Float32Array, x: Float32Array, start: number, columns: number): number {
  const greatest = x[start + argmaxRow(x, start, columns)];
  let sum = 0;
  for (let j = start; j < start + columns; j++) {
    const e = exp(x[j] - greatest);
    out[j] = e;
    sum += e;
  }
  return sum;
}

type OfOutput = (output: number, target: number, option: number) => number;

/** The sum of a loss over all outputs; gradients are its slopes, divided by their number. */
const pointwise =
  (loss: OfOutput, slope: OfOutput) =>
  (dOutput: Float32Array, output: Float32Array, targets: Float32Array, n: number, option = 0) => {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      sum += loss(output[i], targets[i], option);
      dOutput[i] = slope(output[i], targets[i], option) / n;
    }
    return sum;
  };

const smoothed = (target: number, smoothing: number) => (1 - smoothing) * target + smoothing / 2;
const limited = (x: number, most: number) => Math.max(Math.min(x, most), -most);

export const losses = {
  softmax(p, logits, rows, columns) {
    for (let start = 0; start < rows * columns; start += columns) {
      const sum = exponentials(p, logits, start, columns);
      for (let j = start; j < start + columns; j++) p[j] /= sum;
    }
  },
  softmaxCrossEntropy(dLogits, logits, labels, rows, columns, smoothing) {
    let loss = 0;
    for (let i = 0, start = 0; i < rows; i++, start += columns) {
      const greatest = logits[start + argmaxRow(logits, start, columns)];
      let gap = (1 - smoothing) * (greatest - logits[start + labels[i]]);
      if (smoothing > 0) {
        for (let j = start; j < start + columns; j++) gap += (smoothing / columns) * (greatest - logits[j]);
      }
      const sum = exponentials(dLogits, logits, start, columns);
      loss += log(sum) + gap;
      for (let j = 0; j < columns; j++) {
        const target = (j === labels[i] ? 1 - smoothing : 0) + smoothing / columns;
        dLogits[start + j] = (dLogits[start + j] / sum - target) / rows;
      }
    }
    return loss;
  },

  sigmoidCrossEntropy: pointwise(
    (z, t, smoothing) => Math.max(z, 0) - z * smoothed(t, smoothing) + log1p(exp(-Math.abs(z))),
    (z, t, smoothing) => logistic(z) - smoothed(t, smoothing),
  ),
  squaredError: pointwise(
    (y, t) => (y - t) * (y - t),
    (y, t) => 2 * (y - t),
  ),
  absoluteError: pointwise(
    (y, t) => Math.abs(y - t),
    (y, t) => Math.sign(y - t),
  ),
  huber: pointwise(
    (y, t, delta) => limited(y - t, delta) * (y - t - limited(y - t, delta) / 2),
    (y, t, delta) => limited(y - t, delta),
  ),
  poisson: pointwise(
    (y, t) => exp(y) - t * y,
    (y, t) => exp(y) - t,
  ),
  pinball(dOutput, output, targets, quantiles, n, count) {
    let loss = 0;
    for (let i = 0, at = 0; i < n; i++) {
      for (let j = 0; j < count; j++, at++) {
        const difference = targets[i] - output[at];
        const slope = difference > 0 ? quantiles[j] : difference < 0 ? quantiles[j] - 1 : 0;
        loss += slope * difference;
        dOutput[at] = -slope / (n * count);
      }
    }
    return loss;
  },
  gaussianNll(dOutput, output, targets, rows, count, floor) {
    let loss = 0;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < count; j++) {
        const mean = 2 * i * count + j;
        const spread = exp(output[mean + count]);
        const variance = spread + floor;
        const difference = output[mean] - targets[i * count + j];
        loss += 0.5 * (log(variance) + (difference * difference) / variance);
        dOutput[mean] = difference / variance / (rows * count);
        dOutput[mean + count] =
          ((0.5 * (1 - (difference * difference) / variance)) / (rows * count)) * (spread / variance);
      }
    }
    return loss;
  },
  exponential(y, x, n) {
    for (let i = 0; i < n; i++) y[i] = exp(x[i]);
  },

  argmax(indices, x, rows, columns) {
    for (let i = 0; i < rows; i++) indices[i] = argmaxRow(x, i * columns, columns);
  },
  countCorrect(x, labels, rows, columns) {
    let correct = 0;
    for (let i = 0; i < rows; i++) if (argmaxRow(x, i * columns, columns) === labels[i]) correct++;
    return correct;
  },
} satisfies Partial<Kernels>;
