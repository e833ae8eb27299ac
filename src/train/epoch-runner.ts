// One epoch: a step of training for each batch of the data.
import type { Tensor } from '../backend/index.ts';
import { type HostSignal, NumericError } from '../errors/index.ts';
import type { MetricBatch, RunningMetric } from '../metrics/index.ts';
import type { Network } from '../nn/index.ts';
import type { RunningOptimizer } from '../optim/index.ts';
import type { Augmenter } from './augmentations/augmentation.ts';
import { type Batches, gatherWeights } from './batch.ts';
import { type Callback, isPromise, type TrainContext, type Weights } from './callbacks.ts';
import type { Yielder } from './yielder.ts';

/** How far a model has been trained. It goes on over several fits, so that no mask and no order comes twice. */
export interface Progress {
  seed: number;
  steps: number;
  epochs: number;
  disposed: boolean;
  /** Weights that the last fit has kept. */
  snapshots?: readonly Weights[];
}

/** What is the same for all epochs of a fit. */
export interface EpochOptions {
  network: Network;
  /** The predictions of the network, as metrics see them. */
  batch: MetricBatch;
  optimizer: RunningOptimizer;
  batches: Batches;
  /** What each sample counts in the loss, and in metrics; undefined where all count the same. */
  lossWeight: Float64Array | undefined;
  sampleWeight: Float64Array | undefined;
  batchSize: number;
  /** What is done to each batch before its step. */
  augmenter: Augmenter | undefined;
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
 * The loop that training spends its time in. It is apart from `fit`, which waits for callbacks and the host at times, because a
 * function that never waits is compiled as a whole, and its numbers need no objects.
 */
export class EpochRunner {
  /** What callbacks have returned that is to be awaited before the next batch. */
  readonly pending: PromiseLike<unknown>[] = [];
  readonly #options: EpochOptions;
  readonly #order: Tensor<Int32Array>;
  /** From 1. */
  readonly #epoch: number;
  readonly #metrics: readonly RunningMetric[];
  #start = 0;
  /** Of the samples so far; their number where all count the same. */
  #weight = 0;
  readonly #batchLossWeight: Float64Array;
  readonly #batchSampleWeight: Float64Array;
  #lossSum = 0;
  #dataLossSum = 0;
  /** Of the batch at work: an optimizer may ask for its gradients again, at other weights. */
  #rows = 0;
  #step = 0;
  readonly #again: () => void;

  /** @param order - the rows of the data in the order to take them. */
  constructor(options: EpochOptions, order: Tensor<Int32Array>, epoch: number, metrics: readonly RunningMetric[]) {
    this.#options = options;
    this.#order = order;
    this.#epoch = epoch;
    this.#metrics = metrics;
    const { batchSize, lossWeight, sampleWeight } = options;
    this.#batchLossWeight = new Float64Array(lossWeight ? batchSize : 0);
    this.#batchSampleWeight = new Float64Array(sampleWeight ? batchSize : 0);
    this.#again = () => options.network.keepingState(() => this.#repeat());
  }

  /** Computes the gradients of the batch at work once more. The network still holds it. */
  #repeat(): void {
    const { network, augmenter, lossWeight } = this.#options;
    const [rows, step] = [this.#rows, this.#step];
    network.forward(rows, step);
    const sum = augmenter ? augmenter.lossSum(rows) : network.lossSum(rows, lossWeight && this.#batchLossWeight);
    network.backward(rows, step);
    if (augmenter?.hasSecond) augmenter.addSecond(rows, step, sum);
  }

  /** Mean over the samples so far, by their weights, penalty included. */
  get loss(): number {
    return this.#lossSum / this.#weight;
  }

  /** The same without penalty. */
  get dataLoss(): number {
    return this.#dataLossSum / this.#weight;
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
    const {
      network,
      optimizer,
      batches,
      lossWeight,
      sampleWeight,
      batchSize,
      augmenter,
      progress,
      firstStep,
      callbacks,
    } = this.#options;
    const { batch: metricBatch } = this.#options;
    const order = this.#order;
    const metrics = this.#metrics;
    const total = order.length;
    // In variables, because a number in a field is an object.
    let start = this.#start;
    let weightSum = this.#weight;
    let lossSum = this.#lossSum;
    let dataLossSum = this.#dataLossSum;
    this.pending.length = 0;
    do {
      const rows = Math.min(batchSize, total - start);
      const step = progress.steps++;
      batches.gather(order, start, rows);
      const weights = lossWeight && this.#batchLossWeight;
      const weight = lossWeight ? gatherWeights(this.#batchLossWeight, lossWeight, order.data, start, rows) : rows;
      augmenter?.apply(rows, step, weights);
      network.forward(rows, step);
      let sum = augmenter ? augmenter.lossSum(rows) : network.lossSum(rows, weights);
      // A batch whose samples all weigh nothing has the loss 0.
      let loss = sum / (weight || 1) + network.penalty();
      if (Number.isFinite(loss)) {
        if (sampleWeight) {
          gatherWeights(this.#batchSampleWeight, sampleWeight, order.data, start, rows);
          network.sampleWeight = this.#batchSampleWeight;
        }
        for (let i = 0; i < metrics.length; i++) metrics[i].add(metricBatch);
        network.backward(rows, step);
        if (augmenter?.hasSecond) {
          sum = augmenter.addSecond(rows, step, sum);
          loss = sum / (weight || 1) + network.penalty();
        }
      }
      if (!Number.isFinite(loss)) {
        throw divergedError(loss, `batch ${start / batchSize + 1}`, this.#epoch, step - firstStep + 1);
      }
      lossSum += loss * weight;
      dataLossSum += sum;
      weightSum += weight;
      this.#rows = rows;
      this.#step = step;
      optimizer.update(this.#again);
      start += rows;
      for (let i = 0; i < callbacks.length; i++) {
        const batch = { step: step - firstStep + 1, loss, batchSize: rows };
        const returned = callbacks[i].onBatchEnd?.(batch, this.#options.context);
        if (isPromise(returned)) this.pending.push(returned);
      }
    } while (start < total && !this.#isInterrupted);
    network.sampleWeight = undefined;
    this.#start = start;
    this.#weight = weightSum;
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
