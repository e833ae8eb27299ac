// Arrays that belong to a backend.

/** A typed array owned by a backend. */
export interface Tensor<T extends Float32Array | Int32Array = Float32Array> {
  readonly length: number;
  /** A view of the elements. Take it anew each time: growing WebAssembly memory detaches older views. */
  readonly data: T;
}

/** Where each of arrays begins that are joined, and how long they are together. */
export function layOut(tensors: readonly Tensor[]): { starts: number[]; length: number } {
  let length = 0;
  const starts = tensors.map((tensor) => {
    const start = length;
    length += (tensor.length + 3) & ~3;
    return start;
  });
  return { starts, length };
}
