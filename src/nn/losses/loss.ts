// What a loss is: what targets it takes, its value and gradient, and how predictions are read off a network's outputs.
import type { Backend, Memory, Tensor } from '../../backend/index.ts';
import {
  type Definition,
  define,
  type Factory,
  type Named,
  number,
  type OptionRules,
  type ResolvedOptions,
} from '../../errors/index.ts';

/** What a network is trained to predict: one class a sample, any number of labels a sample, or real numbers. */
export type Task = 'classification' | 'multiLabel' | 'regression';

/** What is known of a dataset when the size of a network's last layer is chosen. */
export interface TargetFacts {
  /** Number of classes, for class indices. */
  readonly classes?: number;
  /** Numbers a sample, for other targets. */
  readonly columns?: number;
}

/** The option of the losses of classes and labels. */
export const labelSmoothing = number('[0, 1)', {
  default: 0,
  describe: 'Share of each target that is spread evenly over the classes',
});

/** The outputs of losses of real targets that compare each output with a number of its own. */
export const asManyAsTargets = ({ columns = 1 }: TargetFacts): number => columns;

/** Such a loss at work; `sum` adds up what all `n` outputs lose and writes their gradients. */
export function meanOverOutputs(
  outputSize: number,
  sum: (dOutput: Tensor, output: Tensor, targets: Tensor, n: number) => number,
): RunningLoss {
  return {
    task: 'regression',
    targetSize: outputSize,
    value: (dOutput, output, targets, rows) => sum(dOutput, output, targets as Tensor, rows * outputSize) / outputSize,
  };
}

/** What a loss is told when a network is built. */
export interface LossContext {
  readonly outputSize: number;
  readonly backend: Backend;
  /** Where its arrays live as long as the model. */
  readonly memory: Memory;
}

/** A loss at work on the outputs of one network. */
export interface RunningLoss {
  readonly task: Task;
  /** The number of classes, for classification. */
  readonly classes?: number;
  /** Numbers of a sample's target. */
  readonly targetSize: number;
  /** The rule that a number of a target breaks, as in "must be …"; where any number will do, it is left out. */
  targetRule?(target: number): string | undefined;
  /** Whether targets are stored as 32-bit integers instead of floats. */
  readonly integerTargets?: boolean;
  /** Makes room for what depends on the size of a batch. Called before all others, and again for larger batches. */
  reserve?(rows: number, memory: Memory): void;
  /**
   * Σ over the rows of each row's loss, in float64, where a row's loss is the mean over its outputs. Writes the gradient of
   * the mean over the rows to dOutput (rows, outputSize), which is not `output`.
   */
  value(dOutput: Tensor, output: Tensor, targets: Tensor<Float32Array | Int32Array>, rows: number): number;
  /** The predicted classes (rows), or 0 and 1 for each label (rows, outputSize). Not for regression. */
  classify?(classes: Tensor<Int32Array>, output: Tensor, rows: number): void;
  /** Probabilities (rows, classes), or (rows, outputSize) for labels. Not for regression. */
  probabilities?(p: Tensor, output: Tensor, rows: number): void;
  /** The predicted numbers (rows, outputSize), for regression; the outputs themselves where it is left out. */
  values?(y: Tensor, output: Tensor, rows: number): void;
  /** How many rows `classify` gets right; counted from `classify` where it is left out. */
  countCorrect?(output: Tensor, targets: Tensor<Float32Array | Int32Array>, rows: number): number;
}

/** How a loss is computed. */
export interface LossDefinition<R extends OptionRules = OptionRules> extends Definition<R> {
  /** What `Dataset.y` holds: class indices, or numbers. */
  readonly targets: 'classes' | 'values';
  /** The size of the last layer for a dataset. */
  outputs(facts: TargetFacts, options: ResolvedOptions<R>): number;
  /** Whether predictions are means, then as many variances: those of an ensemble are the variances of its mixture. */
  readonly predictsVariances?: boolean;
  /** Starts the loss; throws where it cannot work on so many outputs. */
  build(options: ResolvedOptions<R>, context: LossContext): RunningLoss;
}

/**
 * Defines a loss, for `sequential({ loss })`.
 *
 * @example
 * ```js
 * import { defineLoss, dense, sequential } from 'regulus';
 *
 * // Σ log cosh(output − target): between squared and absolute error
 * const logCosh = defineLoss({
 *   type: 'logCosh',
 *   options: {},
 *   targets: 'values',
 *   outputs: ({ columns }) => columns,
 *   build: (_, { outputSize }) => ({
 *     task: 'regression',
 *     targetSize: outputSize,
 *     value(dOutput, output, targets, rows) {
 *       let sum = 0;
 *       for (let i = 0; i < rows * outputSize; i++) {
 *         const error = output.data[i] - targets.data[i];
 *         sum += Math.log(Math.cosh(error));
 *         dOutput.data[i] = Math.tanh(error) / (rows * outputSize);
 *       }
 *       return sum / outputSize;
 *     },
 *   }),
 * });
 * const model = sequential({ inputSize: 1, loss: logCosh(), layers: [dense(1)] });
 * const x = { data: Float64Array.of(-1, 0, 1, 2), shape: [4, 1] };
 * await model.fit({ x, y: Float64Array.of(-2, 0, 2, 4) }, { epochs: 5 });
 * console.log(model.predict(x));
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function defineLoss<const T extends string, const R extends OptionRules, const S extends string = never>(
  definition: LossDefinition<R> & Named<T, S>,
): Factory<'loss', T, R, S> {
  return define('loss', definition, 'outputs', 'build');
}
