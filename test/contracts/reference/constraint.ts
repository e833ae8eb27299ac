// What each constraint makes of a kernel (rows, columns), in float64.

export type ConstraintReference = (
  w: Float64Array,
  shape: readonly [number, number],
  options: Readonly<Record<string, number>>,
) => Float64Array;

/** The Euclidean norm of each column. */
export function columnNorms(w: ArrayLike<number>, columns: number): number[] {
  const norms = new Array<number>(columns).fill(0);
  for (let i = 0; i < w.length; i++) norms[i % columns] += w[i] ** 2;
  return norms.map(Math.sqrt);
}

export const references: Record<string, ConstraintReference> = {
  // Keras: w · clip(norm, 0, maxValue) / norm, with the norm over the inputs of each unit.
  maxNorm(w, [, columns], { maxValue }) {
    const norms = columnNorms(w, columns);
    return w.map((value, i) => value * (Math.min(norms[i % columns], maxValue) / norms[i % columns]));
  },
  unitNorm(w, [, columns]) {
    const norms = columnNorms(w, columns);
    return w.map((value, i) => (value === 0 ? 0 : value / norms[i % columns]));
  },
  nonNegative: (w) => w.map((value) => Math.max(value, 0)),
};
