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

/** The logistic function. */
export function logistic(z: number): number {
  return z < 0 ? Math.exp(z) / (1 + Math.exp(z)) : 1 / (1 + Math.exp(-z));
}

/** −t·log σ(z) − (1 − t)·log(1 − σ(z)). */
export function sigmoidCrossEntropyOf(z: number, t: number): number {
  return Math.max(z, 0) - z * t + Math.log1p(Math.exp(-Math.abs(z)));
}

/** The normal distribution function Φ: its tail by Simpson's rule on the density. */
export function normal(x: number, steps = 500): number {
  const size = Math.abs(x);
  const density = (t: number) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  // Beyond `size` + 10 there is nothing to speak of.
  const step = 10 / steps;
  let sum = density(size) + density(size + 10);
  for (let i = 1; i < steps; i++) sum += (i % 2 ? 4 : 2) * density(size + i * step);
  const tail = (sum * step) / 3;
  return x < 0 ? tail : 1 - tail;
}

/** Mean and population variance of each column. */
export function moments(x: ArrayLike<number>, rows: number, columns: number): { mean: number[]; variance: number[] } {
  const column = (j: number) => Array.from({ length: rows }, (_, i) => x[i * columns + j]);
  const average = (list: number[]) => list.reduce((a, b) => a + b, 0) / rows;
  const mean = Array.from({ length: columns }, (_, j) => average(column(j)));
  const variance = mean.map((center, j) => average(column(j).map((v) => (v - center) ** 2)));
  return { mean, variance };
}

/**
 * The gradient of Σ dy·y, where y = (x − mean)·inverse·gamma + beta and mean and inverse are those of x itself, by the
 * derivative of each y in a column by each x in it.
 */
export function normalizationGradient(
  dy: ArrayLike<number>,
  x: ArrayLike<number>,
  { mean, inverse, gamma }: Record<'mean' | 'inverse' | 'gamma', ArrayLike<number>>,
  rows: number,
  columns: number,
): Record<'dx' | 'dGamma' | 'dBeta', Float64Array> {
  const dx = new Float64Array(rows * columns);
  const [dGamma, dBeta] = [new Float64Array(columns), new Float64Array(columns)];
  for (let j = 0; j < columns; j++) {
    const standardized = (i: number) => (x[i * columns + j] - mean[j]) * inverse[j];
    for (let k = 0; k < rows; k++) {
      const d = dy[k * columns + j];
      dGamma[j] += d * standardized(k);
      dBeta[j] += d;
      for (let i = 0; i < rows; i++) {
        const derivative = (i === k ? 1 : 0) - 1 / rows - (standardized(i) * standardized(k)) / rows;
        dx[i * columns + j] += d * gamma[j] * inverse[j] * derivative;
      }
    }
  }
  return { dx, dGamma, dBeta };
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
