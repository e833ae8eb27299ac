// Streams of one seed: NumPy's values, independence of each other; seeds that are refused.
import { describe, expect, it, test } from 'vitest';
import { checkSeed, layerStream, RandomState, SHUFFLING } from '../../src/random/index.ts';

test('streams differ by root seed and ordinal, and from the order of samples', () => {
  const first = new Set<number>();
  for (const seed of [0, 1, 4294967295]) {
    for (const index of [0, 1, 2]) {
      first.add(new RandomState([seed, SHUFFLING, index]).randomSample());
      for (const type of ['dense', 'prelu']) first.add(layerStream(seed, type, index).randomSample());
    }
  }
  expect(first.size).toBe(27);
});

describe('checkSeed', () => {
  it('returns seeds that fit 32 bits', () => {
    expect([0, 1, 4294967295].map((seed) => checkSeed('f', 'seed', seed))).toEqual([0, 1, 4294967295]);
  });

  it.each([-1, 0.5, 2 ** 32, Number.NaN, '0', null, undefined])('refuses %o', (seed) => {
    expect(() => checkSeed('f', 'seed', seed)).toThrow("The 'seed' parameter of f must be an integer in the range");
  });
});
