// Single operations of a backend as cases, each checked against the naive float64 reference before it is timed.
import { type Backend, type Engine, keepThreshold, Memory, type Tensor } from '../src/backend/index.ts';
import type { Description } from '../src/errors/index.ts';
import { adam, sgd, startOptimizer } from '../src/optim/index.ts';
import { crossEntropyRow, softmaxRow, values } from '../test/reference/operations.ts';
import { type CaseDefinition, checkWithin, type OpenCase } from './case.ts';

const EPS = 2 ** -24; // half an ulp of float32
const CHECKED = 4096; // elements of a large product that are checked

type Shape = readonly [m: number, k: number, n: number];

/** m × k × n: powers of two up to beyond every cache, the shapes of layers, and awkward ones. */
const shapes: Shape[] = [
  [64, 64, 64],
  [256, 256, 256],
  [512, 512, 512],
  [1024, 1024, 1024],
  [2048, 2048, 2048],
  [64, 128, 64],
  [128, 784, 512],
  [61, 77, 53],
  [100, 20, 128],
  [64, 64, 10],
  [64, 64, 2],
];

const layouts = [
  { layout: 'nn', operation: 'matmul', transposeA: false, transposeB: false },
  { layout: 'nt', operation: 'matmulNT', transposeA: false, transposeB: true },
  { layout: 'tn', operation: 'matmulTN', transposeA: true, transposeB: false },
] as const;

type Layout = (typeof layouts)[number];

function tensor(backend: Backend, data: ArrayLike<number>): Tensor {
  const result = backend.float32(data.length);
  result.data.set(data);
  return result;
}

function closer(backend: Backend, tensors: (Tensor | Tensor<Int32Array>)[]): () => void {
  return () => {
    for (const used of tensors) backend.free(used);
  };
}

function openMatmul({ backend }: Engine, { operation, transposeA, transposeB }: Layout, [m, k, n]: Shape): OpenCase {
  const dataA = values(m * k, 1);
  const dataB = values(k * n, 2);
  const [a, b, c] = [tensor(backend, dataA), tensor(backend, dataB), backend.float32(m * n)];
  const run = () => backend[operation](c, a, b, m, k, n);
  run();
  // All elements of a small product; of a large one the last, and as many others as spread over it evenly.
  const result = c.data;
  const stride = Math.max(1, Math.floor((m * n) / CHECKED));
  for (let at = m * n - 1; at >= 0; at -= stride) {
    const i = Math.floor(at / n);
    const j = at % n;
    let sum = 0;
    let magnitude = 0;
    for (let p = 0; p < k; p++) {
      const term = dataA[transposeA ? p * m + i : i * k + p] * dataB[transposeB ? j * k + p : p * n + j];
      sum += term;
      magnitude += Math.abs(term);
    }
    checkWithin(`${operation} ${m}×${k}×${n}, element ${at},`, result[at], sum, (k + 2) * EPS * magnitude);
  }
  return { work: 2 * m * k * n, unit: 'flop', run, close: closer(backend, [a, b, c]) };
}

function openRelu({ backend }: Engine, n: number): OpenCase {
  const data = values(n, 3);
  const [x, y] = [tensor(backend, data), backend.float32(n)];
  const run = () => backend.relu(y, x, n);
  run();
  const result = y.data;
  data.forEach((value, i) => {
    checkWithin(`relu, element ${i},`, result[i], Math.max(value, 0), 0);
  });
  return { work: n, unit: 'element', run, close: closer(backend, [x, y]) };
}

/** The mask is checked by its share and scale; that it is the same in all backends is the outcome. */
function openDropout({ backend }: Engine, n: number): OpenCase {
  const rate = 0.5;
  const data = values(n, 4);
  const [x, y] = [tensor(backend, data), backend.float32(n)];
  const run = () => backend.dropout(y, x, n, keepThreshold(rate), 1 / (1 - rate), 123, 456);
  run();
  const result = y.data;
  let kept = 0;
  let outcome = 0;
  data.forEach((value, i) => {
    if (result[i] === 0) return;
    checkWithin(`dropout, element ${i},`, result[i], value / (1 - rate), 2 * EPS);
    kept++;
    outcome += i;
  });
  checkWithin('share of units that dropout keeps', kept / n, 1 - rate, 4 / Math.sqrt(n));
  return { work: n, unit: 'element', run, outcome, close: closer(backend, [x, y]) };
}

function openCrossEntropy({ backend }: Engine, rows: number, columns: number): OpenCase {
  const data = values(rows * columns, 5).map((value) => 8 * value);
  const classes = Int32Array.from({ length: rows }, (_, i) => i % columns);
  const [logits, gradient, labels] = [
    tensor(backend, data),
    backend.float32(rows * columns),
    backend.int32(rows),
  ] as const;
  labels.data.set(classes);
  const run = () => backend.softmaxCrossEntropy(gradient, logits, labels, rows, columns, 0);
  const loss = run();
  let expected = 0;
  for (let i = 0; i < rows; i++) {
    const row = [...data.subarray(i * columns, (i + 1) * columns)];
    expected += crossEntropyRow(row, classes[i]);
    softmaxRow(row).forEach((probability, j) => {
      const target = (probability - (j === classes[i] ? 1 : 0)) / rows;
      checkWithin(`gradient of logit ${j} in row ${i}`, gradient.data[i * columns + j], target, 1e-6 / rows);
    });
  }
  checkWithin('cross-entropy', loss, expected, 1e-6 * expected);
  return { work: rows * columns, unit: 'element', run, close: closer(backend, [logits, gradient, labels]) };
}

/** The update of one parameter of `n` weights; `expected` is its first step for a gradient. */
function openUpdate(
  { backend }: Engine,
  optimizer: Description<'optimizer'>,
  n: number,
  expected: (gradient: number) => number,
): OpenCase {
  const weights = values(n, 6);
  const gradients = values(n, 7);
  const memory = new Memory(backend);
  const [value, gradient] = [memory.float32(n), memory.float32(n)];
  value.data.set(weights);
  gradient.data.set(gradients);
  const { update: run } = startOptimizer(optimizer, [{ shape: [1, n], value, gradient }], backend, memory);
  run();
  const result = value.data;
  weights.forEach((weight, i) => {
    checkWithin(`weight ${i} after ${optimizer.type}`, result[i], weight - expected(gradients[i]), 2 * EPS);
  });
  return { work: n, unit: 'element', run, close: () => memory.free() };
}

const openAdam = (engine: Engine, n: number) =>
  openUpdate(engine, adam({ learningRate: 1e-6 }), n, (gradient) => 1e-6 * Math.sign(gradient));
const openSgd = (engine: Engine, n: number) =>
  openUpdate(engine, sgd({ learningRate: 1e-6 }), n, (gradient) => 1e-6 * gradient);

const products = shapes.flatMap((shape) =>
  layouts.map(
    (layout): CaseDefinition => ({
      name: `matmul ${layout.layout} ${shape.join('×')}`,
      open: (engine) => openMatmul(engine, layout, shape),
    }),
  ),
);

export const kernelCases: CaseDefinition[] = [
  ...products,
  { name: 'relu 8192', open: (engine) => openRelu(engine, 8192) },
  { name: 'dropout 8192', open: (engine) => openDropout(engine, 8192) },
  { name: 'softmax cross-entropy 64×2', open: (engine) => openCrossEntropy(engine, 64, 2) },
  { name: 'softmax cross-entropy 128×10', open: (engine) => openCrossEntropy(engine, 128, 10) },
  { name: 'adam 8192', open: (engine) => openAdam(engine, 8192) },
  { name: 'adam 401408', open: (engine) => openAdam(engine, 784 * 512) },
  { name: 'sgd 8192', open: (engine) => openSgd(engine, 8192) },
  { name: 'sgd 401408', open: (engine) => openSgd(engine, 784 * 512) },
];
