// Named random streams of one root seed, so that drawing more from one does not disturb the others.
import { RandomState } from './random-state.ts';

// The numbers are part of every seeded result: never change or reuse one.
const INITIALIZATION = 1;
/** The order of samples in an epoch is that of NumPy's `RandomState([rootSeed, SHUFFLING, epoch])`. */
export const SHUFFLING = 2;
const SPLITTING = 3;

/** The stream of the rows that `validationSplit` takes: NumPy's `RandomState([rootSeed, 3])`. */
export function splittingStream(rootSeed: number): RandomState {
  return new RandomState([rootSeed, SPLITTING]);
}

/**
 * The stream of initial values of the layer number `ordinal` (from 0) of its type. Layers of other types do not change
 * it: the type is part of the seed, except for `dense`, whose streams are NumPy's `RandomState([rootSeed, 1, ordinal])`.
 */
export function layerStream(rootSeed: number, type: string, ordinal: number): RandomState {
  const key = type === 'dense' ? 0 : typeKey(type);
  return new RandomState([rootSeed, INITIALIZATION, ordinal, ...(key === 0 ? [] : [key >>> 0])]);
}

/**
 * Half `half` (0 or 1) of the 64-bit key of what a layer draws in a training step, such as a dropout mask: (seed, type,
 * ordinal, step) mixed by MurmurHash3's finalizer. The type counts except for `dropout`, whose keys were here first.
 */
export function stepKey(seed: number, type: string, ordinal: number, step: number, half: number): number {
  const own = type === 'dropout' ? 0 : typeKey(type);
  return mix(mix(mix(seed ^ own ^ (half === 0 ? 0x243f6a88 : 0x85a308d3)) + ordinal) + step);
}

/** The seed of the layers inside a layer, whose streams are then those of a network of their own. */
export function innerSeed(seed: number, type: string, ordinal: number): number {
  return mix(mix(seed ^ typeKey(type)) + ordinal) >>> 0;
}

/** FNV-1a of the name. */
function typeKey(type: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < type.length; i++) hash = Math.imul(hash ^ type.charCodeAt(i), 0x01000193);
  return hash;
}

/** A bijection of 32-bit integers in which every input bit changes about half of the output bits. */
function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}
