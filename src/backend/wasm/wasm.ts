// The Backend on the WebAssembly core: tensors are addresses in linear memory, operations are calls.
import { EnvironmentError } from '../../errors/index.ts';
import type { Backend, EngineInfo, Tensor } from '../backend.ts';
import { keepThreshold } from '../dropout-mask.ts';
import { type Core, instantiate, type SimdLevel } from './core.ts';

type View = Float32Array | Int32Array;

class WasmTensor<T extends View> implements Tensor<T> {
  readonly address: number;
  readonly length: number;
  readonly #memory: WebAssembly.Memory;
  readonly #View: new (
    buffer: ArrayBuffer,
    address: number,
    length: number,
  ) => T;
  #data: T;

  constructor(core: Core, View: new (buffer: ArrayBuffer, address: number, length: number) => T, length: number) {
    this.address = allocate(core, 4 * length);
    this.length = length;
    this.#memory = core.memory;
    this.#View = View;
    this.#data = new View(core.memory.buffer, this.address, length);
  }

  get data(): T {
    if (this.#data.buffer !== this.#memory.buffer) {
      this.#data = new this.#View(this.#memory.buffer, this.address, this.length);
    }
    return this.#data;
  }
}

function allocate(core: Core, bytes: number): number {
  try {
    return core.allocate(bytes) >>> 0;
  } catch (cause) {
    throw new EnvironmentError(
      `WebAssembly memory is exhausted: ${bytes} bytes more were asked for, ${core.memory.buffer.byteLength} are in use. ` +
        'Use a smaller batch or network, or dispose of models that are no longer needed.',
      { cause },
    );
  }
}

/** A backend with a core instance and a memory of its own. */
export function wasmBackend(level: SimdLevel, info: EngineInfo): Backend {
  const core = instantiate(level);
  const at = (tensor: Tensor<View>) => (tensor as WasmTensor<View>).address;
  return {
    info,
    float32: (length) => new WasmTensor(core, Float32Array, length),
    int32: (length) => new WasmTensor(core, Int32Array, length),
    free: (tensor) => core.release(at(tensor)),
    matmul: (c, a, b, m, k, n) => core.matmul(at(c), at(a), at(b), m, k, n),
    matmulTN: (c, a, b, m, k, n) => core.matmulTN(at(c), at(a), at(b), m, k, n),
    matmulNT: (c, a, b, m, k, n) => core.matmulNT(at(c), at(a), at(b), m, k, n),
    addBias: (y, bias, rows, columns) => core.addBias(at(y), at(bias), rows, columns),
    biasGradient: (db, dy, rows, columns) => core.biasGradient(at(db), at(dy), rows, columns),
    relu: (y, x, n) => core.relu(at(y), at(x), n),
    reluBackward: (dx, dy, y, n) => core.reluBackward(at(dx), at(dy), at(y), n),
    dropout: (y, x, n, rate, key0, key1) =>
      core.dropout(at(y), at(x), n, keepThreshold(rate), 1 / (1 - rate), key0, key1),
    scale: (y, x, n, factor) => core.scale(at(y), at(x), n, factor),
    softmax: (p, logits, rows, columns) => core.softmax(at(p), at(logits), rows, columns),
    softmaxCrossEntropy: (dLogits, logits, labels, rows, columns) =>
      core.softmaxCrossEntropy(at(dLogits), at(logits), at(labels), rows, columns),
    argmax: (indices, x, rows, columns) => core.argmax(at(indices), at(x), rows, columns),
    countCorrect: (x, labels, rows, columns) => core.countCorrect(at(x), at(labels), rows, columns),
    penalty: (w, n, l1, l2) => core.penalty(at(w), n, l1, l2),
    sgd: (w, g, n, rate, l1, l2) => core.sgd(at(w), at(g), n, rate, l1, l2),
    momentum: (w, g, v, n, rate, mu, l1, l2) => core.momentum(at(w), at(g), at(v), n, rate, mu, l1, l2),
    nesterov: (w, g, v, n, rate, mu, l1, l2) => core.nesterov(at(w), at(g), at(v), n, rate, mu, l1, l2),
    adam: (w, g, m, v, n, stepSize, decay1, decay2, rescale, epsilon, decay, l1, l2) =>
      core.adam(at(w), at(g), at(m), at(v), n, stepSize, decay1, decay2, rescale, epsilon, decay, l1, l2),
    softThreshold: (w, n, threshold) => core.softThreshold(at(w), n, threshold),
    softThresholdAdam: (w, v, n, threshold, rescale, epsilon) =>
      core.softThresholdAdam(at(w), at(v), n, threshold, rescale, epsilon),
  };
}
