// Lion.
import { type GivenOptions, number } from '../errors/index.ts';
import { defineOptimizer } from './optimizer.ts';

/**
 * Lion (Chen et al. 2023, "Symbolic discovery of optimization algorithms"; defaults as in Keras):
 * w −= learningRate·sign(beta1·m + (1 − beta1)·g), then m = beta2·m + (1 − beta2)·g. All steps are of one size, so that learning rates
 * are 3 to 10 times smaller than those of `adamW`, and `weightDecay` as much greater.
 *
 * With `proximal`, the soft threshold of a weight is learningRate·l1.
 *
 * @throws ParameterError for an unknown option or a value out of range.
 * @example
 * ```js
 * import { lion } from 'regulus';
 * console.log(lion({ learningRate: 1e-4, weightDecay: 0.1 }));
 * ```
 */
export const lion = defineOptimizer({
  type: 'lion',
  describe: 'Steps of one size along the sign of a running average of the gradient',
  options: {
    beta1: number('[0, 1)', { default: 0.9, describe: 'Share of the running average in the direction of a step' }),
    beta2: number('[0, 1)', { default: 0.99, describe: 'Decay rate of the running average of gradients' }),
  },
  build: ({ beta1, beta2 }, backend) => ({
    slots: 1,
    elementwise: true,
    update: (w, g, slots, rate) => backend.lion(w, g, slots[0], w.length, rate, 1 - beta1, 1 - beta2),
    threshold: (w, _slots, rate, l1) => backend.softThreshold(w, w.length, rate * l1),
  }),
});

/** Options of {@link lion}. @interface */
export type LionOptions = GivenOptions<typeof lion.definition.options>;
