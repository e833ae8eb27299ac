// The Backend on the WebAssembly core: tensors are addresses in linear memory, operations are calls.
import type { Backend, EngineInfo } from '../backend.ts';
import { layOut } from '../tensor.ts';
import type { Core } from './generated/core.ts';
import { operationsOf } from './generated/operations.ts';
import { at, WasmTensor } from './tensor.ts';

/** A backend on an instance of the core. */
export function wasmBackend(core: Core, info: EngineInfo): Backend {
  return {
    info,
    float32: (length) => new WasmTensor(core, Float32Array, length),
    int32: (length) => new WasmTensor(core, Int32Array, length),
    join(tensors) {
      const { starts, length } = layOut(tensors);
      const whole = new WasmTensor(core, Float32Array, length);
      tensors.forEach((tensor, i) => {
        (tensor as WasmTensor<Float32Array>).move(core, whole.address + 4 * starts[i]);
      });
      return whole;
    },
    part: (tensor, start, length) => new WasmTensor(core, Float32Array, length, at(tensor) + 4 * start),
    free: (tensor) => core.release(at(tensor)),
    ...operationsOf(core),
  };
}
