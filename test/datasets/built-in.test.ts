// The built-in datasets against scikit-learn's, by shape, class counts, sums and a hash of every value.
import { createHash } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { checkDataset } from '../../src/data/index.ts';
import { loadBreastCancer, loadDiabetes, loadDigits, loadIris, loadWine } from '../../src/datasets/index.ts';
import golden from '../golden/sklearn/built-in.json' with { type: 'json' };
import { expectClose } from '../reference/close.ts';

const sha256 = (array: ArrayBufferView) =>
  createHash('sha256')
    .update(array as Uint8Array)
    .digest('hex');

test("diabetes has scikit-learn's shape, names and values, and is a new copy with each call", () => {
  const { x, y, featureNames, description } = loadDiabetes();
  checkDataset('test', 'diabetes', { x, y }, { targets: 'values' });
  expect(x.shape).toEqual(golden.diabetes.shape);
  expect(featureNames).toEqual(golden.diabetes.featureNames);
  expect(sha256(x.data)).toBe(golden.diabetes.xSha256);
  expect(sha256(y)).toBe(golden.diabetes.ySha256);
  expect(description).toContain('442');
  x.data.fill(0);
  y.fill(0);
  expect(sha256(loadDiabetes().x.data)).toBe(golden.diabetes.xSha256);
});

describe.each([
  ['digits', loadDigits],
  ['breast_cancer', loadBreastCancer],
  ['wine', loadWine],
  ['iris', loadIris],
] as const)('%s', (name, load) => {
  const { x, y, featureNames, classNames, description } = load();
  const expected = golden[name];

  it("has scikit-learn's shape, classes and values", () => {
    checkDataset('test', name, { x, y }, { classes: classNames.length });
    expect(x.shape).toEqual(expected.shape);
    expect(classNames.map((_, k) => y.filter((label) => label === k).length)).toEqual(expected.classCounts);
    const column = (j: number) => Array.from(x.data).filter((_, i) => i % featureNames.length === j);
    const sums = featureNames.map((_, j) => column(j).reduce((a, b) => a + b, 0));
    expectClose(sums, expected.featureSums, { atol: 1e-9, rtol: 1e-12 });
    expect(sha256(x.data)).toBe(expected.xSha256);
    expect(sha256(y)).toBe(expected.ySha256);
  });

  it('has names for features and classes, source and licence', () => {
    expect(featureNames.map((feature) => feature.replaceAll('_', ' '))).toEqual(expected.featureNames);
    expect(classNames).toEqual(expected.classNames);
    expect(description).toContain('UCI Machine Learning Repository');
    expect(description).toContain('CC BY 4.0');
    expect(description).toContain(String(x.shape[0]));
  });

  it('is a new copy with each call', () => {
    const copy = load();
    copy.x.data.fill(0);
    copy.y.fill(0);
    copy.classNames.length = 0;
    expect(load()).toEqual({ x, y, featureNames, classNames, description });
  });
});
