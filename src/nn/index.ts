// Layers, losses, initializers, regularizers, constraints, and the network they make.
export * from './kinds.ts';
export {
  type BuildContext,
  defineLayer,
  expandLayers,
  type InnerLayers,
  type Layer,
  type LayerDefinition,
  type NamedArray,
  type Parameter,
  type ParameterOptions,
  type Statistics,
} from './layers/layer.ts';
export { SELU_ALPHA, SELU_SCALE } from './layers/selu.ts';
export * from './layers/table-layers.ts';
export {
  defineLoss,
  type LossContext,
  type LossDefinition,
  type RunningLoss,
  type TargetFacts,
  type Task,
} from './losses/loss.ts';
export { Network } from './network.ts';
export type { ArrayCheck } from './stack.ts';
