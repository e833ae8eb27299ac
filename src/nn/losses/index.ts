// All losses of the package: what is here is exported, and known to specs, workers and files.
import { binaryCrossEntropy } from './binary-cross-entropy.ts';
import { gaussianNll } from './gaussian-nll.ts';
import { huber } from './huber.ts';
import { meanAbsoluteError } from './mean-absolute-error.ts';
import { meanSquaredError } from './mean-squared-error.ts';
import { poisson } from './poisson.ts';
import { quantile } from './quantile.ts';
import { softmaxCrossEntropy } from './softmax-cross-entropy.ts';

export {
  binaryCrossEntropy,
  gaussianNll,
  huber,
  meanAbsoluteError,
  meanSquaredError,
  poisson,
  quantile,
  softmaxCrossEntropy,
};

/**
 * All losses of the package.
 *
 * @hidden
 */
export const losses = [
  softmaxCrossEntropy,
  binaryCrossEntropy,
  meanSquaredError,
  meanAbsoluteError,
  huber,
  quantile,
  poisson,
  gaussianNll,
] as const;
