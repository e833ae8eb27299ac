// Generators against scikit-learn's values, their properties, and their argument checks.
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  appendNoiseFeatures,
  type ClassDataset,
  checkDataset,
  type Dataset,
  defineGenerator,
  generators,
  type Matrix,
  makeBlobs,
  makeCircles,
  makeClassification,
  makeFriedman1,
  makeFriedman2,
  makeFriedman3,
  makeMoons,
  makeMultilabelClassification,
  makeRegression,
  type Targets,
} from '../../src/data/index.ts';
import { EnvironmentError, integer, NumericError, ParameterError } from '../../src/errors/index.ts';
import { RandomState } from '../../src/random/index.ts';
import golden from '../golden/sklearn/generators.json' with { type: 'json' };
import { expectClose } from '../reference/close.ts';
import { digest } from './digest.ts';

const ofClasses = { makeMoons, makeCircles, makeBlobs, makeClassification };
const byName: Record<GeneratorName, (options?: object) => Dataset> = {
  ...ofClasses,
  makeMultilabelClassification,
  makeRegression,
  makeFriedman1,
  makeFriedman2,
  makeFriedman3,
};
type GeneratorName = keyof typeof golden;
const names = Object.keys(byName) as GeneratorName[];
const seeds = fc.integer({ min: 0, max: 4294967295 });

function columnSums({ data, shape }: Matrix): Float64Array {
  const sums = new Float64Array(shape[1]);
  data.forEach((value, i) => {
    sums[i % shape[1]] += value;
  });
  return sums;
}

describe('definitions', () => {
  it('are all in the list, under their names, with everything described', () => {
    expect(generators.map(({ definition }) => definition.type)).toEqual(names);
    for (const [i, generator] of generators.entries()) {
      expect(generator).toBe(byName[names[i]]);
      expect([generator.name, generator.kind]).toEqual([names[i], 'generator']);
      expect(generator.definition.describe).toBeTruthy();
      for (const rule of Object.values(generator.definition.options)) expect(rule.describe).toBeTruthy();
    }
  });

  it('can be user-defined', () => {
    const makeLine = defineGenerator({
      type: 'makeLine',
      options: { nSamples: integer(1), randomState: makeMoons.definition.options.randomState },
      check: ({ nSamples }) => (nSamples % 2 ? { option: 'nSamples', rule: 'even' } : undefined),
      generate({ nSamples }, random) {
        const data = random.randomSample(nSamples);
        return { x: { data, shape: [nSamples, 1] }, y: data.map((value) => 2 * value) };
      },
    });
    const { x, y } = makeLine({ nSamples: 4, randomState: 1 });
    expect(checkDataset('test', 'line', { x, y }, { targets: 'values' }).y).toEqual(x.data.map((value) => 2 * value));
    expect(() => makeLine({ nSamples: 3 })).toThrow(
      "The 'nSamples' parameter of makeLine must be even. Got 3 instead.",
    );
    // @ts-expect-error: an option without a default has to be given
    expect(() => makeLine()).toThrow("'nSamples' parameter of makeLine");
    expect(() => defineGenerator({ ...makeMoons.definition, type: 'my moons' })).toThrow(ParameterError);
  });
});

function expectTargets(y: Targets, expected: { shape: number[]; first: number[]; sums: number[] }): void {
  const matrix = 'data' in y ? y : ({ data: y, shape: [y.length, 1] } as Matrix);
  expect('data' in y ? y.shape : [y.length]).toEqual(expected.shape);
  const size = expected.first.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  expectClose(matrix.data.slice(0, expected.first.length), expected.first, { rtol: 1e-12, atol: 1e-14 * size });
  expectClose(columnSums(matrix), expected.sums, { rtol: 1e-10, atol: 1e-10 * size });
}

describe("scikit-learn's values", () => {
  for (const name of names) {
    golden[name].forEach(({ options, shape, x, columnSums: sums, ...rest }) => {
      it(`${name}(${JSON.stringify(options)})`, () => {
        const dataset = byName[name](options as object);
        expect(dataset.x.shape).toEqual(shape);
        if ('y' in rest) expect(digest(dataset.y as Int32Array)).toEqual(rest.y);
        else expectTargets(dataset.y, rest.targets);
        // The absolute part is for coordinates like 1 - sin(pi / 6) - 0.5, whose exact value is 0.
        expectClose(dataset.x.data.slice(0, x.length), x, { rtol: 1e-12, atol: 4e-16 });
        expectClose(columnSums(dataset.x), sums, { rtol: 1e-10, atol: 1e-10 });
      });
    });
  }
});

describe('properties', () => {
  it.each(Object.keys(ofClasses) as (keyof typeof ofClasses)[])(
    '%s: equal seeds give equal data, in shape and with labels in range',
    (name) => {
      fc.assert(
        fc.property(seeds, fc.integer({ min: 1, max: 60 }), fc.boolean(), (randomState, nSamples, shuffle) => {
          const dataset = ofClasses[name]({ nSamples, shuffle, randomState });
          const [rows, columns] = dataset.x.shape;
          expect([rows, dataset.y.length, dataset.x.data.length]).toEqual([nSamples, nSamples, nSamples * columns]);
          expect(dataset.x.data).toBeInstanceOf(Float64Array);
          expect(dataset.x.data.every(Number.isFinite)).toBe(true);
          expect(dataset.y.every((label) => label >= 0 && label < (name === 'makeBlobs' ? 3 : 2))).toBe(true);
          expect(ofClasses[name]({ nSamples, shuffle, randomState })).toEqual(dataset);
        }),
        { numRuns: 25 },
      );
    },
  );

  it('shuffling moves rows together with their labels', () => {
    const rowsOf = ({ x, y }: ClassDataset) =>
      Array.from(y, (label, i) => `${label}:${x.data.slice(i * x.shape[1], (i + 1) * x.shape[1])}`).sort();
    const options = { nSamples: 40, randomState: 3, centers: 4 };
    expect(rowsOf(makeBlobs({ ...options, shuffle: true }))).toEqual(rowsOf(makeBlobs({ ...options, shuffle: false })));
  });

  it.each(names)('%s: equal seeds give equal data and other seeds other data', (name) => {
    expect(byName[name]({ randomState: 5 })).toEqual(byName[name]({ randomState: 5 }));
    if (!['makeMoons', 'makeCircles'].includes(name)) {
      expect(byName[name]({ randomState: 5 }).x).not.toEqual(byName[name]({ randomState: 6 }).x);
    }
  });

  it('without allowUnlabeled every sample has a label', () => {
    const { x, y } = makeMultilabelClassification({ nSamples: 300, nLabels: 1, allowUnlabeled: false });
    for (let i = 0; i < 300; i++) expect(y.data.subarray(5 * i, 5 * i + 5)).toContain(1);
    expect(x.data.every((value) => Number.isInteger(value) && value >= 0)).toBe(true);
  });

  it('a missing randomState is 0', () => {
    for (const name of names) expect(byName[name]()).toEqual(byName[name]({ randomState: 0 }));
  });

  it('a RandomState is drawn from and advanced', () => {
    const random = new RandomState(5);
    expect(makeMoons({ noise: 0.1, randomState: random })).toEqual(makeMoons({ noise: 0.1, randomState: 5 }));
    expect(makeMoons({ noise: 0.1, randomState: random })).not.toEqual(makeMoons({ noise: 0.1, randomState: 5 }));
  });

  it('an undefined option is one left out', () => {
    for (const name of names) {
      expect(byName[name]({ nSamples: undefined, randomState: undefined } as object)).toEqual(byName[name]());
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

/** Values that each option of each generator refuses, with a part of the message. */
const friedman: Record<string, [unknown, string][]> = {
  nSamples: [[0, 'an integer in the range [1, inf)']],
  noise: [[-1, 'a number in the range [0, inf)']],
  randomState: [[-1, 'an integer in the range [0, 4294967295]']],
};

const refused: Record<keyof typeof byName, Record<string, [value: unknown, message: string][]>> = {
  makeMoons: {
    nSamples: [
      [0, 'an integer in the range [1, inf)'],
      [[0, 0], 'at least 1 in total'],
      [[1, 2, 3], 'a list of 2 (each an integer in the range [0, inf))'],
      [null, 'an integer in the range [1, inf), or a list of 2'],
    ],
    shuffle: [['yes', 'true or false']],
    noise: [
      [-0.1, 'a number in the range [0, inf)'],
      [Number.NaN, 'Got NaN instead'],
      ['loud', 'a number in the range [0, inf), or null'],
    ],
    randomState: [
      [null, 'an integer in the range [0, 4294967295], or a RandomState. Got null instead.'],
      [-1, 'an integer in the range [0, 4294967295]'],
    ],
  },
  makeCircles: {
    nSamples: [[[0, 0], 'at least 1 in total']],
    shuffle: [[0, 'true or false']],
    noise: [[-1, 'a number in the range [0, inf)']],
    randomState: [[2 ** 32, 'an integer in the range [0, 4294967295]']],
    factor: [
      [1, 'a number in the range [0, 1)'],
      [-0.1, 'a number in the range [0, 1)'],
    ],
  },
  makeBlobs: {
    nSamples: [
      [[], 'a list of at least 1'],
      [[0, 0], 'at least 1 in total'],
    ],
    nFeatures: [[0, 'an integer in the range [1, inf)']],
    centers: [
      [0, 'an integer in the range [1, inf)'],
      [[], 'a list of at least 1'],
      [[1, 2], "'centers[0]' parameter of makeBlobs must be a list"],
      [[[1, 2], [3]], 'points of the same dimension'],
      [[[1, Number.NaN]], "'centers[0][1]' parameter"],
      ['four', 'Write a point as [x, y, …].'],
    ],
    clusterStd: [
      [[1, 2], 'as long as there are centers (3)'],
      [[1, -2, 1], "'clusterStd[1]' parameter"],
      [-1, 'a number in the range [0, inf)'],
    ],
    centerBox: [
      [[5, -5], 'a finite distance, low first. Got [5, -5] instead.'],
      [[-1e308, 1e308], 'a finite distance'],
      [3, 'a list of 2'],
    ],
    shuffle: [[1, 'true or false']],
    randomState: [[0.5, 'an integer in the range [0, 4294967295]']],
  },
  makeClassification: {
    nSamples: [[0, 'an integer in the range [1, inf)']],
    nFeatures: [[3, 'at least nInformative + nRedundant + nRepeated (4). Got 3 instead. Raise it, or lower one']],
    nInformative: [
      [
        1,
        '2^nInformative >= nClasses * nClustersPerClass (4). Got 1 instead. Each cluster lies on a corner of its own: raise nInformative',
      ],
      [
        19,
        "'nFeatures' parameter of makeClassification must be at least nInformative + nRedundant + nRepeated (21). Got 20",
      ],
    ],
    nRedundant: [
      [-1, 'an integer in the range [0, inf)'],
      [19, "'nFeatures' parameter"],
    ],
    nRepeated: [
      [0.5, 'an integer in the range [0, inf)'],
      [17, "'nFeatures' parameter"],
    ],
    nClasses: [
      [1.5, 'an integer in the range [1, inf)'],
      [3, '2^nInformative >= nClasses * nClustersPerClass (6)'],
    ],
    nClustersPerClass: [[4, '2^nInformative >= nClasses * nClustersPerClass (8)']],
    weights: [
      [[1, 1, 1], 'null or a list of nClasses (2) or nClasses - 1 shares'],
      [[], 'null or a list of nClasses (2) or nClasses - 1 shares'],
      [[-0.1], "'weights[0]' parameter"],
      [[2], 'at most 1 in total'],
    ],
    flipY: [[1.1, 'a number in the range [0, 1]']],
    classSep: [[-1, 'the range [0, inf). Got -1 instead.']],
    hypercube: [['yes', 'true or false']],
    shift: [
      [[1, 2], 'as long as nFeatures (20)'],
      [Number.NaN, 'must be a number in the range (-inf, inf)'],
    ],
    scale: [
      [Number.POSITIVE_INFINITY, 'must be a number in the range (-inf, inf)'],
      [[1], 'as long as nFeatures (20)'],
    ],
    shuffle: [[null, 'true or false']],
    randomState: [['1', 'an integer in the range [0, 4294967295], or a RandomState']],
  },
  makeMultilabelClassification: {
    nSamples: [[0, 'an integer in the range [1, inf)']],
    nFeatures: [[0, 'an integer in the range [1, inf)']],
    nClasses: [
      [0, 'an integer in the range [1, inf)'],
      [1, "'nLabels' parameter of makeMultilabelClassification must be at most nClasses (1)"],
    ],
    nLabels: [
      [0.5, 'an integer in the range [0, inf)'],
      [6, 'at most nClasses (5)'],
    ],
    length: [[0, 'an integer in the range [1, inf)']],
    allowUnlabeled: [['no', 'true or false']],
    randomState: [[-1, 'an integer in the range [0, 4294967295]']],
  },
  makeRegression: {
    nSamples: [[0, 'an integer in the range [1, inf)']],
    nFeatures: [[0, 'an integer in the range [1, inf)']],
    nInformative: [[-1, 'an integer in the range [0, inf)']],
    nTargets: [[0, 'an integer in the range [1, inf)']],
    bias: [[Number.NaN, 'a number in the range (-inf, inf)']],
    noise: [[-1, 'a number in the range [0, inf)']],
    shuffle: [[1, 'true or false']],
    randomState: [[-1, 'an integer in the range [0, 4294967295]']],
  },
  makeFriedman1: {
    nSamples: [[0, 'an integer in the range [1, inf)']],
    nFeatures: [[4, 'an integer in the range [5, inf)']],
    noise: [[-1, 'a number in the range [0, inf)']],
    randomState: [[-1, 'an integer in the range [0, 4294967295]']],
  },
  makeFriedman2: friedman,
  makeFriedman3: friedman,
};

describe('bad values', () => {
  for (const generator of generators) {
    const { type, options: rules } = generator.definition;
    const values = refused[type as keyof typeof refused];
    it(`of every option of ${type}`, () => expect(Object.keys(values).sort()).toEqual(Object.keys(rules).sort()));
    for (const [option, cases] of Object.entries(values)) {
      it.each(cases)(`${type}({ ${option}: %j })`, (value, message) => {
        const call = () => generator({ [option]: value });
        expect(call).toThrow(ParameterError);
        expect(call).toThrow(`parameter of ${type} must be `);
        expect(call).toThrow(message);
      });
    }
  }

  it('that ask for more memory than there is are refused at once', () => {
    expect(() => makeMoons({ nSamples: 1e15 })).toThrow(EnvironmentError);
    expect(() => appendNoiseFeatures(makeMoons(), { count: 1e12 })).toThrow(EnvironmentError);
    expect(() => makeBlobs({ nSamples: 100, nFeatures: 1e12 })).toThrow(
      /^makeBlobs found no memory for \d+ numbers \(\d+ GiB\)\. Ask for fewer samples or features\.$/,
    );
    // Far more clusters than samples, and matrices beside the samples.
    expect(() => makeBlobs({ centers: 1e12 })).toThrow(EnvironmentError);
    expect(() => makeClassification({ nInformative: 60, nFeatures: 60, nRedundant: 0, nClasses: 5e8 })).toThrow(
      EnvironmentError,
    );
    expect(() => makeClassification({ nSamples: 4, nInformative: 1e7, nFeatures: 1e7, nRedundant: 0 })).toThrow(
      EnvironmentError,
    );
    expect(() => makeCircles({ nSamples: [1, 1e12] })).toThrow(EnvironmentError);
  });

  // Pages cannot be asked.
  it.skipIf(typeof process === 'undefined')(
    'that ask for more than the process may still take are refused, although the system would promise it',
    () => {
      const available = vi.spyOn(process, 'availableMemory').mockReturnValue(2 ** 25);
      const options = { nSamples: 2 ** 19, nFeatures: 8 };
      expect(() => makeBlobs(options)).toThrow(EnvironmentError);
      available.mockRestore();
      expect(makeBlobs(options).y.length).toBe(2 ** 19);
    },
  );

  it('whose results are not finite are reported with the place', () => {
    expect(() => makeBlobs({ clusterStd: 1.7e308 })).toThrow(NumericError);
    expect(() => makeClassification({ scale: 1e308 })).toThrow(
      /^The dataset of makeClassification must hold finite numbers only\. Got -?Inf.* at row/,
    );
  });
});

describe('bad input', () => {
  const moons = makeMoons();
  it.each<[string, () => unknown, string]>([
    ['options', () => makeMoons(3 as never), 'The options of makeMoons must be an object'],
    ['unknown option', () => makeMoons({ nsamples: 3 } as never), "Did you mean 'nSamples'?"],
    ['centers against counts', () => makeBlobs({ nSamples: [1, 2], centers: [[0, 0]] }), 'as long as nSamples (2)'],
    ['a number against counts', () => makeBlobs({ nSamples: [1, 2], centers: 2 }), 'points or null'],
    ['negative count', () => appendNoiseFeatures(moons, { count: -1 }), "'count' parameter of appendNoiseFeatures"],
    ['no dataset', () => appendNoiseFeatures(undefined as never, { count: 1 }), "'dataset' parameter"],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(ParameterError);
    expect(call).toThrow(message);
  });
});
