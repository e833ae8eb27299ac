// Weight penalties, which are added to the loss.
import type { Backend, Tensor } from '../backend/index.ts';
import {
  type Definition,
  define,
  type Factory,
  type Named,
  number,
  type OptionRule,
  type OptionRules,
  oneOf,
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
export function defineRegularizer<const T extends string, const R extends OptionRules, const S extends string = never>(
  definition: RegularizerDefinition<R> & Named<T, S>,
): Factory<'regularizer', T, R, S> {
  return define('regularizer', definition, 'build');
}

const strength = number('[0, inf)', {
  describe: 'Strength of the penalty',
  remedy: 'Use 0 for no penalty; 1e-4 to 1e-2 is usual.',
});

/** The same with a default, which is that of Keras. */
/* @__NO_SIDE_EFFECTS__ */
function strengthOf(value: number) {
  return { ...strength, default: value } as unknown as OptionRule<number, 'default'>;
}

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
  options: { l1: strengthOf(0.01) },
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
  options: { l2: strengthOf(0.01) },
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
  options: { l1: strengthOf(0), l2: strengthOf(0) },
  build: (strengths) => strengths,
});

/**
 * λ·Σ‖wᵢ‖ over the inputs i, where wᵢ are the weights from one input (Yuan & Lin 2006; Scardapane et al. 2017): drives all weights
 * of inputs that do not help towards zero together. The gradient is 0 where all of them are 0.
 *
 * @example
 * ```js
 * import { dense, groupLasso } from 'regulus';
 * console.log(dense(4, { kernelRegularizer: groupLasso(1e-3) }));
 * ```
 */
export const groupLasso = defineRegularizer({
  type: 'groupLasso',
  describe: 'λ·Σ‖weights from an input‖',
  shorthand: 'strength',
  options: { strength },
  build({ strength }, { shape }) {
    const [rows] = shape;
    const normOf = (data: Float32Array, i: number) => {
      const size = data.length / rows;
      let squares = 0;
      for (let j = i * size; j < (i + 1) * size; j++) squares += data[j] * data[j];
      return Math.sqrt(squares);
    };
    return {
      penalty({ data }) {
        let sum = 0;
        for (let i = 0; i < rows; i++) sum += normOf(data, i);
        return strength * sum;
      },
      addGradient({ data: gradient }, { data }) {
        const size = data.length / rows;
        for (let i = 0; i < rows; i++) {
          const norm = normOf(data, i);
          if (norm === 0) continue;
          for (let j = i * size; j < (i + 1) * size; j++) gradient[j] += (strength * data[j]) / norm;
        }
      },
    };
  },
});

/**
 * `factor` times the mean |cos| of the angles between all pairs of rows of the kernel, which are the weights from each input, or of
 * its columns, those into each unit (Keras' `OrthogonalRegularizer`): drives them to be orthogonal. A step costs
 * rows²·columns operations, without SIMD.
 *
 * @throws ParameterError for an unknown option or a value out of range.
 * @example
 * ```js
 * import { dense, orthogonalRegularizer } from 'regulus';
 * console.log(dense(4, { kernelRegularizer: orthogonalRegularizer({ factor: 0.01, mode: 'columns' }) }));
 * ```
 */
export const orthogonalRegularizer = defineRegularizer({
  type: 'orthogonalRegularizer',
  describe: 'factor·mean |cos| of the angles between rows, or columns',
  options: {
    factor: number('[0, inf)', { default: 0.01, describe: 'Strength of the penalty' }),
    mode: oneOf(['rows', 'columns'], { default: 'rows', describe: 'What is to be orthogonal' }),
  },
  build({ factor, mode }, { shape }) {
    const [inputs, outputs = 1] = shape;
    // Vector k has the elements k·step, k·step + stride …
    const [count, size, step, stride] = mode === 'rows' ? [inputs, outputs, outputs, 1] : [outputs, inputs, 1, outputs];
    const share = count > 1 ? (2 * factor) / (count * (count - 1)) : 0;
    const unit = new Float64Array(count * size);
    const norms = new Float64Array(count);
    const normalize = (data: Float32Array) => {
      for (let k = 0; k < count; k++) {
        let squares = 0;
        for (let j = 0; j < size; j++) squares += data[k * step + j * stride] * data[k * step + j * stride];
        norms[k] = Math.sqrt(squares);
        for (let j = 0; j < size; j++) unit[k * size + j] = squares > 0 ? data[k * step + j * stride] / norms[k] : 0;
      }
    };
    const cosine = (k: number, other: number) => {
      let sum = 0;
      for (let j = 0; j < size; j++) sum += unit[k * size + j] * unit[other * size + j];
      return sum;
    };
    return {
      penalty({ data }) {
        normalize(data);
        let sum = 0;
        for (let k = 1; k < count; k++) for (let other = 0; other < k; other++) sum += Math.abs(cosine(k, other));
        return share * sum;
      },
      addGradient({ data: gradient }, { data }) {
        normalize(data);
        for (let k = 0; k < count; k++) {
          for (let other = 0; other < count; other++) {
            if (other === k || norms[k] === 0) continue;
            const cos = cosine(k, other);
            const slope = (share * Math.sign(cos)) / norms[k];
            for (let j = 0; j < size; j++) {
              gradient[k * step + j * stride] += slope * (unit[other * size + j] - cos * unit[k * size + j]);
            }
          }
        }
      },
    };
  },
});

/**
 * All regularizers of the package.
 *
 * @hidden
 */
export const regularizers = [l1, l2, l1l2, groupLasso, orthogonalRegularizer] as const;
