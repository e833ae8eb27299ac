// Constraints: what weights must fulfil after every step of the optimizer.
import type { Tensor } from '../backend/index.ts';
import {
  type Definition,
  define,
  type Factory,
  type Named,
  number,
  type OptionRules,
  type ResolvedOptions,
} from '../errors/index.ts';
import type { ArrayContext } from './regularizers.ts';

/** Changes an array in place, after each step, to one that fulfils the constraint. */
export type RunningConstraint = (w: Tensor) => void;

/** How a constraint is enforced. */
export interface ConstraintDefinition<R extends OptionRules = OptionRules> extends Definition<R> {
  /** Starts the constraint for one array. */
  build(options: ResolvedOptions<R>, context: ArrayContext): RunningConstraint;
}

/**
 * Defines a constraint, for `kernelConstraint`.
 *
 * @example
 * ```js
 * import { defineConstraint, dense } from 'regulus';
 *
 * const clipped = defineConstraint({
 *   type: 'clipped',
 *   options: {},
 *   build: (_, { backend }) => (w) => backend.clip(w, w, w.length, -1, 1),
 * });
 * console.log(dense(4, { kernelConstraint: clipped() }));
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function defineConstraint<const T extends string, const R extends OptionRules, const S extends string = never>(
  definition: ConstraintDefinition<R> & Named<T, S>,
): Factory<'constraint', T, R, S> {
  return define('constraint', definition, 'build');
}

/**
 * Keeps the Euclidean norm of the weights into each unit at `maxValue` or below, by scaling them (Srivastava et al. 2014;
 * Keras' `MaxNorm` with its default axis).
 *
 * @example
 * ```js
 * import { dense, maxNorm } from 'regulus';
 * console.log(dense(4, { kernelConstraint: maxNorm(2) }));
 * ```
 */
export const maxNorm = defineConstraint({
  type: 'maxNorm',
  describe: 'Norm of the weights into each unit at most maxValue',
  shorthand: 'maxValue',
  options: { maxValue: number('(0, inf)', { default: 2, describe: 'The greatest norm' }) },
  build: ({ maxValue }, { shape }) => scaleColumns(shape, (norm) => (norm <= maxValue ? 1 : maxValue / norm)),
});

/**
 * Scales the weights into each unit to a Euclidean norm of 1 (Keras' `UnitNorm` with its default axis); those that are all 0 stay
 * so.
 *
 * @example
 * ```js
 * import { dense, unitNorm } from 'regulus';
 * console.log(dense(4, { kernelConstraint: unitNorm() }));
 * ```
 */
export const unitNorm = defineConstraint({
  type: 'unitNorm',
  describe: 'Norm of the weights into each unit 1',
  options: {},
  build: (_, { shape }) => scaleColumns(shape, (norm) => (norm === 0 ? 1 : 1 / norm)),
});

/**
 * Sets negative weights to 0 (Keras' `NonNeg`).
 *
 * @example
 * ```js
 * import { dense, nonNegative } from 'regulus';
 * console.log(dense(4, { kernelConstraint: nonNegative() }));
 * ```
 */
export const nonNegative = defineConstraint({
  type: 'nonNegative',
  describe: 'No weight below 0',
  options: {},
  build:
    (_, { backend }) =>
    (w) =>
      backend.relu(w, w, w.length),
});

/** Multiplies each column by a factor that depends on its norm. */
function scaleColumns(shape: readonly number[], factorOf: (norm: number) => number): RunningConstraint {
  const columns = shape[shape.length - 1];
  // Of the squares first, then the factors.
  const sums = new Float64Array(columns);
  return ({ data }) => {
    sums.fill(0);
    // Row by row, as the weights lie in memory.
    for (let start = 0; start < data.length; start += columns) {
      for (let j = 0; j < columns; j++) sums[j] += data[start + j] * data[start + j];
    }
    let changes = false;
    for (let j = 0; j < columns; j++) {
      sums[j] = factorOf(Math.sqrt(sums[j]));
      changes ||= sums[j] !== 1;
    }
    for (let start = 0; changes && start < data.length; start += columns) {
      for (let j = 0; j < columns; j++) data[start + j] *= sums[j];
    }
  };
}

/**
 * All constraints of the package.
 *
 * @hidden
 */
export const constraints = [maxNorm, unitNorm, nonNegative] as const;
