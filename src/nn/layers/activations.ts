// The activations: layers that other layers name as theirs.
import { elu } from './elu.ts';
import { gelu } from './gelu.ts';
import { leakyRelu } from './leaky-relu.ts';
import { mish } from './mish.ts';
import { relu } from './relu.ts';
import { selu } from './selu.ts';
import { sigmoid } from './sigmoid.ts';
import { silu } from './silu.ts';
import { softplus } from './softplus.ts';
import { tanh } from './tanh.ts';

export { elu, gelu, leakyRelu, mish, relu, selu, sigmoid, silu, softplus, tanh };

/** All activations of the package. */
export const activations = [relu, leakyRelu, elu, selu, gelu, silu, mish, tanh, sigmoid, softplus] as const;
