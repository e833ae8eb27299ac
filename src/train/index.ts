// Models: fit, evaluate, predict, callbacks and history.
export type { BatchEnd, Callback, EpochEnd, TrainContext } from './callbacks.ts';
export type { CheckpointOptions, FitState } from './checkpoint.ts';
export { type EarlyStoppingOptions, earlyStopping } from './early-stopping.ts';
export type { Evaluation } from './evaluate.ts';
export type { FitOptions } from './fit.ts';
export type { History, Metric } from './history.ts';
export { type Sequential, type SequentialOptions, sequential, type Weights } from './sequential.ts';
