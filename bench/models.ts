// Models and data of the benchmarks, with their work in floating-point operations.
import type { Engine } from '../src/backend/index.ts';
import type { ClassDataset } from '../src/data/index.ts';
import type { Description } from '../src/errors/index.ts';
import { dense, dropout, l1l2, relu } from '../src/nn/index.ts';
import { type Sequential, sequential } from '../src/train/index.ts';
import { type ReferenceLayer, forward as referenceForward } from '../test/reference/network.ts';
import { values } from '../test/reference/operations.ts';

/** Units of input, hidden layers and output. */
export type Sizes = readonly number[];

export interface Regularization {
  /** Rate of the dropout after every hidden layer. */
  dropout?: number;
  /** Strength of both penalties on every kernel. */
  l1l2?: number;
}

/** A classifier of dense and ReLU layers, the same initial weights for the same seed in all engines. */
export function makeModel(engine: Engine, sizes: Sizes, regularization: Regularization = {}): Sequential {
  const { dropout: rate, l1l2: strength } = regularization;
  const options = strength ? { kernelRegularizer: l1l2({ l1: strength, l2: strength }) } : {};
  const layers: Description<'layer'>[] = [];
  for (const units of sizes.slice(1, -1)) layers.push(dense(units, options), relu(), ...(rate ? [dropout(rate)] : []));
  layers.push(dense(sizes[sizes.length - 1], options));
  return sequential({ inputSize: sizes[0], layers, seed: 42, engine });
}

/** Samples in [−1, 1) whose label is the greatest of their first features, by `margin` or more: something that can be learned. */
export function makeData(rows: number, sizes: Sizes, margin = 0): ClassDataset {
  const features = sizes[0];
  const classes = sizes[sizes.length - 1];
  const data = values(rows * features, 11);
  const y = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    const head = data.subarray(i * features, i * features + classes);
    y[i] = head.indexOf(Math.max(...head));
    head[y[i]] += margin;
  }
  return { x: { data, shape: [rows, features] }, y };
}

/** Multiplications and additions of the matrix products for one sample at inference. */
export function inferenceFlop(sizes: Sizes): number {
  return sizes.slice(1).reduce((sum, units, i) => sum + 2 * sizes[i] * units, 0);
}

/** The same in training: three products a layer, but the gradient of the first layer's input is not needed. */
export function trainingFlop(sizes: Sizes): number {
  return 3 * inferenceFlop(sizes) - 2 * sizes[0] * sizes[1];
}

/** Logits of the naive float64 network with the weights of `model`. */
export function referenceLogits(model: Sequential, x: ArrayLike<number>, rows: number): Float64Array {
  const weights = model.getWeights();
  const layers: ReferenceLayer[] = [];
  for (let i = 0; i < weights.length; i += 2) {
    if (i > 0) layers.push({ kind: 'relu' });
    const [kernel, bias] = [Float64Array.from(weights[i].data), Float64Array.from(weights[i + 1].data)];
    layers.push({ kind: 'dense', kernel, bias, l1: 0, l2: 0 });
  }
  return referenceForward(layers, x, rows);
}
