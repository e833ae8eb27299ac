// What an optimizer is: a description that users write, and the running one that `init` makes for given parameters.
import type { Backend, Memory, Tensor } from '../backend/index.ts';

/** What an optimizer knows of a trained array. */
export interface OptimizedParameter {
  /** Kernels have two dimensions, biases one. */
  readonly shape: readonly number[];
  readonly value: Tensor;
  readonly gradient: Tensor;
  /** Strengths of the weight penalties, whose gradient the optimizer adds. */
  readonly l1: number;
  readonly l2: number;
}

/** An optimizer, as `sgd()`, `adam()` and `adamW()` make it. It holds no state and can be used again. */
export interface Optimizer {
  readonly name: string;
  /** How to make an equal one in another thread: the name of its factory, then the arguments. @internal */
  readonly recipe: readonly [factory: string, ...args: unknown[]];
  /** Starts afresh on `parameters`, with arrays of its own in `memory`. @internal */
  init(parameters: readonly OptimizedParameter[], backend: Backend, memory: Memory): RunningOptimizer;
}

/** An optimizer at work. `tensors` and `numbers` are all that it remembers; writing them takes it back to an earlier step. */
export interface RunningOptimizer {
  /** Changes the parameters by their gradients; to be called once per batch. */
  update(): void;
  readonly tensors: readonly Tensor[];
  readonly numbers: number[];
}

/** The option that all optimizers have. */
export interface ProximalOption {
  /**
   * How the L1 penalty is minimized; false by default. The penalty itself, and so the loss, is the same.
   *
   * `false`: its subgradient l1·sign(w) is added to the gradient, as other libraries do. A weight that the penalty drives
   * towards 0 then jumps back and forth across it and is hardly ever exactly 0.
   *
   * `true`: the optimizer steps along the rest of the gradient, then the soft threshold sign(w)·max(|w| − t, 0) is
   * applied, and such weights become and stay exactly 0. Use it when zeros are what you want from L1: to select
   * features, to count or prune connections. Without an L1 penalty it changes nothing.
   */
  proximal?: boolean;
}
