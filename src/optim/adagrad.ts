// Adagrad.
import { type GivenOptions, number } from '../errors/index.ts';
import { defineOptimizer, epsilon } from './optimizer.ts';

/**
 * Adagrad (Duchi et al. 2011, in the form of PyTorch; names and defaults as in Keras): s = s + g², then
 * w −= learningRate·g / (√s + epsilon), where s starts at `initialAccumulatorValue`.
 *
 * With `proximal`, the soft threshold of a weight is learningRate·l1 / (√s + epsilon), as Duchi et al. have it.
 *
 * @throws ParameterError for an unknown option or a value out of range.
 * @example
 * ```js
 * import { adagrad } from 'regulus';
 * console.log(adagrad({ learningRate: 0.05 }));
 * ```
 */
export const adagrad = defineOptimizer({
  type: 'adagrad',
  describe: 'Steps scaled by the sum of the squared gradients so far',
  options: {
    initialAccumulatorValue: number('[0, inf)', { default: 0.1, describe: 'What the sum starts at' }),
    epsilon: epsilon(1e-7),
  },
  build({ initialAccumulatorValue, epsilon }, backend) {
    const numbers = [0]; // steps
    return {
      slots: 1,
      elementwise: true,
      numbers,
      beginStep() {
        numbers[0]++;
      },
      update(w, g, slots, rate) {
        if (numbers[0] === 1) slots[0].data.fill(initialAccumulatorValue);
        backend.adagrad(w, g, slots[0], w.length, rate, epsilon);
      },
      threshold: (w, slots, rate, l1) => backend.softThresholdAdam(w, slots[0], w.length, rate * l1, 1, epsilon),
    };
  },
});

/** Options of {@link adagrad}. @interface */
export type AdagradOptions = GivenOptions<typeof adagrad.definition.options>;
