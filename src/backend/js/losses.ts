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

  sigmoidCrossEntropy(dLogits, logits, targets, n, smoothing) {
    let loss = 0;
    for (let i = 0; i < n; i++) {
      const z = logits[i];
      const target = (1 - smoothing) * targets[i] + smoothing / 2;
      loss += Math.max(z, 0) - z * target + log1p(exp(-Math.abs(z)));
      dLogits[i] = (logistic(z) - target) / n;
    }
    return loss;
  },

  squaredError(dOutput, output, targets, n) {
    let loss = 0;
    for (let i = 0; i < n; i++) {
      const difference = output[i] - targets[i];
      loss += difference * difference;
      dOutput[i] = (2 * difference) / n;
    }
    return loss;
  },

  absoluteError(dOutput, output, targets, n) {
    let loss = 0;
    for (let i = 0; i < n; i++) {
      const difference = output[i] - targets[i];
      loss += Math.abs(difference);
      dOutput[i] = Math.sign(difference) / n;
    }
    return loss;
  },
  huber(dOutput, output, targets, n, delta) {
    let loss = 0;
    for (let i = 0; i < n; i++) {
      const difference = output[i] - targets[i];
      const limited = Math.max(Math.min(difference, delta), -delta);
      loss += limited * (difference - limited / 2);
      dOutput[i] = limited / n;
    }
    return loss;
  },
  poisson(dOutput, output, targets, n) {
    let loss = 0;
    for (let i = 0; i < n; i++) {
      const rate = exp(output[i]);
      loss += rate - targets[i] * output[i];
      dOutput[i] = (rate - targets[i]) / n;
    }
    return loss;
  },
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
