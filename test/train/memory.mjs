// What many models, fits and engines leave behind: nothing. `npm run test:memory` prints a table and fails where memory grows.
// It needs the built package, and takes minutes.
import { createEngine, dense, dropout, makeMoons, relu, sequential } from 'regulus';

const MEBIBYTE = 2 ** 20;
const data = makeMoons({ nSamples: 64, noise: 0.1 });
const layers = [dense(32), relu(), dropout(0.2), dense(2)];
const nextTurn = () => new Promise((resolve) => setTimeout(resolve));

/** The linear memory of an engine, in bytes. */
function linearMemory({ backend }) {
  const tensor = backend.float32(4);
  const { byteLength } = tensor.data.buffer;
  backend.free(tensor);
  return byteLength;
}

/** Lets the collector find what was dropped, and finalizers give it back. */
async function collect() {
  for (let i = 0; i < 4; i++) {
    globalThis.gc();
    await nextTurn();
  }
}

async function measure(engine) {
  await collect();
  const { heapUsed, rss } = process.memoryUsage();
  return { linear: engine ? linearMemory(engine) : 0, heap: heapUsed, rss };
}

const rows = [];
let failed = false;

/**
 * Runs `round` ten times. After two rounds for compilers and caches, neither linear memory nor the heap may grow, and the
 * process by no more than its allocator's fragments.
 */
async function flat(name, engine, round) {
  const start = performance.now();
  await round();
  await round();
  const before = await measure(engine);
  for (let i = 0; i < 8; i++) await round();
  const after = await measure(engine);
  const grown = Object.fromEntries(Object.keys(before).map((key) => [key, after[key] - before[key]]));
  const isFlat = grown.linear === 0 && grown.heap < MEBIBYTE && grown.rss < 64 * MEBIBYTE;
  failed ||= !isFlat;
  const cells = [after.linear, after.heap, grown.linear, grown.heap, grown.rss].map((bytes) =>
    (bytes / MEBIBYTE).toFixed(2),
  );
  rows.push([name, ...cells, ((performance.now() - start) / 1000).toFixed(0), isFlat ? 'flat' : 'GROWS']);
  console.log(rows.at(-1).join('  '));
}

const repeat = async (count, use) => {
  for (let i = 0; i < count; i++) await use(i);
};
const make = (engine, seed = 0) => sequential({ inputSize: 2, layers, seed, engine });
const fit = (model, options) => model.fit(data, { epochs: 1, ...options });

console.log(['what', 'linear MB', 'heap MB', 'grown: linear', 'heap', 'process', 'seconds', ''].join('  '));

{
  const engine = createEngine();
  await flat('10,000 models, each fitted and disposed of', engine, () =>
    repeat(1000, async (i) => {
      const model = make(engine, i);
      await fit(model);
      model.evaluate(data);
      model.dispose();
    }),
  );
}
{
  const engine = createEngine();
  const model = make(engine);
  await flat('10,000 fits of one model, with batches of many sizes', engine, () =>
    repeat(1000, (i) => fit(model, { batchSize: 1 + ((i * 7) % 64) })),
  );
}
{
  const engine = createEngine();
  await flat('10,000 fits that fail', engine, () =>
    repeat(1000, async (i) => {
      const model = make(engine, i);
      const onBatchEnd = () => {
        throw new Error('stop');
      };
      await fit(model, { callbacks: [{ onBatchEnd }] }).catch(() => {});
      model.dispose();
    }),
  );
}
{
  const engine = createEngine();
  await flat('10 times 10,000 models dropped within one turn', engine, async () => {
    for (let i = 0; i < 10_000; i++) make(engine, i);
    await collect();
  });
}
await flat('2,000 engines with a model', undefined, () =>
  repeat(200, async (i) => {
    const model = make(createEngine({ numerics: i % 2 ? 'fast' : 'reproducible' }), i);
    await fit(model);
    model.dispose();
  }),
);
await flat('2,000 engines dropped, 200 within one turn', undefined, async () => {
  for (let i = 0; i < 200; i++) make(createEngine(), i);
  await nextTurn();
});

if (failed) process.exitCode = 1;
