// Adam.
import { checkBoolean, checkKeys, checkNumber } from '../errors/index.ts';
import type { Optimizer, ProximalOption } from './optimizer.ts';

/** Options of {@link adam}. */
export interface AdamOptions extends ProximalOption {
  /** Step size, 0.001 by default. */
  learningRate?: number;
  /** Decay of the mean of the gradient, 0.9 by default. */
  beta1?: number;
  /** Decay of the mean of its square, 0.999 by default. */
  beta2?: number;
  /** Added to the denominator, 1e-8 by default. */
  epsilon?: number;
}

/** The names of {@link AdamOptions}. */
export const adamKeys = ['learningRate', 'beta1', 'beta2', 'epsilon', 'proximal'];

/**
 * Adam (Kingma & Ba 2015, algorithm 1): moments are kept per parameter, and a step is counted once per batch. The
 * gradients of the L1 and L2 penalties go through the moments, like the rest of the gradient.
 *
 * With `proximal`, L1 does not: the soft threshold of a weight is learningRate·l1 / (√v̂ + epsilon), its step size times
 * the penalty, which is the proximal step in the metric that v̂ defines (Yun, Lozano & Yang 2021, "Adaptive Proximal
 * Gradient Methods for Structured Neural Networks").
 *
 * @throws ParameterError for an unknown option or a value out of range.
 */
export function adam(options: AdamOptions = {}): Optimizer {
  checkKeys('adam', options, adamKeys);
  return makeAdam('adam', options, 0);
}

/** Adam with decoupled weight decay (0 for none), its other options still to be checked. */
export function makeAdam(name: string, options: AdamOptions, weightDecay: number): Optimizer {
  const rate = checkNumber(name, 'learningRate', options.learningRate ?? 1e-3, '(0, inf)');
  const beta1 = checkNumber(name, 'beta1', options.beta1 ?? 0.9, '[0, 1)');
  const beta2 = checkNumber(name, 'beta2', options.beta2 ?? 0.999, '[0, 1)');
  const epsilon = checkNumber(name, 'epsilon', options.epsilon ?? 1e-8, '(0, inf)');
  const proximal = checkBoolean(name, 'proximal', options.proximal ?? false);
  const decay1 = 1 - beta1;
  const decay2 = 1 - beta2;
  return {
    name,
    recipe: [name, { ...options }],
    init(parameters, backend, memory) {
      const moments = parameters.map(({ value }) => ({
        mean: memory.float32(value.length),
        square: memory.float32(value.length),
      }));
      // β^t by repeated multiplication: a power function of the host may differ in the last bit.
      const powers = [1, 1];
      const update = () => {
        powers[0] *= beta1;
        powers[1] *= beta2;
        const stepSize = rate / (1 - powers[0]);
        const rescale = 1 / Math.sqrt(1 - powers[1]);
        for (let i = 0; i < parameters.length; i++) {
          const { value, gradient, shape, l1, l2 } = parameters[i];
          const { mean, square } = moments[i];
          const { length } = value;
          const decay = shape.length > 1 ? rate * weightDecay : 0;
          const subgradient = proximal ? 0 : l1;
          backend.adam(
            value,
            gradient,
            mean,
            square,
            length,
            stepSize,
            decay1,
            decay2,
            rescale,
            epsilon,
            decay,
            subgradient,
            l2,
          );
          if (proximal && l1 > 0) backend.softThresholdAdam(value, square, length, rate * l1, rescale, epsilon);
        }
      };
      return { update, tensors: moments.flatMap(({ mean, square }) => [mean, square]), numbers: powers };
    },
  };
}
