// All losses of the package: one line each.
import { binaryCrossEntropy } from './binary-cross-entropy.ts';
import { gaussianNll } from './gaussian-nll.ts';
import { huber } from './huber.ts';
import { meanAbsoluteError } from './mean-absolute-error.ts';
import { meanSquaredError } from './mean-squared-error.ts';
import { poisson } from './poisson.ts';
import { quantile } from './quantile.ts';
import { softmaxCrossEntropy } from './softmax-cross-entropy.ts';

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
