// Additive Gaussian noise.
import { number } from '../../errors/index.ts';
import { defineLayer, drawn } from './layer.ts';

/**
 * In training, y = x + stddev·z with a new z from the standard normal distribution for each value and step (Bishop 1995; Keras'
 * `GaussianNoise`); at inference it is the identity. As the first layer it is noise on the inputs.
 *
 * @throws ParameterError for a negative `stddev`.
 * @example
 * ```js
 * import { dense, gaussianNoise, sequential } from 'regulus';
 * console.log(sequential({ inputSize: 2, layers: [gaussianNoise(0.1), dense(8), dense(2)] }).summary());
 * ```
 */
export const gaussianNoise = defineLayer({
  type: 'gaussianNoise',
  describe: 'Adds normal noise in training',
  shorthand: 'stddev',
  options: { stddev: number('[0, inf)', { describe: 'Standard deviation of the noise' }) },
  build: ({ stddev }, context) =>
    drawn(context, stddev, (y, x, n, key0, key1) => context.backend.noise(y, x, n, 0, stddev, key0, key1)),
});
