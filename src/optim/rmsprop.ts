// RMSprop.
import { type GivenOptions, number } from '../errors/index.ts';
import { defineOptimizer, epsilon, momentum } from './optimizer.ts';

/**
 * RMSprop (Tieleman & Hinton 2012, in the form of PyTorch; names and defaults as in Keras): with g the gradient of the
 * loss, penalties included, s = rho·s + (1 − rho)·g², then w −= learningRate·g / (√s + epsilon), or with `momentum`
 * v = momentum·v + g / (√s + epsilon), w −= learningRate·v.
 *
 * With `proximal`, the soft threshold of a weight is learningRate·l1 / (√s + epsilon), with momentum 1/(1 − momentum) times
 * that.
 *
 * @throws ParameterError for an unknown option or a value out of range.
 * @example
 * ```js
 * import { rmsprop } from 'regulus';
 * console.log(rmsprop({ learningRate: 1e-3, momentum: 0.9 }));
 * ```
 */
export const rmsprop = defineOptimizer({
  type: 'rmsprop',
  describe: 'Steps scaled by a running average of the squared gradient',
  options: {
    rho: number('[0, 1)', { default: 0.9, describe: 'Decay rate of the running average of squared gradients' }),
    momentum,
    epsilon: epsilon(1e-7),
  },
  build({ rho, momentum, epsilon }, backend) {
    const decay = 1 - rho;
    return {
      slots: momentum === 0 ? 1 : 2,
      elementwise: true,
      penalizes: true,
      // Without momentum, the velocity is the step itself, and the gradient's array, which is needed no more, holds it.
      update: (w, g, slots, rate, l1, l2) =>
        backend.rmsprop(w, g, slots[0], slots[1] ?? g, w.length, rate, decay, epsilon, momentum, l1, l2),
      threshold: (w, slots, rate, l1) =>
        backend.softThresholdAdam(w, slots[0], w.length, (rate / (1 - momentum)) * l1, 1, epsilon),
    };
  },
});

/** Options of {@link rmsprop}. @interface */
export type RmspropOptions = GivenOptions<typeof rmsprop.definition.options>;
