// What layers other than activations compute: bias, dropout.
import type { Operations } from '../wasm/generated/operations.ts';

/** Word i of the counter-based stream (key0, key1), as a signed integer; see assembly/random/counter.ts. */
function word(i: number, key0: number, key1: number): number {
  let x = (Math.imul(i, 0x9e3779b1) + key0) | 0;
  x ^= x >>> 16;
  x = (Math.imul(x, 0x7feb352d) + key1) | 0;
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  return x ^ (x >>> 16);
}

export const layers = {
  addBias({ data: y }, { data: bias }, rows, columns) {
    for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < columns; j++, at++) y[at] += bias[j];
  },
  biasGradient({ data: db }, { data: dy }, rows, columns) {
    db.fill(0, 0, columns);
    for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < columns; j++, at++) db[j] += dy[at];
  },

  dropout({ data: y }, { data: x }, n, threshold, scale, key0, key1) {
    for (let i = 0; i < n; i++) y[i] = word(i, key0, key1) < threshold ? x[i] * scale : 0;
  },
} satisfies Partial<Operations>;
