// Models: fit, evaluate, predict, callbacks and history.
export {
  type AugmentationContext,
  type AugmentationDefinition,
  defineAugmentation,
  type RunningAugmentation,
  type SecondBatch,
} from './augmentations/augmentation.ts';
export { targetData } from './batch.ts';
export {
  type BatchEnd,
  type Callback,
  type CallbackDefinition,
  conflict,
  defineCallback,
  type EpochEnd,
  hooks,
  isDescribed,
  isPromise,
  type RunContext,
  type TrainContext,
  type TrainedModel,
  unrecorded,
  type Weights,
} from './callbacks.ts';
export type { CheckpointOptions, FitState } from './checkpoint.ts';
export { byIndex, type ClassWeight } from './class-weight.ts';

export { type CrossValidateOptions, type CrossValidation, crossValidate } from './cross-validate.ts';
export { type AnySequential, type Ensemble, type EnsembleOptions, ensemble } from './ensemble.ts';
export type { Evaluation } from './evaluate.ts';
export { checkFunctions, type FitOptions, fitRules } from './fit.ts';
export { type History, recordedSeries, type Series, seriesName } from './history.ts';
export * from './kinds.ts';
export type { OneRow, Predictions, Rows, Samples } from './samples.ts';
export {
  type EvaluateOptions,
  modelKeys,
  type Sequential,
  type SequentialJson,
  type SequentialOptions,
  sequential,
} from './sequential.ts';
export { meanOf, type TargetScaling } from './target-scaling.ts';
