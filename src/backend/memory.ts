// The tensors of one owner, given back together.
import type { Backend } from './backend.ts';
import type { Tensor } from './tensor.ts';

/** Allocates tensors and remembers them, so that one call gives them all back. */
export class Memory {
  readonly #backend: Backend;
  readonly #tensors: Tensor<Float32Array | Int32Array>[] = [];

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** A new array of `length` zeros. */
  float32(length: number): Tensor {
    return this.#keep(this.#backend.float32(length));
  }

  /** The same for integers. */
  int32(length: number): Tensor<Int32Array> {
    return this.#keep(this.#backend.int32(length));
  }

  #keep<T extends Float32Array | Int32Array>(tensor: Tensor<T>): Tensor<T> {
    this.#tensors.push(tensor);
    return tensor;
  }

  /** Makes arrays of this owner one, see `Backend.join`. */
  join(tensors: readonly Tensor[]): Tensor {
    const whole = this.#backend.join(tensors);
    const parts = new Set<unknown>(tensors);
    this.#tensors.splice(0, Infinity, ...this.#tensors.filter((tensor) => !parts.has(tensor)), whole);
    return whole;
  }

  /** Gives everything back, then has `allocate` take what is needed now: all of it, or nothing where that fails. */
  refill(allocate: () => void): void {
    this.free();
    try {
      allocate();
    } catch (error) {
      this.free();
      throw error;
    }
  }

  /** Gives everything back; the owner may allocate again. */
  free(): void {
    for (const tensor of this.#tensors.splice(0)) this.#backend.free(tensor as Tensor);
  }
}
