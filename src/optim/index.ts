// Optimizers and schedules: siblings of nn, they know parameters, not layers.
export * from './kinds.ts';
export { type OptimizedParameter, type RunningOptimizer, startOptimizer, type WrapperDefinition } from './optimizer.ts';
