// What losses and metrics compute from the outputs of a network.
import { exp, log } from '../../random/index.ts';
import type { Operations } from '../wasm/generated/operations.ts';

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

/** 1 / (1 + e^−z), in the form that keeps the digits of small probabilities. */
function logistic(z: number): number {
  const e = exp(-Math.abs(z));
  return (z < 0 ? e : 1) / (1 + e);
}

/** log(1 + u) for u in [0, 1]; what 1 + u rounds away is put back. */
function log1p(u: number): number {
  const sum = 1 + u;
  return log(sum) + (u - (sum - 1)) / sum;
}

export const losses = {
  softmax({ data: p }, { data: logits }, rows, columns) {
    for (let start = 0; start < rows * columns; start += columns) {
      const sum = exponentials(p, logits, start, columns);
      for (let j = start; j < start + columns; j++) p[j] /= sum;
    }
  },
  softmaxCrossEntropy({ data: dLogits }, { data: logits }, { data: labels }, rows, columns) {
    let loss = 0;
    for (let i = 0, start = 0; i < rows; i++, start += columns) {
      const gap = logits[start + argmaxRow(logits, start, columns)] - logits[start + labels[i]];
      const sum = exponentials(dLogits, logits, start, columns);
      loss += log(sum) + gap;
      for (let j = 0; j < columns; j++) {
        dLogits[start + j] = (dLogits[start + j] / sum - (j === labels[i] ? 1 : 0)) / rows;
      }
    }
    return loss;
  },

  sigmoid({ data: p }, { data: logits }, n) {
    for (let i = 0; i < n; i++) p[i] = logistic(logits[i]);
  },
  sigmoidCrossEntropy({ data: dLogits }, { data: logits }, { data: targets }, n) {
    let loss = 0;
    for (let i = 0; i < n; i++) {
      const z = logits[i];
      loss += Math.max(z, 0) - z * targets[i] + log1p(exp(-Math.abs(z)));
      dLogits[i] = (logistic(z) - targets[i]) / n;
    }
    return loss;
  },

  squaredError({ data: dOutput }, { data: output }, { data: targets }, n) {
    let loss = 0;
    for (let i = 0; i < n; i++) {
      const difference = output[i] - targets[i];
      loss += difference * difference;
      dOutput[i] = (2 * difference) / n;
    }
    return loss;
  },

  argmax({ data: indices }, { data: x }, rows, columns) {
    for (let i = 0; i < rows; i++) indices[i] = argmaxRow(x, i * columns, columns);
  },
  countCorrect({ data: x }, { data: labels }, rows, columns) {
    let correct = 0;
    for (let i = 0; i < rows; i++) if (argmaxRow(x, i * columns, columns) === labels[i]) correct++;
    return correct;
  },
} satisfies Partial<Operations>;
