// What the contract tests do not say of periodicEmbedding: its sizes, initial values and errors.
import { expect, test } from 'vitest';
import { dense, periodicEmbedding } from '../../src/nn/index.ts';
import { sequential } from '../../src/train/index.ts';

test('numbers become several values, other inputs follow as they are', () => {
  using model = sequential({
    inputSize: 5,
    layers: [periodicEmbedding({ features: 3, terms: 7, outputs: 4 }), dense(2)],
  });
  const arrays = Object.fromEntries(model.getWeights().map(({ name, shape }) => [name, shape]));
  expect(arrays).toEqual({
    'periodicEmbedding1.frequencies': [3, 7],
    'periodicEmbedding1.phases': [21],
    'periodicEmbedding1.kernel': [3, 3, 7],
    'periodicEmbedding1.bias': [9],
    'dense1.kernel': [3 * 4 + 2, 2],
    'dense1.bias': [2],
  });
});

test('begins with low frequencies, phases in a whole turn and a kernel within ±1 / √terms', () => {
  using model = sequential({ inputSize: 50, layers: [periodicEmbedding({ stddev: 0.2 })] });
  const [frequencies, phases, kernel, bias] = model.getWeights().map(({ data }) => Array.from(data));
  const greatest = (values: number[]) => Math.max(...values.map(Math.abs));
  expect(greatest(frequencies)).toBeGreaterThan(0.35);
  expect(greatest(frequencies)).toBeLessThanOrEqual(0.4);
  expect(greatest(phases)).toBeGreaterThan(0.48);
  expect(greatest(phases)).toBeLessThanOrEqual(0.5);
  for (const values of [kernel, bias]) {
    expect(greatest(values)).toBeGreaterThan(0.23);
    expect(greatest(values)).toBeLessThanOrEqual(0.25);
  }
});

test('there are as many inputs as features at least', () => {
  expect(() => sequential({ inputSize: 2, layers: [periodicEmbedding(3)] })).toThrow(
    "The 'features' parameter of periodicEmbedding must be at most the 2 inputs. Got 3 instead.",
  );
});
