// Tensors in linear memory: an address, and a view that is renewed when memory has grown.
import { EnvironmentError } from '../../errors/index.ts';
import type { Tensor } from '../tensor.ts';
import type { Core } from './generated/core.ts';

type View = Float32Array | Int32Array;
type ViewClass<T> = new (buffer: ArrayBuffer, address: number, length: number) => T;

export class WasmTensor<T extends View> implements Tensor<T> {
  address: number;
  readonly length: number;
  readonly #memory: WebAssembly.Memory;
  readonly #View: ViewClass<T>;
  #data: T;

  /** A new array, or a view of `length` elements at `address`. */
  constructor(core: Core, View: ViewClass<T>, length: number, address = allocate(core, 4 * length)) {
    try {
      this.#data = new View(core.memory.buffer, address, length);
    } catch (cause) {
      core.release(address);
      throw exhausted(core, 4 * length, cause);
    }
    this.address = address;
    this.length = length;
    this.#memory = core.memory;
    this.#View = View;
  }

  /** Moves the elements to `address`. */
  move(core: Core, address: number): void {
    const data = new this.#View(this.#memory.buffer, address, this.length);
    data.set(this.data);
    core.release(this.address);
    this.address = address;
    this.#data = data;
  }

  get data(): T {
    // A view that growing has detached has no elements. Asking the memory for its buffer takes longer.
    if (this.#data.length !== this.length) {
      this.#data = new this.#View(this.#memory.buffer, this.address, this.length);
    }
    return this.#data;
  }
}

/** Where a tensor of this backend is. */
export function at(tensor: Tensor<View>): number {
  return (tensor as WasmTensor<View>).address;
}

/** An address has 32 bits; larger sizes would wrap around. */
const MOST_BYTES = 2 ** 30;

function allocate(core: Core, bytes: number): number {
  try {
    // The core takes sizes as 32-bit integers.
    if (bytes > MOST_BYTES) throw new RangeError(`An array has ${MOST_BYTES} bytes at the most.`);
    return core.allocate(bytes) >>> 0;
  } catch (cause) {
    throw exhausted(core, bytes, cause);
  }
}

function exhausted(core: Core, bytes: number, cause: unknown): EnvironmentError {
  return new EnvironmentError(
    `WebAssembly memory is exhausted: ${bytes} bytes more were asked for, ${core.memory.buffer.byteLength} are in use. ` +
      'Use a smaller batch or network.',
    { code: 'ERR_MEMORY', cause },
  );
}
