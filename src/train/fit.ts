// The training loop.
import { Memory } from '../backend/index.ts';
import { checkDataset, checkLabels, type Dataset } from '../data/index.ts';
import { AbortError, checkAlive, checkBoolean, checkInteger, checkKeys, fail } from '../errors/index.ts';
import type { Network } from '../nn/index.ts';
import { adam, type Optimizer } from '../optim/index.ts';
import { stream } from '../random/index.ts';
import type { Callback, EpochEnd, TrainContext } from './callbacks.ts';
import { type CheckpointOptions, type FitState, putState, takeState, withState } from './checkpoint.ts';
import { evaluate } from './evaluate.ts';
import { emptyHistory, type History, lowestEpoch } from './history.ts';
import { Pace } from './pace.ts';
import { diverged, Pass } from './pass.ts';
import type { Progress } from './progress.ts';
import type { Sequential } from './sequential.ts';

/** Options of {@link Sequential.fit}. */
export interface FitOptions {
  /** How often to go through the data. */
  epochs: number;
  /** Samples per step, 32 by default; the last batch of an epoch may be smaller. */
  batchSize?: number;
  /** `adam()` by default. Its state (moments, step count) starts afresh with every fit. */
  optimizer?: Optimizer;
  /** Data to evaluate after every epoch. */
  validationData?: Dataset;
  callbacks?: readonly Callback[];
  /** Whether to draw a new order of the samples for every epoch, true by default. */
  shuffle?: boolean;
  /** Stops training; `fit` then rejects with an `AbortError` that carries the `history` so far. */
  signal?: AbortSignal;
  /** Called after every epoch; short for a callback with this method. */
  onEpochEnd?: Callback['onEpochEnd'];
  /** Keeps the state now and then, at the end of an epoch that training goes on after or was to end with. */
  checkpoint?: CheckpointOptions;
  /**
   * A state that `checkpoint` has saved. Training goes on from there: with the same seed, data and options, the result
   * has the same bits as that of a fit which was not interrupted. More `epochs` than before extend it.
   */
  resume?: FitState;
}

interface CheckedOptions {
  epochs: number;
  batchSize: number;
  optimizer: Optimizer;
  validationData: Dataset | undefined;
  callbacks: readonly Callback[];
  shuffle: boolean;
  signal: AbortSignal | undefined;
  checkpoint: CheckpointOptions | undefined;
}

const WHERE = 'Sequential.fit';

function checkOptions(network: Network, train: Dataset, options: FitOptions): CheckedOptions {
  checkData(network, 'train', train);
  checkKeys(WHERE, options, [
    'epochs',
    'batchSize',
    'optimizer',
    'validationData',
    'callbacks',
    'shuffle',
    'signal',
    'onEpochEnd',
    'checkpoint',
    'resume',
  ]);
  const { optimizer = adam(), validationData, callbacks = [], signal, onEpochEnd, checkpoint } = options;
  if (typeof optimizer?.init !== 'function')
    fail(WHERE, 'optimizer', 'an optimizer', optimizer, 'Use adam(), adamW() or sgd().');
  if (validationData !== undefined) checkData(network, 'validationData', validationData);
  if (!Array.isArray(callbacks) || callbacks.some((callback) => typeof callback !== 'object' || callback === null)) {
    fail(WHERE, 'callbacks', 'an array of callbacks', callbacks, 'Use [earlyStopping()], for example.');
  }
  if (signal !== undefined && typeof signal?.aborted !== 'boolean') {
    fail(WHERE, 'signal', 'an AbortSignal', signal, 'Use new AbortController().signal.');
  }
  if (onEpochEnd !== undefined && typeof onEpochEnd !== 'function') fail(WHERE, 'onEpochEnd', 'a function', onEpochEnd);
  if (checkpoint !== undefined) {
    checkKeys(`${WHERE}'s checkpoint`, checkpoint, ['every', 'save']);
    checkInteger(WHERE, 'checkpoint.every', checkpoint.every ?? 1, 1);
    if (typeof checkpoint.save !== 'function') fail(WHERE, 'checkpoint.save', 'a function', checkpoint.save);
  }
  return {
    epochs: checkInteger(WHERE, 'epochs', options.epochs, 1),
    batchSize: checkInteger(WHERE, 'batchSize', options.batchSize ?? 32, 1),
    optimizer,
    validationData,
    callbacks: onEpochEnd ? [...callbacks, { onEpochEnd }] : callbacks,
    shuffle: checkBoolean(WHERE, 'shuffle', options.shuffle ?? true),
    signal,
    checkpoint,
  };
}

/** Checks that `data` fits the network: shape, finite values, labels among its classes. */
export function checkData(network: Network, name: string, data: Dataset, where = WHERE): void {
  checkDataset(where, name, data, { features: network.inputSize });
  checkLabels(where, data.y, data.x.shape[0], network.outputSize);
}

/** Trains `network`, which belongs to `model`; see {@link Sequential.fit}. */
export async function fit(
  model: Sequential,
  network: Network,
  progress: Progress,
  train: Dataset,
  options: FitOptions,
): Promise<History> {
  const { epochs, batchSize, optimizer, validationData, callbacks, shuffle, signal, checkpoint } = checkOptions(
    network,
    train,
    options,
  );
  const history = emptyHistory();
  let stopped = false;
  const context: TrainContext = {
    model,
    history,
    hasValidationData: validationData !== undefined,
    stop() {
      stopped = true;
    },
  };
  // Callbacks and others that have a turn may do anything.
  const checkModel = () =>
    checkAlive(progress.disposed, 'model', 'Do not dispose of a model while it is being trained.');
  const total = train.y.length;
  const pace = new Pace();
  const state = new Memory(network.backend);
  let firstStep = progress.steps;
  try {
    network.reserveTraining(Math.min(batchSize, total));
    const { name } = optimizer;
    const running = optimizer.init(network.parameters, network.backend, state);
    const parts = { network, optimizer: { name, ...running }, progress, history, callbacks };
    const { resume } = options;
    if (resume !== undefined) firstStep = putState(resume, parts);
    let order = Uint32Array.from({ length: total }, (_, row) => row) as ArrayLike<number>;
    for (const callback of callbacks) await callback.onTrainBegin?.(context);
    if (resume) for (const [i, callback] of withState(callbacks).entries()) callback.setState?.(resume.callbacks[i]);
    const passOptions = {
      network,
      optimizer: running,
      train,
      batchSize,
      progress,
      firstStep,
      pace,
      signal,
      callbacks: callbacks.filter((callback) => callback.onBatchEnd),
      context,
    };

    while (history.epochs < epochs && !stopped) {
      const epoch = history.epochs + 1;
      if (shuffle) order = stream(progress.seed, 'shuffling', progress.epochs).permutation(total);
      const pass = new Pass(passOptions, order, epoch);
      do {
        if (pace.due) await pace.turn();
        checkModel();
        if (signal?.aborted) throw abortion(signal, epoch, epochs);
      } while (!pass.advance());
      checkModel();
      progress.epochs++;
      const result: EpochEnd = { epoch, epochs, trainLoss: pass.loss, trainAccuracy: pass.accuracy };
      if (validationData) {
        const { loss, accuracy } = evaluate(network, validationData);
        if (!Number.isFinite(loss)) throw diverged(loss, 'the validation', epoch, progress.steps - firstStep);
        result.valLoss = loss;
        result.valAccuracy = accuracy;
        history.valLoss.push(loss);
        history.valAccuracy.push(accuracy);
      }
      history.trainLoss.push(result.trainLoss);
      history.trainAccuracy.push(result.trainAccuracy);
      history.epochs = epoch;
      history.bestEpoch = lowestEpoch(validationData ? history.valLoss : history.trainLoss);
      for (const callback of callbacks) await callback.onEpochEnd?.(result, context);
      if (checkpoint && !stopped && epoch % (checkpoint.every ?? 1) === 0) {
        checkModel();
        await checkpoint.save(takeState(parts, firstStep));
      }
    }
    if (history.epochs < epochs) history.stopReason = 'stopped';
  } catch (error) {
    if (error instanceof AbortError) {
      history.stopReason = 'aborted';
      error.history = history;
    }
    throw error;
  } finally {
    state.free();
    if (!progress.disposed) for (const callback of callbacks) await callback.onTrainEnd?.(context);
  }
  return history;
}

function abortion(signal: AbortSignal, epoch: number, epochs: number): AbortError {
  return new AbortError(
    `Training was aborted in epoch ${epoch} of ${epochs} by the 'signal' given to fit. The finished epochs are in this error's 'history'.`,
    { cause: signal.reason },
  );
}
