// Runs a network over data at inference: losses, metrics, predictions.
import { type Dataset, type Matrix, zeroMatrix } from '../data/index.ts';
import { NumericError } from '../errors/index.ts';
import type { Network } from '../nn/index.ts';
import { counterWord } from '../random/index.ts';
import { copyRows, copyTargets, targetData } from './batch.ts';
import type { RecordedMetric } from './history.ts';
import { inOwnUnit, type TargetScaling } from './target-scaling.ts';

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

/** The chunks of `x`, which errors call `what`, each with the network's outputs computed for it. */
function* chunks(
  network: Network,
  x: Matrix,
  what: string,
  step?: (start: number) => number,
): Generator<{ start: number; rows: number }> {
  const [total] = x.shape;
  network.reserve(Math.min(CHUNK, total));
  for (let start = 0; start < total; start += CHUNK) {
    const rows = Math.min(CHUNK, total - start);
    copyRows(network, x, start, rows);
    network.forward(rows, step?.(start));
    checkOutputs(network, what, start, rows);
    yield { start, rows };
  }
}

/** Finite samples and weights can still overflow on their way through the network. */
function checkOutputs({ output, width }: Network, what: string, start: number, rows: number): void {
  const { data } = output;
  for (let i = 0; i < rows * width; i++) {
    if (Number.isFinite(data[i])) continue;
    throw new NumericError(
      `The outputs of the network must be finite. Got ${data[i]} at row ${start + Math.floor(i / width)}, ` +
        `column ${i % width}, for ${what}. Use a smaller learningRate, or scale the features with StandardScaler.`,
    );
  }
}

/** Evaluates chunk by chunk, so that whoever wants can do other things between them. `what` names the data in errors. */
export function* evaluation(
  network: Network,
  { x, y, sampleWeight }: Dataset,
  metrics: readonly RecordedMetric[],
  what: string,
  scaling?: TargetScaling,
): Generator<void, Evaluation> {
  const running = metrics.map((metric) => metric.start());
  const batch = inOwnUnit(network, scaling);
  const targets = targetData(y);
  let sum = 0;
  for (const { start, rows } of chunks(network, x, what)) {
    copyTargets(network, targets, start, rows);
    const weights = sampleWeight?.subarray(start, start + rows);
    sum += network.lossSum(rows, weights);
    network.sampleWeight = weights;
    for (const metric of running) metric.add(batch);
    network.sampleWeight = undefined;
    yield;
  }
  const unit = scaling?.lossFactor ?? 1;
  const dataLoss = (unit * sum) / (sampleWeight?.reduce((total, weight) => total + weight) ?? x.shape[0]);
  const penalty = unit * network.penalty();
  const values: Evaluation = { loss: dataLoss + penalty, dataLoss, penalty };
  for (let i = 0; i < metrics.length; i++) values[metrics[i].name] = running[i].value();
  return values;
}

/** The same without a pause. */
export function evaluate(...args: Parameters<typeof evaluation>): Evaluation {
  const steps = evaluation(...args);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** What `read` gives of each row of `x`, `columns` numbers; `method` is whose `x` errors name. */
function collect(
  network: Network,
  x: Matrix,
  method: string,
  columns: number,
  read: () => Float32Array | Int32Array,
  step?: (start: number) => number,
): Matrix {
  const where = `Sequential.${method}`;
  const collected = zeroMatrix(where, x.shape[0], columns, new Float32Array());
  for (const { start } of chunks(network, x, `the 'x' of ${where}`, step)) collected.data.set(read(), start * columns);
  return collected;
}

export function predict(network: Network, x: Matrix): Int32Array | Matrix {
  const { outputSize, loss } = network;
  if (loss.task === 'regression') return collect(network, x, 'predict', outputSize, () => network.values());
  const classes = collect(network, x, 'predict', loss.targetSize, () => network.classes());
  return loss.task === 'classification' ? new Int32Array(classes.data) : classes;
}

/**
 * Probabilities, or predictions of real targets, with draw number `draw` of all that layers draw in training; schedules are where they are
 * after `trained` steps.
 */
export function predictDraw(network: Network, x: Matrix, draw: number, trained: number): Matrix {
  const isRegression = network.loss.task === 'regression';
  const columns = isRegression ? network.outputSize : network.probabilitySize;
  // Keys of steps that no training comes to: each chunk of rows has one.
  const step = (start: number) => counterWord(start / CHUNK, draw, 0x6d63);
  const read = () => (isRegression ? network.values() : network.probabilities());
  const run = () => collect(network, x, 'predictDraw', columns, read, step);
  return network.keepingState(() => network.withStatistics('fixed', run, trained));
}

export const predictProbabilities = (network: Network, x: Matrix): Matrix =>
  collect(network, x, 'predictProbabilities', network.probabilitySize, () => network.probabilities());
