// makeCircles: a small circle inside a large one.
import { type GivenOptions, number } from '../errors/index.ts';
import { cos, sin } from '../random/index.ts';
import { defineGenerator } from './define-generator.ts';
import { checkTwoCurves, sampleTwoCurves, sizeOfTwoCurves, twoCurvesOptions } from './two-curves.ts';

const options = {
  ...twoCurvesOptions,
  factor: number('[0, 1)', { default: 0.8, describe: 'Radius of the inner circle; the outer radius is 1' }),
};

/**
 * Two concentric circles in the plane: class 0 the outer one, class 1 the inner one.
 *
 * Options: those of {@link makeMoons}, and `factor`, the radius of the inner circle, in [0, 1), default 0.8; the outer
 * radius is 1.
 *
 * Values are those of scikit-learn's `make_circles` for the same parameters and seed.
 *
 * @returns x: [nSamples, 2], y: 0 or 1
 * @throws ParameterError for an option that is unknown or out of range
 * @example
 * ```js
 * import { makeCircles } from 'regulus';
 *
 * const { x, y } = makeCircles({ nSamples: [100, 50], factor: 0.5, noise: 0.05, randomState: 42 });
 * console.log(x.shape, y.length); // [150, 2] 150
 * ```
 */
export const makeCircles = defineGenerator({
  type: 'makeCircles',
  describe: 'A small circle inside a large one',
  options,
  check: checkTwoCurves,
  size: sizeOfTwoCurves,
  generate: ({ factor, ...shared }, random) =>
    sampleTwoCurves(
      'makeCircles',
      shared,
      random,
      // Equally spaced, without the end.
      (i, count) => i * ((2 * Math.PI) / count),
      (angle) => [cos(angle), sin(angle)],
      (angle) => [cos(angle) * factor, sin(angle) * factor],
    ),
});

/** Options of {@link makeCircles}. @interface */
export type MakeCirclesOptions = GivenOptions<typeof makeCircles.definition.options>;
