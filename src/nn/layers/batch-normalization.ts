// Batch normalization.
import { number } from '../../errors/index.ts';
import { affine, center, defineLayer, type Statistics, scale, trainable } from './layer.ts';

/**
 * Batch normalization (Ioffe & Szegedy 2015) with Keras' rules: in training, (x − mean) / √(variance + epsilon) · gamma +
 * beta with the mean and the population variance of each unit over the batch; at inference, with their moving averages, which
 * every training step moves by 1 − momentum. gamma starts at 1, beta at 0, the moving mean at 0, the moving variance at 1.
 *
 * @throws ParameterError for an unknown option or a value out of range.
 * @example
 * ```js
 * import { batchNormalization, dense, relu, sequential } from 'regulus';
 *
 * const model = sequential({ inputSize: 4, layers: [dense(16, { useBias: false }), batchNormalization(), relu(), dense(3)] });
 * console.log(model.getWeights().map(({ name }) => name));
 * ```
 */
export const batchNormalization = defineLayer({
  type: 'batchNormalization',
  describe: 'Normalizes each unit over the batch',
  options: {
    momentum: number('[0, 1)', { default: 0.99, describe: 'Share of the moving averages that a step keeps' }),
    epsilon: number('(0, inf)', { default: 1e-3, describe: 'Added to the variance' }),
    center,
    scale,
    trainable,
  },
  build(options, context) {
    const { momentum, epsilon, trainable } = options;
    const { size, backend, memory, state } = context;
    const [gamma, beta] = affine(options, context);
    const movingMean = state('movingMean', [size], 0);
    const movingVariance = state('movingVariance', [size], 1);
    /** The means of a batch; without training 0, with which the gradient is only scaled. */
    const mean = memory.float32(size);
    const variance = memory.float32(size);
    /** 1 / √(variance + epsilon) */
    const inverse = memory.float32(size);
    let statistics: Statistics = 'moving';
    /** The rows that the averages are means of. */
    let seen = 0;
    const invert = ({ data }: { data: Float32Array }) => {
      const target = inverse.data;
      for (let j = 0; j < size; j++) target[j] = 1 / Math.sqrt(data[j] + epsilon);
    };
    return {
      outputSize: size,
      needsInput: true,
      useStatistics(how) {
        statistics = how;
        seen = 0;
      },
      forward(y, x, rows, step) {
        if (step === undefined || !trainable || statistics === 'fixed') {
          invert(movingVariance);
          backend.normalize(y, x, movingMean, inverse, gamma.value, beta.value, rows, size);
          return;
        }
        backend.columnMoments(mean, variance, x, rows, size);
        invert(variance);
        backend.normalize(y, x, mean, inverse, gamma.value, beta.value, rows, size);
        // m += (1 − momentum)·(batch − m), which keeps m exactly where the two are equal.
        seen += rows;
        const share = statistics === 'mean' ? rows / seen : 1 - momentum;
        const means = movingMean.data;
        const variances = movingVariance.data;
        for (let j = 0; j < size; j++) {
          means[j] += share * (mean.data[j] - means[j]);
          variances[j] += share * (variance.data[j] - variances[j]);
        }
        backend.flush(movingMean, size);
        backend.flush(movingVariance, size);
      },
      backward(dx, dy, x, _y, rows) {
        if (!trainable) {
          if (dx) backend.normalize(dx, dy, mean, inverse, gamma.value, mean, rows, size);
          return;
        }
        // Without dx the sums alone are wanted; dy may be overwritten then.
        const target = dx ?? dy;
        backend.normalizeBackward(target, gamma.gradient, beta.gradient, dy, x, mean, inverse, gamma.value, rows, size);
      },
    };
  },
});
