// The sigmoid linear unit, or swish.
import { defineLayer, elementwise } from './layer.ts';

/**
 * y = x·σ(x) = x / (1 + e^−x) (Elfwing et al. 2018), which Ramachandran et al. (2017) call swish.
 *
 * @example
 * ```js
 * import { dense, silu, sequential } from 'regulus';
 * console.log(sequential({ inputSize: 2, layers: [dense(8), silu(), dense(2)] }).summary());
 * ```
 */
export const silu = defineLayer({
  type: 'silu',
  describe: 'x·σ(x)',
  options: {},
  build: (_, { size, backend }) => elementwise(size, 'input', backend.silu, backend.siluBackward),
});
