// Adam, and AdamW, which is Adam with decoupled weight decay.
import type { Backend } from '../backend/index.ts';
import { type GivenOptions, number } from '../errors/index.ts';
import { defineOptimizer, epsilon, type UpdateRule, weightDecay } from './optimizer.ts';

/** The options of Adam and its relatives, with their own decay. No spread of a common object: bundlers would keep all. */
/* @__NO_SIDE_EFFECTS__ */
export function moments(decay: number) {
  return {
    beta1: number('[0, 1)', { default: 0.9, describe: 'Decay rate of the running average of gradients' }),
    beta2: number('[0, 1)', { default: 0.999, describe: 'Decay rate of the running average of squared gradients' }),
    epsilon: epsilon(1e-8),
    weightDecay: weightDecay(decay),
  };
}

/** β^t from the one before, by multiplication: a power function of the host may differ in the last bit. Denormal ones would be slow. */
export function nextPower(power: number, beta: number): number {
  const next = power * beta;
  // 1 − β^t has long been 1.
  return next < 1e-30 ? 0 : next;
}

function adamRule(
  { beta1, beta2, epsilon }: { beta1: number; beta2: number; epsilon: number },
  backend: Backend,
): UpdateRule {
  const [decay1, decay2] = [1 - beta1, 1 - beta2];
  const powers = [1, 1];
  const corrections = Float64Array.of(0, 0); // what the step size is divided by, and rescale
  return {
    slots: 2,
    elementwise: true,
    numbers: powers,
    decays: true,
    penalizes: true,
    beginStep() {
      powers[0] = nextPower(powers[0], beta1);
      powers[1] = nextPower(powers[1], beta2);
      corrections[0] = 1 - powers[0];
      corrections[1] = 1 / Math.sqrt(1 - powers[1]);
    },
    update(w, g, slots, rate, l1, l2, decay) {
      const stepSize = rate / corrections[0];
      const rescale = corrections[1];
      backend.adam(w, g, slots[0], slots[1], w.length, stepSize, decay1, decay2, rescale, epsilon, decay, l1, l2);
    },
    threshold: (w, slots, rate, l1) =>
      backend.softThresholdAdam(w, slots[1], w.length, rate * l1, corrections[1], epsilon),
  };
}

/**
 * Adam (Kingma & Ba 2015, algorithm 1): moments are kept per parameter, and a step is counted once per batch. The
 * gradients of the L1 and L2 penalties go through the moments, like the rest of the gradient.
 *
 * With `proximal`, L1 does not: the soft threshold of a weight is learningRate·l1 / (√v̂ + epsilon), its step size times
 * the penalty, which is the proximal step in the metric that v̂ defines (Yun, Lozano & Yang 2021, "Adaptive Proximal
 * Gradient Methods for Structured Neural Networks").
 *
 * @throws ParameterError for an unknown option or a value out of range.
 * @example
 * ```js
 * import { adam } from 'regulus';
 * console.log(adam({ learningRate: 1e-3 })); // { type: 'adam', learningRate: 0.001 }
 * ```
 */
export const adam = defineOptimizer({
  type: 'adam',
  describe: 'Steps scaled by running averages of the gradient and its square',
  options: moments(0),
  build: adamRule,
});

/**
 * AdamW (Loshchilov & Hutter 2019, algorithm 2; as in PyTorch): Adam with `weightDecay` 0.01 by default. Every step also
 * takes learningRate·weightDecay·w from each weight of a kernel, before its own step. Biases never decay.
 *
 * Unlike an `l2()` penalty, the decay does not pass through Adam's moments, so all weights shrink at the same rate,
 * whatever the size of their gradients; and it is no part of the loss. Both can be used together.
 *
 * @throws ParameterError for an unknown option or a value out of range.
 * @example
 * ```js
 * import { adamW } from 'regulus';
 * console.log(adamW({ learningRate: 1e-3, weightDecay: 0.05 }));
 * ```
 */
export const adamW = defineOptimizer({
  type: 'adamW',
  describe: 'Adam with decoupled weight decay',
  options: moments(0.01),
  build: adamRule,
});

/** Options of {@link adam}. @interface */
export type AdamOptions = GivenOptions<typeof adam.definition.options>;

/** Options of {@link adamW}. @interface */
export type AdamWOptions = GivenOptions<typeof adamW.definition.options>;
