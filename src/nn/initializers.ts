// Initial values of kernels.
import {
  type Definition,
  define,
  type Factory,
  type Named,
  number,
  type OptionRules,
  type ResolvedOptions,
} from '../errors/index.ts';
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
export function defineInitializer<const T extends string, const R extends OptionRules, const S extends string = never>(
  definition: InitializerDefinition<R> & Named<T, S>,
): Factory<'initializer', T, R, S> {
  return define('initializer', definition, 'fill');
}

/**
 * N(0, 2 / inputs), which keeps the variance through ReLU layers (He et al. 2015); Keras draws it from a truncated normal. The default of
 * `dense`.
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
  fill: (values, { inputs, random }) => fillNormal(values, 2 / inputs, random),
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
  fill: (values, { inputs, outputs, random }) => fillUniform(values, 6 / (inputs + outputs), random),
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

/**
 * N(0, 2 / (inputs + outputs)) (Glorot & Bengio 2010); Keras draws it from a truncated normal.
 *
 * @example
 * ```js
 * import { dense, glorotNormal } from 'regulus';
 * console.log(dense(4, { kernelInitializer: glorotNormal() }));
 * ```
 */
export const glorotNormal = defineInitializer({
  type: 'glorotNormal',
  describe: 'N(0, 2 / (inputs + outputs))',
  options: {},
  fill: (values, { inputs, outputs, random }) => fillNormal(values, 2 / (inputs + outputs), random),
});

/**
 * N(0, 1 / inputs), for `selu` (Klambauer et al. 2017); Keras draws it from a truncated normal.
 *
 * @example
 * ```js
 * import { dense, lecunNormal } from 'regulus';
 * console.log(dense(4, { kernelInitializer: lecunNormal() }));
 * ```
 */
export const lecunNormal = defineInitializer({
  type: 'lecunNormal',
  describe: 'N(0, 1 / inputs)',
  options: {},
  fill: (values, { inputs, random }) => fillNormal(values, 1 / inputs, random),
});

/**
 * U(−a, a), a = √(6 / inputs) (He et al. 2015).
 *
 * @example
 * ```js
 * import { dense, heUniform } from 'regulus';
 * console.log(dense(4, { kernelInitializer: heUniform() }));
 * ```
 */
export const heUniform = defineInitializer({
  type: 'heUniform',
  describe: 'U(−a, a), a = √(6 / inputs)',
  options: {},
  fill: (values, { inputs, random }) => fillUniform(values, 6 / inputs, random),
});

/**
 * U(−a, a), a = √(3 / inputs) (LeCun et al. 1998).
 *
 * @example
 * ```js
 * import { dense, lecunUniform } from 'regulus';
 * console.log(dense(4, { kernelInitializer: lecunUniform() }));
 * ```
 */
export const lecunUniform = defineInitializer({
  type: 'lecunUniform',
  describe: 'U(−a, a), a = √(3 / inputs)',
  options: {},
  fill: (values, { inputs, random }) => fillUniform(values, 3 / inputs, random),
});

/**
 * Normal values, drawn again where they are more than two deviations from the mean; as Keras' `TruncatedNormal`.
 *
 * @throws ParameterError for an unknown option or a value out of range.
 *
 * @example
 * ```js
 * import { dense, truncatedNormal } from 'regulus';
 * console.log(dense(4, { kernelInitializer: truncatedNormal({ stddev: 0.1 }) }));
 * ```
 */
export const truncatedNormal = defineInitializer({
  type: 'truncatedNormal',
  describe: 'Normal within two deviations of the mean',
  options: {
    mean: number('(-inf, inf)', { default: 0, describe: 'Mean of the values' }),
    stddev: number('[0, inf)', { default: 0.05, describe: 'Standard deviation before values are drawn again' }),
  },
  fill(values, { random }, { mean, stddev }) {
    for (let i = 0; i < values.length; i++) {
      let draw = random.randn();
      while (Math.abs(draw) > 2) draw = random.randn();
      values[i] = mean + stddev * draw;
    }
  },
});

/**
 * U(minval, maxval), whatever the size of the array; as Keras' `RandomUniform`.
 *
 * @throws ParameterError for an unknown option, a value that is not finite, or minval above maxval.
 *
 * @example
 * ```js
 * import { dense, randomUniform } from 'regulus';
 * console.log(dense(4, { kernelInitializer: randomUniform({ minval: -0.1, maxval: 0.1 }) }));
 * ```
 */
export const randomUniform = defineInitializer({
  type: 'randomUniform',
  describe: 'U(minval, maxval)',
  options: {
    minval: number('(-inf, inf)', { default: -0.05, describe: 'Least value' }),
    maxval: number('(-inf, inf)', { default: 0.05, describe: 'What no value exceeds' }),
  },
  check: ({ minval, maxval }) => (minval <= maxval ? undefined : { option: 'minval', rule: 'at most maxval' }),
  fill: (values, { random }, { minval, maxval }) => values.set(random.uniform(minval, maxval, values.length)),
});

/**
 * A random matrix with orthonormal columns, or rows where there are fewer, times `gain` (Saxe et al. 2014): it keeps lengths from
 * layer to layer.
 *
 * @throws ParameterError for an unknown option or a value out of range.
 *
 * @example
 * ```js
 * import { dense, orthogonal } from 'regulus';
 * console.log(dense(4, { kernelInitializer: orthogonal() }));
 * ```
 */
export const orthogonal = defineInitializer({
  type: 'orthogonal',
  describe: 'Orthonormal columns, or rows where there are fewer',
  options: { gain: number('(0, inf)', { default: 1, describe: 'Length of each column, or row' }) },
  fill(values, { inputs, outputs, random }, { gain }) {
    const [size, count] = [Math.max(inputs, outputs), Math.min(inputs, outputs)];
    const vectors: Float64Array[] = [];
    while (vectors.length < count) {
      const vector = random.randn(size);
      // Twice, because what is left of the first time is rounding.
      for (let pass = 0; pass < 2; pass++) for (const other of vectors) subtract(vector, other, dot(vector, other));
      const length = Math.sqrt(dot(vector, vector));
      if (length > 0) vectors.push(vector.map((value) => value / length));
    }
    for (let i = 0; i < inputs; i++) {
      for (let j = 0; j < outputs; j++) {
        values[i * outputs + j] = gain * (inputs < outputs ? vectors[i][j] : vectors[j][i]);
      }
    }
  },
});

/**
 * All values `value`.
 *
 * @throws ParameterError for a value that is not finite.
 *
 * @example
 * ```js
 * import { dense, constant } from 'regulus';
 * console.log(dense(4, { kernelInitializer: constant(0.1) }));
 * ```
 */
export const constant = defineInitializer({
  type: 'constant',
  describe: 'All values the same',
  shorthand: 'value',
  options: { value: number('(-inf, inf)', { default: 0, describe: 'What all values are' }) },
  fill: (values, _, { value }) => void values.fill(value),
});

function fillNormal(values: Float32Array, variance: number, random: RandomState): void {
  const deviation = Math.sqrt(variance);
  const draws = random.randn(values.length);
  for (let i = 0; i < values.length; i++) values[i] = draws[i] * deviation;
}

function fillUniform(values: Float32Array, square: number, random: RandomState): void {
  const bound = Math.sqrt(square);
  values.set(random.uniform(-bound, bound, values.length));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function subtract(a: Float64Array, b: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i] -= factor * b[i];
}

/**
 * All initializers of the package.
 *
 * @hidden
 */
export const initializers = [
  heNormal,
  heUniform,
  glorotNormal,
  glorotUniform,
  lecunNormal,
  lecunUniform,
  orthogonal,
  truncatedNormal,
  randomUniform,
  zeros,
  constant,
] as const;
