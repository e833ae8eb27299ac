// One epoch: a step of training for each batch of the data.
import type { Tensor } from '../backend/index.ts';
import { AbortError, type HostSignal, NumericError } from '../errors/index.ts';
import type { Network } from '../nn/index.ts';
import type { RunningOptimizer } from '../optim/index.ts';
import type { Augmenter } from './augmentations/augmentation.ts';
import { type Batches, gatherWeights } from './batch.ts';
import { type Callback, isPromise, type TrainContext, type Weights } from './callbacks.ts';
import type { RecordedMetric } from './history.ts';
import { inOwnUnit, type TargetScaling } from './target-scaling.ts';
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
  metrics: readonly RecordedMetric[];
  optimizer: RunningOptimizer;
  batches: Batches;
  /** What each sample counts in the loss, and in metrics; undefined where all count the same. */
  lossWeight: Float64Array | undefined;
  sampleWeight: Float64Array | undefined;
  batchSize: number;
  /** What is done to each batch before its step. */
  augmenter: Augmenter;
  targetScaling: TargetScaling | undefined;
  progress: Progress;
  /** The steps of the model before this fit. */
  firstStep: number;
  epochs: number;
  yielder: Yielder;
  signal: HostSignal | undefined;
  /** Those with `onBatchEnd`, and where what they return is put, which is to be awaited before the next batch. */
  callbacks: readonly Callback[];
  pending: PromiseLike<unknown>[];
  context: TrainContext;
}

/**
 * The loop that training spends its time in: one batch after the other, of the rows in `order`. It pauses where others are to have a turn,
 * and returns the means over the samples by their weights, and the metrics. It is apart from `fit`, which waits for callbacks and the host,
 * because a function that never waits is compiled as a whole, and its numbers need no objects.
 *
 * @throws NumericError when the loss is not finite; the weights are those that gave the last finite loss. AbortError after a pause.
 */
export function* trainEpoch(
  options: EpochOptions,
  order: Tensor<Int32Array>,
  epoch: number,
): Generator<void, Record<string, number>> {
  const { network, metrics, optimizer, batches, augmenter, batchSize, lossWeight, sampleWeight } = options;
  const { progress, firstStep, yielder, signal, callbacks, pending, context, targetScaling } = options;
  const total = order.length;
  const weights = lossWeight && new Float64Array(batchSize);
  const metricWeights = sampleWeight && new Float64Array(batchSize);
  const batch = inOwnUnit(network, targetScaling);
  const running = metrics.map((metric) => metric.start());
  let start = 0;
  let lossSum = 0;
  let dataLossSum = 0;
  // Of the samples so far; their number where all count the same.
  let weightSum = 0;
  let rows = 0;
  let step = 0;
  // An optimizer may ask for the gradients of the batch again, at other weights. The network still holds it.
  const repeat = () => {
    network.forward(rows, step);
    const sum = augmenter.lossSum(rows);
    network.backward(rows, step);
    augmenter.addSecond(rows, step, sum);
  };
  const again = () => network.keepingState(repeat);

  while (start < total) {
    if (start > 0 && (pending.length > 0 || yielder.shouldYield || signal?.aborted || progress.disposed)) yield;
    if (signal?.aborted) {
      const message = `Training was aborted in epoch ${epoch} of ${options.epochs} by 'signal'. See its 'history'.`;
      throw new AbortError(message, { cause: signal.reason });
    }
    rows = Math.min(batchSize, total - start);
    step = progress.steps++;
    batches.gather(order, start, rows);
    const weight = weights ? gatherWeights(weights, lossWeight, order.data, start, rows) : rows;
    augmenter.apply(rows, step, weights);
    network.forward(rows, step);
    let sum = augmenter.lossSum(rows);
    const penalty = network.penalty();
    // A batch whose samples all weigh nothing has the loss 0.
    let loss = sum / (weight || 1) + penalty;
    if (Number.isFinite(loss)) {
      if (metricWeights) gatherWeights(metricWeights, sampleWeight, order.data, start, rows);
      network.sampleWeight = metricWeights;
      for (let i = 0; i < running.length; i++) running[i].add(batch);
      network.sampleWeight = undefined;
      network.backward(rows, step);
      sum = augmenter.addSecond(rows, step, sum);
      loss = sum / (weight || 1) + penalty;
    }
    if (!Number.isFinite(loss)) {
      throw divergedError(loss, `batch ${start / batchSize + 1}`, epoch, step - firstStep + 1);
    }
    lossSum += loss * weight;
    dataLossSum += sum;
    weightSum += weight;
    optimizer.update(again);
    start += rows;
    for (let i = 0; i < callbacks.length; i++) {
      const returned = callbacks[i].onBatchEnd?.({ step: step - firstStep + 1, loss, batchSize: rows }, context);
      if (isPromise(returned)) pending.push(returned);
    }
  }
  const unit = targetScaling?.lossFactor ?? 1;
  const means = { loss: unit * (lossSum / weightSum), dataLoss: unit * (dataLossSum / weightSum) };
  return { ...means, ...Object.fromEntries(metrics.map(({ name }, i) => [name, running[i].value()])) };
}

/** The error for a loss that is not finite. */
export function divergedError(loss: number, place: string, epoch: number, step: number): NumericError {
  return new NumericError(
    `The loss must be finite. Got ${loss} in ${place} of epoch ${epoch} (step ${step}). ` +
      'Use a smaller learningRate, or scale the features with StandardScaler.',
    { code: 'ERR_DIVERGED' },
  );
}
