// The public names of `regulus`: models and how they are trained, generated data, splits, scalers, random numbers.
export { createEngine, type Engine, type EngineInfo, type EngineOptions } from './backend/index.ts';
export {
  appendNoiseFeatures,
  type Dataset,
  type Fold,
  KFold,
  type KFoldOptions,
  type MakeBlobsOptions,
  type MakeCirclesOptions,
  type MakeClassificationOptions,
  type MakeMoonsOptions,
  type Matrix,
  MinMaxScaler,
  type MinMaxScalerOptions,
  makeBlobs,
  makeCircles,
  makeClassification,
  makeMoons,
  type NoiseFeaturesOptions,
  type RandomSource,
  StandardScaler,
  StratifiedKFold,
  type TrainTestSplit,
  type TrainTestSplitOptions,
  type TwoCurvesOptions,
  takeRows,
  trainTestSplit,
} from './data/index.ts';
export {
  AbortError,
  DisposedError,
  EnvironmentError,
  NumericError,
  ParameterError,
  RegulusError,
  WorkerError,
} from './errors/index.ts';
export {
  type DenseOptions,
  dense,
  dropout,
  type Initializer,
  type LayerSpec,
  l1,
  l1l2,
  l2,
  type Regularizer,
  relu,
} from './nn/index.ts';
export {
  type AdamOptions,
  type AdamWOptions,
  adam,
  adamW,
  type Optimizer,
  type SgdOptions,
  sgd,
} from './optim/index.ts';
export { RandomState, type RandomStateSnapshot, type TypedArray } from './random/index.ts';
export {
  type BatchEnd,
  type Callback,
  type CheckpointOptions,
  type EarlyStoppingOptions,
  type EpochEnd,
  type Evaluation,
  earlyStopping,
  type FitOptions,
  type FitState,
  type History,
  type Metric,
  type Sequential,
  type SequentialOptions,
  sequential,
  type TrainContext,
  type Weights,
} from './train/index.ts';

/** The version of Regulus. */
export const version: string = __VERSION__;
