// trainTestSplit, KFold and StratifiedKFold against scikit-learn's indices, their properties, their argument checks.
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  appendNoiseFeatures,
  type ClassDataset,
  type Dataset,
  KFold,
  type Matrix,
  makeMoons,
  StratifiedKFold,
  takeRows,
  trainTestSplit,
} from '../../src/data/index.ts';
import { NumericError, ParameterError } from '../../src/errors/index.ts';
import { RandomState } from '../../src/random/index.ts';
import golden from '../golden/sklearn/splits.json' with { type: 'json' };
import { digest } from './digest.ts';

/** A dataset whose only feature is the row number. */
function numbered(labels: ArrayLike<number> | Iterable<number>): ClassDataset {
  const y = Int32Array.from(labels as ArrayLike<number>);
  return { x: { data: Float64Array.from(y.keys()), shape: [y.length, 1] }, y };
}

/** The labels of the golden script: the last class has about half of the rows. */
function goldenDataset([seed, classes, rows]: number[]): ClassDataset {
  const draws = new RandomState(seed).randint(0, 2 * classes, rows);
  return numbered(Array.from(draws, (label) => Math.min(label, classes - 1)));
}

const labels = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 60 });
const seeds = fc.integer({ min: 0, max: 4294967295 });
const ascending = (values: Iterable<number>) => Array.from(values).sort((a, b) => a - b);
const counts = (y: Int32Array) => [0, 1, 2, 3].map((label) => y.filter((value) => value === label).length);

describe("scikit-learn's indices", () => {
  it(`trainTestSplit: ${golden.trainTestSplit.length} cases`, () => {
    for (const { labels: made, options, train, test } of golden.trainTestSplit) {
      const split = trainTestSplit(goldenDataset(made), options as object);
      expect(digest(split.trainIndices), JSON.stringify(options)).toEqual(train);
      expect(digest(split.testIndices), JSON.stringify(options)).toEqual(test);
    }
  });

  it.each([
    ['KFold', KFold],
    ['StratifiedKFold', StratifiedKFold],
  ] as const)('%s', (name, Splitter) => {
    expect(golden[name].length).toBeGreaterThanOrEqual(10);
    for (const { labels: made, options, folds } of golden[name]) {
      const split = new Splitter(options as object).split(goldenDataset(made));
      const digests = split.map(({ trainIndices, testIndices }) => [digest(trainIndices), digest(testIndices)]);
      expect(digests, JSON.stringify(options)).toEqual(folds);
    }
  });
});

describe('trainTestSplit', () => {
  it('partitions the rows and keeps labels beside their samples', () => {
    fc.assert(
      fc.property(
        labels,
        seeds,
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.boolean(),
        (y, randomState, share, shuffle) => {
          fc.pre(Math.ceil(share * y.length) < y.length);
          const dataset = numbered(y);
          const { train, test, trainIndices, testIndices } = trainTestSplit(dataset, {
            testSize: share,
            randomState,
            shuffle,
          });
          expect(test.y.length).toBe(Math.ceil(share * y.length));
          expect(ascending([...trainIndices, ...testIndices])).toEqual(Array.from(y.keys()));
          for (const [part, indices] of [
            [train, trainIndices],
            [test, testIndices],
          ] as const) {
            expect(Array.from(part.x.data)).toEqual(Array.from(indices));
            expect(Array.from(part.y)).toEqual(Array.from(indices, (row) => y[row]));
          }
        },
      ),
    );
  });

  it('stratified: shares of classes differ by less than one row', () => {
    fc.assert(
      fc.property(labels, seeds, (y, randomState) => {
        const dataset = numbered([...y, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
        const { train } = trainTestSplit(dataset, { testSize: 0.5, stratify: true, randomState });
        const share = train.y.length / dataset.y.length;
        counts(train.y).forEach((count, label) => {
          expect(Math.abs(count - counts(dataset.y)[label] * share)).toBeLessThan(1);
        });
      }),
    );
  });

  it('keeps float32 data float32', () => {
    const dataset = makeMoons({ nSamples: 8 });
    const data = Float32Array.from(dataset.x.data);
    const { train } = trainTestSplit({ x: { data, shape: [8, 2] }, y: dataset.y });
    expect(train.x.data).toBeInstanceOf(Float32Array);
  });
});

describe('every kind of target', () => {
  const x = { data: Float64Array.from({ length: 9 }, (_, i) => i), shape: [9, 1] as [number, number] };
  const y = x.data.map((value) => value / 2);
  const several = { data: Float32Array.from({ length: 18 }, (_, i) => i), shape: [9, 2] as [number, number] };

  it('stays with its rows and keeps its type', () => {
    const { test, testIndices } = trainTestSplit({ x, y }, { testSize: 3 });
    expect(test.y).toBeInstanceOf(Float64Array);
    expect(Array.from(test.y)).toEqual(Array.from(testIndices, (row) => row / 2));
    const taken: { x: Matrix; y: Matrix } = takeRows({ x, y: several }, testIndices);
    expect(taken.y.shape).toEqual([3, 2]);
    expect(taken.y.data).toEqual(Float32Array.from(Array.from(testIndices).flatMap((row) => [2 * row, 2 * row + 1])));
    expect(new KFold({ nSplits: 3 }).split({ x, y: several })).toEqual(new KFold({ nSplits: 3 }).split({ x, y }));
    for (const targets of [y, several]) {
      const dataset = { x, y: targets };
      const wide = appendNoiseFeatures(dataset, { count: 1 });
      expect(wide.y).toEqual(targets);
      expect(wide.y).not.toBe(targets);
    }
  });

  it('only class indices can be stratified', () => {
    for (const targets of [y, several]) {
      const dataset = { x, y: targets };
      expect(() => trainTestSplit(dataset, { stratify: true })).toThrow(
        "The 'stratify' parameter of trainTestSplit must be false for targets that are numbers. Got true instead. Only class",
      );
      expect(() => new StratifiedKFold().split(dataset as never)).toThrow(
        "The 'dataset.y' parameter of StratifiedKFold.split must be an Int32Array of class indices.",
      );
      expect(() => new StratifiedKFold().split(dataset as never)).toThrow('Use KFold for targets that are numbers.');
    }
  });

  it('may come from another realm', () => {
    const foreign = runInNewContext(
      '({ x: { data: Float32Array.of(1, 2, 3), shape: [3, 1] }, y: Int32Array.of(0, 1, 0), rows: Int32Array.of(2, 0) })',
    );
    const { x, y } = takeRows(foreign as Dataset<Int32Array>, foreign.rows);
    expect([x.data, y]).toEqual([Float32Array.of(3, 1), Int32Array.of(0, 0)]);
    expect(new StratifiedKFold({ nSplits: 2 }).split(foreign)).toHaveLength(2);
  });
});

describe('many labels', () => {
  // A call that spreads 200,000 arguments would overflow the stack.
  const dataset = numbered({ length: 200_000 });
  dataset.y.forEach((_, row) => {
    dataset.y[row] = row >> 1;
  });

  it('100,000 classes of 200,000 rows are split', () => {
    const folds = new StratifiedKFold({ nSplits: 2, shuffle: true, randomState: 1 }).split(dataset);
    expect(folds.map(({ testIndices }) => testIndices.length)).toEqual([100_000, 100_000]);
    expect(new Set(folds[0].testIndices.map((row) => row >> 1)).size).toBe(100_000);
    const { test } = trainTestSplit(dataset, { testSize: 0.5, stratify: true });
    expect(new Set(test.y).size).toBe(100_000);
    expect(new KFold({ nSplits: 2 }).split(dataset)[0].testIndices).toHaveLength(100_000);
  });

  it('200,000 different labels have no class of two rows', () => {
    const distinct = numbered(dataset.y.keys());
    expect(() => new StratifiedKFold().split(distinct)).toThrow('the rows of the largest class (1)');
    expect(() => trainTestSplit(distinct, { stratify: true })).toThrow('Row 0 alone has label 0.');
  });
});

describe('folds', () => {
  it.each([
    ['KFold', KFold],
    ['StratifiedKFold', StratifiedKFold],
  ] as const)('%s: every row is tested once and trains otherwise', (_, Splitter) => {
    fc.assert(
      fc.property(labels, seeds, fc.integer({ min: 2, max: 6 }), (y, randomState, nSplits) => {
        const dataset = numbered([...y, ...new Array(6).fill(0)]);
        const folds = new Splitter({ nSplits, shuffle: true, randomState }).split(dataset);
        const rows = Array.from(dataset.y.keys());
        expect(ascending(folds.flatMap(({ testIndices }) => [...testIndices]))).toEqual(rows);
        for (const { trainIndices, testIndices } of folds) {
          expect(ascending([...trainIndices, ...testIndices])).toEqual(rows);
        }
      }),
    );
  });
});

describe('takeRows', () => {
  const dataset = numbered([0, 1, 2]);

  it('takes rows in the order given, repeated or none', () => {
    expect(takeRows(dataset, [2, 0, 2])).toEqual({
      x: { data: Float64Array.of(2, 0, 2), shape: [3, 1] },
      y: Int32Array.of(2, 0, 2),
    });
    expect(takeRows(dataset, []).x.shape).toEqual([0, 1]);
  });

  it('refuses what is no array of numbers', () => {
    expect(() => takeRows(dataset, new Set([0]) as never)).toThrow(
      "The 'indices' parameter of takeRows must be an array",
    );
    expect(() => takeRows(dataset, BigInt64Array.of(1n) as never)).toThrow(
      "'indices[0]' parameter of takeRows must be a row index, an integer in the range [0, 2]. Got 1n instead.",
    );
  });

  it.each([-1, 3, 0.5, Number.NaN])('refuses row %d', (row) => {
    expect(() => takeRows(dataset, [0, row])).toThrow("The 'indices[1]' parameter of takeRows must be a row index");
  });
});

describe('bad input', () => {
  const dataset = numbered([0, 1, 0, 1, 0, 1]);
  const lone = numbered([0, 0, 0, 0, 0, 1]);
  it.each<[string, () => unknown, string]>([
    ['testSize 0', () => trainTestSplit(dataset, { testSize: 0 }), "'testSize' parameter of trainTestSplit"],
    ['testSize of all rows', () => trainTestSplit(dataset, { testSize: 6 }), 'a number of rows in [1, 5]'],
    [
      'testSize Infinity',
      () => trainTestSplit(dataset, { testSize: Number.POSITIVE_INFINITY }),
      'Below 1 it is a share',
    ],
    ['testSize 1.5', () => trainTestSplit(dataset, { testSize: 1.5 }), 'a share in (0, 1)'],
    ['negative trainSize', () => trainTestSplit(dataset, { trainSize: -1 }), "'trainSize' parameter"],
    ['shares above 1', () => trainTestSplit(dataset, { trainSize: 0.6, testSize: 0.5 }), 'at most 1 - testSize'],
    ['rows above all', () => trainTestSplit(dataset, { trainSize: 4, testSize: 3 }), 'such that both parts fit 6 rows'],
    [
      'no training row',
      () => trainTestSplit(dataset, { testSize: 0.9 }),
      "'testSize' parameter of trainTestSplit must be such that it leaves a training row of 6. Got 0.9 instead.",
    ],
    ['a single row', () => trainTestSplit(numbered([0])), 'such that it leaves a training row of 1. Got 0.25'],
    [
      'a share of no row',
      () => trainTestSplit(numbered([0, 1, 0]), { trainSize: 0.1 }),
      "'trainSize' parameter of trainTestSplit must be such that it leaves a training row of 3. Got 0.1 instead.",
    ],
    [
      'stratify unshuffled',
      () => trainTestSplit(dataset, { shuffle: false, stratify: true }),
      'Leave shuffle at true.',
    ],
    ['a class of one row', () => trainTestSplit(lone, { stratify: true }), 'Row 5 alone has label 1.'],
    ['fewer test rows than classes', () => trainTestSplit(dataset, { testSize: 1, stratify: true }), 'one per class'],
    ['labels to stratify by', () => trainTestSplit(dataset, { stratify: [1] as never }), "'stratify' parameter"],
    ['unknown option', () => trainTestSplit(dataset, { test_size: 0.2 } as never), "Did you mean 'testSize'?"],
    ['no rows', () => trainTestSplit(numbered([])), 'at least one row long'],
    ['one split', () => new KFold({ nSplits: 1 }), "'nSplits' parameter of KFold"],
    ['a useless seed', () => new KFold({ randomState: 3 }), 'Set shuffle: true to use it.'],
    ['a bad seed', () => new StratifiedKFold({ shuffle: true, randomState: -3 }), "'randomState' parameter"],
    ['fewer rows than folds', () => new KFold({ nSplits: 7 }).split(dataset), 'at least nSplits (7) rows long'],
    ['no class of that size', () => new StratifiedKFold().split(dataset), 'the rows of the largest class (3)'],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(ParameterError);
    expect(call).toThrow(message);
  });

  it('NaN is reported with its place', () => {
    const bad = numbered([0, 1, 0, 1]);
    bad.x.data[2] = Number.NaN;
    expect(() => trainTestSplit(bad)).toThrow(NumericError);
    expect(() => new KFold({ nSplits: 2 }).split(bad)).toThrow('Got NaN at row 2, column 0 instead');
  });
});
