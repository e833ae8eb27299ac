// Gradient check: what Regulus computes against central differences of the float64 reference, for every layer, loss and penalty.
import { describe, expect, it } from 'vitest';
import { createEngine, type Engine } from '../../src/backend/index.ts';
import type { Dataset } from '../../src/data/index.ts';
import type { Description } from '../../src/errors/index.ts';
import { dense, dropout, l1, l1l2, l2, relu } from '../../src/nn/index.ts';
import { sgd } from '../../src/optim/index.ts';
import { sequential, type Weights } from '../../src/train/index.ts';
import { expectClose } from '../reference/close.ts';
import { centralDifferences, loss, type ReferenceDense, type ReferenceLayer } from '../reference/network.ts';
import { values } from '../reference/operations.ts';

const engines = {
  'wasm reproducible': createEngine({ backend: 'wasm', numerics: 'reproducible' }),
  'wasm fast': createEngine({ backend: 'wasm', numerics: 'fast' }),
  js: createEngine({ backend: 'js' }),
};

/** The strengths of a penalty, as they stand in its description. */
type Penalty = Description<'regularizer'> & { l1?: number | undefined; l2?: number | undefined };

/** A layer under test: units of a dense layer with its options, `'relu'`, or a dropout rate. */
type Part = { units: number; bias?: boolean; penalty?: Penalty } | 'relu' | { rate: number };

interface Case {
  inputs: number;
  parts: Part[];
  samples: number;
  /** All samples by default. */
  batchSize?: number;
}

const isDense = (part: Part): part is Extract<Part, { units: number }> => typeof part === 'object' && 'units' in part;

const isKernel = (shape: number[]) => shape.length === 2;

const toLayer = (part: Part): Description<'layer'> => {
  if (part === 'relu') return relu();
  if (!isDense(part)) return dropout(part.rate);
  return dense(part.units, {
    useBias: part.bias ?? true,
    kernelRegularizer: part.penalty ?? l1l2({ l1: 0, l2: 0 }),
  });
};

/** Parameters in the order of getWeights() before and after every step of plain SGD with learning rate 1, in float64. */
interface Step {
  loss: number;
  before: Float64Array[];
  after: Float64Array[];
}

/**
 * Trains for an epoch. With learning rate 1 and no momentum, before − after is the gradient. `initial` fills the
 * parameters; with `rewind` every step starts from there.
 */
async function train(
  engine: Engine,
  inputs: number,
  layers: Description<'layer'>[],
  data: Dataset,
  batchSize: number,
  initial: (parameter: Weights[number], index: number) => void,
  rewind = false,
): Promise<Step[]> {
  const model = sequential({ inputSize: inputs, layers, seed: 5, engine });
  const start = model.getWeights();
  start.forEach(initial);
  model.setWeights(start);
  const read = () => model.getWeights().map(({ data }) => Float64Array.from(data));
  const steps: Step[] = [];
  let before = read();
  await model.fit(data, {
    epochs: 1,
    batchSize,
    shuffle: false,
    optimizer: sgd({ learningRate: 1 }),
    callbacks: [
      {
        onBatchEnd({ loss }) {
          steps.push({ loss, before, after: read() });
          if (rewind) model.setWeights(start);
          before = read();
        },
      },
    ],
  });
  model.dispose();
  return steps;
}

/**
 * The mask (rows, units) that the dropout layer `parts[at]` uses in every step. A mask depends on the seed, the layer,
 * the step and the index, not on data or weights, so a twin network shows it: the layers up to the dropout and a dense
 * layer with more classes than a batch has rows. With every input and bias 1 and every kernel 0, the dropout layer is
 * given ones and the softmax is uniform: the gradient of the last kernel is maskᵀ·(1/classes − oneHot)/rows. Where row r
 * has label r, the columns of the last class, which is no row's label, and of class r differ by mask[r]/rows.
 */
async function masks(engine: Engine, { inputs, parts, samples, batchSize = samples }: Case, at: number) {
  const classes = batchSize + 1;
  const { rate } = parts[at] as { rate: number };
  const units = parts.slice(0, at).findLast(isDense)?.units ?? inputs;
  const x = { data: new Float64Array(samples * inputs).fill(1), shape: [samples, inputs] as [number, number] };
  const y = Int32Array.from({ length: samples }, (_, i) => i % batchSize);
  const layers = [...parts.slice(0, at + 1).map(toLayer), dense(classes)];
  const ones = ({ shape, data }: Weights[number]) => void data.fill(isKernel(shape) ? 0 : 1);
  const steps = await train(engine, inputs, layers, { x, y }, batchSize, ones, true);
  return steps.map(({ before, after }, step) => {
    const rows = Math.min(batchSize, samples - step * batchSize);
    const gradient = before.at(-2)!.map((w, i) => w - after.at(-2)![i]); // (units, classes)
    const mask = Float64Array.from({ length: rows * units }, (_, i) => {
      const [row, unit] = [Math.floor(i / units), i % units];
      return rows * (gradient[unit * classes + classes - 1] - gradient[unit * classes + row]);
    });
    const exact = mask.map((value) => (value > 0.5 ? 1 / (1 - rate) : 0));
    expectClose(mask, exact, { atol: 1e-5, rtol: 1e-5 });
    return exact;
  });
}

/** The reference's layers with the parameters of getWeights(); layers without bias get one of zeros. */
function reference(parts: Part[], parameters: Float64Array[], maskOf: (at: number) => ArrayLike<number>) {
  const rest = parameters.map((p) => p.slice());
  return parts.map((part, at): ReferenceLayer => {
    if (part === 'relu') return { kind: 'relu' };
    if (!isDense(part)) return { kind: 'dropout', mask: maskOf(at) };
    const kernel = rest.shift()!;
    const bias = part.bias === false ? new Float64Array(part.units) : rest.shift()!;
    return { kind: 'dense', kernel, bias, l1: part.penalty?.l1 ?? 0, l2: part.penalty?.l2 ?? 0 };
  });
}

// Reading the gradient off the weights rounds once, to half a unit in the last place of a weight below 4: 2^-23 = 1.2e-7.
// The float32 gradient itself is a chain of at most four products with sums of at most 33 terms of order 1: some hundred
// roundings of 6e-8, in random directions √100 · 6e-8 = 6e-7. A penalty left out is 1e-2, one wrong factor not much less.
const tolerance = { atol: 1e-6, rtol: 3e-6 };

async function check(engine: Engine, test: Case): Promise<void> {
  const { inputs, parts, samples, batchSize = samples } = test;
  const classes = parts.findLast(isDense)!.units;
  const x = values(samples * inputs);
  const y = Int32Array.from(values(samples, 1), (value) => Math.floor(((value + 1) / 2) * classes));
  const data: Dataset = { x: { data: x, shape: [samples, inputs] }, y };
  // Every fifth weight is zero: there the gradient of |w| must be 0, as the central difference is. Biases are not, for a
  // unit whose inputs are all dropped would be at the kink of ReLU, where the central difference is no gradient.
  const initial = ({ shape, data }: Weights[number], index: number) =>
    data.set(values(data.length, 2 + index).map((value, i) => (isKernel(shape) && i % 5 === 4 ? 0 : value)));
  const steps = await train(engine, inputs, parts.map(toLayer), data, batchSize, initial);
  expect(steps).toHaveLength(Math.ceil(samples / batchSize));
  const maskOf = new Map<number, Float64Array[]>();
  for (const [at, part] of parts.entries()) {
    if (part !== 'relu' && !isDense(part)) maskOf.set(at, await masks(engine, test, at));
  }
  for (const [step, { loss: actual, before, after }] of steps.entries()) {
    const layers = reference(parts, before, (at) => maskOf.get(at)![step]);
    const [first, last] = [step * batchSize, Math.min((step + 1) * batchSize, samples)];
    const batch = x.subarray(first * inputs, last * inputs);
    const f = () => loss(layers, batch, y.subarray(first, last));
    expectClose([actual], [f()], tolerance);
    const denseLayers = layers.filter((layer): layer is ReferenceDense => layer.kind === 'dense');
    const trained = denseLayers.flatMap(({ kernel, bias }, i) =>
      parts.filter(isDense)[i].bias === false ? [kernel] : [kernel, bias],
    );
    expect(before).toHaveLength(trained.length);
    for (const [i, parameter] of trained.entries()) {
      const gradient = before[i].map((w, j) => w - after[i][j]);
      expectClose(gradient, centralDifferences(f, parameter), tolerance);
    }
  }
}

describe.each(Object.entries(engines))('gradients on %s', (_name, engine) => {
  it.each([
    [1, 2, 1],
    [3, 2, 1],
    [1, 3, 4],
    [5, 3, 7],
    [8, 4, 16],
    [17, 10, 19],
    [33, 9, 6],
  ])('dense %i → %i, batch of %i', async (inputs, units, samples) => {
    await check(engine, { inputs, parts: [{ units }], samples });
    await check(engine, { inputs, parts: [{ units, bias: false }], samples });
  });

  it.each([
    [1, 1, 2, 1],
    [2, 3, 2, 1],
    [5, 7, 3, 4],
    [9, 16, 4, 16],
    [20, 33, 5, 13],
  ])('dense-relu-dense %i-%i-%i, batch of %i', async (inputs, hidden, units, samples) => {
    await check(engine, { inputs, parts: [{ units: hidden }, 'relu', { units }], samples });
  });

  it.each([
    ['l1', l1(0.01)],
    ['l2', l2(0.02)],
    ['l1l2', l1l2({ l1: 0.01, l2: 0.02 })],
  ])('penalty %s', async (_penalty, penalty) => {
    const hidden: Part[] = [{ units: 7, penalty }, 'relu'];
    await check(engine, { inputs: 5, parts: [{ units: 3, penalty }], samples: 1 });
    await check(engine, { inputs: 5, parts: [...hidden, { units: 3 }], samples: 6 });
    await check(engine, { inputs: 5, parts: [...hidden, { units: 3, penalty }], samples: 7, batchSize: 3 });
  });

  it.each([
    ['after relu', 5, [{ units: 9 }, 'relu', { rate: 0.5 }, { units: 3 }]],
    ['before relu', 5, [{ units: 9 }, { rate: 0.2 }, 'relu', { units: 3 }]],
    ['on the input', 6, [{ rate: 0.3 }, { units: 4 }]],
    ['rate 0', 3, [{ units: 4 }, { rate: 0 }, { units: 2 }]],
    ['rate 0.9, twice', 4, [{ units: 8 }, 'relu', { rate: 0.9 }, { units: 6 }, 'relu', { rate: 0.1 }, { units: 3 }]],
  ] satisfies [string, number, Part[]][])('dropout %s', async (_place, inputs, parts) => {
    await check(engine, { inputs, parts, samples: 1 });
    await check(engine, { inputs, parts, samples: 11 });
    await check(engine, { inputs, parts, samples: 11, batchSize: 4 });
  });

  it.each([
    [7, 3],
    [9, 8],
    [17, 16],
  ])('%i samples in batches of %i', async (samples, batchSize) => {
    await check(engine, { inputs: 4, parts: [{ units: 6 }, 'relu', { units: 3 }], samples, batchSize });
  });
});
