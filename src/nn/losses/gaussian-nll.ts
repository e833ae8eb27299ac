// Gaussian negative log-likelihood: real targets with a mean and a variance.
import type { Tensor } from '../../backend/index.ts';
import { fail } from '../../errors/index.ts';
import { defineLoss } from './loss.ts';

/** The least variance, as PyTorch's `eps`. */
const FLOOR = 1e-6;

/**
 * ½·(log v + (target − m)² / v), the mean over the targets: the negative log-likelihood of a normal distribution with mean m and
 * variance v, without its constant (Nix & Weigend 1994; PyTorch's `GaussianNLLLoss`). A network that says how sure it is.
 *
 * For n targets, the last layer has 2n outputs: the means, then numbers s with v = e^s + 10⁻⁶. `predict` gives the means, then
 * the variances. Those of an ensemble are the mean and the variance of its mixture (Lakshminarayanan et al. 2017): its variance is
 * the mean of the models' variances and the variance of their means.
 *
 * @throws ParameterError where the number of outputs is odd.
 * @example
 * ```js
 * import { dense, gaussianNll, sequential } from 'regulus';
 *
 * const model = sequential({ inputSize: 1, loss: gaussianNll(), layers: [dense(2)] });
 * const x = { data: Float64Array.of(-1, 0, 1, 2), shape: [4, 1] };
 * await model.fit({ x, y: Float64Array.of(-2, 0, 2, 4) }, { epochs: 5 });
 * const [mean, variance] = model.predict(x).data;
 * console.log(Number.isFinite(mean), variance > 0); // true true
 * ```
 */
export const gaussianNll = defineLoss({
  type: 'gaussianNll',
  describe: 'Mean and variance of real targets: ½·(log v + (target − mean)² / v)',
  options: {},
  targets: 'values',
  outputs: ({ columns = 1 }) => 2 * columns,
  predictsVariances: true,
  build(_, { outputSize, backend }) {
    const targetSize = outputSize / 2;
    if (!Number.isInteger(targetSize)) {
      fail('gaussianNll', 'outputSize', 'even: a mean and a variance for each target', outputSize, 'Use dense(2).');
    }
    return {
      task: 'regression',
      targetSize,
      value: (dOutput, output, targets, rows) =>
        backend.gaussianNll(dOutput, output, targets as Tensor, rows, targetSize, FLOOR) / targetSize,
      values(y, output, rows) {
        backend.exponential(y, output, rows * outputSize);
        const [{ data: to }, { data: from }] = [y, output];
        for (let i = 0; i < rows * outputSize; i++) {
          if (i % outputSize < targetSize) to[i] = from[i];
          else to[i] += FLOOR;
        }
      },
    };
  },
});
