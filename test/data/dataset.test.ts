// Checks of matrices, targets and datasets: what passes, and what each refusal says.
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { checkDataset, checkMatrix, checkTargets } from '../../src/data/index.ts';
import { NumericError, ParameterError } from '../../src/errors/index.ts';

const data = Float64Array.of(1, 2, 3, 4, 5, 6);
const x = { data, shape: [3, 2] as [number, number] };
const y = Int32Array.of(0, 2, 1);
const prices = Float64Array.of(0.5, -2, 1e9);

describe('what is right passes and is returned', () => {
  it('matrices', () => {
    expect(checkMatrix('f', 'x', x)).toBe(x);
    expect(checkMatrix('f', 'x', x, { features: 2 })).toBe(x);
    const single = { data: Float32Array.of(1), shape: [1, 1] };
    expect(checkMatrix('f', 'x', single)).toBe(single);
    const none = { data: new Float64Array(0), shape: [0, 2] };
    expect(checkMatrix('f', 'x', none, { allowEmpty: true })).toBe(none);
  });

  it('targets of every kind', () => {
    expect(checkTargets('f', 'y', y, 3, { targets: 'classes', classes: 3 })).toBe(y);
    for (const targets of [y, prices, x]) expect(checkTargets('f', 'y', targets, 3)).toBe(targets);
    for (const targets of [prices, x]) expect(checkTargets('f', 'y', targets, 3, { targets: 'values' })).toBe(targets);
    expect(checkTargets('f', 'y', prices, 3, { targets: 'values', outputs: 1 })).toBe(prices);
    expect(checkTargets('f', 'y', x, 3, { targets: 'values', outputs: 2 })).toBe(x);
  });

  it('datasets', () => {
    for (const targets of [y, prices, x]) {
      const dataset = { x, y: targets };
      expect(checkDataset('f', 'train', dataset, { features: 2 })).toBe(dataset);
    }
  });

  it('arrays of another realm', () => {
    const foreign = runInNewContext(
      '({ x: { data: Float32Array.of(1, 2), shape: [2, 1] }, classes: Int32Array.of(0, 1), values: Float64Array.of(1, 2) })',
    );
    expect(checkDataset('f', 'd', { x: foreign.x, y: foreign.classes }, { targets: 'classes' }).y).toBe(
      foreign.classes,
    );
    expect(checkDataset('f', 'd', { x: foreign.x, y: foreign.values }, { targets: 'values' }).y).toBe(foreign.values);
    expect(() => checkTargets('f', 'y', foreign.classes, 2, { targets: 'values' })).toThrow(
      'Got Int32Array(2) instead.',
    );
  });
});

describe('what is wrong is refused by name', () => {
  const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
  const classes = { targets: 'classes' } as const;
  const values = { targets: 'values' } as const;
  it.each<[string, () => unknown, string]>([
    ['nothing', () => checkMatrix('f', 'x', undefined), "The 'x' parameter of f must be an object { data, shape }."],
    ['null', () => checkMatrix('f', 'x', null), 'Got null instead.'],
    ['rows as arrays', () => checkMatrix('f', 'x', [[1, 2]]), "'x' parameter of f must be an object { data, shape }"],
    ['plain data', () => checkMatrix('f', 'x', { data: [1], shape: [1, 1] }), 'Got [1] instead.'],
    ['no shape', () => checkMatrix('f', 'x', { data }), "'x.shape' parameter of f must be two integers"],
    ['three axes', () => checkMatrix('f', 'x', { data, shape: [3, 2, 1] }), 'Got [3, 2, 1] instead.'],
    ['a fractional axis', () => checkMatrix('f', 'x', { data, shape: [1.5, 4] }), 'two integers'],
    ['a shape too large', () => checkMatrix('f', 'x', { data, shape: [2, 2] }), 'as its shape 2 × 2 says (4)'],
    ['other features', () => checkMatrix('f', 'x', x, { features: 5 }), 'must be [rows, 5]. Got [3, 2] instead.'],
    ['no columns', () => checkMatrix('f', 'x', { data: new Float64Array(0), shape: [2, 0] }), 'one column wide'],
    ['no rows', () => checkMatrix('f', 'x', { data: new Float64Array(0), shape: [0, 2] }), 'at least one row long'],
    [
      'labels as an array',
      () => checkTargets('f', 'y', [0, 1], 2, classes),
      "'y' parameter of f must be an Int32Array of class indices. Got [0, 1] instead. Int32Array.from(…) makes one.",
    ],
    ['labels too few', () => checkTargets('f', 'y', y, 4), 'as long as x has rows (4). Got Int32Array(3) instead.'],
    ['a label below 0', () => checkTargets('f', 'y', Int32Array.of(0, -1), 2), "'y[1]' parameter of f must be a class"],
    [
      'a label too high',
      () => checkTargets('f', 'y', y, 3, { targets: 'classes', classes: 2 }),
      "'y[1]' parameter of f must be a class index in the range [0, 1]. Got 2 instead. Number the classes from 0;",
    ],
    [
      'numbers where classes are needed',
      () => checkTargets('f', 'y', prices, 3, { targets: 'classes', remedy: 'Use KFold.' }),
      'an Int32Array of class indices. Got Float64Array(3) instead. Use KFold.',
    ],
    ['a matrix where classes are needed', () => checkTargets('f', 'y', x, 3, classes), 'an Int32Array of class'],
    [
      'classes where numbers are needed',
      () => checkTargets('f', 'y', y, 3, values),
      'a Float64Array of numbers. Got Int32Array(3) instead. Float64Array.from(…) makes one.',
    ],
    ['numbers too few', () => checkTargets('f', 'y', prices, 4, values), 'as long as x has rows (4)'],
    ['rows of targets too few', () => checkTargets('f', 'y', x, 4), "'y.shape' parameter of f must be [4, targets]"],
    [
      'other outputs',
      () => checkTargets('f', 'y', x, 3, { targets: 'values', outputs: 3 }),
      'must be [rows, 3]. Got [3, 2] instead. Give every sample 3 targets.',
    ],
    [
      'one number for several outputs',
      () => checkTargets('f', 'y', prices, 3, { targets: 'values', outputs: 3 }),
      'a matrix of several numbers per row. Got Float64Array(3) instead. Give { data, shape: [rows, targets] }.',
    ],
    ['float32 targets', () => checkTargets('f', 'y', Float32Array.of(1), 1), 'a Float64Array of numbers or a matrix'],
    ['64-bit labels', () => checkTargets('f', 'y', BigInt64Array.of(0n), 1), 'Got BigInt64Array(1) instead.'],
    [
      'no targets',
      () => checkTargets('f', 'y', undefined, 1),
      'Int32Array of class indices, a Float64Array of numbers or a matrix of several numbers per row.',
    ],
    ['no dataset', () => checkDataset('f', 'train', 3), "'train' parameter of f must be an object { x, y }"],
    ['no x', () => checkDataset('f', 'train', { y }), "'train.x' parameter of f"],
    ['no y', () => checkDataset('f', 'train', { x }), "'train.y' parameter of f"],
    ['rows against labels', () => checkDataset('f', 'train', { x, y: y.slice(1) }), 'as long as x has rows (3)'],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(ParameterError);
    expect(call).toThrow(message);
  });

  it.each([nan, infinity, -infinity])('%d in data and in targets, with its place', (value) => {
    const bad = { data: Float64Array.of(1, 2, 3, 4, value, 6), shape: [2, 3] };
    expect(() => checkMatrix('f', 'x', bad)).toThrow(NumericError);
    expect(() => checkMatrix('f', 'x', bad)).toThrow(`Got ${value} at row 1, column 1 instead.`);
    expect(() => checkTargets('f', 'y', bad, 2)).toThrow(`Got ${value} at row 1, column 1 instead.`);
    expect(() => checkTargets('f', 'y', bad.data, 6)).toThrow(NumericError);
    expect(() => checkTargets('f', 'y', bad.data, 6)).toThrow(`Got ${value} at element 4 instead.`);
  });
});
