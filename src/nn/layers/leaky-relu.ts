// The leaky rectified linear unit.
import { number } from '../../errors/index.ts';
import { defineLayer, elementwise } from './layer.ts';

/**
 * y = x for x > 0, else `negativeSlope`·x (Maas et al. 2013; defaults as Keras' `LeakyReLU`, PyTorch's slope is 0.01).
 *
 * @example
 * ```js
 * import { dense, leakyRelu, sequential } from 'regulus';
 * console.log(sequential({ inputSize: 2, layers: [dense(8), leakyRelu(0.1), dense(2)] }).summary());
 * ```
 */
export const leakyRelu = defineLayer({
  type: 'leakyRelu',
  describe: 'x for x > 0, else negativeSlope·x',
  shorthand: 'negativeSlope',
  options: { negativeSlope: number('[0, inf)', { default: 0.3, describe: 'Slope for x < 0' }) },
  build: ({ negativeSlope }, { size, backend }) =>
    elementwise(
      size,
      'values',
      (y, x, n) => backend.leakyRelu(y, x, n, negativeSlope),
      (dx, dy, y, n) => backend.leakyReluBackward(dx, dy, y, n, negativeSlope),
    ),
});
