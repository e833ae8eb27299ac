// Brings samples and targets from the user's arrays into a network, rounding to float32 on the way.
import type { Dataset, Matrix } from '../data/index.ts';
import { ParameterError } from '../errors/index.ts';
import type { Network } from '../nn/index.ts';

/** The numbers of a dataset's targets, row by row. */
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
  const { input } = network;
  const { data } = x;
  const offset = start * network.inputSize;
  const length = rows * network.inputSize;
  for (let i = 0; i < length; i++) input[i] = data[offset + i];
}

/** Copies the targets of rows start … start + rows − 1 to the network. */
export function copyTargets(network: Network, y: ArrayLike<number>, start: number, rows: number): void {
  const { data: targets } = network.targets;
  const { targetSize } = network.loss;
  for (let i = 0; i < rows * targetSize; i++) targets[i] = y[start * targetSize + i];
  checkClasses(network, rows);
}

/** Copies rows order[start] … order[start + rows − 1] of `x`, and their targets, to the network. */
export function gatherBatch(
  network: Network,
  x: Matrix,
  y: ArrayLike<number>,
  order: Int32Array,
  start: number,
  rows: number,
): void {
  const { input, inputSize } = network;
  const { data: targets } = network.targets;
  const { targetSize } = network.loss;
  const { data } = x;
  // Rows of a large data set are far apart in memory. These loads do not depend on each other, so that the processor
  // waits for many at once, where the copy below would wait for them one after the other.
  for (let i = 0; i < rows; i++) {
    const row = order[start + i];
    targets[i * targetSize] = y[row * targetSize];
    input[i] = data[row * inputSize];
  }
  for (let i = 0, to = 0; i < rows; i++) {
    const row = order[start + i];
    for (let from = row * inputSize; from < (row + 1) * inputSize; from++, to++) input[to] = data[from];
    for (let j = 1; j < targetSize; j++) targets[i * targetSize + j] = y[row * targetSize + j];
  }
  checkClasses(network, rows);
}

/** Kernels write where a class index says, and its owner may have changed it since the dataset was checked. */
function checkClasses(network: Network, rows: number): void {
  const { classes } = network.loss;
  if (classes === undefined) return;
  const { data: targets } = network.targets;
  for (let i = 0; i < rows; i++) {
    // Without a sign, a negative index is too great as well.
    if (targets[i] >>> 0 >= classes) {
      throw new ParameterError(
        `The class indices of a dataset must stay in the range [0, ${classes - 1}] while it is used. Got ${targets[i]}. ` +
          'Do not change y during fit; give fit a copy.',
      );
    }
  }
}
