// makeClassification: classes as normal clusters on a hypercube's corners, among redundant, repeated and useless features.
import {
  anyOf,
  boolean,
  type GivenOptions,
  integer,
  list,
  none,
  number,
  type OptionsProblem,
  type ResolvedOptions,
} from '../errors/index.ts';
import { fusedMultiplyAdd, type RandomState } from '../random/index.ts';
import { type ClassDataset, zeroMatrix } from './dataset.ts';
import { defineGenerator, shuffleColumns, shuffleRows } from './define-generator.ts';
import { nSamples, shuffleBoth } from './generator-rules.ts';
import { randomState } from './random-source.ts';

const anyNumber = number('(-inf, inf)');

const options = {
  nSamples,
  nFeatures: integer(1, {
    default: 20,
    describe: 'Number of features; those that are not informative, redundant or repeated are useless noise',
  }),
  nInformative: integer(1, { default: 2, describe: 'Features that the clusters live in' }),
  nRedundant: integer(0, { default: 2, describe: 'Random linear combinations of the informative features' }),
  nRepeated: integer(0, { default: 0, describe: 'Copies of randomly chosen informative or redundant features' }),
  nClasses: integer(1, { default: 2, describe: 'Number of classes' }),
  nClustersPerClass: integer(1, { default: 2, describe: 'Clusters per class, each on a corner of its own' }),
  weights: anyOf([list(number('[0, inf)')), none], {
    default: null,
    describe: 'Share of each class, or of all but the last; null for equal shares',
  }),
  flipY: number('[0, 1]', { default: 0.01, describe: 'Share of samples whose label is drawn at random' }),
  classSep: number('[0, inf)', {
    default: 1,
    describe: 'Half the side of the hypercube: the larger, the easier to separate',
  }),
  hypercube: boolean({
    default: true,
    describe: 'Whether clusters lie on the corners of a hypercube, or on those of a random polytope',
  }),
  shift: anyOf([anyNumber, list(anyNumber), none], {
    default: 0,
    describe: 'Added to every feature, or to each; null for random values in [-classSep, classSep)',
  }),
  scale: anyOf([anyNumber, list(anyNumber), none], {
    default: 1,
    describe: 'Then multiplies every feature, or each; null for random values in [1, 101)',
  }),
  shuffle: shuffleBoth,
  randomState,
};

type Options = ResolvedOptions<typeof options>;

/**
 * A random classification problem after Guyon's "Design of experiments for the NIPS 2003 variable selection
 * benchmark" (2003). Without shuffling, columns are informative, redundant, repeated, useless, in this order.
 *
 * Options, with their defaults: `nSamples` 100; `nFeatures` 20, in all; `nInformative` 2, features that the clusters live
 * in; `nRedundant` 2, random linear combinations of these; `nRepeated` 0, copies of such features; `nClasses` 2;
 * `nClustersPerClass` 2 (`nClasses * nClustersPerClass` is at most 2^nInformative); `weights` null, shares of the classes,
 * or of all but the last; `flipY` 0.01, share of samples whose label is drawn at random; `classSep` 1, half the side of the
 * hypercube; `hypercube` true, or false for a random polytope; `shift` 0 and `scale` 1, which change every feature or each,
 * null for random values; `shuffle` true; `randomState` 0, seed or stream.
 *
 * Values are those of scikit-learn's `make_classification` for the same parameters and seed. Redundant and informative
 * features are sums of products; they are summed in feature order with fused multiply-adds, as OpenBLAS does.
 *
 * @returns x: [nSamples, nFeatures], y: 0..nClasses-1
 * @throws ParameterError for an option that is unknown, out of range or at odds with another
 * @example
 * ```js
 * import { makeClassification } from 'regulus';
 *
 * const { x, y } = makeClassification({ nSamples: 300, nInformative: 4, nClasses: 3, randomState: 42 });
 * console.log(x.shape, new Set(y).size); // [300, 20] 3
 * ```
 */
export const makeClassification = defineGenerator({
  type: 'makeClassification',
  describe: "Classes as normal clusters on a hypercube's corners, among redundant, repeated and useless features",
  options,
  check: findProblem,
  size({ nSamples, nFeatures, nInformative, nRedundant, nClasses, nClustersPerClass }) {
    // Corners come with up to a hundred others to draw from.
    const perCluster = 2 * nInformative + 100;
    const mixing = nInformative * (nInformative + nRedundant);
    return 2 * nSamples * (nFeatures + 1) + nClasses * nClustersPerClass * perCluster + mixing;
  },
  generate(options, random) {
    const { nSamples, nFeatures, nInformative, nRedundant, nRepeated, classSep, shuffle } = options;
    const x = zeroMatrix('makeClassification', nSamples, nFeatures);
    const { data } = x;
    const dataset = { x, y: new Int32Array(nSamples) };
    const forEachRow = (visit: (offset: number) => void) => {
      for (let offset = 0; offset < data.length; offset += nFeatures) visit(offset);
    };

    placeClusters(dataset, options, random);

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

    flipLabels(dataset.y, options, random);

    const shift = perFeature(options.shift, nFeatures, () => (2 * random.randomSample() - 1) * classSep);
    const scale = perFeature(options.scale, nFeatures, () => 1 + 100 * random.randomSample());
    forEachRow((offset) => {
      for (let j = 0; j < nFeatures; j++) data[offset + j] = (data[offset + j] + shift[j]) * scale[j];
    });

    return shuffle ? shuffleColumns(shuffleRows(dataset, random), random) : dataset;
  },
});

/** Options of {@link makeClassification}. @interface */
export type MakeClassificationOptions = GivenOptions<typeof makeClassification.definition.options>;

/** Draws every cluster's informative features and sets its labels; clusters of a class are `nClasses` apart. */
function placeClusters({ x, y }: ClassDataset, options: Options, random: RandomState): void {
  const { nSamples, nFeatures, nInformative, nClasses, nClustersPerClass, classSep, hypercube } = options;
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
  clusterSizes(options).forEach((size, cluster) => {
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
function clusterSizes({ nSamples, nClasses, nClustersPerClass, weights }: Options): number[] {
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
function flipLabels(y: Int32Array, { flipY, nClasses }: Options, random: RandomState): void {
  const draws = random.randomSample(y.length);
  for (let i = 0; i < y.length; i++) {
    if (draws[i] < flipY) y[i] = random.randint(0, nClasses);
  }
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

/** Dimensions that are drawn without replacement; further ones are independent random bits. */
const DISTINCT_DIMENSIONS = 30;

/** `count` corners as rows of `dimensions` bits, most significant first; distinct as `count <= 2^dimensions`. */
function hypercubeCorners(count: number, dimensions: number, random: RandomState): number[][] {
  const bits = Math.min(dimensions, DISTINCT_DIMENSIONS);
  const extra = Array.from({ length: count }, () => [...random.randint(0, 2, dimensions - bits)]);
  const corners = sampleWithoutReplacement(1 << bits, count, random);
  return extra.map((row, i) => {
    for (let bit = bits - 1; bit >= 0; bit--) row.push((corners[i] >>> bit) & 1);
    return row;
  });
}

/**
 * `count` distinct integers in [0, population). scikit-learn picks one of three methods by the share drawn, and each
 * takes other values from the stream.
 */
function sampleWithoutReplacement(population: number, count: number, random: RandomState): ArrayLike<number> {
  const share = count / population;
  if (share > 0.01 && share < 0.99) return random.permutation(population).subarray(0, count);
  if (share < 0.2) {
    const drawn = new Set<number>();
    while (drawn.size < count) drawn.add(random.randint(0, population));
    return [...drawn];
  }
  // Vitter's algorithm R: later items replace earlier ones with falling probability.
  const kept = Array.from({ length: count }, (_, i) => i);
  for (let i = count; i < population; i++) {
    const j = random.randint(0, i + 1);
    if (j < count) kept[j] = i;
  }
  return kept;
}

function findProblem(options: Options): OptionsProblem | undefined {
  const { nFeatures, nInformative, nRedundant, nRepeated, nClasses, nClustersPerClass, weights } = options;
  const nUseful = nInformative + nRedundant + nRepeated;
  if (nUseful > nFeatures) {
    return {
      option: 'nFeatures',
      rule: `at least nInformative + nRedundant + nRepeated (${nUseful})`,
      remedy: 'Raise it, or lower one of these.',
    };
  }
  const nClusters = nClasses * nClustersPerClass;
  // Beyond 2^30 corners there are more than any feasible number of clusters.
  if (nClusters > 1 << Math.min(nInformative, 30)) {
    return {
      option: 'nInformative',
      rule: `such that 2^nInformative >= nClasses * nClustersPerClass (${nClusters})`,
      remedy: 'Each cluster lies on a corner of its own: raise nInformative, or lower nClasses or nClustersPerClass.',
    };
  }
  if (weights !== null) {
    if (weights.length !== nClasses && weights.length !== nClasses - 1) {
      return { option: 'weights', rule: `null or a list of nClasses (${nClasses}) or nClasses - 1 shares` };
    }
    if (weights.length < nClasses && weights.reduce((sum, weight) => sum + weight, 0) > 1) {
      return { option: 'weights', rule: 'at most 1 in total, since the last class gets the rest' };
    }
  }
  for (const option of ['shift', 'scale'] as const) {
    const value = options[option];
    if (value !== null && typeof value !== 'number' && value.length !== nFeatures) {
      return { option, rule: `as long as nFeatures (${nFeatures})` };
    }
  }
  return undefined;
}
