// Optimizers: siblings of nn, they know parameters, not layers.
export { type AdamOptions, adam } from './adam.ts';
export { type AdamWOptions, adamW } from './adam-w.ts';
export type { Optimizer, RunningOptimizer } from './optimizer.ts';
export { type SgdOptions, sgd } from './sgd.ts';
