// The Backend in plain JavaScript, meant to be read: the oracle of the tests, the baseline of the benchmarks and the
// fallback where there is no SIMD. Storage is float32, arithmetic float64.
import { EnvironmentError } from '../../errors/index.ts';
import type { Backend, EngineInfo } from '../backend.ts';
import { layOut, type Tensor } from '../tensor.ts';
import type { Operations } from '../wasm/generated/operations.ts';
import { activations } from './activations.ts';
import { arithmetic } from './arithmetic.ts';
import type { Kernels } from './kernels.ts';
import { layers } from './layers.ts';
import { losses } from './losses.ts';
import { matmul } from './matmul.ts';
import { normalization } from './normalization.ts';
import { optimizers } from './optimizers.ts';
import { periodic } from './periodic.ts';

class JsTensor<T extends Float32Array | Int32Array> implements Tensor<T> {
  data: T;
  constructor(data: T) {
    this.data = data;
  }
  get length(): number {
    return this.data.length;
  }
}

function allocate<T extends Float32Array | Int32Array>(Elements: new (length: number) => T, length: number) {
  try {
    return new JsTensor(new Elements(length));
  } catch (cause) {
    throw new EnvironmentError(
      `Memory is exhausted: ${4 * length} bytes more were asked for. Use a smaller batch or network.`,
      { code: 'ERR_MEMORY', cause },
    );
  }
}

/** A kernel as an operation on tensors. */
function onTensors([name, kernel]: [string, (...args: never[]) => unknown]) {
  const operation = (...args: unknown[]) => {
    for (let i = 0; i < args.length; i++) {
      if (typeof args[i] === 'object') args[i] = (args[i] as Tensor).data;
    }
    return kernel(...(args as never[]));
  };
  return [name, operation];
}

/** A backend on typed arrays. */
export function jsBackend(info: EngineInfo): Backend {
  const kernels: Kernels = {
    ...matmul,
    ...arithmetic,
    ...activations,
    ...layers,
    ...normalization,
    ...periodic,
    ...losses,
    ...optimizers,
  };
  return {
    info,
    float32: (length) => allocate(Float32Array, length),
    int32: (length) => allocate(Int32Array, length),
    join(tensors) {
      const { starts, length } = layOut(tensors);
      const whole = allocate(Float32Array, length);
      tensors.forEach((tensor, i) => {
        whole.data.set(tensor.data, starts[i]);
        (tensor as JsTensor<Float32Array>).data = whole.data.subarray(starts[i], starts[i] + tensor.length);
      });
      return whole;
    },
    part: ({ data }, start, length) => new JsTensor(data.subarray(start, start + length)),
    free() {},
    ...(Object.fromEntries(Object.entries(kernels).map(onTensors)) as Operations),
  };
}
