// Callbacks: code of others that runs at fixed points of a training run.
import type { History } from './history.ts';
import type { Sequential } from './sequential.ts';

/** One finished epoch. */
export interface EpochEnd {
  /** Number of the epoch, from 1. */
  epoch: number;
  /** How many epochs there will be at the most. */
  epochs: number;
  trainLoss: number;
  trainAccuracy: number;
  /** Undefined without validation data, as is `valAccuracy`. */
  valLoss?: number;
  valAccuracy?: number;
}

/** One finished batch. */
export interface BatchEnd {
  /** Number of the step, from 1, over the whole fit. */
  step: number;
  /** Loss of the batch before its update, penalty included. */
  loss: number;
  batchSize: number;
}

/** What a callback may look at and do. */
export interface TrainContext {
  readonly model: Sequential;
  readonly history: History;
  /** Whether `fit` was given validation data. */
  readonly hasValidationData: boolean;
  /** Ends training after this epoch. */
  stop(): void;
}

/** Hooks into `fit`, all optional. A promise is awaited; an error ends training and is passed on. */
export interface Callback<Context = TrainContext> {
  /** Called before the first epoch. */
  onTrainBegin?(context: Context): void | Promise<void>;
  /** Called synchronously, once per step. */
  onBatchEnd?(batch: BatchEnd, context: Context): void;
  /** Called after every epoch and its validation. */
  onEpochEnd?(epoch: EpochEnd, context: Context): void | Promise<void>;
  /** Called however training ends: after the last epoch, when stopped, aborted, or by an error. */
  onTrainEnd?(context: Context): void | Promise<void>;
  /** What the callback remembers from epoch to epoch, for checkpoints: anything that structured cloning copies. */
  getState?(): unknown;
  /** How to make an equal one in another thread: the name of its factory, then the arguments. @internal */
  readonly recipe?: readonly [factory: string, ...args: unknown[]];
  /** Takes that back, after `onTrainBegin` of a fit that resumes. */
  setState?(state: unknown): void;
}
