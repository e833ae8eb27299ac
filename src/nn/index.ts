// Layers, losses, initializers, regularizers, constraints, and the network they make.
export {
  type ConstraintDefinition,
  constraints,
  defineConstraint,
  maxNorm,
  nonNegative,
  type RunningConstraint,
  unitNorm,
} from './constraints.ts';
export {
  constant,
  defineInitializer,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  type InitializerContext,
  type InitializerDefinition,
  initializers,
  lecunNormal,
  lecunUniform,
  orthogonal,
  truncatedNormal,
  zeros,
} from './initializers.ts';
export * from './kinds.ts';
export {
  type BuildContext,
  defineLayer,
  type Layer,
  type LayerDefinition,
  type NamedArray,
  type Parameter,
  type ParameterOptions,
} from './layers/layer.ts';
export { SELU_ALPHA, SELU_SCALE } from './layers/selu.ts';
export {
  defineLoss,
  type LossContext,
  type LossDefinition,
  type RunningLoss,
  type TargetFacts,
  type Task,
} from './losses/loss.ts';
export { type ArrayCheck, Network } from './network.ts';
export {
  type ArrayContext,
  defineRegularizer,
  groupLasso,
  l1,
  l1l2,
  l2,
  orthogonalRegularizer,
  type RegularizerDefinition,
  type RunningRegularizer,
  regularizers,
} from './regularizers.ts';
