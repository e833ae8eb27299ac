// The matrix product in its three layouts, written to be fast enough in plain JavaScript.
import type { Kernels } from './kernels.ts';

/** Rows of B are added to a row of C, four at a time: every access is sequential and C is read a quarter as often. */
const byRows =
  (isTransposed: boolean): Kernels['matmul'] =>
  (c, a, b, m, k, n) => {
    const [ofRow, stride] = isTransposed ? [1, m] : [k, 1];
    const whole = k & ~3;
    c.fill(0, 0, m * n);
    for (let i = 0; i < m; i++) {
      const start = i * ofRow;
      const row = i * n;
      for (let p = 0; p < whole; p += 4) {
        const a0 = a[start + p * stride];
        const a1 = a[start + (p + 1) * stride];
        const a2 = a[start + (p + 2) * stride];
        const a3 = a[start + (p + 3) * stride];
        const b0 = p * n;
        const b1 = b0 + n;
        const b2 = b1 + n;
        const b3 = b2 + n;
        for (let j = 0; j < n; j++) {
          c[row + j] += a0 * b[b0 + j] + a1 * b[b1 + j] + a2 * b[b2 + j] + a3 * b[b3 + j];
        }
      }
      for (let p = whole; p < k; p++) {
        const ap = a[start + p * stride];
        for (let j = 0; j < n; j++) c[row + j] += ap * b[p * n + j];
      }
    }
  };

export const matmul = {
  matmul: byRows(false),
  matmulTN: byRows(true),
  // Both operands have contiguous rows here: dot products with four independent sums.
  matmulNT(c, a, b, m, k, n) {
    const whole = k & ~3;
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        const row = i * k;
        const column = j * k;
        let s0 = 0;
        let s1 = 0;
        let s2 = 0;
        let s3 = 0;
        for (let p = 0; p < whole; p += 4) {
          s0 += a[row + p] * b[column + p];
          s1 += a[row + p + 1] * b[column + p + 1];
          s2 += a[row + p + 2] * b[column + p + 2];
          s3 += a[row + p + 3] * b[column + p + 3];
        }
        for (let p = whole; p < k; p++) s0 += a[row + p] * b[column + p];
        c[i * n + j] = s0 + s1 + s2 + s3;
      }
    }
  },
} satisfies Partial<Kernels>;
