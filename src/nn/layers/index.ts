// All layers of the package: what is here is exported, and known to specs, workers and files.
import { alphaDropout } from './alpha-dropout.ts';
import { batchNormalization } from './batch-normalization.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { elu } from './elu.ts';
import { gaussianDropout } from './gaussian-dropout.ts';
import { gaussianNoise } from './gaussian-noise.ts';
import { gelu } from './gelu.ts';
import { layerNormalization } from './layer-normalization.ts';
import { leakyRelu } from './leaky-relu.ts';
import { mish } from './mish.ts';
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
  batchNormalization,
  dense,
  dropout,
  elu,
  gaussianDropout,
  gaussianNoise,
  gelu,
  layerNormalization,
  leakyRelu,
  mish,
  relu,
  residual,
  selu,
  sigmoid,
  silu,
  softplus,
  tanh,
};

/**
 * All layers of the package.
 *
 * @hidden
 */
export const layers = [
  dense,
  dropout,
  alphaDropout,
  gaussianNoise,
  gaussianDropout,
  batchNormalization,
  layerNormalization,
  residual,
  relu,
  leakyRelu,
  elu,
  selu,
  gelu,
  silu,
  mish,
  tanh,
  sigmoid,
  softplus,
] as const;
