// Weight penalties, which are added to the loss.
import type { Backend, Tensor } from '../backend/index.ts';
import {
  type Definition,
  define,
  type Factory,
  number,
  type OptionRules,
  type ResolvedOptions,
} from '../errors/index.ts';

/** What a regularizer or a constraint is told of the array it works on. */
export interface ArrayContext {
  readonly shape: readonly number[];
  readonly backend: Backend;
}

/**
 * A penalty at work on one array. Those of the form l1·Σ|w| + l2·Σw² give their strengths, and the kernels of the
 * optimizers add their gradient without another pass over the weights. Others give `penalty` and `addGradient`.
 */
export interface RunningRegularizer {
  readonly l1?: number;
  readonly l2?: number;
  /** The value that is added to the loss. */
  penalty?(w: Tensor): number;
  /** Adds the gradient of the penalty to `gradient`. */
  addGradient?(gradient: Tensor, w: Tensor): void;
}

/** How a penalty is computed. */
export interface RegularizerDefinition<R extends OptionRules = OptionRules> extends Definition<R> {
  /** Starts the penalty for one array. */
  build(options: ResolvedOptions<R>, context: ArrayContext): RunningRegularizer;
}

/**
 * Defines a regularizer, for `kernelRegularizer`.
 *
 * @example
 * ```js
 * import { defineRegularizer, number } from 'regulus';
 *
 * // λ·Σw⁴, with gradient 4λw³
 * const l4 = defineRegularizer({
 *   type: 'l4',
 *   shorthand: 'strength',
 *   options: { strength: number('[0, inf)') },
 *   build: ({ strength }) => ({
 *     penalty: ({ data }) => data.reduce((sum, w) => sum + strength * w ** 4, 0),
 *     addGradient: (gradient, w) => gradient.data.forEach((g, i, all) => (all[i] = g + 4 * strength * w.data[i] ** 3)),
 *   }),
 * });
 * console.log(l4(0.01)); // { type: 'l4', strength: 0.01 }
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function defineRegularizer<
  const T extends string,
  const R extends OptionRules,
  const S extends keyof R & string = never,
>(
  definition: RegularizerDefinition<R> & { readonly type: T; readonly shorthand?: S },
): Factory<'regularizer', T, R, S> {
  return define('regularizer', definition);
}

const strength = number('[0, inf)', {
  describe: 'Strength of the penalty',
  remedy: 'Use 0 for no penalty; 1e-4 to 1e-2 is usual.',
});

/**
 * L1 penalty λ·Σ|w|, with gradient λ·sign(w) and sign(0) = 0: drives weights that do not help towards zero (Tibshirani
 * 1996). They become exactly 0 with the `proximal` option of the optimizers.
 *
 * @example
 * ```js
 * import { dense, l1 } from 'regulus';
 * console.log(dense(4, { kernelRegularizer: l1(1e-3) }));
 * ```
 */
export const l1 = defineRegularizer({
  type: 'l1',
  describe: 'λ·Σ|w|',
  shorthand: 'l1',
  options: { l1: strength },
  build: ({ l1 }) => ({ l1 }),
});

/**
 * L2 penalty λ·Σw², with gradient 2λ·w: keeps all weights small (Hoerl & Kennard 1970). Note: no factor ½.
 *
 * @example
 * ```js
 * import { dense, l2 } from 'regulus';
 * console.log(dense(4, { kernelRegularizer: l2(1e-3) }));
 * ```
 */
export const l2 = defineRegularizer({
  type: 'l2',
  describe: 'λ·Σw²',
  shorthand: 'l2',
  options: { l2: strength },
  build: ({ l2 }) => ({ l2 }),
});

/**
 * Both penalties, l1·Σ|w| + l2·Σw² (elastic net, Zou & Hastie 2005).
 *
 * @example
 * ```js
 * import { dense, l1l2 } from 'regulus';
 * console.log(dense(4, { kernelRegularizer: l1l2({ l1: 1e-4, l2: 1e-3 }) }));
 * ```
 */
export const l1l2 = defineRegularizer({
  type: 'l1l2',
  describe: 'l1·Σ|w| + l2·Σw²',
  options: { l1: strength, l2: strength },
  build: (strengths) => strengths,
});

/** All regularizers of the package. */
export const regularizers = [l1, l2, l1l2] as const;
