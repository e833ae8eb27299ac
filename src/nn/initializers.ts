// Initial values of kernels.
import type { RandomState } from '../random/index.ts';

/** Fills a kernel (inputs, outputs) from a stream. */
type Initialize = (kernel: Float32Array, inputs: number, outputs: number, random: RandomState) => void;

/** The name of an initializer; `'heNormal'` is for layers before ReLU. */
export type Initializer = 'heNormal' | 'glorotUniform' | 'zeros';

const initializers: Record<Initializer, Initialize> = {
  /** N(0, 2 / inputs), which keeps the variance through ReLU layers (He et al. 2015). */
  heNormal(kernel, inputs, _outputs, random) {
    const deviation = Math.sqrt(2 / inputs);
    const draws = random.randn(kernel.length);
    for (let i = 0; i < kernel.length; i++) kernel[i] = draws[i] * deviation;
  },
  /** U(−a, a), a = √(6 / (inputs + outputs)) (Glorot & Bengio 2010). */
  glorotUniform(kernel, inputs, outputs, random) {
    const bound = Math.sqrt(6 / (inputs + outputs));
    kernel.set(random.uniform(-bound, bound, kernel.length));
  },
  zeros(kernel) {
    kernel.fill(0);
  },
};

export const initializerNames = Object.keys(initializers) as Initializer[];

export function initialize(name: Initializer, ...rest: Parameters<Initialize>): void {
  initializers[name](...rest);
}
