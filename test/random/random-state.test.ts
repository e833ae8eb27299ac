// RandomState against numpy.random.RandomState's values, its state, and its argument checks.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/errors/index.ts';
import { RandomState } from '../../src/random/index.ts';
import golden from '../golden/numpy/random-state.json' with { type: 'json' };
import { expectClose } from '../reference/close.ts';

type Draws = Record<string, (...parameters: unknown[]) => ArrayLike<number>>;

const seeds = fc.integer({ min: 0, max: 4294967295 });
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);

describe("NumPy's values", () => {
  for (const method of [
    'randomSample',
    'randn',
    'normal',
    'uniform',
    'randint',
    'permutation',
    'binomial',
    'poisson',
  ]) {
    const cases = golden.cases.filter((entry) => entry.method === method);
    it(`${method}: ${cases.length} cases`, () => {
      expect(cases.length).toBeGreaterThanOrEqual(10);
      for (const { seed, parameters, length, values, sum: total, next } of cases) {
        const random = new RandomState(seed);
        const drawn = (random as unknown as Draws)[method](...parameters);
        const first = Array.from(drawn).slice(0, values.length);
        expect(drawn.length).toBe(length);
        if (method === 'randn' || method === 'normal') {
          expectClose(first, values, { rtol: 4e-15 });
          expectClose([sum(drawn)], [total], { rtol: 1e-12, atol: 1e-12 });
        } else {
          expect(first).toEqual(values);
          expectClose([sum(drawn)], [total], { rtol: 1e-14 });
        }
        expect(random.randomSample()).toBe(next);
      }
    });
  }

  it('shuffle', () => {
    for (const { seed, length, values, next } of golden.shuffles) {
      const random = new RandomState(seed);
      const array = Array.from({ length }, (_, i) => i);
      random.shuffle(array);
      expect(array).toEqual(values);
      expect(random.randomSample()).toBe(next);
    }
  });

  it('single draws, methods in turn on one stream', () => {
    const random = new RandomState(9);
    for (const [normal, uniform, integer, successes] of golden.turns) {
      expectClose([random.randn()], [normal], { rtol: 4e-16 });
      expect(random.randomSample()).toBe(uniform);
      expect(random.randint(0, 77)).toBe(integer);
      expect(random.binomial(50, 0.4)).toBe(successes);
    }
  });

  it('state after a number of draws', () => {
    for (const { seed, draws, position, first, sum: total } of golden.states) {
      const random = new RandomState(seed);
      random.randomSample(draws);
      const state = random.getState();
      expect([state.position, state.key.slice(0, 4), sum(state.key)]).toEqual([position, first, total]);
    }
  });
});

describe('streams', () => {
  it('are equal for equal seeds and differ for a seed and the list of it', () => {
    expect(new RandomState(5).randn(9)).toEqual(new RandomState(5).randn(9));
    expect(new RandomState([5]).randomSample()).not.toBe(new RandomState(5).randomSample());
    expect(new RandomState(Uint32Array.of(1, 2)).randomSample()).toBe(new RandomState([1, 2]).randomSample());
  });

  it('single draws are the elements of longer ones', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 20 }), (seed, n) => {
        const one = new RandomState(seed);
        const all = new RandomState(seed);
        expect(Array.from({ length: n }, () => one.randn())).toEqual(Array.from(all.randn(n)));
        expect(Array.from({ length: n }, () => one.randint(-3, 9))).toEqual(Array.from(all.randint(-3, 9, n)));
      }),
    );
  });

  it('resume from a state that went through JSON, between the normals of a pair too', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: 700 }), (seed, used) => {
        const random = new RandomState(seed);
        random.randn(used);
        const resumed = new RandomState(0);
        resumed.setState(JSON.parse(JSON.stringify(random.getState())));
        expect(resumed.randn(5)).toEqual(random.randn(5));
        expect(resumed.getState()).toEqual(random.getState());
      }),
      { numRuns: 30 },
    );
  });

  it('permutations and shuffles keep every element', () => {
    fc.assert(
      fc.property(seeds, fc.array(fc.integer()), (seed, array) => {
        const random = new RandomState(seed);
        const ascending = (values: Iterable<number>) => Array.from(values).sort((a, b) => a - b);
        expect(ascending(random.permutation(array.length))).toEqual(Array.from(array.keys()));
        const before = array.slice();
        const permuted = random.permutation(array);
        expect(array).toEqual(before);
        random.shuffle(array);
        expect(ascending(permuted)).toEqual(ascending(before));
        expect(ascending(array)).toEqual(ascending(before));
      }),
    );
  });

  it('integers stay in their range', () => {
    const bound = fc.integer({ min: -(2 ** 52), max: 2 ** 52 - 1 });
    fc.assert(
      fc.property(seeds, bound, bound, (seed, a, b) => {
        const [lo, hi] = a < b ? [a, b] : [b, a + 1];
        for (const value of new RandomState(seed).randint(lo, hi, 20)) {
          expect(Number.isInteger(value) && value >= lo && value < hi).toBe(true);
        }
      }),
    );
  });

  it('typed arrays come back as they are typed', () => {
    const random = new RandomState(0);
    expect(random.randomSample(2)).toBeInstanceOf(Float64Array);
    expect(random.randint(0, 2 ** 31, 2)).toBeInstanceOf(Int32Array);
    expect(random.randint(0, 2 ** 31 + 1, 2)).toBeInstanceOf(Float64Array);
    expect(random.randint(-(2 ** 31), 0, 2)).toBeInstanceOf(Int32Array);
    expect(random.randint(-(2 ** 31) - 1, 0, 2)).toBeInstanceOf(Float64Array);
    expect(random.binomial(2 ** 31, 0.5, 2)).toBeInstanceOf(Float64Array);
    expect(random.permutation(Float32Array.of(1, 2))).toBeInstanceOf(Float32Array);
  });
});

describe('bad input', () => {
  const random = new RandomState(0);
  const state = random.getState();
  it.each<[string, () => unknown, string]>([
    ['no seed', () => new RandomState(undefined as never), "'seed' parameter of RandomState must be an integer"],
    ['negative seed', () => new RandomState(-1), '[0, 4294967295]. Got -1 instead'],
    ['seed of 33 bits', () => new RandomState(2 ** 32), 'Got 4294967296 instead'],
    ['fractional seed', () => new RandomState(1.5), 'Got 1.5 instead'],
    ['text seed', () => new RandomState('1' as never), 'Got "1" instead'],
    ['empty seed list', () => new RandomState([]), 'a non-empty list of integers'],
    ['bad seed in a list', () => new RandomState([0, -1]), "'seed[1]' parameter"],
    ['negative length', () => random.randn(-1), "'n' parameter of RandomState.randn"],
    ['fractional length', () => random.randomSample(1.5), "'n' parameter of RandomState.randomSample"],
    ['infinite bound', () => random.uniform(0, Number.POSITIVE_INFINITY), "'hi' parameter of RandomState.uniform"],
    ['overflowing range', () => random.uniform(-1e308, 1e308), 'such that hi - lo is finite'],
    ['negative scale', () => random.normal(0, -1), "'scale' parameter of RandomState.normal"],
    ['empty range', () => random.randint(3, 3), "'hi' parameter of RandomState.randint must be larger than lo (3)"],
    ['fractional bound', () => random.randint(0, 1.5), "'hi' parameter of RandomState.randint must be an integer"],
    ['range beyond 2^53', () => random.randint(-(2 ** 52), 2 ** 52 + 5), 'must be at most lo + 9007199254740991'],
    ['negative trials', () => random.binomial(-1, 0.5), "'n' parameter of RandomState.binomial"],
    ['probability above 1', () => random.binomial(1, 1.1), "'p' parameter of RandomState.binomial"],
    ['NaN probability', () => random.binomial(1, Number.NaN), 'Got NaN instead'],
    ['negative mean', () => random.poisson(-1), "'lam' parameter of RandomState.poisson"],
    ['negative size', () => random.binomial(1, 0.5, -2), "'size' parameter of RandomState.binomial"],
    ['permutation of text', () => random.permutation('abc' as never), "'array' parameter of RandomState.permutation"],
    ['permutation of -1', () => random.permutation(-1), "'n' parameter of RandomState.permutation"],
    ['shuffle of nothing', () => random.shuffle(undefined as never), "'array' parameter of RandomState.shuffle"],
    ['no state', () => random.setState(undefined as never), 'must be what getState returned. Got undefined'],
    ['short key', () => random.setState({ ...state, key: [1] }), 'must be what getState returned.'],
    ['bad position', () => random.setState({ ...state, position: 625 }), "'position' parameter"],
    ['bad gauss', () => random.setState({ ...state, gauss: Number.NaN }), "'gauss' parameter"],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(ParameterError);
    expect(call).toThrow(message);
  });
});
