// Adam.
import { checkKeys, checkNumber } from '../errors/index.ts';
import type { Optimizer } from './optimizer.ts';

/** Options of {@link adam}. */
export interface AdamOptions {
  /** Step size, 0.001 by default. */
  learningRate?: number;
  /** Decay of the mean of the gradient, 0.9 by default. */
  beta1?: number;
  /** Decay of the mean of its square, 0.999 by default. */
  beta2?: number;
  /** Added to the denominator, 1e-8 by default. */
  epsilon?: number;
}

/**
 * Adam (Kingma & Ba 2015, algorithm 1): moments are kept per parameter, and a step is counted once per batch.
 *
 * @throws ParameterError for an unknown option or a value out of range.
 */
export function adam(options: AdamOptions = {}): Optimizer {
  checkKeys('adam', options, ['learningRate', 'beta1', 'beta2', 'epsilon']);
  const rate = checkNumber('adam', 'learningRate', options.learningRate ?? 1e-3, '(0, inf)');
  const beta1 = checkNumber('adam', 'beta1', options.beta1 ?? 0.9, '[0, 1)');
  const beta2 = checkNumber('adam', 'beta2', options.beta2 ?? 0.999, '[0, 1)');
  const epsilon = checkNumber('adam', 'epsilon', options.epsilon ?? 1e-8, '(0, inf)');
  return {
    name: 'adam',
    init(parameters, backend, memory) {
      const moments = parameters.map(({ value }) => ({
        mean: memory.float32(value.length),
        square: memory.float32(value.length),
      }));
      // β^t by repeated multiplication: a power function of the host may differ in the last bit.
      let power1 = 1;
      let power2 = 1;
      return () => {
        power1 *= beta1;
        power2 *= beta2;
        const stepSize = rate / (1 - power1);
        const rescale = 1 / Math.sqrt(1 - power2);
        for (let i = 0; i < parameters.length; i++) {
          const { value, gradient, l1, l2 } = parameters[i];
          const { mean, square } = moments[i];
          const { length } = value;
          backend.adam(value, gradient, mean, square, length, stepSize, 1 - beta1, 1 - beta2, rescale, epsilon, l1, l2);
        }
      };
    },
  };
}
