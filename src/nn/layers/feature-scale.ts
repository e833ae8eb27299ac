// A trained factor for each value.
import { defineLayer, learningRateFactor } from './layer.ts';

/**
 * y = x ⊙ factors, with one factor for each input, 1 at first. In front of all other layers and with a greater learning rate it selects
 * features (the scaling layer of Holzmüller et al. 2024, "Better by Default", which learns at 6 times the rate).
 *
 * @throws ParameterError for an unknown option or a value out of range.
 * @example
 * ```js
 * import { dense, selu, sequential } from 'regulus';
 * import { featureScale } from 'regulus/tables';
 *
 * const layers = [featureScale({ learningRateFactor: 6 }), dense(16), selu(), dense(3)];
 * console.log(sequential({ inputSize: 4, layers }).summary());
 * ```
 */
export const featureScale = defineLayer({
  type: 'featureScale',
  describe: 'x ⊙ factors',
  options: { learningRateFactor },
  build({ learningRateFactor }, { size, backend, memory, parameter }) {
    const factors = parameter('factors', [size], { learningRateFactor });
    factors.value.data.fill(1);
    const zeros = memory.float32(size);
    const ones = memory.float32(size);
    zeros.data.fill(0);
    ones.data.fill(1);
    const { value } = factors;
    return {
      outputSize: size,
      needsInput: true,
      forward: (y, x, rows) => backend.normalize(y, x, zeros, ones, value, zeros, rows, size),
      backward(dx, dy, x, _y, rows) {
        backend.columnProducts(factors.gradient, dy, x, rows, size);
        if (dx) backend.normalize(dx, dy, zeros, ones, value, zeros, rows, size);
      },
    };
  },
});
