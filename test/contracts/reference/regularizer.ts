// What each regularizer adds to the loss, for an array of weights in float64.

export type RegularizerReference = (
  w: Float64Array,
  options: Readonly<Record<string, number>>,
  shape: readonly number[],
) => number;

const absolutes = (w: Float64Array) => w.reduce((sum, value) => sum + Math.abs(value), 0);
const squares = (w: Float64Array) => w.reduce((sum, value) => sum + value * value, 0);

const rowsOf = (w: Float64Array, rows: number) =>
  Array.from({ length: rows }, (_, i) => w.subarray((i * w.length) / rows, ((i + 1) * w.length) / rows));

export const references: Record<string, RegularizerReference> = {
  l1: (w, { l1 }) => l1 * absolutes(w),
  l2: (w, { l2 }) => l2 * squares(w),
  l1l2: (w, { l1, l2 }) => l1 * absolutes(w) + l2 * squares(w),
  groupLasso: (w, { strength }, [rows]) =>
    strength * rowsOf(w, rows).reduce((sum, row) => sum + Math.sqrt(squares(row)), 0),
  // Keras: rows are normalized, and the products off the diagonal are counted twice.
  orthogonalRegularizer(w, { factor, mode }, [rows, columns = 1]) {
    const byRow = rowsOf(w, rows);
    const vectors =
      String(mode) === 'rows'
        ? byRow
        : Array.from({ length: columns }, (_, j) => Float64Array.from(byRow, (row) => row[j]));
    const units = vectors.map((v) => v.map((value) => value / Math.sqrt(Math.max(squares(v), 1e-12))));
    let sum = 0;
    for (const [i, a] of units.entries()) {
      for (const [k, b] of units.entries())
        if (i !== k) sum += Math.abs(a.reduce((dot, value, j) => dot + value * b[j], 0));
    }
    const { length: n } = units;
    return n < 2 ? 0 : (factor * 0.5 * sum) / ((n * (n - 1)) / 2);
  },
};
