// Mean squared error: real targets.
import { asManyAsTargets, defineLoss, meanOverOutputs } from './loss.ts';

/**
 * (output − target)², the mean over the outputs, for real targets: `Dataset.y` is a Float64Array with one target a sample, or
 * a Matrix (samples, outputs).
 *
 * @example
 * ```js
 * import { dense, meanSquaredError, sequential } from 'regulus';
 *
 * const model = sequential({ inputSize: 1, loss: meanSquaredError(), layers: [dense(1)] });
 * const x = { data: Float64Array.of(-1, 0, 1, 2), shape: [4, 1] };
 * await model.fit({ x, y: Float64Array.of(-2, 0, 2, 4) }, { epochs: 5 });
 * console.log(model.predict(x).shape); // [4, 1]
 * ```
 */
export const meanSquaredError = defineLoss({
  type: 'meanSquaredError',
  describe: 'Real targets: (output − target)²',
  options: {},
  targets: 'values',
  outputs: asManyAsTargets,
  build: (_, { outputSize, backend }) => meanOverOutputs(outputSize, backend.squaredError),
});
