// Softplus.
import { defineLayer, elementwise } from './layer.ts';

/**
 * y = log(1 + e^x), a smooth ReLU (Dugas et al. 2001).
 *
 * @example
 * ```js
 * import { dense, softplus, sequential } from 'regulus';
 * console.log(sequential({ inputSize: 2, layers: [dense(8), softplus(), dense(2)] }).summary());
 * ```
 */
export const softplus = defineLayer({
  type: 'softplus',
  describe: 'log(1 + e^x)',
  options: {},
  build: (_, { size, backend }) => elementwise(size, 'values', backend.softplus, backend.softplusBackward),
});
