// Layer normalization.
import type { Tensor } from '../../backend/index.ts';
import { number } from '../../errors/index.ts';
import { affine, center, defineLayer, scale, trainable } from './layer.ts';

/**
 * Layer normalization (Ba et al. 2016) with Keras' rules: (x − mean) / √(variance + epsilon) · gamma + beta with the mean and the
 * population variance of each sample over its units, in training and at inference alike. gamma starts at 1, beta at 0.
 *
 * @throws ParameterError for an unknown option or a value out of range.
 * @example
 * ```js
 * import { dense, layerNormalization, relu, sequential } from 'regulus';
 *
 * const model = sequential({ inputSize: 4, layers: [dense(16), layerNormalization(), relu(), dense(3)] });
 * console.log(model.getWeights().map(({ name }) => name));
 * ```
 */
export const layerNormalization = defineLayer({
  type: 'layerNormalization',
  describe: 'Normalizes each sample over its units',
  options: {
    epsilon: number('(0, inf)', { default: 1e-3, describe: 'Added to the variance' }),
    center,
    scale,
    trainable,
  },
  build(options, context) {
    const { epsilon, trainable } = options;
    const { size, backend } = context;
    const [gamma, beta] = affine(options, context);
    /** (x − mean) · inverse, and 1 / √(variance + epsilon), of the last forward pass. */
    let standardized: Tensor;
    let inverse: Tensor;
    return {
      outputSize: size,
      inPlace: true,
      reserve(rows, memory) {
        standardized = memory.float32(rows * size);
        inverse = memory.float32(rows);
      },
      forward: (y, x, rows) =>
        backend.layerNormalize(y, standardized, inverse, x, gamma.value, beta.value, rows, size, epsilon),
      backward(dx, dy, _x, _y, rows) {
        if (trainable) {
          backend.columnProducts(gamma.gradient, dy, standardized, rows, size);
          backend.biasGradient(beta.gradient, dy, dy, rows, size, 0);
        }
        if (dx) backend.layerNormalizeBackward(dx, dy, standardized, inverse, gamma.value, rows, size);
      },
    };
  },
});
