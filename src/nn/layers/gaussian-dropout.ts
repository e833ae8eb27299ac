// Multiplicative Gaussian noise.
import { number } from '../../errors/index.ts';
import { type Draw, defineLayer, drawn } from './layer.ts';

/**
 * In training, y = x·(1 + √(rate / (1 − rate))·z) with a new z from the standard normal distribution for each value and step: noise of
 * the mean and variance of `dropout(rate)` (Srivastava et al. 2014, section 10; Keras' `GaussianDropout`). At inference it is the identity.
 *
 * @throws ParameterError for a rate outside [0, 1).
 * @example
 * ```js
 * import { dense, gaussianDropout, relu, sequential } from 'regulus';
 * console.log(sequential({ inputSize: 2, layers: [dense(8), relu(), gaussianDropout(0.3), dense(2)] }).summary());
 * ```
 */
export const gaussianDropout = defineLayer({
  type: 'gaussianDropout',
  describe: 'Multiplies by normal noise around 1 in training',
  shorthand: 'rate',
  options: { rate: number('[0, 1)', { describe: 'The rate of the dropout that has this variance' }) },
  build({ rate }, context) {
    const stddev = Math.sqrt(rate / (1 - rate));
    const draw: Draw = (to, from, n, key0, key1) => context.backend.noise(to, from, n, stddev, 0, key0, key1);
    return drawn(context, rate, draw, draw);
  },
});
