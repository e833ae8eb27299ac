// What makeMoons and makeCircles have in common: two noisy curves in the plane, one class each.
import { anyOf, integer, none, number, pair, type ResolvedOptions } from '../errors/index.ts';
import type { RandomState } from '../random/index.ts';
import { type ClassDataset, zeroMatrix } from './dataset.ts';
import { shuffleRows } from './define-generator.ts';
import { shuffle } from './generator-rules.ts';
import { randomState } from './random-source.ts';

/** The rules of the options that both have. */
export const twoCurvesOptions = {
  nSamples: anyOf([integer(1), pair(integer(0))], {
    default: 100,
    describe:
      'Number of samples (the odd one goes to the inner curve), or the numbers on the outer and the inner curve',
  }),
  shuffle,
  noise: anyOf([number('[0, inf)'), none], {
    default: null,
    describe: 'Standard deviation of normal noise added to both coordinates; null for none',
  }),
  randomState,
};

type Options = ResolvedOptions<typeof twoCurvesOptions>;

/** There has to be a sample. */
export function checkTwoCurves({ nSamples }: Options) {
  return curveCounts(nSamples)[0] + curveCounts(nSamples)[1] === 0
    ? { option: 'nSamples', rule: 'at least 1 in total' }
    : undefined;
}

/** The points, and a copy of them in another order. */
export function sizeOfTwoCurves({ nSamples }: Options): number {
  const [outer, inner] = curveCounts(nSamples);
  return 2 * 3 * (outer + inner);
}

/** The point of a curve at an angle. */
export type Curve = (angle: number) => [x: number, y: number];

/** Samples `outer` as class 0 and `inner` as class 1, at the `i`-th of `count` angles, then shuffles, then adds noise. */
export function sampleTwoCurves(
  where: string,
  { nSamples, shuffle, noise }: Options,
  random: RandomState,
  angleOf: (i: number, count: number) => number,
  outer: Curve,
  inner: Curve,
): ClassDataset {
  const counts = curveCounts(nSamples);
  const rows = counts[0] + counts[1];
  const x = zeroMatrix(where, rows, 2);
  const y = new Int32Array(rows).fill(1, counts[0]);
  for (let i = 0; i < rows; i++) {
    x.data.set(i < counts[0] ? outer(angleOf(i, counts[0])) : inner(angleOf(i - counts[0], counts[1])), i * 2);
  }
  const dataset = shuffle ? shuffleRows({ x, y }, random) : { x, y };
  if (noise !== null) {
    for (let i = 0; i < rows * 2; i++) dataset.x.data[i] += random.normal(0, noise);
  }
  return dataset;
}

function curveCounts(nSamples: Options['nSamples']): readonly [outer: number, inner: number] {
  if (typeof nSamples !== 'number') return nSamples;
  const outer = Math.floor(nSamples / 2);
  return [outer, nSamples - outer];
}
