// makeCircles: a small circle inside a large one.
import { checkKeys, checkNumber } from '../errors/index.ts';
import { cos, sin } from '../random/index.ts';
import { sampleTwoCurves, TWO_CURVES_KEYS, type TwoCurvesOptions } from './two-curves.ts';
import type { Dataset } from './types.ts';

/** Options of {@link makeCircles}. */
export interface MakeCirclesOptions extends TwoCurvesOptions {
  /** Radius of the inner circle, in [0, 1); the outer radius is 1. Default 0.8. */
  factor?: number;
}

/**
 * Two concentric circles in the plane: class 0 the outer one, class 1 the inner one.
 *
 * Values are those of scikit-learn's `make_circles` for the same parameters and seed.
 *
 * @returns x: [nSamples, 2], y: 0 or 1
 * @throws ParameterError for an option that is unknown or out of range
 */
export function makeCircles(options: MakeCirclesOptions = {}): Dataset {
  checkKeys('makeCircles', options, [...TWO_CURVES_KEYS, 'factor']);
  const { factor = 0.8, ...shared } = options;
  checkNumber('makeCircles', 'factor', factor, '[0, 1)');
  return sampleTwoCurves(
    'makeCircles',
    shared,
    (i, count) => [cos(fullTurn(i, count)), sin(fullTurn(i, count))],
    (i, count) => [cos(fullTurn(i, count)) * factor, sin(fullTurn(i, count)) * factor],
  );
}

/** The `i`-th of `count` equally spaced angles from 0 to 2 pi, the end excluded. */
function fullTurn(i: number, count: number): number {
  return i * ((2 * Math.PI) / count);
}
