// Dropout masks: rates, independence of lanes, rows, steps, layers and seeds, expectation, splits of the work, resuming.
import { describe, expect, test } from 'vitest';
import { type Backend, createEngine, keepThreshold, Memory } from '../../src/backend/index.ts';
import { definitionOf } from '../../src/errors/index.ts';
import { type BuildContext, dropout, type LayerDefinition } from '../../src/nn/index.ts';
import { stepKey } from '../../src/random/index.ts';
import { values } from '../reference/operations.ts';
import { binomialZ, chiSquareZ } from '../reference/statistics.ts';

const engines = {
  'wasm reproducible': createEngine(),
  'wasm fast': createEngine({ numerics: 'fast' }),
  js: createEngine({ backend: 'js' }),
};
const { backend } = engines['wasm reproducible'];

// 1221 masks of 64 rows × 128 units: 10⁷ units.
const COLUMNS = 128;
const UNITS = 64 * COLUMNS;
const STEPS = 1221;

/** Half of the key that dropout layer number `layer` has in a step. */
const maskKey = (seed: number, layer: number, step: number, half: number) =>
  stepKey(seed, 'dropout', layer, step, half);

/** Writes the mask of (seed, layer, step), 1 where a unit is kept. */
type Generator = (mask: Uint8Array, seed: number, layer: number, step: number) => void;

/** Masks as a dropout layer draws them. */
function regulus(rate: number): Generator {
  const ones = backend.float32(UNITS);
  ones.data.fill(1);
  const y = backend.float32(UNITS);
  return (mask, seed, layer, step) => {
    const [key0, key1] = [0, 1].map((half) => maskKey(seed, layer, step, half));
    backend.dropout(y, ones, UNITS, keepThreshold(rate), 1 / (1 - rate), key0, key1);
    const { data } = y;
    for (let i = 0; i < UNITS; i++) mask[i] = data[i] > 0 ? 1 : 0;
  };
}

/** A mask, 32 units a word, and how many it keeps. */
interface Packed {
  words: Int32Array;
  count: number;
}

function pack(mask: Uint8Array): Packed {
  const words = new Int32Array(UNITS / 32);
  for (let i = 0; i < UNITS; i++) words[i >> 5] |= mask[i] << (i & 31);
  return { words, count: words.reduce((sum, word) => sum + ones(word), 0) };
}

/** The number of bits that are set. */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Σ (aᵢ − p)(bᵢ₊ₒ − p) / pq over all units, with b going round at its end: mean 0, variance UNITS. */
function covariance(a: Packed, b: Packed, offset: number, p: number): number {
  const size = UNITS / 32;
  const first = ((offset >> 5) + size) % size;
  const shift = offset & 31;
  let both = 0;
  for (let w = 0; w < size; w++) {
    const low = b.words[(w + first) % size];
    const moved = shift ? (low >>> shift) | (b.words[(w + first + 1) % size] << (32 - shift)) : low;
    both += ones(a.words[w] & moved);
  }
  return (both - p * (a.count + b.count) + p * p * UNITS) / (p * (1 - p));
}

/** Correlation over many pairs of masks: its mean, which sees a bias, and its spread, which sees single bad pairs. */
class Correlation {
  #sum = 0;
  #squares = 0;
  #pairs = 0;

  add(covariance: number): void {
    this.#sum += covariance;
    this.#squares += covariance ** 2 / UNITS;
    this.#pairs++;
  }

  z(name: string): Record<string, number> {
    return {
      [`${name}: correlation`]: this.#sum / Math.sqrt(this.#pairs * UNITS),
      [`${name}: spread of correlations`]: chiSquareZ(this.#squares, this.#pairs),
    };
  }
}

/** Chi-square of patterns of eight units, which come as numbers of eight bits, against independent units. */
function patternZ(counts: Float64Array, p: number): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let chiSquare = 0;
  let degrees = -1;
  let restCount = 0;
  let restExpected = 0;
  for (let pattern = 0; pattern < 256; pattern++) {
    let kept = 0;
    for (let bits = pattern; bits; bits >>= 1) kept += bits & 1;
    const expected = total * p ** kept * (1 - p) ** (8 - kept);
    if (expected < 20) {
      restCount += counts[pattern];
      restExpected += expected;
    } else {
      chiSquare += (counts[pattern] - expected) ** 2 / expected;
      degrees++;
    }
  }
  if (restExpected >= 20) {
    chiSquare += (restCount - restExpected) ** 2 / restExpected;
    degrees++;
  }
  return chiSquareZ(chiSquare, degrees);
}

/** z-scores of all tests of a generator at `rate`, over `steps` masks of UNITS units. */
function battery(generator: Generator, rate: number, steps: number): Record<string, number> {
  const p = 1 - rate;
  const lags = [1, 2, 3, 4, 8, COLUMNS - 1, COLUMNS, COLUMNS + 1, 2 * COLUMNS];
  const along = lags.map(() => new Correlation());
  const offsets = [-4, -1, 0, 1, 4];
  const neighbours = ['steps', 'layers', 'seeds'].map((name) => ({ name, at: offsets.map(() => new Correlation()) }));
  const perUnit = new Float64Array(UNITS);
  const pairs = new Float64Array(64 * 64);
  const inLanes = new Float64Array(256);
  const inSteps = new Float64Array(256);
  const history = new Uint8Array(UNITS);
  let total = 0;
  let countSquares = 0;
  const mask = new Uint8Array(UNITS);
  const other = new Uint8Array(UNITS);
  const neighbour = (seed: number, layer: number, step: number) => {
    generator(other, seed, layer, step);
    return pack(other);
  };
  let before: Packed | undefined;
  for (let step = 0; step < steps; step++) {
    generator(mask, 7, 0, step);
    for (let i = 0, pattern = 0; i < UNITS; i++) {
      perUnit[i] += mask[i];
      pattern = ((pattern << 1) | mask[i]) & 255;
      if (i % 8 === 7) inLanes[pattern]++;
      history[i] = (history[i] << 1) | mask[i];
    }
    if (step % 8 === 7) for (const pattern of history) inSteps[pattern]++;
    for (let i = 0; i < 64; i++) if (mask[i]) for (let j = 0; j < i; j++) pairs[i * 64 + j] += mask[j];
    const packed = pack(mask);
    total += packed.count;
    countSquares += binomialZ(packed.count, UNITS, p) ** 2;
    for (const [k, lag] of lags.entries()) along[k].add(covariance(packed, packed, lag, p));
    const others = [before, ...(step % 8 ? [] : [neighbour(7, 1, step), neighbour(8, 0, step)])];
    for (const [k, moved] of others.entries()) {
      if (moved)
        for (const [o, offset] of offsets.entries()) neighbours[k].at[o].add(covariance(packed, moved, offset, p));
    }
    before = packed;
  }
  let unitSquares = 0;
  for (const kept of perUnit) unitSquares += binomialZ(kept, steps, p) ** 2;
  let pairSquares = 0;
  for (let i = 0; i < 64; i++) {
    for (let j = 0; j < i; j++) {
      const centred = pairs[i * 64 + j] - p * (perUnit[i] + perUnit[j]) + p * p * steps;
      pairSquares += (centred / (p * (1 - p))) ** 2 / steps;
    }
  }
  return {
    'share of kept units': binomialZ(total, UNITS * steps, p),
    'counts of the masks': chiSquareZ(countSquares, STEPS),
    'counts of the units over steps': chiSquareZ(unitSquares, UNITS),
    'pairs of units over steps': chiSquareZ(pairSquares, (64 * 63) / 2),
    'patterns of 8 units': patternZ(inLanes, p),
    'patterns of 8 steps': patternZ(inSteps, p),
    ...Object.assign({}, ...lags.map((lag, k) => along[k].z(`units ${lag} apart`))),
    ...Object.assign(
      {},
      ...neighbours.flatMap(({ name, at }) => at.map((c, o) => c.z(`${name}, ${offsets[o]} apart`))),
    ),
  };
}

// Five rates × 54 statistics: a perfect generator goes beyond 4.7 in one of them with probability 5 · 54 · 2.6e-6 < 1e-3.
// Seeds are fixed, so a run that passes always passes.
const LIMIT = 4.7;

describe('statistics over 10⁷ units', () => {
  test.each([0.1, 0.2, 0.5, 0.75, 0.9])('rate %d passes every test', (rate) => {
    for (const [name, z] of Object.entries(battery(regulus(rate), rate, STEPS))) {
      expect(Math.abs(z), name).toBeLessThan(LIMIT);
    }
  });

  test.each([1e-4, 1e-3, 0.01, 0.99, 0.999, 0.9999])('rate %d drops the asked share', (rate) => {
    const generator = regulus(rate);
    const mask = new Uint8Array(UNITS);
    let kept = 0;
    for (let step = 0; step < STEPS; step++) {
      generator(mask, 11, 3, step);
      kept += pack(mask).count;
    }
    expect(Math.abs(binomialZ(kept, UNITS * STEPS, 1 - rate))).toBeLessThan(LIMIT);
  });

  // Negative controls: generators that look random at a glance, each with a test that must reject it on fewer units.
  const hash = (value: number) => {
    const x = Math.imul(value ^ (value >>> 16), 0x7feb352d);
    const y = Math.imul(x ^ (x >>> 15), 0x846ca68b);
    return y ^ (y >>> 16);
  };
  type Words = (seed: number, layer: number, step: number) => (i: number) => number;
  const keyed =
    (word: (i: number, key: number) => number): Words =>
    (seed, layer, step) => {
      const key = hash(seed + hash(layer + hash(step)));
      return (i) => word(i, key);
    };
  test.each<[string, string, Words]>([
    ['a mask drawn once', 'steps, 0 apart: correlation', (seed, layer) => (i) => hash(hash(seed + hash(layer)) + i)],
    [
      'one mask for all layers',
      'layers, 0 apart: correlation',
      (seed, _, step) => (i) => hash(hash(seed + hash(step)) + i),
    ],
    [
      'the sum of seed and index',
      'seeds, -1 apart: correlation',
      (seed, layer, step) => (i) => hash(hash(layer + hash(step)) + seed + i),
    ],
    ['a Weyl sequence', 'units 1 apart: correlation', keyed((i, key) => key + Math.imul(i, 0x9e3779b1))],
    ['a key that enters last', 'pairs of units over steps', keyed((i, key) => hash(i) ^ key)],
    ['half of the hash', 'pairs of units over steps', keyed((i, key) => Math.imul(i + key, 0x7feb352d))],
  ])('%s is rejected', (_name, rejectedBy, words) => {
    const generator: Generator = (mask, seed, layer, step) => {
      const word = words(seed, layer, step);
      for (let i = 0; i < UNITS; i++) mask[i] = (word(i) | 0) < 0 ? 1 : 0;
    };
    const result = battery(generator, 0.5, 200);
    expect(Math.abs(result[rejectedBy])).toBeGreaterThan(2 * LIMIT);
  });
});

describe('expectation', () => {
  test.each([0.01, 0.2, 0.5, 0.9, 0.99])('rate %d keeps the sum of 10⁷ activations', (rate) => {
    const x = backend.float32(UNITS);
    x.data.set(values(UNITS, 3));
    const y = backend.float32(UNITS);
    const sum = (data: Float32Array) => data.reduce((total, value) => total + value, 0);
    const square = x.data.reduce((total, value) => total + value * value, 0);
    let difference = 0;
    for (let step = 0; step < STEPS; step++) {
      backend.dropout(y, x, UNITS, keepThreshold(rate), 1 / (1 - rate), maskKey(1, 2, step, 0), maskKey(1, 2, step, 1));
      difference += sum(y.data) - sum(x.data);
    }
    // The variance of one unit is x² · rate / (1 − rate).
    expect(Math.abs(difference / Math.sqrt((STEPS * square * rate) / (1 - rate)))).toBeLessThan(LIMIT);
  });

  test('kept units are exactly x / (1 − rate) for rates of which the scale is a float32', () => {
    for (const rate of [0.5, 0.75, 0.875]) {
      const x = backend.float32(1000);
      x.data.set(values(1000, 4));
      const y = backend.float32(1000);
      backend.dropout(y, x, 1000, keepThreshold(rate), 1 / (1 - rate), 5, 6);
      for (const [i, value] of y.data.entries()) if (value !== 0) expect(value).toBe(x.data[i] / (1 - rate));
    }
  });
});

/** The mask of `length` units from unit `start` on, drawn by one call. Unit i of a mask has the counter key0 + i · WEYL. */
function maskOf({ backend: b }: { backend: Backend }, start: number, length: number, rate = 0.3): number[] {
  const WEYL = 0x9e3779b1;
  const x = b.float32(length);
  x.data.fill(1);
  b.dropout(
    x,
    x,
    length,
    keepThreshold(rate),
    1 / (1 - rate),
    (maskKey(9, 1, 4, 0) + Math.imul(start, WEYL)) | 0,
    maskKey(9, 1, 4, 1),
  );
  const mask = Array.from(x.data, Math.sign);
  b.free(x);
  return mask;
}

describe.each(Object.entries(engines))('on %s, a mask', (_name, engine) => {
  const whole = maskOf(engine, 0, 1000);

  test('is that of the other engines', () => {
    expect(whole).toEqual(maskOf(engines['wasm reproducible'], 0, 1000));
    expect(whole).toContain(0);
    expect(whole).toContain(1);
  });

  test('does not depend on how many units follow: a smaller batch has its first rows', () => {
    for (const length of [0, 1, 2, 3, 4, 5, 7, 8, 13, 127, 128, 129, 999]) {
      expect(maskOf(engine, 0, length)).toEqual(whole.slice(0, length));
    }
  });

  test('is the same in parts, wherever the work is cut', () => {
    for (const cuts of [
      [0, 500, 1000],
      [0, 1, 3, 6, 10, 1000],
      [0, 333, 334, 990, 997, 1000],
    ]) {
      const parts = cuts.slice(1).map((end, i) => maskOf(engine, cuts[i], end - cuts[i]));
      expect(parts.flat()).toEqual(whole);
    }
  });

  test('is drawn from (seed, step) alone: a new layer goes on at any step', () => {
    const memory = new Memory(engine.backend);
    const size = 37;
    const rows = 5;
    const { definition, options } = definitionOf<LayerDefinition>('layer', 'test', 'layer', dropout(0.4));
    const make = (seed: number, ordinal: number) =>
      definition.build(options, {
        size,
        backend: engine.backend,
        memory,
        inputNeeded: undefined,
        key: (step, half) => maskKey(seed, ordinal, step, half),
      } as BuildContext);
    const masks = (layer: ReturnType<typeof make>, steps: number[], pass: 'forward' | 'backward' = 'forward') =>
      steps.map((step) => {
        const x = memory.float32(rows * size);
        x.data.fill(1);
        const y = memory.float32(rows * size);
        if (pass === 'forward') layer.forward(y, x, rows, step);
        else layer.backward(y, x, x, x, rows, step);
        return [...y.data];
      });
    const all = masks(make(21, 0), [0, 1, 2, 3, 4, 5, 6, 7]);
    expect(new Set(all.map(String)).size).toBe(8);
    expect(masks(make(21, 0), [5, 6, 7])).toEqual(all.slice(5));
    expect(masks(make(21, 0), [7, 2])).toEqual([all[7], all[2]]);
    expect(masks(make(21, 0), [3], 'backward')).toEqual([all[3]]);
    expect(masks(make(21, 1), [0])).not.toEqual([all[0]]);
    expect(masks(make(22, 0), [0])).not.toEqual([all[0]]);
    memory.free();
  });
});

test('keys of a million masks differ', () => {
  const keys = new Set<bigint>();
  for (let seed = 0; seed < 10; seed++) {
    for (let layer = 0; layer < 10; layer++) {
      for (let step = 0; step < 10_000; step++) {
        const [high, low] = [0, 1].map((half) => BigInt(maskKey(seed, layer, step, half) >>> 0));
        keys.add((high << 32n) | low);
      }
    }
  }
  expect(keys.size).toBe(1_000_000);
});
