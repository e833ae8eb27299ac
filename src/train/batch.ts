// Brings samples and targets from the user's arrays into a network, rounding to float32 on the way.
import type { Memory, Tensor } from '../backend/index.ts';
import type { Dataset, Matrix } from '../data/index.ts';
import { ParameterError } from '../errors/index.ts';
import type { Network } from '../nn/index.ts';

/** Numbers of a data set up to which it is copied: 1 MB. */
const COPIED = 2 ** 18;

/** Numbers of a row above which it is worth an object to have it copied as a whole. */
const LONG = 128;

/**
 * The numbers of a dataset's targets, row by row.
 *
 * @hidden
 */
export function targetData(y: Dataset['y']): ArrayLike<number> {
  return ArrayBuffer.isView(y) ? y : (y as unknown as Matrix).data;
}

/** The sum of the weights of rows order[start] … order[start + rows − 1], which are copied to `to`. */
export function gatherWeights(
  to: Float64Array,
  weights: Float64Array,
  order: Int32Array,
  start: number,
  rows: number,
): number {
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    to[i] = weights[order[start + i]];
    sum += to[i];
  }
  return sum;
}

/** Copies rows start … start + rows − 1 of `x` to the input of the network. */
export function copyRows(network: Network, x: Matrix, start: number, rows: number): void {
  const { input, inputSize } = network;
  input.set(x.data.subarray(start * inputSize, (start + rows) * inputSize));
}

/** Copies the targets of rows start … start + rows − 1 to the network. */
export function copyTargets(network: Network, y: ArrayLike<number>, start: number, rows: number): void {
  const { data: targets } = network.targets;
  const { targetSize } = network.loss;
  for (let i = 0; i < rows * targetSize; i++) targets[i] = y[start * targetSize + i];
  checkClasses(network, targets, rows);
}

/** The samples of a fit. */
export class Batches {
  readonly #network: Network;
  readonly #features: Matrix['data'];
  readonly #targets: ArrayLike<number>;
  /** Features of small data sets, once more in linear memory, where a batch is gathered in a fraction of the time. */
  readonly #copy: Tensor | undefined;

  constructor(network: Network, { data }: Matrix, targets: ArrayLike<number>, memory: Memory) {
    this.#network = network;
    this.#features = data;
    this.#targets = targets;
    if (data.length > COPIED) return;
    this.#copy = memory.float32(data.length);
    this.#copy.data.set(data);
  }

  /** Brings rows order[start] … order[start + rows − 1] and their targets to the network. */
  gather(order: Tensor<Int32Array>, start: number, rows: number): void {
    const network = this.#network;
    const { data: indices } = order;
    this.#gatherTargets(indices, start, rows);
    const copy = this.#copy;
    if (copy) network.backend.gather(network.inputTensor, copy, order, start, rows, network.inputSize);
    else this.#gatherFeatures(indices, start, rows);
  }

  #gatherTargets(order: Int32Array, start: number, rows: number): void {
    const { loss, targets: to } = this.#network;
    const { targetSize, classes } = loss;
    const { data } = to;
    const targets = this.#targets;
    if (classes !== undefined) {
      for (let i = 0; i < rows; i++) {
        const index = targets[order[start + i]];
        if (index >>> 0 >= classes) failClass(index, classes);
        data[i] = index;
      }
      return;
    }
    for (let i = 0, at = 0; i < rows; i++) {
      const row = order[start + i] * targetSize;
      for (let from = row; from < row + targetSize; from++, at++) data[at] = targets[from];
    }
  }

  #gatherFeatures(order: Int32Array, start: number, rows: number): void {
    const { input, inputSize } = this.#network;
    const features = this.#features;
    // Rows of a large data set are far apart in memory. These loads do not depend on each other, so that the processor
    // waits for many at once, where the copy below would wait for them one after the other.
    for (let i = 0; i < rows; i++) input[i] = features[order[start + i] * inputSize];
    for (let i = 0, to = 0; i < rows; i++) {
      let at = order[start + i] * inputSize;
      const end = at + inputSize;
      if (inputSize > LONG) {
        input.set(features.subarray(at, end), i * inputSize);
        continue;
      }
      for (; at < end - 3; at += 4, to += 4) {
        input[to] = features[at];
        input[to + 1] = features[at + 1];
        input[to + 2] = features[at + 2];
        input[to + 3] = features[at + 3];
      }
      for (; at < end; at++, to++) input[to] = features[at];
    }
  }
}

/** Computes what layers keep of the data anew, as means over the batches of `x`; masks are those of the steps from `step` on. */
export function recomputeStatistics(network: Network, x: Matrix, batchSize: number, step: number): void {
  const [total] = x.shape;
  network.reserve(Math.min(batchSize, total));
  network.withStatistics('mean', () => {
    for (let start = 0, i = 0; start < total; start += batchSize, i++) {
      const rows = Math.min(batchSize, total - start);
      copyRows(network, x, start, rows);
      network.forward(rows, step + i);
    }
  });
}

/** Kernels write where a class index says, and its owner may have changed it since the dataset was checked. */
function checkClasses(network: Network, targets: Int32Array | Float32Array, rows: number): void {
  const { classes } = network.loss;
  for (let i = 0; classes !== undefined && i < rows; i++) {
    // Without a sign, a negative index is too great as well.
    if (targets[i] >>> 0 >= classes) failClass(targets[i], classes);
  }
}

function failClass(index: number, classes: number): never {
  throw new ParameterError(
    `The class indices of a dataset must stay in the range [0, ${classes - 1}] while it is used. Got ${index}. ` +
      'Give fit a copy of y.',
  );
}
