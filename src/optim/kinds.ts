// All optimizers of the package, and the schedules: what is here is exported, and the kinds are known to specs, workers and files.
import { type AdagradOptions, adagrad } from './adagrad.ts';
import { type AdamOptions, type AdamWOptions, adam, adamW } from './adam.ts';
import { type LionOptions, lion } from './lion.ts';
import { type NadamOptions, nadam } from './nadam.ts';
import { type RmspropOptions, rmsprop } from './rmsprop.ts';
import { sam } from './sam.ts';
import { type SgdOptions, sgd } from './sgd.ts';

export { defineOptimizer, type OptimizerDefinition, type UpdateRule } from './optimizer.ts';
export * from './schedules.ts';
export type { AdagradOptions, AdamOptions, AdamWOptions, LionOptions, NadamOptions, RmspropOptions, SgdOptions };
export { adagrad, adam, adamW, lion, nadam, rmsprop, sam, sgd };

/**
 * All optimizers of the package.
 *
 * @hidden
 */
export const optimizers = [sgd, adam, adamW, rmsprop, adagrad, nadam, lion, sam] as const;
