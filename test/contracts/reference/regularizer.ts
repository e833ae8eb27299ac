// What each regularizer adds to the loss, for an array of weights in float64.

export type RegularizerReference = (w: Float64Array, options: Readonly<Record<string, number>>) => number;

const absolutes = (w: Float64Array) => w.reduce((sum, value) => sum + Math.abs(value), 0);
const squares = (w: Float64Array) => w.reduce((sum, value) => sum + value * value, 0);

export const references: Record<string, RegularizerReference> = {
  l1: (w, { l1 }) => l1 * absolutes(w),
  l2: (w, { l2 }) => l2 * squares(w),
  l1l2: (w, { l1, l2 }) => l1 * absolutes(w) + l2 * squares(w),
};
