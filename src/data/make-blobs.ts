// makeBlobs: isotropic normal clusters, one class each.
import { anyOf, type GivenOptions, integer, list, none, number, pair, type ResolvedOptions } from '../errors/index.ts';
import { zeroMatrix } from './dataset.ts';
import { defineGenerator, shuffleRows } from './define-generator.ts';
import { shuffle } from './generator-rules.ts';
import { randomState } from './random-source.ts';
import { shareOut } from './take-rows.ts';

const coordinate = number('(-inf, inf)');

const options = {
  nSamples: anyOf([integer(1), list(integer(0), { minLength: 1 })], {
    default: 100,
    describe: 'Number of samples, divided equally between the clusters, or the number in each cluster',
  }),
  nFeatures: integer(1, { default: 2, describe: 'Number of features, where centers does not say' }),
  centers: anyOf([integer(1), list(list(coordinate, { minLength: 1 }), { minLength: 1 }), none], {
    default: null,
    describe: 'Number of clusters or their centers; null for 3, or as many as nSamples lists',
    remedy: 'Write a point as [x, y, …].',
  }),
  clusterStd: anyOf([number('[0, inf)'), list(number('[0, inf)'))], {
    default: 1,
    describe: 'Standard deviation of all clusters or of each',
  }),
  centerBox: pair(coordinate, {
    default: [-10, 10],
    describe: 'Interval [low, high] that the coordinates of random centers are drawn from',
  }),
  shuffle,
  randomState,
};

/** A small array takes as much memory as this many numbers. */
const PER_ARRAY = 16;

type Options = ResolvedOptions<typeof options>;

/**
 * Normal clusters around given or random centers; the class is the index of the cluster.
 *
 * Options: `nSamples`, their number, divided equally, or the number in each cluster, default 100; `nFeatures`, where
 * `centers` does not say, default 2; `centers`, the number of clusters or their centers (one point a cluster), default
 * null: 3, or as many as `nSamples` lists; `clusterStd`, the standard deviation of all clusters or of each, default 1;
 * `centerBox`, the interval that coordinates of random centers are drawn from, default [-10, 10]; `shuffle`, default true;
 * `randomState`, seed or stream, default 0.
 *
 * Values are those of scikit-learn's `make_blobs` for the same parameters and seed.
 *
 * @returns x: [nSamples, nFeatures], y: 0..clusters-1
 * @throws ParameterError for an option that is unknown, out of range or at odds with another
 * @example
 * ```js
 * import { makeBlobs } from 'regulus';
 *
 * const { x, y } = makeBlobs({ nSamples: 60, centers: [[0, 0], [5, 5]], clusterStd: 0.5, randomState: 42 });
 * console.log(x.shape, y.filter((label) => label === 1).length); // [60, 2] 30
 * ```
 */
export const makeBlobs = defineGenerator({
  type: 'makeBlobs',
  describe: 'Normal clusters around given or random centers, one class each',
  options,
  check: findProblem,
  size: (options) => {
    const { nSamples, nFeatures } = options;
    const rows = typeof nSamples === 'number' ? nSamples : nSamples.reduce((sum, count) => sum + count, 0);
    const columns = points(options)?.[0].length ?? nFeatures;
    return 2 * rows * (columns + 1) + clusterCount(options) * (columns + PER_ARRAY);
  },
  generate(options, random) {
    const { nSamples, nFeatures, clusterStd, centerBox, shuffle } = options;
    const clusters = clusterCount(options);
    const counts = typeof nSamples === 'number' ? shareOut(nSamples, clusters) : nSamples;
    const rows = counts.reduce((sum, count) => sum + count, 0);
    const columns = points(options)?.[0].length ?? nFeatures;
    const x = zeroMatrix('makeBlobs', rows, columns);
    const y = new Int32Array(rows);
    let row = 0;
    const draw = () => random.uniform(...centerBox, nFeatures);
    const centers = points(options) ?? Array.from({ length: clusters }, draw);
    centers.forEach((center, cluster) => {
      const deviation = typeof clusterStd === 'number' ? clusterStd : clusterStd[cluster];
      y.fill(cluster, row, row + counts[cluster]);
      for (const end = row + counts[cluster]; row < end; row++) {
        for (let j = 0; j < columns; j++) x.data[row * columns + j] = random.normal(center[j], deviation);
      }
    });
    return shuffle ? shuffleRows({ x, y }, random) : { x, y };
  },
});

/** Options of {@link makeBlobs}. @interface */
export type MakeBlobsOptions = GivenOptions<typeof makeBlobs.definition.options>;

/** The centers, where they are given. */
function points({ centers }: Options): readonly (readonly number[])[] | undefined {
  return typeof centers === 'object' && centers !== null ? centers : undefined;
}

function clusterCount({ centers, nSamples }: Options): number {
  if (centers === null) return typeof nSamples === 'number' ? 3 : nSamples.length;
  return typeof centers === 'number' ? centers : centers.length;
}

function findProblem(options: Options) {
  const { nSamples, centers, clusterStd, centerBox } = options;
  const clusters = clusterCount(options);
  if (typeof nSamples !== 'number') {
    if (nSamples.every((count) => count === 0)) return { option: 'nSamples', rule: 'at least 1 in total' };
    if (typeof centers === 'number') {
      return { option: 'centers', rule: 'points or null when nSamples is a list' };
    }
    if (clusters !== nSamples.length) return { option: 'centers', rule: `as long as nSamples (${nSamples.length})` };
  }
  if (points(options)?.some((point, _, all) => point.length !== all[0].length)) {
    return { option: 'centers', rule: 'a list of points of the same dimension' };
  }
  if (typeof clusterStd !== 'number' && clusterStd.length !== clusters) {
    return { option: 'clusterStd', rule: `as long as there are centers (${clusters})` };
  }
  const [low, high] = centerBox;
  if (!(low <= high && Number.isFinite(high - low))) {
    return { option: 'centerBox', rule: '[low, high] with a finite distance, low first' };
  }
  return undefined;
}
