// What makeMoons and makeCircles have in common: two noisy curves in the plane, one class each.
import { checkBoolean, checkInteger, checkNumber, fail } from '../errors/index.ts';
import { type RandomSource, randomStateFrom, shuffleRows } from './random-source.ts';
import type { Dataset } from './types.ts';

/** Options that {@link makeMoons} and {@link makeCircles} share. */
export interface TwoCurvesOptions {
  /** Number of samples (the odd one goes to the inner curve), or the numbers on the outer and the inner curve; default 100. */
  nSamples?: number | readonly [outer: number, inner: number];
  /** Whether samples come in random order; default true. */
  shuffle?: boolean;
  /** Standard deviation of normal noise added to both coordinates; default null, none. */
  noise?: number | null;
  /** Seed or stream; default 0, so that equal calls give equal data. */
  randomState?: RandomSource;
}

/** The names of {@link TwoCurvesOptions}. */
export const TWO_CURVES_KEYS = ['nSamples', 'shuffle', 'noise', 'randomState'];

/** The `i`-th of `count` points along a curve. */
export type Curve = (i: number, count: number) => [x: number, y: number];

/** Samples `outer` as class 0 and `inner` as class 1, then shuffles, then adds noise. */
export function sampleTwoCurves(where: string, options: TwoCurvesOptions, outer: Curve, inner: Curve): Dataset {
  const { nSamples = 100, shuffle = true, noise = null, randomState = 0 } = options;
  const counts = curveCounts(where, nSamples);
  checkBoolean(where, 'shuffle', shuffle);
  if (noise !== null) checkNumber(where, 'noise', noise, '[0, inf)');
  const random = randomStateFrom(where, randomState);

  const rows = counts[0] + counts[1];
  const data = new Float64Array(rows * 2);
  const y = new Int32Array(rows).fill(1, counts[0]);
  for (let i = 0; i < rows; i++) {
    data.set(i < counts[0] ? outer(i, counts[0]) : inner(i - counts[0], counts[1]), i * 2);
  }
  const ordered: Dataset = { x: { data, shape: [rows, 2] }, y };
  const dataset = shuffle ? shuffleRows(ordered, random) : ordered;
  if (noise !== null) {
    for (let i = 0; i < rows * 2; i++) dataset.x.data[i] += random.normal(0, noise);
  }
  return dataset;
}

function curveCounts(where: string, nSamples: unknown): [outer: number, inner: number] {
  if (typeof nSamples === 'number') {
    checkInteger(where, 'nSamples', nSamples, 1);
    const outer = Math.floor(nSamples / 2);
    return [outer, nSamples - outer];
  }
  if (!Array.isArray(nSamples) || nSamples.length !== 2) {
    fail(where, 'nSamples', 'an integer or a pair of integers', nSamples);
  }
  const outer = checkInteger(where, 'nSamples[0]', nSamples[0], 0);
  const inner = checkInteger(where, 'nSamples[1]', nSamples[1], outer === 0 ? 1 : 0);
  return [outer, inner];
}
