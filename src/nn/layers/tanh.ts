// The hyperbolic tangent.
import { defineLayer, elementwise } from './layer.ts';

/**
 * y = tanh(x), between −1 and 1; the gradient is 1 − y². `glorotUniform` suits the layer before it.
 *
 * @example
 * ```js
 * import { dense, glorotUniform, sequential, tanh } from 'regulus';
 *
 * const model = sequential({ inputSize: 2, layers: [dense(8, { kernelInitializer: glorotUniform() }), tanh(), dense(2)] });
 * console.log(model.summary());
 * ```
 */
export const tanh = defineLayer({
  type: 'tanh',
  describe: 'tanh(x)',
  options: {},
  build: (_, { size, backend }) => elementwise(size, 'values', backend.tanh, backend.tanhBackward),
});
