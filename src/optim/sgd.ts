// Stochastic gradient descent.
import { boolean, type GivenOptions } from '../errors/index.ts';
import { defineOptimizer, learningRate, momentum } from './optimizer.ts';

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
 * @example
 * ```js
 * import { sgd } from 'regulus';
 * console.log(sgd({ learningRate: 0.05, momentum: 0.9, nesterov: true }));
 * ```
 */
export const sgd = defineOptimizer({
  type: 'sgd',
  describe: 'Gradient descent, with momentum if asked for',
  options: {
    learningRate: learningRate(0.01),
    momentum,
    nesterov: boolean({ default: false, describe: "Nesterov's momentum instead of heavy-ball" }),
  },
  check: ({ momentum, nesterov }) =>
    nesterov && momentum === 0
      ? { option: 'momentum', rule: 'above 0 with nesterov', remedy: 'Use sgd({ momentum: 0.9, nesterov: true }).' }
      : undefined,
  build({ momentum, nesterov }, backend) {
    const step = nesterov ? backend.nesterov : backend.momentum;
    return {
      slots: momentum === 0 ? 0 : 1,
      elementwise: true,
      penalizes: true,
      update: (w, g, slots, rate, l1, l2) =>
        momentum === 0
          ? backend.sgd(w, g, w.length, rate, l1, l2)
          : step(w, g, slots[0], w.length, rate, momentum, l1, l2),
      // The velocity under a lasting gradient is gradient / (1 − momentum): so far a step then moves a weight.
      threshold: (w, _slots, rate, l1) => backend.softThreshold(w, w.length, (rate / (1 - momentum)) * l1),
    };
  },
});

/** Options of {@link sgd}. @interface */
export type SgdOptions = GivenOptions<typeof sgd.definition.options>;
