// RandomState: numpy.random.RandomState's streams of random numbers, value for value (NumPy 1.24's legacy generator).
import { checkOption, fail, integer, isTypedArray, number } from '../errors/index.ts';
import { binomialSampler } from './binomial.ts';
import { log } from './elementary.ts';
import { MersenneTwister, STATE_WORDS } from './mersenne-twister.ts';
import { poissonSampler } from './poisson.ts';
import { checkSeed } from './seed.ts';

/** Everything that decides a {@link RandomState}'s next values, as plain JSON. */
export interface RandomStateSnapshot {
  generator: 'MT19937';
  /** 624 integers in [0, 2^32). */
  key: number[];
  /** Next word of `key` to be used, in [0, 624]. */
  position: number;
  /** The second normal variate of a pair, when only the first has been handed out. */
  gauss: number | null;
}

/** What {@link RandomState.shuffle} and {@link RandomState.permutation} take beside arrays. */
export type TypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

const LARGEST_INT32 = 2147483647;
const LARGEST_SAFE_RANGE = Number.MAX_SAFE_INTEGER;
const TWO_TO_32 = 4294967296;

/**
 * A seeded stream of random numbers with the values of `numpy.random.RandomState`.
 *
 * Integers and uniform numbers are NumPy's exactly; normal variates are within an ulp or two of it (they go through a
 * logarithm whose last bit differs between mathematical libraries). Methods that take a length return one number
 * when it is left out.
 *
 * @param seed an integer in [0, 2^32 - 1], or a non-empty list of them (as `RandomState([1, 2])` in NumPy)
 * @example
 * ```js
 * import { RandomState } from 'regulus';
 *
 * const random = new RandomState(0);
 * console.log(random.randn(), random.permutation(5), random.uniform(-1, 1, 3));
 * ```
 */
export class RandomState {
  #twister: MersenneTwister;
  #gauss: number | null = null;

  constructor(seed: number | ArrayLike<number>) {
    this.#twister = new MersenneTwister(checkSeeds(seed));
  }

  /** Uniform numbers in [0, 1), multiples of 2^-53. */
  randomSample(): number;
  randomSample(n: number): Float64Array;
  randomSample(n?: number): number | Float64Array {
    return draw('RandomState.randomSample', n, () => this.#twister.nextDouble());
  }

  /** Standard-normal numbers by Marsaglia's polar method. */
  randn(): number;
  randn(n: number): Float64Array;
  randn(n?: number): number | Float64Array {
    return draw('RandomState.randn', n, () => this.#nextGauss());
  }

  /** Normal numbers with mean `loc` and standard deviation `scale` (at least 0). */
  normal(loc?: number, scale?: number): number;
  normal(loc: number, scale: number, n: number): Float64Array;
  normal(loc = 0, scale = 1, n?: number): number | Float64Array {
    const where = 'RandomState.normal';
    checkOption(where, 'loc', loc, finite);
    checkOption(where, 'scale', scale, number('[0, inf)'));
    return draw(where, n, () => loc + scale * this.#nextGauss());
  }

  /** Uniform numbers in [`lo`, `hi`). */
  uniform(lo?: number, hi?: number): number;
  uniform(lo: number, hi: number, n: number): Float64Array;
  uniform(lo = 0, hi = 1, n?: number): number | Float64Array {
    const where = 'RandomState.uniform';
    checkOption(where, 'lo', lo, finite);
    checkOption(where, 'hi', hi, finite);
    const range = hi - lo;
    if (!Number.isFinite(range)) fail(where, 'hi', 'such that hi - lo is finite', hi);
    return draw(where, n, () => lo + range * this.#twister.nextDouble());
  }

  /**
   * Uniform integers in [`lo`, `hi`); `hi - lo` at most 2^53 - 1. NumPy's default dtype (int64): an `Int32Array` where all
   * possible values fit one, otherwise a `Float64Array`.
   */
  randint(lo: number, hi: number): number;
  randint(lo: number, hi: number, n: number): Int32Array | Float64Array;
  randint(lo: number, hi: number, n?: number): number | Int32Array | Float64Array {
    const where = 'RandomState.randint';
    checkOption(where, 'lo', lo, safeInteger);
    checkOption(where, 'hi', hi, safeInteger);
    if (hi <= lo) fail(where, 'hi', `larger than lo (${lo})`, hi);
    if (hi - lo > LARGEST_SAFE_RANGE) fail(where, 'hi', `at most lo + ${LARGEST_SAFE_RANGE}`, hi);
    const next = () => lo + this.#nextBelowOrEqual(hi - 1 - lo);
    return draw<Int32Array | Float64Array>(where, n, next, Math.max(-1 - lo, hi - 1));
  }

  /** Successes in `n` trials of probability `p`: an `Int32Array` if `n` fits one, otherwise a `Float64Array`. */
  binomial(n: number, p: number): number;
  binomial(n: number, p: number, size: number): Int32Array | Float64Array;
  binomial(n: number, p: number, size?: number): number | Int32Array | Float64Array {
    const where = 'RandomState.binomial';
    checkOption(where, 'n', n, integer(0, { max: LARGEST_SAFE_RANGE }));
    checkOption(where, 'p', p, number('[0, 1]'));
    const next = binomialSampler(n, p, () => this.#twister.nextDouble());
    return draw<Int32Array | Float64Array>(where, size, next, n, 'size');
  }

  /** Counts with mean `lam`: an `Int32Array` where all likely values fit one, otherwise a `Float64Array`. */
  poisson(lam: number): number;
  poisson(lam: number, size: number): Int32Array | Float64Array;
  poisson(lam: number, size?: number): number | Int32Array | Float64Array {
    const where = 'RandomState.poisson';
    checkOption(where, 'lam', lam, number('[0, inf)'));
    if (lam > LARGEST_SAFE_RANGE) fail(where, 'lam', `at most ${LARGEST_SAFE_RANGE}`, lam);
    const next = poissonSampler(lam, () => this.#twister.nextDouble());
    return draw<Int32Array | Float64Array>(where, size, next, 2 * lam + 1000, 'size');
  }

  /** A random order of 0..n-1, or a shuffled copy of an array. */
  permutation(n: number): Int32Array;
  permutation<T extends unknown[] | TypedArray>(array: T): T;
  permutation(n: number | unknown[] | TypedArray): unknown[] | TypedArray {
    if (typeof n === 'number') {
      checkOption('RandomState.permutation', 'n', n, integer(0, { max: LARGEST_INT32 }));
      const order = new Int32Array(n);
      for (let i = 0; i < n; i++) order[i] = i;
      this.shuffle(order);
      return order;
    }
    checkArray('RandomState.permutation', n);
    const copy = n.slice();
    this.shuffle(copy);
    return copy;
  }

  /** Shuffles an array in place (Fisher and Yates, from the end). */
  shuffle(array: unknown[] | TypedArray): void {
    checkArray('RandomState.shuffle', array);
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.#nextBelowOrEqual(i);
      const held = array[i];
      array[i] = array[j];
      array[j] = held;
    }
  }

  /** What {@link setState} needs to resume this stream here, as plain JSON. */
  getState(): RandomStateSnapshot {
    const { key, position } = this.#twister;
    return { generator: 'MT19937', key: Array.from(key), position, gauss: this.#gauss };
  }

  /** Continues the stream that `state` was taken from. */
  setState(state: RandomStateSnapshot): void {
    checkSnapshot(state);
    this.#twister.key.set(state.key);
    this.#twister.position = state.position;
    this.#gauss = state.gauss;
  }

  #nextGauss(): number {
    if (this.#gauss !== null) {
      const held = this.#gauss;
      this.#gauss = null;
      return held;
    }
    let x: number;
    let y: number;
    let square: number;
    do {
      x = 2 * this.#twister.nextDouble() - 1;
      y = 2 * this.#twister.nextDouble() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square === 0);
    const factor = Math.sqrt((-2 * log(square)) / square);
    this.#gauss = factor * x;
    return factor * y;
  }

  /** An integer in [0, `largest`] by masked rejection; two words a try when `largest` needs more than 32 bits. */
  #nextBelowOrEqual(largest: number): number {
    if (largest === 0) return 0;
    const high = Math.floor(largest / TWO_TO_32);
    const mask = maskFor(high === 0 ? largest : high);
    for (;;) {
      const word = (this.#twister.nextUint32() & mask) >>> 0;
      const value = high === 0 ? word : word * TWO_TO_32 + this.#twister.nextUint32();
      if (value <= largest) return value;
    }
  }
}

/** The smallest 2^b - 1 that is at least `largest`, as 32 bits; `largest` in [1, 2^32). */
function maskFor(largest: number): number {
  return 0xffffffff >>> Math.clz32(largest);
}

const finite = number('(-inf, inf)');
const length = integer(0, { max: TWO_TO_32 });
const safeInteger = integer(-LARGEST_SAFE_RANGE, { max: LARGEST_SAFE_RANGE });

/** One number, or `n` of them: in an array of integers where that holds all up to `largest`. */
function draw<T extends Float64Array | Int32Array = Float64Array>(
  where: string,
  n: number | undefined,
  next: () => number,
  largest = Number.POSITIVE_INFINITY,
  name = 'n',
): number | T {
  if (n === undefined) return next();
  checkOption(where, name, n, length);
  const values = largest <= LARGEST_INT32 ? new Int32Array(n) : new Float64Array(n);
  for (let i = 0; i < n; i++) values[i] = next();
  return values as T;
}

function checkSeeds(seed: unknown): number | number[] {
  if (typeof seed !== 'object' || seed === null) return checkSeed('RandomState', 'seed', seed);
  const list = Array.from(seed as ArrayLike<unknown>);
  if (list.length === 0) {
    fail('RandomState', 'seed', 'an integer or a non-empty list of integers', seed, 'Give one seed, such as 0.');
  }
  return list.map((value, i) => checkSeed('RandomState', `seed[${i}]`, value));
}

function checkArray(where: string, value: unknown): asserts value is unknown[] | TypedArray {
  if (!Array.isArray(value) && !isTypedArray(value)) fail(where, 'array', 'an array or a typed array', value);
}

function checkSnapshot(state: unknown): void {
  const { generator, key, position, gauss } = (state ?? {}) as Partial<RandomStateSnapshot>;
  const wordsFit = Array.isArray(key) && key.length === STATE_WORDS && key.every((word) => word === word >>> 0);
  if (generator !== 'MT19937' || !wordsFit) {
    fail('RandomState.setState', 'state', 'what getState returned', state);
  }
  checkOption('RandomState.setState', 'position', position, integer(0, { max: STATE_WORDS }));
  if (gauss !== null) checkOption('RandomState.setState', 'gauss', gauss, finite);
}
