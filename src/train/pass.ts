// One pass over the training data: a step of training for each batch.
import type { Dataset } from '../data/index.ts';
import { NumericError } from '../errors/index.ts';
import type { Network } from '../nn/index.ts';
import type { RunningOptimizer } from '../optim/index.ts';
import { gatherBatch } from './batch.ts';
import type { Callback, TrainContext } from './callbacks.ts';
import type { Pace } from './pace.ts';
import type { Progress } from './progress.ts';

/** What is the same for all passes of a fit. */
export interface PassOptions {
  network: Network;
  optimizer: RunningOptimizer;
  train: Dataset;
  batchSize: number;
  progress: Progress;
  /** The steps of the model before this fit. */
  firstStep: number;
  pace: Pace;
  signal: AbortSignal | undefined;
  callbacks: readonly Callback[];
  context: TrainContext;
}

/**
 * The loop that training spends its time in. It is apart from `fit`, which waits for others now and then, because a
 * function that never waits is compiled as a whole, and its numbers need no objects.
 */
export class Pass {
  readonly #options: PassOptions;
  readonly #order: ArrayLike<number>;
  /** From 1. */
  readonly #epoch: number;
  #start = 0;
  #lossSum = 0;
  #correct = 0;

  /** @param order - the rows of the data in the order to take them. */
  constructor(options: PassOptions, order: ArrayLike<number>, epoch: number) {
    this.#options = options;
    this.#order = order;
    this.#epoch = epoch;
  }

  /** Mean over the samples so far, penalty included. */
  get loss(): number {
    return this.#lossSum / this.#start;
  }

  get accuracy(): number {
    return this.#correct / this.#start;
  }

  /**
   * Trains on one batch after the other, until the data are used up, which it tells, or others shall have a turn.
   *
   * @throws NumericError when the loss is not finite; the weights are those that gave the last finite loss.
   */
  advance(): boolean {
    const { network, optimizer, train, batchSize, progress, firstStep, pace, signal, callbacks } = this.#options;
    const order = this.#order;
    const total = train.y.length;
    // In variables, because a number in a field is an object.
    let start = this.#start;
    let lossSum = this.#lossSum;
    let correct = this.#correct;
    do {
      const rows = Math.min(batchSize, total - start);
      const step = progress.steps++;
      gatherBatch(network, train.x, train.y, order, start, rows);
      network.forward(rows, step);
      const loss = network.crossEntropy(rows) / rows + network.penalty();
      if (!Number.isFinite(loss)) {
        throw diverged(loss, `batch ${start / batchSize + 1}`, this.#epoch, step - firstStep + 1);
      }
      lossSum += loss * rows;
      correct += network.countCorrect(rows);
      network.backward(rows, step);
      optimizer.update();
      start += rows;
      for (let i = 0; i < callbacks.length; i++) {
        callbacks[i].onBatchEnd?.({ step: step - firstStep + 1, loss, batchSize: rows }, this.#options.context);
      }
    } while (start < total && !pace.due && !signal?.aborted && !progress.disposed);
    this.#start = start;
    this.#lossSum = lossSum;
    this.#correct = correct;
    return start === total;
  }
}

/** The error for a loss that is not finite. */
export function diverged(loss: number, place: string, epoch: number, step: number): NumericError {
  return new NumericError(
    `The loss must be finite. Got ${loss} in ${place} of epoch ${epoch} (step ${step}). ` +
      'Use a smaller learningRate, or scale the features, for example with StandardScaler.',
  );
}
