// Layers, initializers, regularizers and the network they make.
export { type DenseOptions, dense } from './dense.ts';
export { dropout, maskKey } from './dropout.ts';
export type { Initializer } from './initializers.ts';
export type { LayerSpec, Parameter } from './layer.ts';
export { Network } from './network.ts';
export { l1, l1l2, l2, type Regularizer } from './regularizers.ts';
export { relu } from './relu.ts';
