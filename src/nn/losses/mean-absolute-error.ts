// Mean absolute error: real targets.
import { asManyAsTargets, defineLoss, meanOverOutputs } from './loss.ts';

/**
 * |output − target|, the mean over the outputs, for real targets as those of `meanSquaredError`. Its minimum is the median, which
 * outliers hardly move. The gradient is 0 where output and target are equal.
 *
 * @example
 * ```js
 * import { dense, meanAbsoluteError, sequential } from 'regulus';
 *
 * const model = sequential({ inputSize: 1, loss: meanAbsoluteError(), layers: [dense(1)] });
 * const x = { data: Float64Array.of(-1, 0, 1, 2), shape: [4, 1] };
 * await model.fit({ x, y: Float64Array.of(-2, 0, 2, 40) }, { epochs: 5 });
 * console.log(model.predict(x).shape); // [4, 1]
 * ```
 */
export const meanAbsoluteError = defineLoss({
  type: 'meanAbsoluteError',
  describe: 'Real targets: |output − target|',
  options: {},
  targets: 'values',
  outputs: asManyAsTargets,
  build: (_, { outputSize, backend }) => meanOverOutputs(outputSize, backend.absoluteError),
});
