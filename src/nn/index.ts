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
export { batchNormalization } from './layers/batch-normalization.ts';
export { type DenseOptions, dense } from './layers/dense.ts';
export { dropout } from './layers/dropout.ts';
export { elu } from './layers/elu.ts';
export { gelu } from './layers/gelu.ts';
export { layers } from './layers/index.ts';
export {
  type BuildContext,
  defineLayer,
  type Layer,
  type LayerDefinition,
  type NamedArray,
  type Parameter,
  type ParameterOptions,
} from './layers/layer.ts';
export { layerNormalization } from './layers/layer-normalization.ts';
export { leakyRelu } from './layers/leaky-relu.ts';
export { mish } from './layers/mish.ts';
export { relu } from './layers/relu.ts';
export { SELU_ALPHA, SELU_SCALE, selu } from './layers/selu.ts';
export { sigmoid } from './layers/sigmoid.ts';
export { silu } from './layers/silu.ts';
export { softplus } from './layers/softplus.ts';
export { tanh } from './layers/tanh.ts';
export { binaryCrossEntropy } from './losses/binary-cross-entropy.ts';
export { gaussianNll } from './losses/gaussian-nll.ts';
export { huber } from './losses/huber.ts';
export { losses } from './losses/index.ts';
export {
  defineLoss,
  type LossContext,
  type LossDefinition,
  type RunningLoss,
  type TargetFacts,
  type Task,
} from './losses/loss.ts';
export { meanAbsoluteError } from './losses/mean-absolute-error.ts';
export { meanSquaredError } from './losses/mean-squared-error.ts';
export { poisson } from './losses/poisson.ts';
export { quantile } from './losses/quantile.ts';
export { softmaxCrossEntropy } from './losses/softmax-cross-entropy.ts';
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
