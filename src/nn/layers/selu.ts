// The scaled exponential linear unit.
import { defineLayer, elementwise } from './layer.ts';

// Where mean 0 and variance 1 are a fixed point.
export const SELU_ALPHA = 1.6732632423543772;
export const SELU_SCALE = 1.0507009873554805;

/**
 * y = 1.0507·x for x > 0, else 1.0507·1.6733·(e^x − 1) (Klambauer et al. 2017): with `lecunNormal` before it, and `alphaDropout`
 * as dropout, it keeps mean 0 and variance 1 from layer to layer.
 *
 * @example
 * ```js
 * import { dense, selu, sequential } from 'regulus';
 * console.log(sequential({ inputSize: 2, layers: [dense(8), selu(), dense(2)] }).summary());
 * ```
 */
export const selu = defineLayer({
  type: 'selu',
  describe: '1.0507·x for x > 0, else 1.7581·(e^x − 1)',
  options: {},
  build: (_, { size, backend }) =>
    elementwise(
      size,
      'values',
      (y, x, n) => backend.elu(y, x, n, SELU_ALPHA, SELU_SCALE),
      (dx, dy, y, n) => backend.eluBackward(dx, dy, y, n, SELU_ALPHA, SELU_SCALE),
    ),
});
