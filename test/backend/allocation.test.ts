// Allocations that fail, each in turn: an EnvironmentError with sizes, nothing leaked, and the engine goes on working.
import { afterEach, expect, test, vi } from 'vitest';
import { createEngine, type Engine } from '../../src/backend/index.ts';
import { EnvironmentError } from '../../src/errors/index.ts';
import { batchNormalization, dense, dropout, relu } from '../../src/nn/index.ts';
import { adam, sgd } from '../../src/optim/index.ts';
import { sequential } from '../../src/train/index.ts';
import { toyData } from '../train/data.ts';

const { Instance } = WebAssembly;
type Exports = { memory: WebAssembly.Memory; allocate(bytes: number): number; release(address: number): void };

/** Has every new instance of a core export what `change` makes of its exports. */
function stubInstance(change: (exports: Exports) => Exports): void {
  class Stub {
    readonly exports: Exports;
    constructor(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
      this.exports = change(new Instance(module, imports).exports as unknown as Exports);
    }
  }
  const { Module, RuntimeError, CompileError, Memory } = WebAssembly;
  vi.stubGlobal('WebAssembly', { Module, RuntimeError, CompileError, Memory, Instance: Stub });
}

/** What the core's allocator was asked, by the engines of {@link watchedEngine}: bytes by address, and those of what came back. */
const watch = { calls: 0, failAt: Number.POSITIVE_INFINITY, live: new Map<number, number>(), released: [] as number[] };

/** An engine whose allocations are counted; the one of number `failAt` traps, as the core does when memory is exhausted. */
function watchedEngine(numerics: 'reproducible' | 'fast' = 'reproducible'): Engine {
  Object.assign(watch, { calls: 0, failAt: Number.POSITIVE_INFINITY, live: new Map(), released: [] });
  stubInstance((exports) => {
    const { allocate, release } = exports;
    if (!allocate) return exports;
    const counted = (bytes: number) => {
      if (++watch.calls === watch.failAt) throw new WebAssembly.RuntimeError('unreachable');
      const address = allocate(bytes);
      watch.live.set(address, bytes);
      return address;
    };
    const checked = (address: number) => {
      const bytes = watch.live.get(address) ?? expect.fail(`${address} is given back twice`);
      watch.live.delete(address);
      watch.released.push(bytes);
      release(address);
    };
    return { ...exports, allocate: counted, release: checked };
  });
  const engine = createEngine({ numerics });
  vi.unstubAllGlobals();
  return engine;
}

afterEach(() => void vi.unstubAllGlobals());

const data = toyData(40);
const validationData = toyData(20);
const layers = [dense(6), batchNormalization(), relu(), dropout(0.2), dense(5), relu(), dense(2)];

/** Everything that allocates: a model, fits with small and large batches, evaluation and prediction. */
async function everything(engine: Engine): Promise<number[]> {
  using model = sequential({ inputSize: 4, layers, seed: 1, engine });
  await model.fit(data, { epochs: 2, batchSize: 8, validationData, optimizer: adam() });
  await model.fit(data, { epochs: 1, batchSize: 32, optimizer: sgd({ momentum: 0.9 }) });
  return [...model.getWeights().flatMap(({ data }) => Array.from(data)), ...model.predictProbabilities(data.x).data];
}

test.each(['reproducible', 'fast'] as const)(
  'any allocation of a small fit may fail, numerics %s',
  async (numerics) => {
    const engine = watchedEngine(numerics);
    const expected = await everything(engine);
    expect(watch.live.size).toBe(0);
    const count = watch.calls;
    expect(count).toBeGreaterThan(50);
    for (let failAt = 1; failAt <= count; failAt++) {
      Object.assign(watch, { calls: 0, failAt });
      const error = await everything(engine).catch((reason) => reason);
      expect(error, `allocation ${failAt}`).toBeInstanceOf(EnvironmentError);
      expect(error.message).toMatch(
        /^WebAssembly memory is exhausted: \d+ bytes more were asked for, \d+ are in use\./,
      );
      expect(watch.live.size, `live after allocation ${failAt} failed`).toBe(0);
    }
    watch.failAt = Number.POSITIVE_INFINITY;
    expect(await everything(engine)).toEqual(expected);
    expect(watch.live.size).toBe(0);
  },
);

test('a model goes on working after any allocation of its fit has failed', async () => {
  const engine = watchedEngine();
  using reference = sequential({ inputSize: 4, layers, seed: 1, engine });
  const fit = (model: typeof reference, batchSize: number) => model.fit(data, { epochs: 1, batchSize, validationData });
  await fit(reference, 8);
  watch.calls = 0;
  await fit(reference, 32);
  const count = watch.calls;
  expect(count).toBeGreaterThan(15);
  for (let failAt = 1; failAt <= count; failAt++) {
    using model = sequential({ inputSize: 4, layers, seed: 1, engine });
    await fit(model, 8);
    Object.assign(watch, { calls: 0, failAt, released: [] });
    await expect(fit(model, 32)).rejects.toThrow(EnvironmentError);
    // Others take whatever memory the model has given back, so that a tensor that it still used would be seen.
    const others = watch.released.map((bytes) => engine.backend.float32(bytes / 4));
    for (const { data } of others) data.fill(7);
    await fit(model, 8);
    for (const other of others) {
      expect(
        other.data.every((value) => value === 7),
        `allocation ${failAt}`,
      ).toBe(true);
      engine.backend.free(other);
    }
    expect(model.getWeights().every(({ data }) => data.every(Number.isFinite))).toBe(true);
  }
});

test('a view that cannot be made gives its block back', () => {
  const { backend } = watchedEngine();
  const { Float32Array: Real } = globalThis;
  vi.stubGlobal(
    'Float32Array',
    class extends Real {
      constructor(...args: [ArrayBuffer, number, number]) {
        super(...args);
        throw new RangeError('Array buffer allocation failed');
      }
    },
  );
  try {
    expect(() => backend.float32(1000)).toThrow(EnvironmentError);
    expect(() => backend.float32(1000)).toThrow('4000 bytes more were asked for');
  } finally {
    vi.unstubAllGlobals();
  }
  expect(watch.live.size).toBe(0);
});

test('an engine that finds no memory is an error of its own, and the next one works', () => {
  const instances = createEngine({ numerics: 'fast' }).info.simd === 'relaxed' ? [1, 2] : [1];
  for (const failAt of instances) {
    let calls = 0;
    stubInstance((exports) => {
      if (++calls === failAt)
        throw new RangeError('WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory');
      return exports;
    });
    const numerics = failAt === 2 ? 'fast' : 'reproducible';
    expect(() => createEngine({ numerics })).toThrow(EnvironmentError);
    calls = 0;
    expect(() => createEngine({ numerics })).toThrow(/no memory for another engine.*Cannot allocate Wasm memory/);
    vi.unstubAllGlobals();
    expect(createEngine({ numerics }).backend.float32(10).length).toBe(10);
  }
});

test('arrays of the JavaScript backend that find no memory are errors with their size', () => {
  const { backend } = createEngine({ backend: 'js' });
  for (const allocate of [backend.float32, backend.int32]) {
    expect(() => allocate(2 ** 50)).toThrow(EnvironmentError);
    expect(() => allocate(2 ** 50)).toThrow('4503599627370496 bytes more were asked for');
  }
});
