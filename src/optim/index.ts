// Optimizers and schedules: siblings of nn, they know parameters, not layers.
import { adagrad } from './adagrad.ts';
import { adam, adamW } from './adam.ts';
import { lion } from './lion.ts';
import { nadam } from './nadam.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';

export { type AdagradOptions, adagrad } from './adagrad.ts';
export { type AdamOptions, type AdamWOptions, adam, adamW } from './adam.ts';
export { type LionOptions, lion } from './lion.ts';
export { type NadamOptions, nadam } from './nadam.ts';
export {
  defineOptimizer,
  type OptimizedParameter,
  type OptimizerDefinition,
  type RunningOptimizer,
  startOptimizer,
  type UpdateRule,
} from './optimizer.ts';
export { type RmspropOptions, rmsprop } from './rmsprop.ts';
export {
  cosineDecay,
  cosineRestarts,
  defineSchedule,
  exponentialDecay,
  oneCycle,
  piecewiseConstant,
  polynomialDecay,
  type ScheduleDefinition,
  schedules,
} from './schedules.ts';
export { type SgdOptions, sgd } from './sgd.ts';

/** All optimizers of the package. */
export const optimizers = [sgd, adam, adamW, rmsprop, adagrad, nadam, lion] as const;
