// The operations as this backend defines them: on plain arrays instead of tensors.
import type { Tensor } from '../tensor.ts';
import type { Operations } from '../wasm/generated/operations.ts';

type Arrays<T> = { [I in keyof T]: T[I] extends Tensor<infer A> ? A : T[I] };

export type Kernels = {
  [N in keyof Operations]: (...args: Arrays<Parameters<Operations[N]>>) => ReturnType<Operations[N]>;
};
