// NAdam.
import { type GivenOptions, number } from '../errors/index.ts';
import { exp, log } from '../random/index.ts';
import { moments, nextPower } from './adam.ts';
import { defineOptimizer } from './optimizer.ts';

/* @__NO_SIDE_EFFECTS__ */
function nadamOptions() {
  const momentumDecay = number('[0, inf)', { default: 0.004, describe: 'How fast the momentum grows to beta1' });
  return { ...moments(0), momentumDecay };
}

/**
 * NAdam (Dozat 2016, in the form of PyTorch): Adam that looks a step ahead, as Nesterov's momentum does. The momentum of step t is
 * μ = beta1·(1 − ½·0.96^(t·momentumDecay)), and w −= learningRate·((1 − μ)·g / (1 − Πμ) + μ'·m / (1 − μ'·Πμ)) / (√v̂ + epsilon), where μ'
 * is that of the next step.
 *
 * With `proximal`, thresholds are those of `adam`.
 *
 * @throws ParameterError for an unknown option or a value out of range.
 * @example
 * ```js
 * import { nadam } from 'regulus';
 * console.log(nadam({ learningRate: 2e-3 }));
 * ```
 */
export const nadam = defineOptimizer({
  type: 'nadam',
  describe: "Adam with Nesterov's momentum",
  options: nadamOptions(),
  build({ beta1, beta2, epsilon, momentumDecay }, backend) {
    const momentum = (step: number) => beta1 * (1 - 0.5 * exp(step * momentumDecay * log(0.96)));
    const [decay1, decay2] = [1 - beta1, 1 - beta2];
    // The step, the product of the momenta, and β2^t.
    const numbers = [0, 1, 1];
    // Shares of the gradient and of the mean, and what they are divided by; rescale.
    const factors = Float64Array.of(0, 0, 0, 0, 0);
    return {
      slots: 2,
      elementwise: true,
      numbers,
      beginStep() {
        const step = ++numbers[0];
        const [own, next] = [momentum(step), momentum(step + 1)];
        numbers[1] = nextPower(numbers[1], own);
        numbers[2] = nextPower(numbers[2], beta2);
        factors.set([1 - own, 1 - numbers[1], next, 1 - numbers[1] * next, 1 / Math.sqrt(1 - numbers[2])]);
      },
      update(w, g, slots, rate) {
        const own = (rate * factors[0]) / factors[1];
        const next = (rate * factors[2]) / factors[3];
        backend.nadam(w, g, slots[0], slots[1], w.length, own, next, decay1, decay2, factors[4], epsilon);
      },
      threshold: (w, slots, rate, l1) =>
        backend.softThresholdAdam(w, slots[1], w.length, rate * l1, factors[4], epsilon),
    };
  },
});

/** Options of {@link nadam}. @interface */
export type NadamOptions = GivenOptions<typeof nadam.definition.options>;
