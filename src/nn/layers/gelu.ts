// The Gaussian error linear unit.
import { defineLayer, elementwise } from './layer.ts';

/**
 * y = x·Φ(x), with Φ(x) = ½·(1 + erf(x / √2)) (Hendrycks & Gimpel 2016): the exact form, not the one with tanh.
 *
 * @example
 * ```js
 * import { dense, gelu, sequential } from 'regulus';
 * console.log(sequential({ inputSize: 2, layers: [dense(8), gelu(), dense(2)] }).summary());
 * ```
 */
export const gelu = defineLayer({
  type: 'gelu',
  describe: 'x·Φ(x), where Φ is the normal distribution function',
  options: {},
  build: (_, { size, backend }) => elementwise(size, 'input', backend.gelu, backend.geluBackward),
});
