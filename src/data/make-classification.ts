// makeClassification: classes as normal clusters on a hypercube's corners, among redundant, repeated and useless features.
import { checkBoolean, checkInteger, checkKeys, checkNumber, fail } from '../errors/index.ts';
import { fusedMultiplyAdd, type RandomState } from '../random/index.ts';
import { hypercubeCorners } from './hypercube-corners.ts';
import { type RandomSource, randomStateFrom, shuffleRows } from './random-source.ts';
import type { Dataset } from './types.ts';

const WHERE = 'makeClassification';

/** Options of {@link makeClassification}. */
export interface MakeClassificationOptions {
  /** Number of samples; default 100. */
  nSamples?: number;
  /** Number of features in all; what the three kinds below leave is useless noise. Default 20. */
  nFeatures?: number;
  /** Features that the clusters live in; default 2. */
  nInformative?: number;
  /** Random linear combinations of the informative features; default 2. */
  nRedundant?: number;
  /** Copies of randomly chosen informative or redundant features; default 0. */
  nRepeated?: number;
  /** Number of classes; default 2. */
  nClasses?: number;
  /** Clusters per class; default 2. `nClasses * nClustersPerClass` is at most 2^nInformative. */
  nClustersPerClass?: number;
  /** Share of each class, or of all but the last; default null, equal shares. */
  weights?: readonly number[] | null;
  /** Share of samples whose label is drawn at random; default 0.01. */
  flipY?: number;
  /** Half the side of the hypercube; default 1. */
  classSep?: number;
  /** Whether clusters sit on a hypercube's corners (or on those of a random polytope); default true. */
  hypercube?: boolean;
  /** Added to every feature, or to each; null for random values in [-classSep, classSep). Default 0. */
  shift?: number | readonly number[] | null;
  /** Then multiplies every feature, or each; null for random values in [1, 101). Default 1. */
  scale?: number | readonly number[] | null;
  /** Whether samples and features come in random order; default true. */
  shuffle?: boolean;
  /** Seed or stream; default 0, so that equal calls give equal data. */
  randomState?: RandomSource;
}

const DEFAULTS = {
  nSamples: 100,
  nFeatures: 20,
  nInformative: 2,
  nRedundant: 2,
  nRepeated: 0,
  nClasses: 2,
  nClustersPerClass: 2,
  weights: null,
  flipY: 0.01,
  classSep: 1,
  hypercube: true,
  shift: 0,
  scale: 1,
  shuffle: true,
  randomState: 0,
} satisfies Required<MakeClassificationOptions>;

type Settings = Required<MakeClassificationOptions>;

/**
 * A random classification problem after Guyon's "Design of experiments for the NIPS 2003 variable selection
 * benchmark" (2003). Without shuffling, columns are informative, redundant, repeated, useless, in this order.
 *
 * Values are those of scikit-learn's `make_classification` for the same parameters and seed. Redundant and informative
 * features are sums of products; they are summed in feature order with fused multiply-adds, as OpenBLAS does.
 *
 * @returns x: [nSamples, nFeatures], y: 0..nClasses-1
 * @throws ParameterError for an option that is unknown, out of range or at odds with another
 */
export function makeClassification(options: MakeClassificationOptions = {}): Dataset {
  checkKeys(WHERE, options, Object.keys(DEFAULTS));
  const settings = withDefaults(options);
  checkSettings(settings);
  const { nSamples, nFeatures, nInformative, nRedundant, nRepeated, classSep, shuffle } = settings;
  const random = randomStateFrom(WHERE, settings.randomState);
  const data = new Float64Array(nSamples * nFeatures);
  const dataset: Dataset = { x: { data, shape: [nSamples, nFeatures] }, y: new Int32Array(nSamples) };
  const forEachRow = (visit: (offset: number) => void) => {
    for (let offset = 0; offset < data.length; offset += nFeatures) visit(offset);
  };

  placeClusters(dataset, settings, random);

  const nUseful = nInformative + nRedundant;
  const combinations = uniformSigned(nInformative * nRedundant, random);
  forEachRow((offset) => {
    const informative = data.subarray(offset, offset + nInformative);
    data.set(vectorTimesMatrix(informative, combinations, nRedundant), offset + nInformative);
  });

  const copied = random.randomSample(nRepeated).map((u) => Math.floor((nUseful - 1) * u + 0.5));
  forEachRow((offset) => {
    for (let j = 0; j < nRepeated; j++) data[offset + nUseful + j] = data[offset + copied[j]];
  });

  forEachRow((offset) => {
    for (let j = nUseful + nRepeated; j < nFeatures; j++) data[offset + j] = random.randn();
  });

  flipLabels(dataset.y, settings, random);

  const shift = perFeature(settings.shift, nFeatures, () => (2 * random.randomSample() - 1) * classSep);
  const scale = perFeature(settings.scale, nFeatures, () => 1 + 100 * random.randomSample());
  forEachRow((offset) => {
    for (let j = 0; j < nFeatures; j++) data[offset + j] = (data[offset + j] + shift[j]) * scale[j];
  });

  return shuffle ? shuffleColumns(shuffleRows(dataset, random), random) : dataset;
}

/** Draws every cluster's informative features and sets its labels; clusters of a class are `nClasses` apart. */
function placeClusters({ x, y }: Dataset, settings: Settings, random: RandomState): void {
  const { nSamples, nFeatures, nInformative, nClasses, nClustersPerClass, classSep, hypercube } = settings;
  const nClusters = nClasses * nClustersPerClass;
  const centers = hypercubeCorners(nClusters, nInformative, random).map((corner) =>
    corner.map((bit) => bit * (2 * classSep) - classSep),
  );
  if (!hypercube) {
    const perCluster = random.randomSample(nClusters);
    const perDimension = random.randomSample(nInformative);
    centers.forEach((center, cluster) => {
      for (let j = 0; j < nInformative; j++) center[j] = center[j] * perCluster[cluster] * perDimension[j];
    });
  }
  for (let i = 0; i < nSamples; i++) {
    for (let j = 0; j < nInformative; j++) x.data[i * nFeatures + j] = random.randn();
  }
  let row = 0;
  clusterSizes(settings).forEach((size, cluster) => {
    const covariance = uniformSigned(nInformative * nInformative, random);
    // Weights that sum to more than 1 promise more samples than there are: the last clusters go short.
    const end = Math.min(row + size, nSamples);
    y.fill(cluster % nClasses, row, end);
    for (; row < end; row++) {
      const sample = x.data.subarray(row * nFeatures, row * nFeatures + nInformative);
      const mixed = vectorTimesMatrix(sample, covariance, nInformative);
      for (let j = 0; j < nInformative; j++) sample[j] = mixed[j] + centers[cluster][j];
    }
  });
}

/** Samples per cluster: by weight, rounded down; what is left is dealt out one by one. */
function clusterSizes({ nSamples, nClasses, nClustersPerClass, weights }: Settings): number[] {
  const shares = weights === null ? new Array<number>(nClasses).fill(1 / nClasses) : [...weights];
  if (shares.length < nClasses) shares.push(1 - shares.reduce((sum, share) => sum + share, 0));
  const sizes = Array.from({ length: nClasses * nClustersPerClass }, (_, cluster) =>
    Math.floor((nSamples * shares[cluster % nClasses]) / nClustersPerClass),
  );
  const left = nSamples - sizes.reduce((sum, size) => sum + size, 0);
  for (let i = 0; i < left; i++) sizes[i % sizes.length] += 1;
  return sizes;
}

/** Gives a share `flipY` of the samples a label drawn at random (which may be the one they have). */
function flipLabels(y: Int32Array, { flipY, nClasses }: Settings, random: RandomState): void {
  const draws = random.randomSample(y.length);
  for (let i = 0; i < y.length; i++) {
    if (draws[i] < flipY) y[i] = random.randint(0, nClasses);
  }
}

function shuffleColumns({ x, y }: Dataset, random: RandomState): Dataset {
  const [rows, columns] = x.shape;
  const order = random.permutation(columns);
  const data = x.data.map((_, i) => x.data[i - (i % columns) + order[i % columns]]);
  return { x: { data, shape: [rows, columns] }, y };
}

/** `count` uniform numbers in [-1, 1). */
function uniformSigned(count: number, random: RandomState): Float64Array {
  return random.randomSample(count).map((u) => 2 * u - 1);
}

/** vector · matrix for a row-major matrix of `columns` columns. */
function vectorTimesMatrix(vector: ArrayLike<number>, matrix: Float64Array, columns: number): Float64Array {
  const product = new Float64Array(columns);
  for (let i = 0; i < vector.length; i++) {
    for (let j = 0; j < columns; j++) product[j] = fusedMultiplyAdd(vector[i], matrix[i * columns + j], product[j]);
  }
  return product;
}

function perFeature(value: number | readonly number[] | null, nFeatures: number, draw: () => number): number[] {
  return Array.from({ length: nFeatures }, (_, j) => {
    if (value === null) return draw();
    return typeof value === 'number' ? value : value[j];
  });
}

/** `options` over the defaults; an undefined option is one left out. */
function withDefaults(options: MakeClassificationOptions): Settings {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...DEFAULTS, ...Object.fromEntries(given) };
}

function checkSettings(settings: Settings): void {
  const { nFeatures, nInformative, nRedundant, nRepeated, nClasses, nClustersPerClass } = settings;
  for (const name of ['nSamples', 'nFeatures', 'nInformative', 'nClasses', 'nClustersPerClass'] as const) {
    checkInteger(WHERE, name, settings[name], 1);
  }
  checkInteger(WHERE, 'nRedundant', nRedundant, 0);
  checkInteger(WHERE, 'nRepeated', nRepeated, 0);
  const nUseful = nInformative + nRedundant + nRepeated;
  if (nUseful > nFeatures) {
    fail(WHERE, 'nFeatures', `at least nInformative + nRedundant + nRepeated (${nUseful})`, nFeatures);
  }
  // Beyond 2^30 corners there are more than any feasible number of clusters.
  const corners = 1 << Math.min(nInformative, 30);
  if (nClasses * nClustersPerClass > corners) {
    fail(WHERE, 'nInformative', 'such that 2^nInformative >= nClasses * nClustersPerClass', nInformative);
  }
  checkNumber(WHERE, 'flipY', settings.flipY, '[0, 1]');
  checkNumber(WHERE, 'classSep', settings.classSep, '[0, inf)');
  checkBoolean(WHERE, 'hypercube', settings.hypercube);
  checkBoolean(WHERE, 'shuffle', settings.shuffle);
  checkWeights(settings.weights, nClasses);
  checkPerFeature('shift', settings.shift, nFeatures);
  checkPerFeature('scale', settings.scale, nFeatures);
}

function checkWeights(weights: unknown, nClasses: number): void {
  if (weights === null) return;
  if (!Array.isArray(weights) || (weights.length !== nClasses && weights.length !== nClasses - 1)) {
    fail(WHERE, 'weights', `null or a list of nClasses (${nClasses}) or nClasses - 1 shares`, weights);
  }
  const sum = weights.reduce((total, weight, i) => total + checkNumber(WHERE, `weights[${i}]`, weight, '[0, inf)'), 0);
  if (weights.length < nClasses && sum > 1) {
    fail(WHERE, 'weights', `at most 1 in total, since the last class gets the rest`, weights);
  }
}

function checkPerFeature(name: string, value: unknown, nFeatures: number): void {
  if (value === null) return;
  if (!Array.isArray(value)) {
    checkNumber(WHERE, name, value, '(-inf, inf)', `Give null for random values, or one number per feature.`);
    return;
  }
  if (value.length !== nFeatures) fail(WHERE, name, `as long as nFeatures (${nFeatures})`, value);
  for (let j = 0; j < nFeatures; j++) checkNumber(WHERE, `${name}[${j}]`, value[j], '(-inf, inf)');
}
