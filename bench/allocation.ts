// A process that trains and prints what it allocated, on both sides of the border; run by sections.ts with a
// young generation so large that nothing is collected in between, so that the growth of the heap is what was allocated.
import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

const { createEngine, dense, dropout, relu, sequential } = (await import(
  new URL('../../dist/index.js', import.meta.url).href
)) as typeof import('../src/index.ts');

/** What `node allocation.mjs ROWS EPOCHS` prints. */
export interface Allocation {
  rows: number;
  steps: number;
  /** JavaScript heap allocated per step, in bytes. */
  heapPerStep: number;
  /** Garbage collections in between; with any, `heapPerStep` is too low. */
  collections: number;
  /** Greatest sum of live arrays in linear memory, beside what the formula says. */
  requested: number;
  formula: number;
  /** Linear memory before and after the timed fit. */
  linearBefore: number;
  linear: number;
  /** Bytes of array buffers outside linear memory that training holds on to, per sample. */
  hostPerSample: number;
}

const BATCH = 64;
const SIZES = [20, 128, 64, 2];
const [rows, epochs] = process.argv.slice(2).map(Number);

/**
 * Bytes in linear memory: weights, gradients and two moments; for a batch the input, its labels, the output of each dense
 * layer and its gradient, and the probabilities and the predicted class; the order of an epoch and what draws it; the features of a
 * small data set.
 */
function formula(): number {
  const [input, ...units] = SIZES;
  const parameters = units.reduce((sum, width, i) => sum + (SIZES[i] + 1) * width, 0);
  const outputs = units.reduce((sum, width) => sum + width, 0);
  const perSample = input + 1 + 2 * outputs + SIZES[SIZES.length - 1] + 1;
  const copied = rows * input <= 2 ** 18 ? rows * input : 0;
  return 4 * (4 * parameters + BATCH * perSample + rows + 624 + copied);
}

const engine = createEngine({ numerics: 'fast' });
const { float32, int32, free } = engine.backend;
let live = 0;
let requested = 0;
const counted = <T extends { length: number }>(tensor: T): T => {
  live += 4 * tensor.length;
  requested = Math.max(requested, live);
  return tensor;
};
Object.assign(engine.backend, {
  float32: (length: number) => counted(float32(length)),
  int32: (length: number) => counted(int32(length)),
  free: (tensor: Parameters<typeof free>[0]) => {
    live -= 4 * tensor.length;
    free(tensor);
  },
});
const linearMemory = () => {
  const tensor = float32(1);
  const { byteLength } = tensor.data.buffer;
  free(tensor);
  return byteLength;
};

/** Collections are reported a little later. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 50));

/** Array buffers that are in use, in bytes. */
async function buffersInUse(): Promise<number> {
  // Twice: what a finalizer lets go of in the first is collected in the second.
  for (let i = 0; i < 2; i++) {
    globalThis.gc?.();
    await settle();
  }
  return process.memoryUsage().arrayBuffers;
}

const [inputSize, , , classes] = SIZES;
const data = Float32Array.from({ length: rows * inputSize }, (_, i) => Math.sin(i));
const train = {
  x: { data, shape: [rows, inputSize] as [number, number] },
  y: Int32Array.from({ length: rows }, (_, i) => (data[i * inputSize] > 0 ? 1 : 0)),
};
const model = sequential({
  inputSize,
  layers: [dense(SIZES[1]), relu(), dropout(0.5), dense(SIZES[2]), relu(), dropout(0.5), dense(classes)],
  engine,
});
const linearBefore = linearMemory();
let collections = 0;
const observer = new PerformanceObserver((list) => {
  collections += list.getEntries().length;
});
// Epochs that are not counted: enough for the optimizing compiler to have seen everything, so that what it removes is gone.
const warmUp = Math.ceil(40_000 / Math.ceil(rows / BATCH));
const buffers = await buffersInUse();
let heap = 0;
let heapAtEnd = 0;
let buffersAtEnd = 0;
await model.fit(train, {
  epochs: warmUp + epochs,
  batchSize: BATCH,
  onEpochEnd: async ({ epoch }) => {
    if (epoch === warmUp) {
      await settle();
      observer.observe({ entryTypes: ['gc'] });
      heap = getHeapStatistics().used_heap_size;
    }
    if (epoch < warmUp + epochs) return;
    heapAtEnd = getHeapStatistics().used_heap_size;
    await settle();
    observer.disconnect();
    buffersAtEnd = await buffersInUse();
  },
});
const steps = epochs * Math.ceil(rows / BATCH);
const heapPerStep = (heapAtEnd - heap) / steps;
const linear = linearMemory();
const hostPerSample = (buffersAtEnd - buffers) / rows;
const result: Allocation = {
  rows,
  steps,
  heapPerStep,
  collections,
  requested,
  formula: formula(),
  linearBefore,
  linear,
  hostPerSample,
};
console.log(JSON.stringify(result));
