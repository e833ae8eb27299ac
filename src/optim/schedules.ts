// Schedules: the learning rate as a function of the step.
import {
  type Definition,
  define,
  type Factory,
  integer,
  number,
  type OptionRules,
  type ResolvedOptions,
} from '../errors/index.ts';
import { cos } from '../random/index.ts';

/** How a learning rate changes. */
export interface ScheduleDefinition<R extends OptionRules = OptionRules> extends Definition<R> {
  /** The learning rate of step `step`, counted from 0 over the whole fit. */
  rate(step: number, options: ResolvedOptions<R>): number;
}

/**
 * Defines a schedule, for `learningRate`. Same bits on every machine need arithmetic and `Math.sqrt` alone: powers and
 * sines of the host differ in the last bit.
 *
 * @example
 * ```js
 * import { adam, defineSchedule, number } from 'regulus';
 *
 * const inverseTime = defineSchedule({
 *   type: 'inverseTime',
 *   options: { initial: number('(0, inf)'), decay: number('[0, inf)') },
 *   rate: (step, { initial, decay }) => initial / (1 + decay * step),
 * });
 * console.log(adam({ learningRate: inverseTime({ initial: 1e-2, decay: 0.1 }) }));
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function defineSchedule<const T extends string, const R extends OptionRules>(
  definition: ScheduleDefinition<R> & { readonly type: T },
): Factory<'schedule', T, R> {
  return define('schedule', definition);
}

/**
 * Half a cosine from `initial` down to `alpha`·`initial` in `decaySteps` steps, and constant after that (Loshchilov & Hutter
 * 2017; Keras' `CosineDecay`).
 *
 * @example
 * ```js
 * import { cosineDecay, sgd } from 'regulus';
 * console.log(sgd({ learningRate: cosineDecay({ initial: 0.1, decaySteps: 1000 }) }));
 * ```
 */
export const cosineDecay = defineSchedule({
  type: 'cosineDecay',
  describe: 'Half a cosine down to alpha·initial',
  options: {
    initial: number('(0, inf)', { describe: 'Learning rate of the first step' }),
    decaySteps: integer(1, { describe: 'Steps until the end of the decay' }),
    alpha: number('[0, 1]', { default: 0, describe: 'Share of initial that is left at the end' }),
  },
  rate(step, { initial, decaySteps, alpha }) {
    const share = Math.min(step, decaySteps) / decaySteps;
    return initial * (alpha + (1 - alpha) * 0.5 * (1 + cos(Math.PI * share)));
  },
});

/** All schedules of the package. */
export const schedules = [cosineDecay] as const;
