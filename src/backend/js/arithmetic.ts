// Arithmetic of arrays, element by element.
import type { Operations } from '../wasm/generated/operations.ts';
import { flushed } from './functions.ts';

export const arithmetic = {
  scale({ data: y }, { data: x }, n, factor) {
    for (let i = 0; i < n; i++) y[i] = factor * x[i];
  },
  addScaled({ data: y }, { data: x }, n, factor) {
    for (let i = 0; i < n; i++) y[i] += factor * x[i];
  },
  moveTowards({ data: y }, { data: x }, n, share) {
    for (let i = 0; i < n; i++) y[i] = flushed(y[i] + share * (x[i] - y[i]));
  },
  flush({ data: x }, n) {
    for (let i = 0; i < n; i++) x[i] = flushed(x[i]);
  },
  gather({ data: to }, { data: from }, { data: indices }, start, rows, columns) {
    for (let i = 0, at = 0; i < rows; i++) {
      const row = indices[start + i] * columns;
      for (let j = row; j < row + columns; j++, at++) to[at] = from[j];
    }
  },
  clip({ data: y }, { data: x }, n, low, high) {
    for (let i = 0; i < n; i++) y[i] = x[i] < low ? low : x[i] > high ? high : x[i];
  },
} satisfies Partial<Operations>;
