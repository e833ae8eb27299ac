// One epoch: a step of training for each batch of the data.
import type { Matrix } from '../data/index.ts';
import { type HostSignal, NumericError } from '../errors/index.ts';
import type { RunningMetric } from '../metrics/index.ts';
import type { Network } from '../nn/index.ts';
import type { RunningOptimizer } from '../optim/index.ts';
import { gatherBatch } from './batch.ts';
import { type Callback, isPromise, type TrainContext } from './callbacks.ts';
import type { Yielder } from './yielder.ts';

/** How far a model has been trained. It goes on over several fits, so that no mask and no order comes twice. */
export interface Progress {
  seed: number;
  steps: number;
  epochs: number;
  disposed: boolean;
}

/** What is the same for all epochs of a fit. */
export interface EpochOptions {
  network: Network;
  optimizer: RunningOptimizer;
  x: Matrix;
  /** The targets, row by row. */
  y: ArrayLike<number>;
  batchSize: number;
  progress: Progress;
  /** The steps of the model before this fit. */
  firstStep: number;
  yielder: Yielder;
  signal: HostSignal | undefined;
  /** Those with `onBatchEnd`. */
  callbacks: readonly Callback[];
  context: TrainContext;
}

/**
 * The loop that training spends its time in. It is apart from `fit`, which waits for others now and then, because a
 * function that never waits is compiled as a whole, and its numbers need no objects.
 */
export class EpochRunner {
  /** What callbacks have returned that is to be awaited before the next batch. */
  readonly pending: PromiseLike<unknown>[] = [];
  readonly #options: EpochOptions;
  readonly #order: ArrayLike<number>;
  /** From 1. */
  readonly #epoch: number;
  readonly #metrics: readonly RunningMetric[];
  #start = 0;
  #lossSum = 0;
  #dataLossSum = 0;

  /** @param order - the rows of the data in the order to take them. */
  constructor(options: EpochOptions, order: ArrayLike<number>, epoch: number, metrics: readonly RunningMetric[]) {
    this.#options = options;
    this.#order = order;
    this.#epoch = epoch;
    this.#metrics = metrics;
  }

  /** Mean over the samples so far, penalty included. */
  get loss(): number {
    return this.#lossSum / this.#start;
  }

  /** The same without penalty. */
  get dataLoss(): number {
    return this.#dataLossSum / this.#start;
  }

  /** Whether others are to have a turn before the next batch. */
  get #isInterrupted(): boolean {
    const { yielder, signal, progress } = this.#options;
    return this.pending.length > 0 || yielder.shouldYield || signal?.aborted === true || progress.disposed;
  }

  /**
   * Trains on one batch after the other. Returns true when the epoch is complete, false when it should yield.
   *
   * @throws NumericError when the loss is not finite; the weights are those that gave the last finite loss.
   */
  runUntilYield(): boolean {
    const { network, optimizer, x, y, batchSize, progress, firstStep, callbacks } = this.#options;
    const order = this.#order;
    const metrics = this.#metrics;
    const total = order.length;
    // In variables, because a number in a field is an object.
    let start = this.#start;
    let lossSum = this.#lossSum;
    let dataLossSum = this.#dataLossSum;
    this.pending.length = 0;
    do {
      const rows = Math.min(batchSize, total - start);
      const step = progress.steps++;
      gatherBatch(network, x, y, order, start, rows);
      network.forward(rows, step);
      const sum = network.lossSum(rows);
      const loss = sum / rows + network.penalty();
      if (!Number.isFinite(loss)) {
        throw divergedError(loss, `batch ${start / batchSize + 1}`, this.#epoch, step - firstStep + 1);
      }
      lossSum += loss * rows;
      dataLossSum += sum;
      for (let i = 0; i < metrics.length; i++) metrics[i].add(network);
      network.backward(rows, step);
      optimizer.update();
      start += rows;
      for (let i = 0; i < callbacks.length; i++) {
        const batch = { step: step - firstStep + 1, loss, batchSize: rows };
        const returned = callbacks[i].onBatchEnd?.(batch, this.#options.context);
        if (isPromise(returned)) this.pending.push(returned);
      }
    } while (start < total && !this.#isInterrupted);
    this.#start = start;
    this.#lossSum = lossSum;
    this.#dataLossSum = dataLossSum;
    return start === total;
  }
}

/** The error for a loss that is not finite. */
export function divergedError(loss: number, place: string, epoch: number, step: number): NumericError {
  return new NumericError(
    `The loss must be finite. Got ${loss} in ${place} of epoch ${epoch} (step ${step}). ` +
      'Use a smaller learningRate, or scale the features with StandardScaler.',
    { code: 'ERR_DIVERGED' },
  );
}
