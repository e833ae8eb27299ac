// What an optimizer is: a description that users write, and the running one that `init` makes for given parameters.
import type { Backend, Memory, Tensor } from '../backend/index.ts';

/** What an optimizer knows of a trained array. */
export interface OptimizedParameter {
  readonly value: Tensor;
  readonly gradient: Tensor;
  /** Strengths of the weight penalties, whose gradient the optimizer adds. */
  readonly l1: number;
  readonly l2: number;
}

/** An optimizer, as `sgd()` and `adam()` make it. It holds no state and can be used again. */
export interface Optimizer {
  readonly name: string;
  /** Makes the state (zero, in `memory`) and returns the update, to be called once per batch. @internal */
  init(parameters: readonly OptimizedParameter[], backend: Backend, memory: Memory): () => void;
}
