// What each augmentation makes of a batch, in float64.
import { normalDraw } from './layer.ts';

/** A batch, and what is drawn for it. */
export interface BatchCall {
  readonly rows: number;
  readonly size: number;
  readonly options: Readonly<Record<string, number>>;
  /** Uniform numbers of the step. */
  next(): number;
  key(half: 0 | 1): number;
}

/** The new inputs, and which share of the targets comes from how many rows later. */
export interface Augmented {
  x: Float64Array;
  shift?: number;
  share?: number;
}

export type AugmentationReference = (x: Float64Array, call: BatchCall) => Augmented;

/** The smaller of λ and 1 − λ for λ ~ Beta(alpha, alpha), by Jöhnk's method with powers. */
function smallerShare(alpha: number, next: () => number): number {
  for (;;) {
    const [a, b] = [(1 - next()) ** (1 / alpha), (1 - next()) ** (1 / alpha)];
    if (a + b <= 1) return Math.min(a, b) / (a + b);
  }
}

/** Row (i + shift) mod rows at place i. */
export const shifted = (x: ArrayLike<number>, size: number, shift: number) =>
  Float64Array.from(x, (_, i) => x[(i + shift * size) % x.length]);

/** The first `count` of a random order of the features. */
function someFeatures(size: number, count: number, next: () => number): number[] {
  const all = Array.from({ length: size }, (_, i) => i);
  for (let i = 0; i < count; i++) {
    const at = i + Math.floor(next() * (size - i));
    [all[i], all[at]] = [all[at], all[i]];
  }
  return all.slice(0, count);
}

export const references: Record<string, AugmentationReference> = {
  // Its second batch needs a network: test/train/methods.test.ts has PyTorch's.
  adversarial: (x) => ({ x }),
  mixup(x, { rows, size, options: { alpha }, next }) {
    const share = smallerShare(alpha, next);
    const shift = 1 + Math.floor(next() * (rows - 1));
    const others = shifted(x, size, shift);
    return { x: x.map((value, i) => (1 - share) * value + share * others[i]), shift, share };
  },
  cutmix(x, { rows, size, options: { alpha }, next }) {
    const count = Math.round(smallerShare(alpha, next) * size);
    if (count === 0) return { x };
    const shift = 1 + Math.floor(next() * (rows - 1));
    const others = shifted(x, size, shift);
    const features = someFeatures(size, count, next);
    return { x: x.map((value, i) => (features.includes(i % size) ? others[i] : value)), shift, share: count / size };
  },
  cutout(x, { size, options: { share, probability }, next }) {
    if (next() >= probability) return { x };
    const features = someFeatures(size, Math.round(share * size), next);
    return { x: x.map((value, i) => (features.includes(i % size) ? 0 : value)) };
  },
  inputNoise: (x, { options: { stddev }, key }) => ({
    x: x.map((value, i) => value + stddev * normalDraw(i, key(0), key(1))),
  }),
};
