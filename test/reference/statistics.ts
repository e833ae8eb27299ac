// Test statistics as standard normal z-scores, so that one bound fits all.

/** z of a chi-square statistic with `degrees` of freedom (Wilson & Hilferty 1931). */
export function chiSquareZ(chiSquare: number, degrees: number): number {
  const variance = 2 / (9 * degrees);
  return (Math.cbrt(chiSquare / degrees) - (1 - variance)) / Math.sqrt(variance);
}

/** z of `successes` in `n` independent trials of probability `p`. */
export function binomialZ(successes: number, n: number, p: number): number {
  return (successes - n * p) / Math.sqrt(n * p * (1 - p));
}

/** Mean and standard error of a sample. */
export function meanAndError(sample: readonly number[]): { mean: number; error: number } {
  const n = sample.length;
  const mean = sample.reduce((sum, x) => sum + x, 0) / n;
  const variance = sample.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1);
  return { mean, error: Math.sqrt(variance / n) };
}
