// Layers, losses, initializers, regularizers, constraints, and the network they make.
export * from './kinds.ts';
export { expandLayers } from './layers/layer.ts';
export { SELU_ALPHA, SELU_SCALE } from './layers/selu.ts';
export * from './layers/table-layers.ts';
export { Network } from './network.ts';
export type { ArrayCheck } from './stack.ts';
