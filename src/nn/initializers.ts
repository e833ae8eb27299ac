// Initial values of kernels.
import { type Definition, define, type Factory, type OptionRules, type ResolvedOptions } from '../errors/index.ts';
import type { RandomState } from '../random/index.ts';

/** What an initializer is told of the array to fill. */
export interface InitializerContext {
  readonly shape: readonly number[];
  /** How many values each output is computed from. */
  readonly inputs: number;
  readonly outputs: number;
  /** The stream that belongs to the layer. */
  readonly random: RandomState;
}

/** How initial values are made. */
export interface InitializerDefinition<R extends OptionRules = OptionRules> extends Definition<R> {
  /** Writes the initial values. */
  fill(values: Float32Array, context: InitializerContext, options: ResolvedOptions<R>): void;
}

/**
 * Defines an initializer, for `kernelInitializer`.
 *
 * @example
 * ```js
 * import { defineInitializer, dense, sequential } from 'regulus';
 *
 * const ones = defineInitializer({ type: 'ones', options: {}, fill: (values) => values.fill(1) });
 * const model = sequential({ inputSize: 2, layers: [dense(2, { kernelInitializer: ones() })] });
 * console.log(model.getWeights()[0].data); // Float32Array [1, 1, 1, 1]
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function defineInitializer<const T extends string, const R extends OptionRules>(
  definition: InitializerDefinition<R> & { readonly type: T },
): Factory<'initializer', T, R> {
  return define('initializer', definition);
}

/**
 * N(0, 2 / inputs), which keeps the variance through ReLU layers (He et al. 2015). The default of `dense`.
 *
 * @example
 * ```js
 * import { dense, heNormal } from 'regulus';
 * console.log(dense(4, { kernelInitializer: heNormal() }));
 * ```
 */
export const heNormal = defineInitializer({
  type: 'heNormal',
  describe: 'N(0, 2 / inputs)',
  options: {},
  fill(values, { inputs, random }) {
    const deviation = Math.sqrt(2 / inputs);
    const draws = random.randn(values.length);
    for (let i = 0; i < values.length; i++) values[i] = draws[i] * deviation;
  },
});

/**
 * U(−a, a) with a = √(6 / (inputs + outputs)) (Glorot & Bengio 2010), for layers before tanh or sigmoid.
 *
 * @example
 * ```js
 * import { dense, glorotUniform } from 'regulus';
 * console.log(dense(4, { kernelInitializer: glorotUniform() }));
 * ```
 */
export const glorotUniform = defineInitializer({
  type: 'glorotUniform',
  describe: 'U(−a, a), a = √(6 / (inputs + outputs))',
  options: {},
  fill(values, { inputs, outputs, random }) {
    const bound = Math.sqrt(6 / (inputs + outputs));
    values.set(random.uniform(-bound, bound, values.length));
  },
});

/**
 * All values 0.
 *
 * @example
 * ```js
 * import { dense, zeros } from 'regulus';
 * console.log(dense(4, { kernelInitializer: zeros() }));
 * ```
 */
export const zeros = defineInitializer({
  type: 'zeros',
  describe: 'All values 0',
  options: {},
  fill: (values) => void values.fill(0),
});

/** All initializers of the package. */
export const initializers = [heNormal, glorotUniform, zeros] as const;
