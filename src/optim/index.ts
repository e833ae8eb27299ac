// Optimizers and schedules: siblings of nn, they know parameters, not layers.
import { adam, adamW } from './adam.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';

export { type AdamOptions, type AdamWOptions, adam, adamW } from './adam.ts';
export {
  defineOptimizer,
  type OptimizedParameter,
  type OptimizerDefinition,
  type RunningOptimizer,
  startOptimizer,
  type UpdateRule,
} from './optimizer.ts';
export { type RmspropOptions, rmsprop } from './rmsprop.ts';
export { cosineDecay, defineSchedule, type ScheduleDefinition, schedules } from './schedules.ts';
export { type SgdOptions, sgd } from './sgd.ts';

/** All optimizers of the package. */
export const optimizers = [sgd, adam, adamW, rmsprop] as const;
