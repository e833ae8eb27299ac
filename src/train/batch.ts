// Brings samples from the user's arrays into a network, rounding to float32 on the way.
import type { Matrix } from '../data/index.ts';
import type { Network } from '../nn/index.ts';

/** Copies rows start … start + rows − 1 of `x` to the input of the network. */
export function copyRows(network: Network, x: Matrix, start: number, rows: number): void {
  const { input } = network;
  const { data } = x;
  const offset = start * network.inputSize;
  const length = rows * network.inputSize;
  for (let i = 0; i < length; i++) input[i] = data[offset + i];
}

/** Copies rows order[start] … order[start + rows − 1] of `x`, and their labels, to the network. */
export function gatherBatch(
  network: Network,
  x: Matrix,
  y: Int32Array,
  order: ArrayLike<number>,
  start: number,
  rows: number,
): void {
  const { input, labels, inputSize } = network;
  const { data } = x;
  // Rows of a large data set are far apart in memory. These loads do not depend on each other, so that the processor
  // waits for many at once, where the copy below would wait for them one after the other.
  for (let i = 0; i < rows; i++) {
    const row = order[start + i];
    labels[i] = y[row];
    input[i] = data[row * inputSize];
  }
  for (let i = 0, to = 0; i < rows; i++) {
    const row = order[start + i];
    for (let from = row * inputSize; from < (row + 1) * inputSize; from++, to++) input[to] = data[from];
  }
}
