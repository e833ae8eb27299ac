// Naive float64 versions of the backend's operations: the definition, written down as loops.

/** Row-major matrix product op(a) (m, k) · op(b) (k, n); transposed operands are stored (k, m) and (n, k). */
export function product(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  [m, k, n]: readonly [number, number, number],
  transposeA: boolean,
  transposeB: boolean,
): { value: Float64Array; magnitude: Float64Array } {
  const value = new Float64Array(m * n);
  const magnitude = new Float64Array(m * n); // Σ|a|·|b|, what the rounding error of a sum is proportional to
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      for (let p = 0; p < k; p++) {
        const term = a[transposeA ? p * m + i : i * k + p] * b[transposeB ? j * k + p : p * n + j];
        value[i * n + j] += term;
        magnitude[i * n + j] += Math.abs(term);
      }
    }
  }
  return { value, magnitude };
}

/** Softmax of a row. */
export function softmaxRow(row: number[]): number[] {
  const greatest = Math.max(...row);
  const exponentials = row.map((x) => Math.exp(x - greatest));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((e) => e / sum);
}

/** −log softmax(row)[label]. */
export function crossEntropyRow(row: number[], label: number): number {
  const greatest = Math.max(...row);
  return Math.log(row.reduce((sum, x) => sum + Math.exp(x - greatest), 0)) + greatest - row[label];
}

/** The gradient with the penalties' share. */
export function penalizedGradient(g: number, w: number, l1: number, l2: number): number {
  return g + l1 * Math.sign(w) + 2 * l2 * w;
}

/** Distinct values in [−1, 1) for every index, the same on every machine, exactly representable in float32. */
export function values(length: number, salt = 0): Float32Array {
  return Float32Array.from({ length }, (_, i) => {
    const mixed = Math.imul(i * 2 + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b);
    return (Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >> 8) / 2 ** 23;
  });
}
