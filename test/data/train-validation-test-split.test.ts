// Three parts are two splits, and every row is in one of them.
import { expect, it } from 'vitest';
import { makeBlobs, trainTestSplit, trainValidationTestSplit } from '../../src/index.ts';

const data = makeBlobs({ nSamples: 90, centers: 3, randomState: 1 });

it('divides the rows as two splits in two', () => {
  const options = { stratify: true, randomState: 4 };
  const parts = trainValidationTestSplit(data, { ...options, validationSize: 0.1, testSize: 30 });
  const { trainIndices, validationIndices, testIndices } = parts;
  expect([trainIndices.length, validationIndices.length, testIndices.length]).toEqual([51, 9, 30]);
  const all = [...trainIndices, ...validationIndices, ...testIndices];
  expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: 90 }, (_, i) => i));
  const outer = trainTestSplit(data, { ...options, testSize: 30 });
  expect(parts.test).toEqual(outer.test);
  expect(parts.train).toEqual(trainTestSplit(outer.train, { ...options, testSize: 9 }).train);
  expect([...parts.validation.y]).toEqual([...validationIndices].map((i) => data.y[i]));
  for (const k of [0, 1, 2]) expect([...parts.validation.y].filter((label) => label === k).length).toBe(3);
});

it('refuses sizes that leave no row to train on', () => {
  expect(() => trainValidationTestSplit(data, { validationSize: 0.5, testSize: 0.5 })).toThrow('leaves a training row');
  expect(() => trainValidationTestSplit(data, { trainSize: 0.5 } as never)).toThrow('trainSize');
});
