// All layers of the package: one line each.
import { batchNormalization } from './batch-normalization.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { relu } from './relu.ts';
import { tanh } from './tanh.ts';

export const layers = [dense, dropout, batchNormalization, relu, tanh] as const;
