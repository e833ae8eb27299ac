// The threads of engines in Node: how many, why not more, and that none is left.
import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { afterEach, expect, test, vi } from 'vitest';
import { createEngine, loadCore } from '../../src/backend/index.ts';
import { inlined } from '../../src/backend/wasm/inlined.ts';

const cores = availableParallelism();
const started: Worker[] = [];
process.on('worker', (worker) => started.push(worker));

afterEach(() => {
  vi.unstubAllGlobals();
});

test('as many threads join as there are cores, and all end with the engine', async () => {
  const engine = createEngine({ threads: cores + 1 });
  expect(engine.threads.count).toBe(1);
  await expect.poll(() => engine.threads.count, { timeout: 20_000 }).toBe(cores);
  expect(engine.threads.note).toBe(`This process has ${cores} ${cores === 1 ? 'core' : 'cores'}.`);
  expect(started.length).toBe(cores - 1);
  const ends = started.map((worker) => new Promise((resolve) => worker.on('exit', resolve)));
  engine.dispose();
  expect(engine.threads).toMatchObject({ count: 1, note: 'The engine has been disposed.' });
  await Promise.all(ends);
  const [a, b, c] = [1, 2, 3].map(() => engine.backend.float32(64 * 64));
  a.data.fill(1);
  b.data.fill(2);
  engine.backend.matmul(c, a, b, 64, 64, 64);
  expect(c.data.every((value) => value === 128)).toBe(true);
});

test('an engine that is disposed at once starts no thread', async () => {
  const before = started.length;
  createEngine({ threads: 2 }).dispose();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(started.length).toBe(before);
});

test('a process ends by itself, threads or not', () => {
  const code = `import { createEngine, dense, relu, makeMoons, sequential } from './dist/index.js';
    const engine = createEngine({ threads: 2 });
    const model = sequential({ inputSize: 2, layers: [dense(256), relu(), dense(256), relu(), dense(2)], engine });
    await model.fit(makeMoons({ nSamples: 500 }), { epochs: 3 });
    while (engine.threads.count < 2 && !engine.threads.note) await new Promise((resolve) => setTimeout(resolve, 5));
    console.log(engine.threads.count);`;
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  const out = execFileSync(process.execPath, ['--input-type=module', '--eval', code], { cwd, timeout: 30_000 });
  expect(out.toString()).toBe(`${Math.min(cores, 2)}\n`);
});

test('where memory cannot be shared there is one thread, and a note of why', async () => {
  expect(createEngine().threads).toEqual({ count: 1, note: undefined });
  expect(createEngine({ backend: 'js', threads: 2 }).threads.note).toMatch(/'js' has none/);
  expect(() => createEngine({ threads: 0 })).toThrow(/'threads' parameter of createEngine/);
  await loadCore({ simd: new WebAssembly.Module(inlined('simd128')) });
  vi.stubGlobal('SharedArrayBuffer', undefined);
  const engine = createEngine({ threads: 2 });
  expect(engine.threads).toMatchObject({ count: 1, note: expect.stringMatching(/SharedArrayBuffer.*cross-origin/) });
  expect(engine.backend.float32(3).data.buffer).toBeInstanceOf(ArrayBuffer);
});
