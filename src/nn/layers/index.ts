// All layers of `regulus`: what is here is exported, and known to specs, workers and files.
import { activations } from './activations.ts';
import { alphaDropout } from './alpha-dropout.ts';
import { batchNormalization } from './batch-normalization.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { gaussianDropout } from './gaussian-dropout.ts';
import { gaussianNoise } from './gaussian-noise.ts';
import { layerNormalization } from './layer-normalization.ts';
import { residual } from './residual.ts';

export { elu, gelu, leakyRelu, mish, relu, selu, sigmoid, silu, softplus, tanh } from './activations.ts';
export type { DenseOptions } from './dense.ts';
export {
  alphaDropout,
  batchNormalization,
  dense,
  dropout,
  gaussianDropout,
  gaussianNoise,
  layerNormalization,
  residual,
};

/** Both lists in one. A spread would keep them in bundles that use neither. */
/* @__NO_SIDE_EFFECTS__ */
const joined = <const A extends readonly unknown[], const B extends readonly unknown[]>(
  a: A,
  b: B,
): readonly [...A, ...B] => [...a, ...b];

/**
 * All layers of the package but those of tables.
 *
 * @hidden
 */
export const layers = joined(
  [dense, dropout, alphaDropout, gaussianNoise, gaussianDropout, batchNormalization, layerNormalization, residual],
  activations,
);
