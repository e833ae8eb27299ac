// Runs a network over data at inference: metrics, probabilities, classes.
import type { Dataset, Matrix } from '../data/index.ts';
import type { Network } from '../nn/index.ts';
import { copyRows } from './batch.ts';

/** Samples that are run at once. */
const CHUNK = 256;

/** What {@link Sequential.evaluate} returns. */
export interface Evaluation {
  /** dataLoss + penalty */
  loss: number;
  /** Mean cross-entropy in nats. */
  dataLoss: number;
  /** The weight penalties, Σ l1·Σ|w| + l2·Σw². */
  penalty: number;
  /** Share of samples whose greatest logit is at their label. */
  accuracy: number;
}

/** Calls `visit(start, rows)` for each chunk of `x`, with the network's logits computed for it. */
function forEachChunk(network: Network, x: Matrix, visit: (start: number, rows: number) => void): void {
  const [total] = x.shape;
  network.reserve(Math.min(CHUNK, total));
  for (let start = 0; start < total; start += CHUNK) {
    const rows = Math.min(CHUNK, total - start);
    copyRows(network, x, start, rows);
    network.forward(rows);
    visit(start, rows);
  }
}

export function evaluate(network: Network, { x, y }: Dataset): Evaluation {
  let sum = 0;
  let correct = 0;
  forEachChunk(network, x, (start, rows) => {
    network.labels.set(y.subarray(start, start + rows));
    sum += network.crossEntropy(rows);
    correct += network.countCorrect(rows);
  });
  const dataLoss = sum / y.length;
  const penalty = network.penalty();
  return { loss: dataLoss + penalty, dataLoss, penalty, accuracy: correct / y.length };
}

export function predict(network: Network, x: Matrix): Int32Array {
  const classes = new Int32Array(x.shape[0]);
  forEachChunk(network, x, (start, rows) => classes.set(network.classes(rows), start));
  return classes;
}

export function predictProbabilities(network: Network, x: Matrix): Matrix {
  const { outputSize } = network;
  const data = new Float32Array(x.shape[0] * outputSize);
  forEachChunk(network, x, (start, rows) => data.set(network.probabilities(rows), start * outputSize));
  return { data, shape: [x.shape[0], outputSize] };
}
