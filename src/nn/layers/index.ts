// All layers of the package: what is here is exported, and known to specs, workers and files.
import { activations } from './activations.ts';
import { alphaDropout } from './alpha-dropout.ts';
import { batchEnsemble } from './batch-ensemble.ts';
import { batchNormalization } from './batch-normalization.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { elu } from './elu.ts';
import { featureScale } from './feature-scale.ts';
import { gaussianDropout } from './gaussian-dropout.ts';
import { gaussianNoise } from './gaussian-noise.ts';
import { gelu } from './gelu.ts';
import { layerNormalization } from './layer-normalization.ts';
import { leakyRelu } from './leaky-relu.ts';
import { memberDense } from './member-dense.ts';
import { mish } from './mish.ts';
import { periodicEmbedding } from './periodic-embedding.ts';
import { relu } from './relu.ts';
import { residual } from './residual.ts';
import { selu } from './selu.ts';
import { sigmoid } from './sigmoid.ts';
import { silu } from './silu.ts';
import { softplus } from './softplus.ts';
import { tanh } from './tanh.ts';

export type { DenseOptions } from './dense.ts';
export {
  alphaDropout,
  batchEnsemble,
  batchNormalization,
  dense,
  dropout,
  elu,
  featureScale,
  gaussianDropout,
  gaussianNoise,
  gelu,
  layerNormalization,
  leakyRelu,
  memberDense,
  mish,
  periodicEmbedding,
  relu,
  residual,
  selu,
  sigmoid,
  silu,
  softplus,
  tanh,
};

/** Both lists in one. A spread would keep them in bundles that use neither. */
/* @__NO_SIDE_EFFECTS__ */
const joined = <const A extends readonly unknown[], const B extends readonly unknown[]>(
  a: A,
  b: B,
): readonly [...A, ...B] => [...a, ...b];

/**
 * All layers of the package.
 *
 * @hidden
 */
export const layers = joined(
  [
    dense,
    dropout,
    alphaDropout,
    gaussianNoise,
    gaussianDropout,
    batchNormalization,
    layerNormalization,
    residual,
    featureScale,
    periodicEmbedding,
    batchEnsemble,
    memberDense,
  ],
  activations,
);
