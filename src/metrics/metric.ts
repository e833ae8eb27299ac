// What a metric is: its name, which direction is better, and how it is computed from batches of predictions.
import type { Tensor } from '../backend/index.ts';
import {
  type Definition,
  define,
  type Factory,
  type Named,
  type OptionRules,
  type ResolvedOptions,
} from '../errors/index.ts';
import type { Task } from '../nn/index.ts';

/** A batch of predictions beside their targets. */
export interface MetricBatch {
  readonly rows: number;
  /** The outputs of the last layer (rows, outputs), before softmax, sigmoid or what else the loss makes of them. */
  readonly output: Tensor;
  /** Class indices (rows), or numbers (rows, outputs). */
  readonly targets: Tensor<Int32Array | Float32Array>;
  /** The predicted classes (rows), or 0 and 1 for each label; a view that the next call overwrites. */
  classes(): Int32Array;
  /** The predicted probabilities (rows, columns); a view that the next call overwrites. */
  probabilities(): Float32Array;
  /** The predicted numbers (rows, outputs), for real targets; a view that the next call overwrites. */
  values(): Float32Array;
  /** How much each row counts; undefined where all count the same. */
  readonly sampleWeight: Float64Array | undefined;
  /** How many rows are predicted right as a whole. */
  countCorrect(): number;
}

/** What a metric is told when it starts. */
export interface MetricContext {
  readonly task: Task;
  /** The number of classes, for classification. */
  readonly classes?: number | undefined;
  readonly outputs: number;
  /** Numbers of a sample's target: 1 for classification. */
  readonly targets: number;
}

/** A metric at work on one pass over data. */
export interface RunningMetric {
  /** Takes the next batch. */
  add(batch: MetricBatch): void;
  /** The value over all batches so far. */
  value(): number;
}

/** How a metric is computed. */
export interface MetricDefinition<R extends OptionRules = OptionRules> extends Definition<R> {
  /** Which direction is better. */
  readonly better: 'higher' | 'lower';
  /** `'share'` is printed as per cent, `'target'` is in the unit of the target. */
  readonly unit: 'share' | 'target' | 'none';
  /** The tasks that it makes sense for. */
  readonly tasks: readonly Task[];
  /** Starts a pass over data; throws where the metric makes no sense for such a network. */
  start(options: ResolvedOptions<R>, context: MetricContext): RunningMetric;
}

/**
 * Defines a metric, for `fit({ metrics })`, `evaluate` and specs. Its type is its name: `fit` records a metric `halfRight` as
 * `trainHalfRight` and `valHalfRight`.
 *
 * @example
 * ```js
 * import { defineMetric, dense, makeMoons, sequential } from 'regulus';
 *
 * // The share of samples whose own class has a probability of at least one half.
 * const halfRight = defineMetric({
 *   type: 'halfRight',
 *   options: {},
 *   better: 'higher',
 *   unit: 'share',
 *   tasks: ['classification'],
 *   start(_, { classes }) {
 *     let right = 0;
 *     let total = 0;
 *     return {
 *       add(batch) {
 *         const p = batch.probabilities();
 *         for (let i = 0; i < batch.rows; i++) if (p[i * classes + batch.targets.data[i]] >= 0.5) right++;
 *         total += batch.rows;
 *       },
 *       value: () => right / total,
 *     };
 *   },
 * });
 * const model = sequential({ inputSize: 2, layers: [dense(2)] });
 * console.log(model.evaluate(makeMoons(), { metrics: [halfRight()] }));
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function defineMetric<const T extends string, const R extends OptionRules, const S extends string = never>(
  definition: MetricDefinition<R> & Named<T, S>,
): Factory<'metric', T, R, S> {
  return define('metric', definition, 'start');
}
