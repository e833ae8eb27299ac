// What a layer is: its definition, and the running layer that a network builds from a description.
import type { Backend, Memory, Tensor } from '../../backend/index.ts';
import {
  type AnyFactory,
  boolean,
  type Definition,
  type Description,
  define,
  type Factory,
  factoryOf,
  integer,
  type Named,
  number,
  type OptionRules,
  type ResolvedOptions,
} from '../../errors/index.ts';
import type { RunningConstraint } from '../constraints.ts';
import type { RunningRegularizer } from '../regularizers.ts';

/** An array of a layer that is saved with the model: trained, or state such as moving means. */
export interface NamedArray {
  /** Such as `dense1.kernel`: type, number within the type from 1, name. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly value: Tensor;
}

/** A trained array, its gradient, and what is asked of it beside a low loss. */
export interface Parameter extends NamedArray {
  readonly gradient: Tensor;
  readonly regularizer: RunningRegularizer | undefined;
  readonly constraint: RunningConstraint | undefined;
  /** What the learning rate is multiplied by, 1 where it is left out. */
  readonly learningRateFactor?: number | undefined;
}

/** Parameters that are one after the other in memory: their values and gradients as arrays of all of them. */
export interface ParameterBlock {
  readonly parameters: readonly Parameter[];
  readonly value: Tensor;
  readonly gradient: Tensor;
}

/** How a parameter begins, and what is asked of it. */
export interface ParameterOptions {
  /** Zeros by default. */
  initializer?: Description<'initializer'> | string | undefined;
  regularizer?: Description<'regularizer'> | undefined;
  constraint?: Description<'constraint'> | undefined;
  /** Whether optimizers change it, default true. Otherwise it has neither a gradient nor a penalty. */
  trainable?: boolean | undefined;
  learningRateFactor?: number | undefined;
}

/** The option of layers whose arrays may learn at a rate of their own. */
export const learningRateFactor = number('(0, inf)', {
  default: 1,
  describe: 'What the learning rate is multiplied by for the arrays of the layer',
});

/** The option of layers that compute many members of an ensemble at once. */
export const members = integer(1, { default: 32, describe: 'How many members the ensemble has' });

/** What a network gives a layer when it is built. */
export interface BuildContext {
  /** How many values of each sample the layer is given. */
  readonly size: number;
  readonly backend: Backend;
  /** Where arrays live as long as the model; {@link Layer.reserve} is for those that depend on the batch. */
  readonly memory: Memory;
  /** What earlier layers still need of the tensor that this layer is given, see {@link Layer.needsOutput}. */
  readonly inputNeeded: Layer['needsOutput'];
  /** Makes a trained array, `[inputs, outputs]` or `[units]`. */
  parameter(name: string, shape: readonly number[], options?: ParameterOptions): Parameter;
  /** Makes an array that is saved with the model and not trained, filled with `value`. */
  state(name: string, shape: readonly number[], value: number): Tensor;
  /** Half 0 or 1 of the 64-bit key for what the layer draws in `step`: a function of (seed, type, ordinal, step). */
  key(step: number, half: 0 | 1): number;
  /**
   * Builds layers inside the layer, for inputs of `size` values. Their arrays are among those of the layer, as `residual1.dense1.kernel`, and
   * their streams are functions of (seed, type and ordinal of the layer, type and ordinal inside).
   */
  inner(size: number, layers: readonly Description<'layer'>[]): InnerLayers;
}

/**
 * What is done in training with what a layer keeps of the data, such as moving averages: each step moves it; it becomes the mean over the rows
 * of the steps from now on; or it is fixed, and used as at inference.
 */
export type Statistics = 'moving' | 'mean' | 'fixed';

/** Layers inside a layer. They leave the input as it is. */
export interface InnerLayers {
  readonly outputSize: number;
  /** To be called in the layer's own `reserve`. */
  reserve(rows: number, memory: Memory): void;
  /** The outputs (rows, outputSize) for x (rows, size), in a tensor of their own. */
  forward(x: Tensor, rows: number, step?: number): Tensor;
  /** The gradients of the parameters for dy (rows, outputSize); with `toInput` it returns that of x (rows, size). */
  backward(dy: Tensor, rows: number, step: number, toInput: boolean): Tensor;
  /** Makes the gradients of the parameters 0, for a step without them. */
  clearGradients(): void;
  /** To be called in the layer's own `useStatistics`. */
  useStatistics(how: Statistics, trained?: number): void;
}

/**
 * A running layer. It works on the first `rows` samples of row-major tensors. The network decides which of them share
 * memory, from what each layer says it needs.
 */
export interface Layer {
  readonly outputSize: number;
  /** Of how many predictions of a sample the output consists, 1 where it is left out; the loss is asked of the last layer's. */
  readonly members?: number;
  /** Whether `backward` reads the input. The layer is then never given an output that is its input. */
  readonly needsInput?: boolean;
  /**
   * What `backward` reads of the layer's own output: its `'values'`, or only where it is `'positive'`, when the layer passes
   * no gradient elsewhere. Layers behind it then leave that as it is.
   */
  readonly needsOutput?: 'values' | 'positive' | undefined;
  /** Whether `forward` may be given y = x, and `backward` dx = dy. */
  readonly inPlace?: boolean;
  /** Whether the output is positive only where the input is, and is so wherever a gradient has to pass. */
  readonly keepsPositive?: boolean;
  /**
   * Whether the layer makes what is tiny 0 by itself, in `forward` of y and in `backward` of dy. Else the network does it, in
   * training, so that no number becomes denormal (docs/numerics.md, rule 12).
   */
  readonly flushes?: boolean;
  /** Whether it does so for the gradient alone, or takes what is tiny in dy for 0. */
  readonly flushesGradient?: boolean;
  /** Whether y and dx hold nothing tiny where x and dy hold nothing tiny. */
  readonly keepsFlushed?: boolean;
  /** What the layer does to each value, where a product can do it at once: the name that `fuse` of the layer before is told. */
  readonly epilogue?: 'relu';
  /**
   * Takes over what the layer behind does, whose input and output are this one's y, for both passes: false where it cannot.
   */
  fuse?(epilogue: 'relu'): boolean;
  /** Makes room for what depends on the size of a batch, other than outputs and gradients. */
  reserve?(rows: number, memory: Memory): void;
  /**
   * What forward passes in training do with what the layer keeps of the data, from now on; `'moving'` at first. With `'fixed'`, `trained` is
   * how many steps the model has been trained for: the number that `forward` is given says then which masks to draw, and no more.
   */
  useStatistics?(how: Statistics, trained?: number): void;
  /** y (rows, outputSize) for x (rows, size). With `step`, the number of the training step, the layer is in training. */
  forward(y: Tensor, x: Tensor, rows: number, step?: number): void;
  /**
   * The gradients of the parameters, and dx (rows, size) for dy (rows, outputSize), after `forward` with the same step.
   * There is no dx where no layer before has parameters.
   */
  backward(dx: Tensor | undefined, dy: Tensor, x: Tensor, y: Tensor, rows: number, step: number): void;
}

/** The option of layers whose biases may learn at a rate of their own. */
export const biasLearningRateFactor = number('(0, inf)', {
  default: 1,
  describe: 'What the learning rate is multiplied by for biases',
});

/** How a layer computes. */
export interface LayerDefinition<R extends OptionRules = OptionRules> extends Definition<R> {
  /** The option that holds a layer which stands behind this one: the description is short for two. */
  readonly behind?: keyof R & string;
  /** Makes the running layer; `options` have their defaults. */
  build(options: ResolvedOptions<R>, context: BuildContext): Layer;
}

/**
 * Defines a layer. Plain JavaScript over `tensor.data` is enough to write one; `backend` has the kernels of the package.
 *
 * @example
 * ```js
 * import { defineLayer, dense, sequential } from 'regulus';
 *
 * const square = defineLayer({
 *   type: 'square',
 *   options: {},
 *   build: (_, { size }) => ({
 *     outputSize: size,
 *     needsInput: true,
 *     forward: (y, x, rows) => { for (let i = 0; i < rows * size; i++) y.data[i] = x.data[i] ** 2; },
 *     backward: (dx, dy, x, y, rows) => {
 *       for (let i = 0; dx && i < rows * size; i++) dx.data[i] = 2 * x.data[i] * dy.data[i];
 *     },
 *   }),
 * });
 * console.log(sequential({ inputSize: 2, layers: [dense(3), square(), dense(2)] }).summary());
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function defineLayer<const T extends string, const R extends OptionRules, const S extends string = never>(
  definition: LayerDefinition<R> & Named<T, S>,
): Factory<'layer', T, R, S> {
  return define('layer', definition, 'build');
}

/** The rule of the option of layers with parameters. */
export const trainable = boolean({
  default: true,
  describe: 'Whether its parameters are trained; without, they are frozen',
});

/** The options of layers that normalize, as in Keras. */
export const center = boolean({ default: true, describe: 'Whether beta is added' });
export const scale = boolean({ default: true, describe: 'Whether gamma is a factor' });

/** Their gamma and beta: parameters, or 1 and 0 for ever. */
export function affine(
  { center, scale, trainable }: { readonly center: boolean; readonly scale: boolean; readonly trainable: boolean },
  { size, memory, parameter }: BuildContext,
): Pick<Parameter, 'value' | 'gradient'>[] {
  const array = (name: string, exists: boolean, value: number) => {
    const own = exists
      ? parameter(name, [size], { trainable })
      : { value: memory.float32(size), gradient: memory.float32(size) };
    own.value.data.fill(value);
    return own;
  };
  return [array('gamma', scale, 1), array('beta', center, 0)];
}

/** Layers, with two in the place of each description that is short for them. */
export const expandLayers = (layers: readonly Description<'layer'>[]): Description<'layer'>[] =>
  layers.flatMap((layer) => {
    const factory = factoryOf(layer) as AnyFactory<'layer'> | undefined;
    const name = (factory?.definition as LayerDefinition | undefined)?.behind;
    if (!factory || name === undefined) return [layer];
    const { type, [name]: behind, ...own } = layer as Description<'layer'> & Record<string, unknown>;
    return behind === undefined ? [layer] : [factory(own), behind as Description<'layer'>];
  });

/**
 * A layer that changes each value by itself and has no parameters. `read` is what `backward` is given of it, which takes what is tiny in
 * dy for 0.
 */
export function elementwise(
  size: number,
  read: 'input' | Layer['needsOutput'],
  forward: (y: Tensor, x: Tensor, n: number) => void,
  backward: (dx: Tensor, dy: Tensor, read: Tensor, n: number) => void,
): Layer {
  const needsInput = read === 'input';
  return {
    outputSize: size,
    inPlace: true,
    needsInput,
    needsOutput: needsInput ? undefined : read,
    flushesGradient: true,
    forward: (y, x, rows) => forward(y, x, rows * size),
    backward(dx, dy, x, y, rows) {
      if (dx) backward(dx, dy, needsInput ? x : y, rows * size);
    },
  };
}

/** Writes to n values of `to` what becomes of those of `from` by what is drawn with a key. */
export type Draw = (to: Tensor, from: Tensor, n: number, key0: number, key1: number) => void;

/** A layer that draws in training, where there is an `amount` to draw, for each pass whose draw is given; else it leaves what it gets. */
export function drawn({ size, backend, key }: BuildContext, amount: number, forward: Draw, backward?: Draw): Layer {
  const change = (draw: Draw | undefined, to: Tensor, from: Tensor, rows: number, step: number | undefined) => {
    const n = rows * size;
    if (draw && amount > 0 && step !== undefined) draw(to, from, n, key(step, 0), key(step, 1));
    else if (to !== from) backend.scale(to, from, n, 1);
  };
  return {
    outputSize: size,
    inPlace: true,
    forward: (y, x, rows, step) => change(forward, y, x, rows, step),
    backward(dx, dy, _x, _y, rows, step) {
      if (dx) change(backward, dx, dy, rows, step);
    },
  };
}
