// Mish.
import { defineLayer, elementwise } from './layer.ts';

/**
 * y = x·tanh(log(1 + e^x)) (Misra 2020).
 *
 * @example
 * ```js
 * import { dense, mish, sequential } from 'regulus';
 * console.log(sequential({ inputSize: 2, layers: [dense(8), mish(), dense(2)] }).summary());
 * ```
 */
export const mish = defineLayer({
  type: 'mish',
  describe: 'x·tanh(log(1 + e^x))',
  options: {},
  build: (_, { size, backend }) => elementwise(size, 'input', backend.mish, backend.mishBackward),
});
