// makeBlobs: isotropic normal clusters, one class each.
import { checkBoolean, checkInteger, checkKeys, checkNumber, fail } from '../errors/index.ts';
import type { RandomState } from '../random/index.ts';
import { type RandomSource, randomStateFrom, shuffleRows } from './random-source.ts';
import type { Dataset } from './types.ts';

const WHERE = 'makeBlobs';

/** Options of {@link makeBlobs}. */
export interface MakeBlobsOptions {
  /** Number of samples, shared out equally, or the number in each cluster; default 100. */
  nSamples?: number | readonly number[];
  /** Number of features, where `centers` does not say; default 2. */
  nFeatures?: number;
  /** Number of clusters or their centers; default null: 3, or as many as `nSamples` lists. */
  centers?: number | readonly (readonly number[])[] | null;
  /** Standard deviation of all clusters or of each; default 1. */
  clusterStd?: number | readonly number[];
  /** Interval that coordinates of random centers are drawn from; default [-10, 10]. */
  centerBox?: readonly [low: number, high: number];
  /** Whether samples come in random order; default true. */
  shuffle?: boolean;
  /** Seed or stream; default 0, so that equal calls give equal data. */
  randomState?: RandomSource;
}

/**
 * Normal clusters around given or random centers; the class is the index of the cluster.
 *
 * Values are those of scikit-learn's `make_blobs` for the same parameters and seed.
 *
 * @returns x: [nSamples, nFeatures], y: 0..clusters-1
 * @throws ParameterError for an option that is unknown, out of range or at odds with another
 */
export function makeBlobs(options: MakeBlobsOptions = {}): Dataset {
  checkKeys(WHERE, options, ['nSamples', 'nFeatures', 'centers', 'clusterStd', 'centerBox', 'shuffle', 'randomState']);
  const { nSamples = 100, nFeatures = 2, centers: given = null, clusterStd = 1, centerBox = [-10, 10] } = options;
  const { shuffle = true, randomState = 0 } = options;
  checkInteger(WHERE, 'nFeatures', nFeatures, 1);
  checkBoolean(WHERE, 'shuffle', shuffle);
  const random = randomStateFrom(WHERE, randomState);

  const listed = typeof nSamples === 'number' ? undefined : checkCounts(nSamples);
  const centers = clusterCenters(given, listed?.length, nFeatures, centerBox, random);
  const counts = listed ?? shareOut(checkInteger(WHERE, 'nSamples', nSamples, 1), centers.length);
  const deviations = checkDeviations(clusterStd, centers.length);

  const columns = centers[0].length;
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const data = new Float64Array(rows * columns);
  const y = new Int32Array(rows);
  let row = 0;
  centers.forEach((center, cluster) => {
    y.fill(cluster, row, row + counts[cluster]);
    for (const end = row + counts[cluster]; row < end; row++) {
      for (let j = 0; j < columns; j++) data[row * columns + j] = random.normal(center[j], deviations[cluster]);
    }
  });
  const dataset: Dataset = { x: { data, shape: [rows, columns] }, y };
  return shuffle ? shuffleRows(dataset, random) : dataset;
}

/** `total` in `parts` parts that differ by one at most, the larger ones first. */
function shareOut(total: number, parts: number): number[] {
  return Array.from({ length: parts }, (_, i) => Math.floor(total / parts) + (i < total % parts ? 1 : 0));
}

/** The given centers, or random ones; `clusters` is how many `nSamples` lists, if it does. */
function clusterCenters(
  centers: unknown,
  clusters: number | undefined,
  nFeatures: number,
  centerBox: unknown,
  random: RandomState,
): number[][] {
  if (Array.isArray(centers)) {
    if (clusters !== undefined && centers.length !== clusters) {
      fail(WHERE, 'centers', `as long as nSamples (${clusters})`, centers);
    }
    return checkCenters(centers);
  }
  if (typeof centers === 'number' && clusters !== undefined) {
    fail(WHERE, 'centers', 'a list of points or null when nSamples is a list', centers);
  }
  const count = centers === null ? (clusters ?? 3) : checkInteger(WHERE, 'centers', centers, 1);
  const [low, high] = checkCenterBox(centerBox);
  return Array.from({ length: count }, () => Array.from({ length: nFeatures }, () => random.uniform(low, high)));
}

function checkCenters(centers: unknown[]): number[][] {
  const dimension = Array.isArray(centers[0]) ? centers[0].length : 0;
  const sameLength = centers.every((center) => Array.isArray(center) && center.length === dimension);
  if (dimension === 0 || !sameLength) {
    fail(WHERE, 'centers', 'a non-empty list of points of the same dimension', centers, 'Write a point as [x, y, …].');
  }
  const points = centers as number[][];
  points.forEach((point, i) => {
    point.forEach((value, j) => {
      checkNumber(WHERE, `centers[${i}][${j}]`, value, '(-inf, inf)');
    });
  });
  return points;
}

function checkCenterBox(centerBox: unknown): [low: number, high: number] {
  if (!Array.isArray(centerBox) || centerBox.length !== 2) fail(WHERE, 'centerBox', 'a pair [low, high]', centerBox);
  const low = checkNumber(WHERE, 'centerBox[0]', centerBox[0], '(-inf, inf)');
  return [low, checkNumber(WHERE, 'centerBox[1]', centerBox[1], `[${low}, inf)`)];
}

function checkCounts(nSamples: unknown): number[] {
  if (!Array.isArray(nSamples) || nSamples.length === 0) {
    fail(WHERE, 'nSamples', 'an integer or a non-empty list of integers', nSamples);
  }
  for (let i = 0; i < nSamples.length; i++) checkInteger(WHERE, `nSamples[${i}]`, nSamples[i], 0);
  if (nSamples.every((count) => count === 0)) fail(WHERE, 'nSamples', 'at least 1 in total', nSamples);
  return nSamples;
}

function checkDeviations(clusterStd: unknown, clusters: number): number[] {
  if (!Array.isArray(clusterStd)) {
    return new Array(clusters).fill(checkNumber(WHERE, 'clusterStd', clusterStd, '[0, inf)'));
  }
  if (clusterStd.length !== clusters)
    fail(WHERE, 'clusterStd', `as long as there are centers (${clusters})`, clusterStd);
  return clusterStd.map((value, i) => checkNumber(WHERE, `clusterStd[${i}]`, value, '[0, inf)'));
}
