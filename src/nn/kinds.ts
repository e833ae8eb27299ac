// The kinds of this module, and what others are made of. All that stands here, the package exports.
export * from './constraints.ts';
export * from './initializers.ts';
export * from './layers/index.ts';
export {
  type BuildContext,
  defineLayer,
  type InnerLayers,
  type Layer,
  type LayerDefinition,
  type NamedArray,
  type Parameter,
  type ParameterOptions,
  type Statistics,
} from './layers/layer.ts';
export * from './losses/index.ts';
export {
  defineLoss,
  type LossContext,
  type LossDefinition,
  type RunningLoss,
  type TargetFacts,
  type Task,
} from './losses/loss.ts';
export * from './regularizers.ts';
