// Named streams: NumPy's values, independence of each other, argument checks.
import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/errors/index.ts';
import { checkSeed, RandomState, stream } from '../../src/random/index.ts';

const NAMES = ['initialization', 'shuffling', 'dropout'] as const;

describe('stream', () => {
  it.each(NAMES.map((name, i) => [name, i + 1] as const))('%s is RandomState([rootSeed, %d, index])', (name, id) => {
    expect(stream(42, name).randn(3)).toEqual(new RandomState([42, id, 0]).randn(3));
    expect(stream(42, name, 7).randn(3)).toEqual(new RandomState([42, id, 7]).randn(3));
  });

  it('differs by root seed, name and index', () => {
    const first = new Set<number>();
    for (const seed of [0, 1, 4294967295]) {
      for (const name of NAMES) for (const index of [0, 1, 2]) first.add(stream(seed, name, index).randomSample());
    }
    expect(first.size).toBe(27);
  });

  it.each<[string, () => unknown, string]>([
    ['seed', () => stream(-1, 'dropout'), "'rootSeed' parameter of stream"],
    ['name', () => stream(0, 'droput' as never), "Did you mean 'dropout'?"],
    ['index', () => stream(0, 'dropout', 0.5), "'index' parameter of stream"],
  ])('refuses a bad %s', (_, call, message) => {
    expect(call).toThrow(ParameterError);
    expect(call).toThrow(message);
  });
});

describe('checkSeed', () => {
  it('returns seeds that fit 32 bits', () => {
    expect([0, 1, 4294967295].map((seed) => checkSeed('f', 'seed', seed))).toEqual([0, 1, 4294967295]);
  });

  it.each([-1, 0.5, 2 ** 32, Number.NaN, '0', null, undefined])('refuses %o', (seed) => {
    expect(() => checkSeed('f', 'seed', seed)).toThrow("The 'seed' parameter of f must be an integer in the range");
  });
});
