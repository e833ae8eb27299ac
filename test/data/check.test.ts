// Checks of matrices, labels and datasets: what passes, and what each refusal says.
import { describe, expect, it } from 'vitest';
import { checkDataset, checkLabels, checkMatrix } from '../../src/data/index.ts';
import { NumericError, ParameterError } from '../../src/errors/index.ts';

const data = Float64Array.of(1, 2, 3, 4, 5, 6);
const x = { data, shape: [3, 2] as [number, number] };
const y = Int32Array.of(0, 2, 1);

describe('what is right passes and is returned', () => {
  it('matrices', () => {
    expect(checkMatrix('f', 'x', x)).toBe(x);
    expect(checkMatrix('f', 'x', x, { features: 2 })).toBe(x);
    const single = { data: Float32Array.of(1), shape: [1, 1] };
    expect(checkMatrix('f', 'x', single)).toBe(single);
    const none = { data: new Float64Array(0), shape: [0, 2] };
    expect(checkMatrix('f', 'x', none, { allowEmpty: true })).toBe(none);
  });

  it('labels and datasets', () => {
    expect(checkLabels('f', y, 3, 3)).toBe(y);
    expect(checkLabels('f', y, 3)).toBe(y);
    const dataset = { x, y };
    expect(checkDataset('f', 'train', dataset, { features: 2, classes: 3 })).toBe(dataset);
  });
});

describe('what is wrong is refused by name', () => {
  const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
  it.each<[string, () => unknown, string]>([
    ['nothing', () => checkMatrix('f', 'x', undefined), "The 'x' parameter of f must be an object { data, shape }."],
    ['null', () => checkMatrix('f', 'x', null), 'Got null instead.'],
    ['rows as arrays', () => checkMatrix('f', 'x', [[1, 2]]), "'x.data' parameter of f must be a Float64Array or"],
    ['plain data', () => checkMatrix('f', 'x', { data: [1], shape: [1, 1] }), 'Got [1] instead.'],
    ['no shape', () => checkMatrix('f', 'x', { data }), "'x.shape' parameter of f must be two integers"],
    ['three axes', () => checkMatrix('f', 'x', { data, shape: [3, 2, 1] }), 'Got [3, 2, 1] instead.'],
    ['a fractional axis', () => checkMatrix('f', 'x', { data, shape: [1.5, 4] }), 'two integers'],
    ['a shape too large', () => checkMatrix('f', 'x', { data, shape: [2, 2] }), 'as its shape 2 × 2 says (4)'],
    ['other features', () => checkMatrix('f', 'x', x, { features: 5 }), 'must be [rows, 5]. Got [3, 2] instead.'],
    ['no columns', () => checkMatrix('f', 'x', { data: new Float64Array(0), shape: [2, 0] }), 'one column wide'],
    ['no rows', () => checkMatrix('f', 'x', { data: new Float64Array(0), shape: [0, 2] }), 'at least one row long'],
    ['labels as an array', () => checkLabels('f', [0, 1], 2), "'y' parameter of f must be an Int32Array"],
    ['labels too few', () => checkLabels('f', y, 4), 'as long as x has rows (4). Got Int32Array(3) instead.'],
    ['a label below 0', () => checkLabels('f', Int32Array.of(0, -1), 2), "'y[1]' parameter of f must be a class index"],
    [
      'a label too high',
      () => checkLabels('f', y, 3, 2),
      "'y[1]' parameter of f must be a class index in the range [0, 1]",
    ],
    ['no dataset', () => checkDataset('f', 'train', 3), "'train' parameter of f must be an object { x, y }"],
    ['no x', () => checkDataset('f', 'train', { y }), "'train.x' parameter of f"],
    ['no y', () => checkDataset('f', 'train', { x }), "'y' parameter of f"],
    ['rows against labels', () => checkDataset('f', 'train', { x, y: y.slice(1) }), 'as long as x has rows (3)'],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(ParameterError);
    expect(call).toThrow(message);
  });

  it.each([nan, infinity, -infinity])('%d in data, with its place', (value) => {
    const bad = { data: Float64Array.of(1, 2, 3, 4, value, 6), shape: [2, 3] };
    expect(() => checkMatrix('f', 'x', bad)).toThrow(NumericError);
    expect(() => checkMatrix('f', 'x', bad)).toThrow(`Got ${value} at row 1, column 1 instead.`);
  });
});
