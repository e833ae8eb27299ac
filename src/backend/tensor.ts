// Arrays that belong to a backend.

/** A typed array owned by a backend. */
export interface Tensor<T extends Float32Array | Int32Array = Float32Array> {
  readonly length: number;
  /** A view of the elements. Take it anew each time: growing WebAssembly memory detaches older views. */
  readonly data: T;
}
