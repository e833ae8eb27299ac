// The public names of `regulus`: data, networks, training, and what all rest on.
// biome-ignore-all assist/source/organizeImports: in the order in which a program needs them
export * from './data/public.ts';

export {
  defineTransformer,
  MinMaxScaler,
  type MinMaxScalerOptions,
  StandardScaler,
  type Transformer,
  type TransformerClass,
  type TransformerDefinition,
  type TransformerJson,
} from './preprocessing/index.ts';

export { RandomState, type RandomStateSnapshot, type TypedArray } from './random/index.ts';

export {
  type BuildContext,
  defineLayer,
  defineLoss,
  type InnerLayers,
  type Layer,
  type LayerDefinition,
  type LossContext,
  type LossDefinition,
  type NamedArray,
  type Parameter,
  type ParameterOptions,
  type RunningLoss,
  type Statistics,
  type TargetFacts,
  type Task,
} from './nn/index.ts';
export * from './nn/kinds.ts';

export * from './optim/kinds.ts';

export {
  accuracy,
  defineMetric,
  type MetricBatch,
  type MetricContext,
  type MetricDefinition,
  macroF1,
  type RunningMetric,
} from './metrics/index.ts';

export {
  type AugmentationContext,
  type AugmentationDefinition,
  type BatchEnd,
  type Callback,
  type CallbackDefinition,
  type CheckpointOptions,
  type ClassWeight,
  type CrossValidateOptions,
  type CrossValidation,
  crossValidate,
  defineAugmentation,
  defineCallback,
  type EpochEnd,
  type EvaluateOptions,
  type Evaluation,
  type FitOptions,
  type FitState,
  type History,
  type OneRow,
  type Predictions,
  type Rows,
  type RunContext,
  type RunningAugmentation,
  type Samples,
  type SecondBatch,
  type Sequential,
  type SequentialJson,
  type SequentialOptions,
  type Series,
  sequential,
  type TrainContext,
  type TrainedModel,
  type Weights,
} from './train/index.ts';
export * from './train/kinds.ts';

export {
  augmentationFromJson,
  callbackFromJson,
  catalog,
  constraintFromJson,
  type FromJson,
  initializerFromJson,
  layerFromJson,
  lossFromJson,
  metricFromJson,
  optimizerFromJson,
  regularizerFromJson,
  scheduleFromJson,
} from './catalog/index.ts';

export * from './backend/public.ts';

export * from './errors/public.ts';

/**
 * The version of Regulus, which files and results name.
 *
 * @example
 * ```js
 * import { version } from 'regulus';
 * console.log(version);
 * ```
 */
export const version: string = __VERSION__;
