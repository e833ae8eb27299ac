// Runs a network over data at inference: losses, metrics, predictions.
import type { Dataset, Matrix } from '../data/index.ts';
import type { Network } from '../nn/index.ts';
import { copyRows, copyTargets, targetData } from './batch.ts';
import type { RecordedMetric } from './history.ts';

/** Samples that are run at once. */
const CHUNK = 256;

/** What {@link Sequential.evaluate} returns: the losses, and each metric by its name, such as `accuracy`. */
export interface Evaluation {
  [metric: string]: number;
  /** dataLoss + penalty */
  loss: number;
  /** Mean loss over the samples, by their weights, without penalties. */
  dataLoss: number;
  /** The weight penalties, such as Σ l1·Σ|w| + l2·Σw². */
  penalty: number;
}

/** Calls `visit(start, rows)` for each chunk of `x`, with the network's outputs computed for it. */
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

export function evaluate(
  network: Network,
  { x, y, sampleWeight }: Dataset,
  metrics: readonly RecordedMetric[],
): Evaluation {
  const running = metrics.map((metric) => metric.start());
  const targets = targetData(y);
  let sum = 0;
  forEachChunk(network, x, (start, rows) => {
    copyTargets(network, targets, start, rows);
    const weights = sampleWeight?.subarray(start, start + rows);
    sum += weights ? network.weightedLossSum(rows, weights) : network.lossSum(rows);
    network.sampleWeight = weights;
    for (const metric of running) metric.add(network);
  });
  network.sampleWeight = undefined;
  const dataLoss = sum / (sampleWeight?.reduce((total, weight) => total + weight) ?? x.shape[0]);
  const penalty = network.penalty();
  const evaluation: Evaluation = { loss: dataLoss + penalty, dataLoss, penalty };
  for (let i = 0; i < metrics.length; i++) evaluation[metrics[i].name] = running[i].value();
  return evaluation;
}

export function predict(network: Network, x: Matrix): Int32Array | Matrix {
  const { outputSize, loss } = network;
  const [rows] = x.shape;
  if (loss.task === 'classification') {
    const classes = new Int32Array(rows);
    forEachChunk(network, x, (start) => classes.set(network.classes(), start));
    return classes;
  }
  const data = new Float32Array(rows * outputSize);
  forEachChunk(network, x, (start) => {
    data.set(loss.task === 'multiLabel' ? network.classes() : network.values(), start * outputSize);
  });
  return { data, shape: [rows, outputSize] };
}

export function predictProbabilities(network: Network, x: Matrix): Matrix {
  const { probabilitySize } = network;
  const data = new Float32Array(x.shape[0] * probabilitySize);
  forEachChunk(network, x, (start) => data.set(network.probabilities(), start * probabilitySize));
  return { data, shape: [x.shape[0], probabilitySize] };
}
