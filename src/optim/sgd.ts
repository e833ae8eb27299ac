// Stochastic gradient descent.
import { checkBoolean, checkKeys, checkNumber, fail } from '../errors/index.ts';
import type { Optimizer, ProximalOption } from './optimizer.ts';

/** Options of {@link sgd}. */
export interface SgdOptions extends ProximalOption {
  /** Step size, 0.01 by default. */
  learningRate?: number;
  /** Share of the velocity that is kept, in [0, 1); 0 by default. */
  momentum?: number;
  /** Nesterov's momentum instead of heavy-ball; needs `momentum` > 0; false by default. */
  nesterov?: boolean;
}

/**
 * Gradient descent, with momentum if asked for. With g the gradient of the loss, penalties included:
 *
 * - plain: w −= learningRate·g
 * - `momentum` (Polyak 1964): v = momentum·v + g; w −= learningRate·v
 * - `nesterov` (Sutskever et al. 2013, in the form of PyTorch): v = momentum·v + g; w −= learningRate·(g + momentum·v)
 *
 * With `proximal`, g is without L1, whose threshold is learningRate·l1 (the proximal gradient method, Parikh & Boyd 2014,
 * section 4.2), with momentum learningRate/(1 − momentum)·l1: a lasting gradient moves w that much further (Yun, Lozano &
 * Yang 2021, "Adaptive Proximal Gradient Methods for Structured Neural Networks").
 *
 * @throws ParameterError for an unknown option, a value out of range, or `nesterov` without `momentum`.
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  checkKeys('sgd', options, ['learningRate', 'momentum', 'nesterov', 'proximal']);
  const rate = checkNumber('sgd', 'learningRate', options.learningRate ?? 0.01, '(0, inf)');
  const momentum = checkNumber('sgd', 'momentum', options.momentum ?? 0, '[0, 1)');
  const nesterov = checkBoolean('sgd', 'nesterov', options.nesterov ?? false);
  const proximal = checkBoolean('sgd', 'proximal', options.proximal ?? false);
  if (nesterov && momentum === 0) {
    fail('sgd', 'momentum', 'above 0 with nesterov', momentum, 'Use sgd({ momentum: 0.9, nesterov: true }).');
  }
  return {
    name: 'sgd',
    recipe: ['sgd', { ...options }],
    init(parameters, backend, memory) {
      // How far a step moves a weight per unit of a lasting gradient: the velocity then is gradient / (1 − momentum).
      const reach = rate / (1 - momentum);
      const step = nesterov ? backend.nesterov : backend.momentum;
      const velocities = momentum === 0 ? [] : parameters.map(({ value }) => memory.float32(value.length));
      const update = () => {
        for (let i = 0; i < parameters.length; i++) {
          const { value, gradient, l1, l2 } = parameters[i];
          const { length } = value;
          const subgradient = proximal ? 0 : l1;
          if (momentum === 0) backend.sgd(value, gradient, length, rate, subgradient, l2);
          else step(value, gradient, velocities[i], length, rate, momentum, subgradient, l2);
          if (proximal && l1 > 0) backend.softThreshold(value, length, reach * l1);
        }
      };
      return { update, tensors: velocities, numbers: [] };
    },
  };
}
