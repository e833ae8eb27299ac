// The training loop.
import { Memory } from '../backend/index.ts';
import { checkDataset, type Dataset, takeRows } from '../data/index.ts';
import {
  AbortError,
  boolean,
  checkAlive,
  checkKeys,
  checkOption,
  checkSignal,
  type Description,
  fail,
  type HostSignal,
  integer,
  number,
  resolveOptions,
} from '../errors/index.ts';
import type { Network } from '../nn/index.ts';

import { adam, type RunningOptimizer, startOptimizer } from '../optim/index.ts';
import { SHUFFLING, STATE_WORDS, splittingStream } from '../random/index.ts';
import { Augmenter } from './augmentations/augmentation.ts';

import { Batches, recomputeStatistics, targetData } from './batch.ts';
import {
  type Callback,
  checkCallbacks,
  type EpochEnd,
  type RunContext,
  startCallbacks,
  type TrainedModel,
} from './callbacks.ts';
import { type CheckpointOptions, type FitState, putState, takeState, withState } from './checkpoint.ts';
import { type ClassWeight, classWeightRule, lossWeights } from './class-weight.ts';
import { divergedError, EpochRunner, type Progress } from './epoch-runner.ts';
import { evaluation } from './evaluate.ts';
import { emptyHistory, type History, recordedMetrics, recordedSeries, type Series } from './history.ts';
import type { Samples } from './samples.ts';
import { inOwnUnit, type TargetScaling } from './target-scaling.ts';
import { Yielder } from './yielder.ts';

/** Options of {@link Sequential.fit}. */
export interface FitOptions {
  /** How often to go through the data. */
  epochs: number;
  /** Samples per step, 32 by default; the last batch of an epoch may be smaller. */
  batchSize?: number | undefined;
  /** `adam()` by default. Its state (moments, step count) starts afresh with every fit. */
  optimizer?: Description<'optimizer'>;
  /** What is done to each batch before its step, in their order, such as `[mixup()]`. */
  augment?: readonly Description<'augmentation'>[];
  /** Data to evaluate after every epoch. */
  validationData?: Dataset | Samples;
  /** Instead of `validationData`, the share of the samples that is kept for it, drawn at random by the model's seed. */
  validationSplit?: number;
  /** Whether the console tells every epoch's losses and metrics, default false. */
  verbose?: boolean;
  /** What to record beside the losses; `[accuracy()]` by default, nothing for real targets. */
  metrics?: readonly Description<'metric'>[];
  /** Descriptions such as `earlyStopping()`, which start afresh with every fit, or objects with hooks. */
  callbacks?: readonly (Callback | Description<'callback'>)[];
  /**
   * What each class counts in the training loss, beside the weights of the samples: weights by the class's label or index, 1 for others, or
   * `'balanced'`, samples / (classes · samples of the class). Neither metrics nor validation know of it, as in Keras.
   */
  classWeight?: ClassWeight | undefined;
  /** Whether to draw a new order of the samples for every epoch, true by default. */
  shuffle?: boolean | undefined;
  /** Stops training; `fit` then rejects with an `AbortError` that carries the `history` so far. */
  signal?: HostSignal;
  /** Called after every epoch; short for a callback with this method. */
  onEpochEnd?: Callback['onEpochEnd'];
  /** Saves checkpoints at the end of epochs. */
  checkpoint?: CheckpointOptions;
  /**
   * A state that `checkpoint` has saved. Training goes on from there: with the same seed, data and options, the result
   * has the same bits as that of a fit which was not interrupted. More `epochs` than before extend it.
   */
  resume?: FitState;
  /**
   * How the targets were scaled; losses and metrics are then reported in their own unit.
   *
   * @internal
   */
  targetScaling?: TargetScaling | undefined;
}

const WHERE = 'Sequential.fit';

/** The options that are plain values; the others are checked by what they are for. */
export const fitRules = {
  epochs: integer(1, { describe: 'How often to go through the data' }),
  batchSize: integer(1, { default: 32, describe: 'Samples per step' }),
  shuffle: boolean({ default: true, describe: 'Whether to draw a new order of the samples for every epoch' }),
  classWeight: classWeightRule,
  validationSplit: number('(0, 1)', { optional: true, describe: 'Share of the samples for validation' }),
  verbose: boolean({ default: false, describe: "Whether the console tells every epoch's losses and metrics" }),
};
const others = [
  'optimizer',
  'augment',
  'validationData',
  'metrics',
  'callbacks',
  'signal',
  'onEpochEnd',
  'checkpoint',
  'resume',
  'targetScaling',
] as const;

/** Checks the names of all options, and those that hold code: with a worker, it stays on the page. */
export function checkFunctions(options: Pick<FitOptions, 'callbacks' | 'signal' | 'onEpochEnd' | 'checkpoint'>): void {
  checkKeys(WHERE, options, [...Object.keys(fitRules), ...others]);
  const { callbacks = [], signal, onEpochEnd, checkpoint } = options;
  checkCallbacks(WHERE, callbacks);
  checkSignal(WHERE, signal);
  if (onEpochEnd !== undefined && typeof onEpochEnd !== 'function') fail(WHERE, 'onEpochEnd', 'a function', onEpochEnd);
  if (checkpoint !== undefined) {
    checkKeys(`${WHERE}'s checkpoint`, checkpoint, ['every', 'save']);
    checkOption(WHERE, 'checkpoint.every', checkpoint.every ?? 1, integer(1));
    if (typeof checkpoint.save !== 'function') fail(WHERE, 'checkpoint.save', 'a function', checkpoint.save);
  }
}

function checkFit(network: Network, given: Dataset, seed: number, options: FitOptions) {
  checkData(network, 'train', given);
  checkFunctions(options);
  const { epochs, batchSize, shuffle, classWeight, validationSplit, verbose, ...rest } = options;
  const plain = resolveOptions(WHERE, { epochs, batchSize, shuffle, classWeight, validationSplit, verbose }, fitRules);
  const { onEpochEnd, augment = [] } = rest;
  if (!Array.isArray(augment)) fail(WHERE, 'augment', 'an array of augmentations', augment, 'Use [mixup()].');
  const [train, validationData] = withoutValidation(given, seed, plain.validationSplit, rest.validationData as Dataset);
  if (validationData !== undefined) checkData(network, 'validationData', validationData);
  const metrics = recordedMetrics(WHERE, network, options.metrics);
  const recorded = recordedSeries(
    metrics.map(({ name }) => name),
    validationData !== undefined,
  );
  const callbacks = startCallbacks(WHERE, options.callbacks ?? [], recorded);
  return {
    ...rest,
    ...plain,
    train,
    validationData,
    lossWeight: lossWeights(WHERE, network.loss, train, plain.classWeight),
    optimizer: options.optimizer ?? adam(),
    augment,
    metrics,
    callbacks: [
      ...callbacks,
      ...(onEpochEnd ? [{ onEpochEnd }] : []),
      ...(plain.verbose ? [{ onEpochEnd: tell }] : []),
    ],
  };
}

/** What is trained on and what validates: a random share of the samples where `share` asks for it. */
function withoutValidation(
  train: Dataset,
  seed: number,
  share: number | undefined,
  validationData: Dataset | undefined,
): [train: Dataset, validation: Dataset | undefined] {
  if (share === undefined) return [train, validationData];
  if (validationData) fail(WHERE, 'validationSplit', 'left out beside validationData', share);
  const [rows] = train.x.shape;
  const count = Math.max(1, Math.round(share * rows));
  if (count >= rows) fail(WHERE, 'validationSplit', `such that it leaves one of ${rows} samples to train on`, share);
  const order = splittingStream(seed).permutation(rows);
  return [takeRows(train, order.slice(count).sort()), takeRows(train, order.slice(0, count).sort())];
}

/** Writes the end of an epoch to the console. */
function tell({ epoch, epochs, ...series }: EpochEnd): void {
  const values = Object.entries(series).map(([name, value]) => `${name} ${(value as number).toPrecision(4)}`);
  console.log(`epoch ${epoch}/${epochs}  ${values.join('  ')}`);
}

/** Checks that `data` fits the network: shape, finite values, targets as its loss takes them. */
export function checkData(network: Network, name: string, data: Dataset, where = WHERE): void {
  const { task, classes, targetSize, targetRule } = network.loss;
  const targets =
    task === 'classification'
      ? ({ targets: 'classes', classes: classes as number } as const)
      : ({ targets: 'values', outputs: targetSize } as const);
  checkDataset(where, name, data, { features: network.inputSize, float32: true, ...targets });
  if (!targetRule) return;
  const numbers = targetData(data.y);
  for (let i = 0; i < numbers.length; i++) {
    const rule = targetRule(numbers[i]);
    if (rule) fail(where, `${name}.y${ArrayBuffer.isView(data.y) ? '' : '.data'}[${i}]`, rule, numbers[i]);
  }
}

/** Trains `network`, which belongs to `model`; see {@link Sequential.fit}. */
export async function fit(
  model: TrainedModel,
  network: Network,
  progress: Progress,
  given: Dataset,
  options: FitOptions,
): Promise<History> {
  const checked = checkFit(network, given, progress.seed, options);
  const { train, epochs, batchSize, lossWeight, optimizer, validationData, metrics, callbacks } = checked;
  const { shuffle, augment, signal, checkpoint, resume, targetScaling } = checked;
  const unit = targetScaling?.lossFactor ?? 1;
  const { history, better } = emptyHistory(metrics);
  let stopped = false;
  const context: RunContext = {
    model,
    history,
    better,
    hasValidationData: validationData !== undefined,
    stop() {
      stopped = true;
    },
    get learningRate() {
      return (running as RunningOptimizer).learningRate;
    },
    get ownLearningRate() {
      return (running as RunningOptimizer).ownLearningRate;
    },
    scaleLearningRate: (factor) => running?.scaleLearningRate(factor),
    setLearningRate: (rate) => running?.setLearningRate(rate),
    epochs,
    stepsPerEpoch: Math.ceil(train.x.shape[0] / batchSize),
    recomputeStatistics: () => recomputeStatistics(network, train.x, batchSize, progress.steps),
    keepSnapshots(snapshots) {
      progress.snapshots = snapshots;
    },
  };
  // Callbacks and others that run meanwhile may do anything.
  const checkModel = () =>
    checkAlive(progress.disposed, 'model', 'Do not dispose of a model while it is being trained.');
  const [total] = train.x.shape;
  const yielder = new Yielder();
  const state = new Memory(network.backend);
  let firstStep = progress.steps;
  progress.snapshots = [];

  let runner: EpochRunner | undefined;
  let running: RunningOptimizer | undefined;

  const run = async () => {
    network.reserveTraining(Math.min(batchSize, total));
    const { parameters, backend, blocks } = network;
    const own = startOptimizer(optimizer, parameters, backend, state, WHERE, blocks);
    running = own;
    const parts = { network, optimizer: own, progress, history, callbacks, validates: context.hasValidationData };
    if (resume !== undefined) firstStep = putState(resume, parts);
    const order = state.int32(total);
    for (let row = 0; row < total; row++) order.data[row] = row;
    const generator = state.int32(3 * STATE_WORDS);
    for (const callback of callbacks) await callback.onTrainBegin?.(context);
    if (resume) {
      withState(callbacks).forEach((callback, i) => {
        callback.setState?.(resume.callbacks[i]);
      });
      // Once more: what callbacks do before the first epoch, such as scaling the learning rate, is in the state already.
      putState(resume, parts);
    }
    const augmenter =
      augment.length > 0
        ? new Augmenter(WHERE, augment, network, progress.seed, Math.min(batchSize, total), state)
        : undefined;
    const epochOptions = {
      network,
      batch: inOwnUnit(network, targetScaling),
      augmenter,
      optimizer: own,
      batches: new Batches(network, train.x, targetData(train.y), state),
      lossWeight,
      sampleWeight: train.sampleWeight,
      batchSize,
      progress,
      firstStep,
      yielder,
      signal,
      callbacks: callbacks.filter((callback) => callback.onBatchEnd),
      context,
    };

    while (history.epochs < epochs && !stopped) {
      const epoch = history.epochs + 1;
      if (shuffle) backend.permutation(order, generator, total, progress.seed, SHUFFLING, progress.epochs);
      const scores = metrics.map((metric) => metric.start());
      runner = new EpochRunner(epochOptions, order, epoch, scores);
      let complete = false;
      while (!complete) {
        if (yielder.shouldYield) await yielder.yieldToHost();
        checkModel();
        if (signal?.aborted) {
          const message = `Training was aborted in epoch ${epoch} of ${epochs} by 'signal'. See its 'history'.`;
          throw new AbortError(message, { cause: signal.reason });
        }
        complete = runner.runUntilYield();
        if (runner.pending.length > 0) await Promise.all(runner.pending);
      }
      checkModel();
      progress.epochs++;
      const result: EpochEnd = { epoch, epochs, trainLoss: unit * runner.loss, trainDataLoss: unit * runner.dataLoss };
      for (let i = 0; i < metrics.length; i++) result[metrics[i].trainSeries] = scores[i].value();
      own.useAverages(true);
      if (validationData) {
        const what = `the 'validationData' of ${WHERE} in epoch ${epoch}`;
        const steps = evaluation(network, validationData, metrics, what, targetScaling);
        let step = steps.next();
        for (; !step.done; step = steps.next()) {
          if (!yielder.shouldYield) continue;
          await yielder.yieldToHost();
          checkModel();
        }
        const values = step.value;
        if (!Number.isFinite(values.loss)) {
          throw divergedError(values.loss, 'the validation', epoch, progress.steps - firstStep);
        }
        result.valLoss = values.loss;
        result.valDataLoss = values.dataLoss;
        for (const { name, valSeries } of metrics) result[valSeries] = values[name];
      }
      for (const series in better) {
        const value = result[series as Series];
        if (value !== undefined) history[series as Series].push(value);
      }
      history.epochs = epoch;
      const losses = validationData ? history.valDataLoss : history.trainDataLoss;
      if (epoch === 1 || losses[epoch - 1] < losses[history.bestEpoch - 1]) history.bestEpoch = epoch;
      for (const callback of callbacks) await callback.onEpochEnd?.(result, context);
      if (!progress.disposed) own.useAverages(false);
      if (checkpoint && !stopped && epoch % (checkpoint.every ?? 1) === 0) {
        checkModel();
        await checkpoint.save(takeState(parts, firstStep));
      }
    }
    if (history.epochs < epochs) history.stopReason = 'stopped';
    // No loss has been computed since the last step.
    const squares = network.arrays.reduce((sum, { value }) => sum + backend.penalty(value, value.length, 0, 1), 0);
    if (!Number.isFinite(squares)) {
      throw divergedError(squares, 'the weights at the end', history.epochs, progress.steps - firstStep);
    }
  };

  // The first error wins; those of the ends of callbacks are its cause. All of them are called, so that one that fails does
  // not keep another from restoring the best weights.
  const errors: unknown[] = [];
  const failed = (error: unknown) => void (errors.includes(error) || errors.push(error));
  await run().catch(failed);
  for (const settled of await Promise.allSettled(runner?.pending ?? [])) {
    if (settled.status === 'rejected') failed(settled.reason);
  }
  if (!progress.disposed) running?.useAverages(true);
  state.free();
  if (errors[0] instanceof AbortError) history.stopReason = 'aborted';
  for (const callback of progress.disposed ? [] : callbacks) {
    try {
      await callback.onTrainEnd?.(context);
    } catch (error) {
      failed(error);
    }
  }
  if (errors.length === 0) return history;
  const [first, ...later] = errors;
  if (first instanceof AbortError) first.history = history;
  if (first instanceof Error && later.length > 0)
    first.cause ??= later.length > 1 ? new AggregateError(later) : later[0];
  throw first;
}
