// What the package exports of this module: models, training, and what callbacks and augmentations of others are told.
export {
  type AugmentationContext,
  type AugmentationDefinition,
  defineAugmentation,
  type RunningAugmentation,
  type SecondBatch,
} from './augmentations/augmentation.ts';
export {
  type BatchEnd,
  type Callback,
  type CallbackDefinition,
  defineCallback,
  type EpochEnd,
  type RunContext,
  type TrainContext,
  type TrainedModel,
  type Weights,
} from './callbacks.ts';
export type { CheckpointOptions, FitState } from './checkpoint.ts';
export type { ClassWeight } from './class-weight.ts';
export { type CrossValidateOptions, type CrossValidation, crossValidate } from './cross-validate.ts';
export type { Evaluation } from './evaluate.ts';
export type { FitOptions } from './fit.ts';
export type { History, Series } from './history.ts';
export * from './kinds.ts';
export type { OneRow, Predictions, Rows, Samples } from './samples.ts';
export {
  type EvaluateOptions,
  type Sequential,
  type SequentialJson,
  type SequentialOptions,
  sequential,
} from './sequential.ts';
