// Stochastic gradient descent.
import { checkKeys, checkNumber } from '../errors/index.ts';
import type { Optimizer } from './optimizer.ts';

/** Options of {@link sgd}. */
export interface SgdOptions {
  /** Step size, 0.01 by default. */
  learningRate?: number;
  /** Share of the velocity that is kept, in [0, 1); 0 by default. */
  momentum?: number;
}

/**
 * Gradient descent with (heavy-ball) momentum: v = momentum·v + g; w −= learningRate·v (Polyak 1964; as in PyTorch).
 *
 * @throws ParameterError for an unknown option or a value out of range.
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  checkKeys('sgd', options, ['learningRate', 'momentum']);
  const rate = checkNumber('sgd', 'learningRate', options.learningRate ?? 0.01, '(0, inf)');
  const momentum = checkNumber('sgd', 'momentum', options.momentum ?? 0, '[0, 1)');
  return {
    name: 'sgd',
    init(parameters, backend, memory) {
      if (momentum === 0) {
        return () => {
          for (const { value, gradient, l1, l2 } of parameters) {
            backend.sgd(value, gradient, value.length, rate, l1, l2);
          }
        };
      }
      const velocities = parameters.map(({ value }) => memory.float32(value.length));
      return () => {
        for (let i = 0; i < parameters.length; i++) {
          const { value, gradient, l1, l2 } = parameters[i];
          backend.momentum(value, gradient, velocities[i], value.length, rate, momentum, l1, l2);
        }
      };
    },
  };
}
