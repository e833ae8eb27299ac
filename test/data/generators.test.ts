// Generators against scikit-learn's values, their properties, and their argument checks.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  appendNoiseFeatures,
  type Dataset,
  makeBlobs,
  makeCircles,
  makeClassification,
  makeMoons,
} from '../../src/data/index.ts';
import { ParameterError } from '../../src/errors/index.ts';
import { RandomState } from '../../src/random/index.ts';
import golden from '../golden/sklearn/generators.json' with { type: 'json' };
import { expectClose } from '../reference/close.ts';
import { digest } from './digest.ts';

const generators = { makeMoons, makeCircles, makeBlobs, makeClassification };
const names = Object.keys(generators) as (keyof typeof generators)[];
const seeds = fc.integer({ min: 0, max: 4294967295 });

function columnSums({ x: { data, shape } }: Dataset): Float64Array {
  const sums = new Float64Array(shape[1]);
  data.forEach((value, i) => {
    sums[i % shape[1]] += value;
  });
  return sums;
}

describe("scikit-learn's values", () => {
  for (const name of names) {
    golden[name].forEach(({ options, shape, x, columnSums: sums, y }) => {
      it(`${name}(${JSON.stringify(options)})`, () => {
        const dataset = generators[name](options as object);
        expect(dataset.x.shape).toEqual(shape);
        expect(digest(dataset.y)).toEqual(y);
        // The absolute part is for coordinates like 1 - sin(pi / 6) - 0.5, whose exact value is 0.
        expectClose(dataset.x.data.slice(0, x.length), x, { rtol: 1e-12, atol: 4e-16 });
        expectClose(columnSums(dataset), sums, { rtol: 1e-10, atol: 1e-10 });
      });
    });
  }
});

describe('properties', () => {
  it.each(names)('%s: equal seeds give equal data, in shape and with labels in range', (name) => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 60 }), fc.boolean(), (randomState, nSamples, shuffle) => {
        const dataset = generators[name]({ nSamples, shuffle, randomState });
        const [rows, columns] = dataset.x.shape;
        expect([rows, dataset.y.length, dataset.x.data.length]).toEqual([nSamples, nSamples, nSamples * columns]);
        expect(dataset.x.data).toBeInstanceOf(Float64Array);
        expect(dataset.x.data.every(Number.isFinite)).toBe(true);
        expect(dataset.y.every((label) => label >= 0 && label < (name === 'makeBlobs' ? 3 : 2))).toBe(true);
        expect(generators[name]({ nSamples, shuffle, randomState })).toEqual(dataset);
      }),
      { numRuns: 25 },
    );
  });

  it('shuffling moves rows together with their labels', () => {
    const rowsOf = ({ x, y }: Dataset) =>
      Array.from(y, (label, i) => `${label}:${x.data.slice(i * x.shape[1], (i + 1) * x.shape[1])}`).sort();
    const options = { nSamples: 40, randomState: 3, centers: 4 };
    expect(rowsOf(makeBlobs({ ...options, shuffle: true }))).toEqual(rowsOf(makeBlobs({ ...options, shuffle: false })));
  });

  it('a missing randomState is 0', () => {
    for (const name of names) expect(generators[name]()).toEqual(generators[name]({ randomState: 0 }));
  });

  it('a RandomState is drawn from and advanced', () => {
    const random = new RandomState(5);
    expect(makeMoons({ noise: 0.1, randomState: random })).toEqual(makeMoons({ noise: 0.1, randomState: 5 }));
    expect(makeMoons({ noise: 0.1, randomState: random })).not.toEqual(makeMoons({ noise: 0.1, randomState: 5 }));
  });

  it('an undefined option is one left out', () => {
    for (const name of names) {
      expect(generators[name]({ nSamples: undefined, shuffle: undefined } as object)).toEqual(generators[name]());
    }
  });
});

describe('appendNoiseFeatures', () => {
  const moons = makeMoons({ nSamples: 7, noise: 0.1 });

  it("appends RandomState's normals row by row and leaves its input alone", () => {
    const before = structuredClone(moons);
    const wide = appendNoiseFeatures(moons, { count: 3, randomState: 11 });
    const noise = new RandomState(11).randn(21);
    expect(wide.x.shape).toEqual([7, 5]);
    for (let i = 0; i < 7; i++) {
      const own = Array.from(moons.x.data.slice(i * 2, i * 2 + 2));
      expect(Array.from(wide.x.data.slice(i * 5, i * 5 + 5))).toEqual([...own, ...noise.slice(i * 3, i * 3 + 3)]);
    }
    expect(wide.y).toEqual(moons.y);
    expect(moons).toEqual(before);
  });

  it('appends nothing for count 0', () => {
    expect(appendNoiseFeatures(moons, { count: 0 })).toEqual(moons);
  });
});

describe('bad input', () => {
  const moons = makeMoons();
  it.each<[string, () => unknown, string]>([
    ['options', () => makeMoons(3 as never), 'The options of makeMoons must be an object'],
    ['unknown option', () => makeMoons({ nsamples: 3 } as never), "Did you mean 'nSamples'?"],
    ['no samples', () => makeMoons({ nSamples: 0 }), "'nSamples' parameter of makeMoons"],
    ['an empty pair', () => makeMoons({ nSamples: [0, 0] }), "'nSamples[1]' parameter of makeMoons"],
    ['three curves', () => makeMoons({ nSamples: [1, 2, 3] as never }), 'an integer or a pair of integers'],
    ['negative noise', () => makeMoons({ noise: -0.1 }), "'noise' parameter of makeMoons"],
    ['NaN noise', () => makeMoons({ noise: Number.NaN }), 'Got NaN instead'],
    ['shuffle as text', () => makeMoons({ shuffle: 'yes' as never }), "'shuffle' parameter of makeMoons"],
    ['seed of null', () => makeMoons({ randomState: null as never }), 'Equal seeds give equal results.'],
    ['factor 1', () => makeCircles({ factor: 1 }), "'factor' parameter of makeCircles"],
    ['factor below 0', () => makeCircles({ factor: -0.1 }), "'factor' parameter of makeCircles"],
    ['no centers', () => makeBlobs({ centers: 0 }), "'centers' parameter of makeBlobs"],
    ['centers of two sizes', () => makeBlobs({ centers: [[1, 2], [3]] }), 'points of the same dimension'],
    ['a NaN center', () => makeBlobs({ centers: [[1, Number.NaN]] }), "'centers[0][1]' parameter"],
    ['centers against counts', () => makeBlobs({ nSamples: [1, 2], centers: [[0, 0]] }), 'as long as nSamples (2)'],
    ['a number against counts', () => makeBlobs({ nSamples: [1, 2], centers: 2 }), 'a list of points or null'],
    ['two deviations for three', () => makeBlobs({ clusterStd: [1, 2] }), "'clusterStd' parameter of makeBlobs"],
    ['a negative deviation', () => makeBlobs({ clusterStd: [1, -2, 1] }), "'clusterStd[1]' parameter"],
    ['centerBox upside down', () => makeBlobs({ centerBox: [1, 0] }), "'centerBox[1]' parameter of makeBlobs"],
    ['no features', () => makeBlobs({ nFeatures: 0 }), "'nFeatures' parameter of makeBlobs"],
    ['counts of zero', () => makeBlobs({ nSamples: [0, 0] }), 'at least 1 in total'],
    [
      'too few features',
      () => makeClassification({ nFeatures: 3 }),
      'at least nInformative + nRedundant + nRepeated (4)',
    ],
    ['too many clusters', () => makeClassification({ nClasses: 3 }), '2^nInformative >= nClasses * nClustersPerClass'],
    ['flipY above 1', () => makeClassification({ flipY: 1.1 }), "'flipY' parameter of makeClassification"],
    ['three weights', () => makeClassification({ weights: [1, 1, 1] }), "'weights' parameter of makeClassification"],
    ['a negative weight', () => makeClassification({ weights: [-0.1] }), "'weights[0]' parameter"],
    ['a weight of 2', () => makeClassification({ weights: [2] }), 'at most 1 in total'],
    ['shifts of two', () => makeClassification({ shift: [1, 2] }), 'as long as nFeatures (20)'],
    ['a NaN scale', () => makeClassification({ scale: Number.NaN }), 'Give null for random values'],
    ['half a class', () => makeClassification({ nClasses: 1.5 }), "'nClasses' parameter of makeClassification"],
    ['negative count', () => appendNoiseFeatures(moons, { count: -1 }), "'count' parameter of appendNoiseFeatures"],
    ['no dataset', () => appendNoiseFeatures(undefined as never, { count: 1 }), "'dataset' parameter"],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(ParameterError);
    expect(call).toThrow(message);
  });
});
