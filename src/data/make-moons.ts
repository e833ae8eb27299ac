// makeMoons: two interleaving half circles.
import type { GivenOptions } from '../errors/index.ts';
import { cos, sin } from '../random/index.ts';
import { defineGenerator } from './define-generator.ts';
import { checkTwoCurves, sampleTwoCurves, sizeOfTwoCurves, twoCurvesOptions } from './two-curves.ts';

/**
 * Two interleaving half circles in the plane: class 0 the upper one, class 1 the lower one.
 *
 * Options: `nSamples`, their number (the odd one goes to the lower curve) or the numbers on both curves, default 100;
 * `shuffle`, whether they come in random order, default true; `noise`, standard deviation of normal noise added to both
 * coordinates, default null, none; `randomState`, seed or stream, default 0.
 *
 * Values are those of scikit-learn's `make_moons` for the same parameters and seed.
 *
 * @returns x: [nSamples, 2], y: 0 or 1
 * @throws ParameterError for an option that is unknown or out of range
 * @example
 * ```js
 * import { makeMoons } from 'regulus';
 *
 * const { x, y } = makeMoons({ nSamples: 200, noise: 0.2, randomState: 42 });
 * console.log(x.shape, y.length); // [200, 2] 200
 * ```
 */
export const makeMoons = defineGenerator({
  type: 'makeMoons',
  describe: 'Two interleaving half circles in the plane',
  options: twoCurvesOptions,
  check: checkTwoCurves,
  size: sizeOfTwoCurves,
  generate: (options, random) =>
    sampleTwoCurves(
      'makeMoons',
      options,
      random,
      halfTurn,
      (angle) => [cos(angle), sin(angle)],
      (angle) => [1 - cos(angle), 1 - sin(angle) - 0.5],
    ),
});

/** Options of {@link makeMoons}. @interface */
export type MakeMoonsOptions = GivenOptions<typeof makeMoons.definition.options>;

/** Options that {@link makeMoons} and {@link makeCircles} share. */
export type TwoCurvesOptions = MakeMoonsOptions;

/** The `i`-th of `count` equally spaced angles from 0 to pi, both included. */
function halfTurn(i: number, count: number): number {
  if (i === 0) return 0;
  return i === count - 1 ? Math.PI : i * (Math.PI / (count - 1));
}
