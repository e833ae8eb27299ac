// Products with tiles of 16 columns: the same bits as with 8, and what an engine says of them.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEngine } from '../../src/backend/index.ts';
import { instantiate, supports } from '../../src/backend/wasm/core.ts';
import type { Core } from '../../src/backend/wasm/generated/core.ts';
import { values } from '../reference/operations.ts';

const levels = (
  [
    ['simd128', 'core-wide.wasm'],
    ['relaxed', 'core-wide-relaxed.wasm'],
  ] as const
).filter(([level]) => supports(level));
const build = new URL('../../build/', import.meta.url);

test.each(levels)('%s: the bits of narrow tiles', (level, file) => {
  const core = instantiate(level);
  const { memory } = core;
  const module = new WebAssembly.Module(readFileSync(new URL(file, build)));
  const wide = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Core;
  const size = fc.constantFrom(
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    11,
    12,
    13,
    15,
    16,
    17,
    18,
    19,
    23,
    31,
    33,
    97,
    255,
    257,
    520,
  );
  const product = fc.constantFrom('matmul', 'matmulTN', 'matmulNT', 'dense');
  fc.assert(
    fc.property(product, size, size, size, (name, m, k, n) => {
      const filled = (numbers: Float32Array) => {
        const address = core.allocate(4 * numbers.length);
        new Float32Array(memory.buffer, address, numbers.length).set(numbers);
        return address;
      };
      const [a, b, bias] = [m * k, k * n, n].map((length, i) => filled(values(length, i + 1)));
      // The output starts as garbage and is followed by a guard.
      const results = [core, wide].map((each) => {
        const c = filled(new Float32Array(m * n + 8).fill(7));
        if (name === 'dense') each.dense(c, a, b, bias, m, k, n, k % 2, 2 ** -8);
        else each[name](c, a, b, m, k, n);
        const bits = new Int32Array(memory.buffer, c, m * n + 8).slice();
        core.release(c);
        return bits;
      });
      core.release(a);
      core.release(b);
      core.release(bias);
      expect(results[0].findIndex((value, i) => value !== results[1][i])).toBe(-1);
    }),
    { numRuns: 400 },
  );
});

test('without the flag an engine says what it takes', async () => {
  expect(createEngine().wide).toEqual({ active: false, note: undefined });
  expect(createEngine({ backend: 'js', wide: true }).wide.note).toMatch(/'js' has none/);
  const engine = createEngine({ wide: true });
  await expect.poll(() => engine.wide.note).toMatch(/Node 24|--experimental-wasm-revectorize/);
  expect(engine.wide.active).toBe(false);
});

test('with the variable it is wide where the host can be, with threads and without', () => {
  const code = `import { createEngine, dense, makeMoons, relu, sequential } from './dist/index.js';
    const layers = [dense(70), relu(), dense(50), relu(), dense(2)];
    const losses = [];
    for (const options of [{ wide: false }, {}, { threads: 2 }]) {
      const engine = createEngine(options);
      const wanted = () => options.wide === false || engine.wide.active || engine.wide.note;
      while (!wanted()) await new Promise((resolve) => setTimeout(resolve, 5));
      const model = sequential({ inputSize: 2, layers, engine, seed: 1 });
      const { trainLoss } = await model.fit(makeMoons({ nSamples: 500 }), { epochs: 3, batchSize: 100 });
      losses.push([engine.wide.active, ...trainLoss]);
    }
    console.log(JSON.stringify(losses));`;
  const out = execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...process.env, REGULUS_WIDE: '1' },
    timeout: 30_000,
  });
  const [narrow, ...wide] = JSON.parse(out.toString());
  const canBe = 'Float16Array' in globalThis;
  expect(wide).toEqual([
    [canBe, ...narrow.slice(1)],
    [canBe, ...narrow.slice(1)],
  ]);
});
