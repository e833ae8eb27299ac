// Pinball loss: quantiles of real targets.
import type { Tensor } from '../../backend/index.ts';
import { fail, list, number } from '../../errors/index.ts';
import { defineLoss } from './loss.ts';

/**
 * The pinball loss max(q·d, (q − 1)·d) of d = target − output (Koenker & Bassett 1978), the mean over the outputs. A target has
 * one output for each of the `quantiles` q, in their order, and `predict` gives a column for each: with the default, the median
 * between the ends of an interval that should hold 80 % of the targets. The columns are fitted one by one, so they may cross.
 *
 * @throws ParameterError for quantiles outside (0, 1), and where the last layer does not have a multiple of them.
 * @example
 * ```js
 * import { dense, quantile, sequential } from 'regulus';
 *
 * const model = sequential({ inputSize: 1, loss: quantile({ quantiles: [0.05, 0.5, 0.95] }), layers: [dense(3)] });
 * const x = { data: Float64Array.of(-1, 0, 1, 2), shape: [4, 1] };
 * await model.fit({ x, y: Float64Array.of(-2, 0, 2, 4) }, { epochs: 5 });
 * console.log(model.predict(x).shape); // [4, 3]
 * ```
 */
export const quantile = defineLoss({
  type: 'quantile',
  describe: 'Quantiles of real targets: max(q·d, (q − 1)·d), d = target − output',
  options: {
    quantiles: list(number('(0, 1)'), {
      default: [0.1, 0.5, 0.9],
      minLength: 1,
      describe: 'Which quantiles to predict, one output each',
    }),
  },
  targets: 'values',
  outputs: ({ columns = 1 }, { quantiles }) => columns * quantiles.length,
  build({ quantiles }, { outputSize, backend, memory }) {
    const { length } = quantiles;
    if (outputSize % length !== 0) {
      const rule = `as many as the outputs, ${outputSize}, or a divisor of it`;
      fail('quantile', 'quantiles', rule, quantiles, `Use dense(${length}).`);
    }
    const levels = memory.float32(length);
    levels.data.set(quantiles);
    const targetSize = outputSize / length;
    return {
      task: 'regression',
      targetSize,
      value: (dOutput, output, targets, rows) =>
        backend.pinball(dOutput, output, targets as Tensor, levels, rows * targetSize, length) / outputSize,
    };
  },
});
