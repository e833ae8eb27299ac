// All losses of the package: one line each.
import { binaryCrossEntropy } from './binary-cross-entropy.ts';
import { meanSquaredError } from './mean-squared-error.ts';
import { softmaxCrossEntropy } from './softmax-cross-entropy.ts';

export const losses = [softmaxCrossEntropy, binaryCrossEntropy, meanSquaredError] as const;
