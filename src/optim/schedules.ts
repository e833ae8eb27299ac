// Schedules: the learning rate as a function of the step.
import {
  boolean,
  type Definition,
  define,
  type Factory,
  integer,
  list,
  number,
  type OptionRules,
  type ResolvedOptions,
} from '../errors/index.ts';
import { cos, exp, log } from '../random/index.ts';

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
 *   options: { initialLearningRate: number('(0, inf)'), decay: number('[0, inf)') },
 *   rate: (step, { initialLearningRate, decay }) => initialLearningRate / (1 + decay * step),
 * });
 * console.log(adam({ learningRate: inverseTime({ initialLearningRate: 1e-2, decay: 0.1 }) }));
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function defineSchedule<const T extends string, const R extends OptionRules>(
  definition: ScheduleDefinition<R> & { readonly type: T },
): Factory<'schedule', T, R> {
  return define('schedule', definition, 'rate');
}

const initialLearningRate = number('(0, inf)', {
  describe: 'Learning rate of the first step, after those of warmupSteps',
});
const decaySteps = integer(1, { describe: 'Steps until the end of the decay' });
const warmupSteps = integer(0, {
  default: 0,
  describe: 'Steps before all others, in which the learning rate rises from 0 in equal parts',
});

/** `rate` of the steps after a warm-up, in which the rate grows towards that of the first of them (Goyal et al. 2017). */
function warmed(step: number, warmupSteps: number, rate: (step: number) => number): number {
  return step < warmupSteps ? (rate(0) * step) / warmupSteps : rate(step - warmupSteps);
}

/** x^y for x > 0, with the same bits on every machine. */
const power = (x: number, y: number) => (y === 1 ? x : exp(y * log(x)));

/** A cosine from `from` to `to`, for a share of the way in [0, 1]. */
const eased = (from: number, to: number, share: number) => to + (from - to) * 0.5 * (1 + cos(Math.PI * share));

/**
 * Half a cosine from `initialLearningRate` down to `alpha`·`initialLearningRate` in `decaySteps` steps, and constant after that (Loshchilov & Hutter
 * 2017; Keras' `CosineDecay`).
 *
 * @example
 * ```js
 * import { cosineDecay, sgd } from 'regulus';
 * console.log(sgd({ learningRate: cosineDecay({ initialLearningRate: 0.1, decaySteps: 1000 }) }));
 * ```
 */
export const cosineDecay = defineSchedule({
  type: 'cosineDecay',
  describe: 'Half a cosine down to alpha·initialLearningRate',
  options: {
    initialLearningRate,
    decaySteps,
    alpha: number('[0, 1]', { default: 0, describe: 'Share of initialLearningRate that is left at the end' }),
    warmupSteps,
  },
  rate: (step, { initialLearningRate, decaySteps, alpha, warmupSteps }) =>
    warmed(step, warmupSteps, (after) => {
      const share = Math.min(after, decaySteps) / decaySteps;
      return initialLearningRate * (alpha + (1 - alpha) * 0.5 * (1 + cos(Math.PI * share)));
    }),
});

/**
 * initialLearningRate·decayRate^(step / decaySteps); with `staircase` the exponent is rounded down (Keras' `ExponentialDecay`).
 *
 * @example
 * ```js
 * import { exponentialDecay, sgd } from 'regulus';
 * console.log(sgd({ learningRate: exponentialDecay({ initialLearningRate: 0.1, decaySteps: 1000, decayRate: 0.5 }) }));
 * ```
 */
export const exponentialDecay = defineSchedule({
  type: 'exponentialDecay',
  describe: 'initialLearningRate·decayRate^(step / decaySteps)',
  options: {
    initialLearningRate,
    decaySteps: integer(1, { describe: 'Steps in which the learning rate falls to decayRate times what it was' }),
    decayRate: number('(0, 1]', { describe: 'Share that is left after decaySteps' }),
    staircase: boolean({ default: false, describe: 'Whether it falls at once at the end of every decaySteps' }),
    warmupSteps,
  },
  rate: (step, { initialLearningRate, decaySteps, decayRate, staircase, warmupSteps }) =>
    warmed(step, warmupSteps, (after) => {
      const exponent = after / decaySteps;
      return initialLearningRate * power(decayRate, staircase ? Math.floor(exponent) : exponent);
    }),
});

/**
 * values[0] up to and with step boundaries[0], then values[1], and so on (Keras' `PiecewiseConstantDecay`).
 *
 * @throws ParameterError where there is not one value more than boundaries, or boundaries do not ascend.
 * @example
 * ```js
 * import { piecewiseConstant, sgd } from 'regulus';
 * console.log(sgd({ learningRate: piecewiseConstant({ boundaries: [500, 800], values: [0.1, 0.01, 0.001] }) }));
 * ```
 */
export const piecewiseConstant = defineSchedule({
  type: 'piecewiseConstant',
  describe: 'One learning rate after the other',
  options: {
    boundaries: list(integer(0), { describe: 'The last step of each value but the last' }),
    values: list(number('(0, inf)'), { minLength: 1, describe: 'Learning rates, one more than boundaries' }),
    warmupSteps,
  },
  check({ boundaries, values }) {
    if (boundaries.some((boundary, i) => i > 0 && boundary <= boundaries[i - 1])) {
      return { option: 'boundaries', rule: 'in ascending order' };
    }
    return values.length === boundaries.length + 1
      ? undefined
      : { option: 'values', rule: `a list of ${boundaries.length + 1}, one more than boundaries` };
  },
  rate: (step, { boundaries, values, warmupSteps }) =>
    warmed(step, warmupSteps, (after) => values[boundaries.filter((boundary) => after > boundary).length]),
});

/**
 * From `initialLearningRate` to `endLearningRate` in `decaySteps` steps, by (1 − step / decaySteps)^power, and constant after that (Keras'
 * `PolynomialDecay`).
 *
 * @example
 * ```js
 * import { polynomialDecay, sgd } from 'regulus';
 * console.log(sgd({ learningRate: polynomialDecay({ initialLearningRate: 0.1, decaySteps: 1000 }) }));
 * ```
 */
export const polynomialDecay = defineSchedule({
  type: 'polynomialDecay',
  describe: 'A power of the share of steps that are left; a straight line by default',
  options: {
    initialLearningRate,
    decaySteps,
    endLearningRate: number('[0, inf)', { default: 1e-4, describe: 'Learning rate at the end' }),
    power: number('(0, inf)', { default: 1, describe: 'Exponent of the share that is left' }),
    warmupSteps,
  },
  rate: (step, { initialLearningRate, decaySteps, endLearningRate, power: exponent, warmupSteps }) =>
    warmed(step, warmupSteps, (after) => {
      const left = 1 - Math.min(after, decaySteps) / decaySteps;
      return (initialLearningRate - endLearningRate) * (left === 0 ? 0 : power(left, exponent)) + endLearningRate;
    }),
});

/**
 * Up by half a cosine from max / divFactor to `max` in the share `pctStart` of `totalSteps`, then down to
 * max / divFactor / finalDivFactor, and constant after that (Smith & Topin 2019; PyTorch's `OneCycleLR`).
 *
 * @example
 * ```js
 * import { oneCycle, sgd } from 'regulus';
 * console.log(sgd({ learningRate: oneCycle({ max: 0.1, totalSteps: 1000 }), momentum: 0.9 }));
 * ```
 */
export const oneCycle = defineSchedule({
  type: 'oneCycle',
  describe: 'Half a cosine up, and one down',
  options: {
    max: number('(0, inf)', { describe: 'The greatest learning rate' }),
    totalSteps: integer(2, { describe: 'Steps of the whole cycle' }),
    pctStart: number('(0, 1)', { default: 0.3, describe: 'Share of the steps in which the learning rate rises' }),
    divFactor: number('[1, inf)', { default: 25, describe: 'max over the learning rate of the first step' }),
    finalDivFactor: number('[1, inf)', { default: 1e4, describe: 'The first learning rate over the last' }),
  },
  rate(step, { max, totalSteps, pctStart, divFactor, finalDivFactor }) {
    const top = pctStart * totalSteps - 1;
    const first = max / divFactor;
    if (step < top) return eased(first, max, step / top);
    const share = Math.min((step - Math.max(top, 0)) / (totalSteps - 1 - Math.max(top, 0)), 1);
    return eased(max, first / finalDivFactor, share);
  },
});

/**
 * Half a cosine from `initialLearningRate` down to `alpha`·`initialLearningRate` again and again (SGDR, Loshchilov & Hutter 2017; Keras'
 * `CosineDecayRestarts`): the first takes `firstDecaySteps`, each further one `tMul` times as long, from `mMul` times as high.
 *
 * @example
 * ```js
 * import { cosineRestarts, sgd } from 'regulus';
 * console.log(sgd({ learningRate: cosineRestarts({ initialLearningRate: 0.1, firstDecaySteps: 100 }) }));
 * ```
 */
export const cosineRestarts = defineSchedule({
  type: 'cosineRestarts',
  describe: 'Half a cosine down, again and again',
  options: {
    initialLearningRate,
    firstDecaySteps: integer(1, { describe: 'Steps of the first decay' }),
    tMul: number('[1, inf)', { default: 2, describe: 'How much longer each decay is than the one before' }),
    mMul: number('(0, inf)', { default: 1, describe: 'How much higher each decay begins than the one before' }),
    alpha: number('[0, 1]', { default: 0, describe: 'Share of initialLearningRate that is left at the end of each' }),
    warmupSteps,
  },
  rate: (step, { initialLearningRate, firstDecaySteps, tMul, mMul, alpha, warmupSteps }) =>
    warmed(step, warmupSteps, (after) => {
      let share = after / firstDecaySteps;
      let height = 1;
      if (tMul === 1) {
        height = power(mMul, Math.floor(share));
        share -= Math.floor(share);
      }
      while (share >= 1) {
        share = (share - 1) / tMul;
        height *= mMul;
      }
      return initialLearningRate * (alpha + (1 - alpha) * height * 0.5 * (1 + cos(Math.PI * share)));
    }),
});

/**
 * Cosines up to `max` and down to 0 again, `cycles` of them in `totalSteps`, each twice as long as the one before; 0 after that (coslog₄
 * of Holzmüller et al. 2024): max · (1 − cos 2π·log₂(1 + (2^cycles − 1)·step / totalSteps)) / 2.
 *
 * @example
 * ```js
 * import { adamW, cosineCycles } from 'regulus';
 * console.log(adamW({ learningRate: cosineCycles({ max: 0.004, totalSteps: 1000 }) }));
 * ```
 */
export const cosineCycles = defineSchedule({
  type: 'cosineCycles',
  describe: 'Up and down again and again, each time twice as long',
  options: {
    max: number('(0, inf)', { describe: 'The greatest learning rate' }),
    totalSteps: integer(1, { describe: 'Steps of all cycles together' }),
    cycles: integer(1, { default: 4, describe: 'How often the learning rate rises and falls' }),
  },
  rate(step, { max, totalSteps, cycles }) {
    const share = Math.min(step / totalSteps, 1);
    return max * 0.5 * (1 - cos(2 * Math.PI * (log(1 + (2 ** cycles - 1) * share) / Math.LN2)));
  },
});

/**
 * `initialLearningRate` for the share `flat` of totalSteps, then half a cosine down to 0 (flat_cos of Holzmüller et al. 2024); for rates and for
 * the `weightDecay` of an optimizer.
 *
 * @example
 * ```js
 * import { adamW, flatCosine } from 'regulus';
 * console.log(adamW({ weightDecay: flatCosine({ initialLearningRate: 0.02, totalSteps: 1000 }) }));
 * ```
 */
export const flatCosine = defineSchedule({
  type: 'flatCosine',
  describe: 'Constant, then half a cosine down to 0',
  options: {
    initialLearningRate: number('(0, inf)', { describe: 'The value at first' }),
    totalSteps: integer(1, { describe: 'Steps until it is 0' }),
    flat: number('[0, 1)', { default: 0.5, describe: 'Share of the steps in which it is constant' }),
  },
  rate: (step, { initialLearningRate, totalSteps, flat }) =>
    eased(initialLearningRate, 0, Math.min(Math.max((step / totalSteps - flat) / (1 - flat), 0), 1)),
});

/**
 * All schedules of the package.
 *
 * @hidden
 */
export const schedules = [
  cosineDecay,
  exponentialDecay,
  piecewiseConstant,
  polynomialDecay,
  oneCycle,
  cosineRestarts,
  cosineCycles,
  flatCosine,
] as const;
