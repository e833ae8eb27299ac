// makeMoons: two interleaving half circles.
import { checkKeys } from '../errors/index.ts';
import { cos, sin } from '../random/index.ts';
import { sampleTwoCurves, TWO_CURVES_KEYS, type TwoCurvesOptions } from './two-curves.ts';
import type { Dataset } from './types.ts';

/** Options of {@link makeMoons}. */
export type MakeMoonsOptions = TwoCurvesOptions;

/**
 * Two interleaving half circles in the plane: class 0 the upper one, class 1 the lower one.
 *
 * Values are those of scikit-learn's `make_moons` for the same parameters and seed.
 *
 * @returns x: [nSamples, 2], y: 0 or 1
 * @throws ParameterError for an option that is unknown or out of range
 */
export function makeMoons(options: MakeMoonsOptions = {}): Dataset {
  checkKeys('makeMoons', options, TWO_CURVES_KEYS);
  return sampleTwoCurves(
    'makeMoons',
    options,
    (i, count) => [cos(halfTurn(i, count)), sin(halfTurn(i, count))],
    (i, count) => [1 - cos(halfTurn(i, count)), 1 - sin(halfTurn(i, count)) - 0.5],
  );
}

/** The `i`-th of `count` equally spaced angles from 0 to pi, both included. */
function halfTurn(i: number, count: number): number {
  if (i === 0) return 0;
  return i === count - 1 ? Math.PI : i * (Math.PI / (count - 1));
}
