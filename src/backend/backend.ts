// The operations that training needs, whatever computes them.
import type { Tensor } from './tensor.ts';
import type { Operations } from './wasm/generated/operations.ts';

/** What an engine runs on. */
export interface EngineInfo {
  /** `'wasm'`: the AssemblyScript core; `'js'`: plain JavaScript. */
  readonly backend: 'wasm' | 'js';
  /** `'reproducible'`: the same bits on every machine; `'fast'`: may use fused multiply-add. */
  readonly numerics: 'reproducible' | 'fast';
  /** The instruction set in use. */
  readonly simd: 'none' | 'simd128' | 'relaxed';
  /** The version of Regulus. */
  readonly version: string;
}

/**
 * Tensors and the operations on them, which are those of the compute core (assembly/index.ts). Outputs come first, matrices
 * are row-major, and shapes are given beside the tensors. They are not checked here: whoever calls has checked them. Only
 * where a comment says so may an output be one of the inputs.
 */
export interface Backend extends Operations {
  readonly info: EngineInfo;
  /** A new array of `length` zeros. Throws `EnvironmentError` when memory is exhausted. */
  float32(length: number): Tensor;
  /** The same for integers. */
  int32(length: number): Tensor<Int32Array>;
  /**
   * Moves arrays to one block of memory, each from a multiple of four elements on, with zeros between them, and returns that as an array.
   * Only that one is given back from then on.
   */
  join(tensors: readonly Tensor[]): Tensor;
  /** `length` elements of an array from `start`, a multiple of four, as an array. It is given back with the whole. */
  part(tensor: Tensor, start: number, length: number): Tensor;
  /** Gives an array back; it must not be used again. */
  free(tensor: Tensor | Tensor<Int32Array>): void;
}
