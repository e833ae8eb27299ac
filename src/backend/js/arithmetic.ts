// Arithmetic of arrays, element by element.

import { flushed } from './functions.ts';
import type { Kernels } from './kernels.ts';

export const arithmetic = {
  scale(y, x, n, factor) {
    for (let i = 0; i < n; i++) y[i] = factor * x[i];
  },
  addScaled(y, x, n, factor) {
    for (let i = 0; i < n; i++) y[i] += factor * x[i];
  },
  moveTowards(y, x, n, share) {
    for (let i = 0; i < n; i++) y[i] = flushed(y[i] + share * (x[i] - y[i]));
  },
  flush(x, n) {
    for (let i = 0; i < n; i++) x[i] = flushed(x[i]);
  },
  gather(to, from, indices, start, rows, columns) {
    for (let i = 0, at = 0; i < rows; i++) {
      const row = indices[start + i] * columns;
      for (let j = row; j < row + columns; j++, at++) to[at] = from[j];
    }
  },
  clip(y, x, n, low, high) {
    for (let i = 0; i < n; i++) y[i] = x[i] < low ? low : x[i] > high ? high : x[i];
  },
} satisfies Partial<Kernels>;
