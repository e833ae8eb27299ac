// Optimizers and schedules: siblings of nn, they know parameters, not layers.
export * from './kinds.ts';
export {
  defineOptimizer,
  type OptimizedParameter,
  type OptimizerDefinition,
  type RunningOptimizer,
  startOptimizer,
  type UpdateRule,
  type WrapperDefinition,
} from './optimizer.ts';
