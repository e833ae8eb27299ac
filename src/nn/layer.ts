// What a layer is: a description that users write, and the running layer that a network builds from it.
import type { Backend, Memory, Tensor } from '../backend/index.ts';
import type { RandomState } from '../random/index.ts';

/** A trained array and its gradient. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly value: Tensor;
  readonly gradient: Tensor;
  readonly l1: number;
  readonly l2: number;
}

/** What a network gives a layer when it is built. */
export interface BuildContext {
  readonly backend: Backend;
  /** Where parameters live, as long as the model. */
  readonly memory: Memory;
  /** The root seed of the model. */
  readonly seed: number;
  /** How many layers of this kind come before: their streams do not depend on layers of other kinds. */
  readonly ordinal: number;
  /** The layer before this one; undefined for the first. */
  readonly previous: LayerSpec['kind'] | undefined;
  /** The stream of initial values that belongs to this layer. */
  readonly initialization: RandomState;
}

/** The description of a layer, as `dense()`, `relu()` and `dropout()` make it. It holds no state and can be used again. */
export interface LayerSpec {
  readonly kind: 'dense' | 'relu' | 'dropout';
  /** One line for `summary()`. */
  readonly description: string;
  /** How to make an equal one in another thread: the name of its factory, then the arguments. @internal */
  readonly recipe: readonly [factory: string, ...args: unknown[]];
  /** @internal */
  build(inputSize: number, context: BuildContext): Layer;
}

/**
 * A running layer. Element-wise layers work in place: the tensor they are given belongs to the layer before, which
 * does not need its old values.
 */
export interface Layer {
  readonly outputSize: number;
  readonly parameters: readonly Parameter[];
  /** Makes room for the outputs of `rows` samples. */
  reserve?(rows: number, memory: Memory): void;
  /** Makes room for the input gradients of `rows` samples. */
  reserveGradients?(rows: number, memory: Memory): void;
  /** y (rows, outputSize) for x (rows, inputSize). With `step`, the number of the training step, the layer is in training. */
  forward(x: Tensor, rows: number, step?: number): Tensor;
  /**
   * Computes the gradients of the parameters and returns dx (rows, inputSize) for dy (rows, outputSize), after
   * `forward` with the same step. The first layer is told that dx is not needed and may return anything.
   */
  backward(dy: Tensor, rows: number, step: number, needsInputGradient: boolean): Tensor;
}
