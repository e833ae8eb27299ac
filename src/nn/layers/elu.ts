// The exponential linear unit.
import { number } from '../../errors/index.ts';
import { defineLayer, elementwise } from './layer.ts';

/**
 * y = x for x > 0, else `alpha`·(e^x − 1) (Clevert et al. 2016).
 *
 * @example
 * ```js
 * import { dense, elu, sequential } from 'regulus';
 * console.log(sequential({ inputSize: 2, layers: [dense(8), elu(), dense(2)] }).summary());
 * ```
 */
export const elu = defineLayer({
  type: 'elu',
  describe: 'x for x > 0, else alpha·(e^x − 1)',
  shorthand: 'alpha',
  options: { alpha: number('(0, inf)', { default: 1, describe: 'How far below 0 the output can go' }) },
  build: ({ alpha }, { size, backend }) =>
    elementwise(
      size,
      'values',
      (y, x, n) => backend.elu(y, x, n, alpha, 1),
      (dx, dy, y, n) => backend.eluBackward(dx, dy, y, n, alpha, 1),
    ),
});
