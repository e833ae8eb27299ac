// Poisson loss: counts.
import { asManyAsTargets, defineLoss, meanOverOutputs } from './loss.ts';

/**
 * e^z − target·z, the mean over the outputs z, for counts: the negative log-likelihood of a Poisson distribution with mean e^z,
 * without the term of the target alone (PyTorch's `PoissonNLLLoss`; Keras' `Poisson` takes e^z itself as output). `predict` gives
 * the mean e^z.
 *
 * @example
 * ```js
 * import { dense, poisson, sequential } from 'regulus';
 *
 * const model = sequential({ inputSize: 1, loss: poisson(), layers: [dense(1)] });
 * const x = { data: Float64Array.of(-1, 0, 1, 2), shape: [4, 1] };
 * await model.fit({ x, y: Float64Array.of(0, 1, 3, 7) }, { epochs: 5 });
 * console.log(model.predict(x).data.every((mean) => mean > 0)); // true
 * ```
 */
export const poisson = defineLoss({
  type: 'poisson',
  describe: 'Counts with mean e^output: e^output − target·output',
  options: {},
  targets: 'values',
  outputs: asManyAsTargets,
  build: (_, { outputSize, backend }) => ({
    ...meanOverOutputs(outputSize, backend.poisson),
    targetRule: (target) => (target >= 0 ? undefined : 'a count, 0 or more'),
    values: (y, output, rows) => backend.exponential(y, output, rows * outputSize),
  }),
});
