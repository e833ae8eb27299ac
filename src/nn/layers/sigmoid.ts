// The logistic function.
import { defineLayer, elementwise } from './layer.ts';

/**
 * y = 1 / (1 + e^−x), between 0 and 1. Not for the last layer: losses take the outputs before it.
 *
 * @example
 * ```js
 * import { dense, sigmoid, sequential } from 'regulus';
 * console.log(sequential({ inputSize: 2, layers: [dense(8), sigmoid(), dense(2)] }).summary());
 * ```
 */
export const sigmoid = defineLayer({
  type: 'sigmoid',
  describe: '1 / (1 + e^−x)',
  options: {},
  build: (_, { size, backend }) => elementwise(size, 'values', backend.sigmoid, backend.sigmoidBackward),
});
