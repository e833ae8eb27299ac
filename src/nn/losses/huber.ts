// Huber loss: real targets with outliers.
import { number } from '../../errors/index.ts';
import { asManyAsTargets, defineLoss, meanOverOutputs } from './loss.ts';

/**
 * With d = output − target, ½·d² where |d| ≤ `delta` and delta·(|d| − ½·delta) beyond (Huber 1964), the mean over the outputs:
 * like the squared error near the target, and like the absolute error for outliers.
 *
 * @throws ParameterError for a delta that is not above 0.
 * @example
 * ```js
 * import { dense, huber, sequential } from 'regulus';
 *
 * const model = sequential({ inputSize: 1, loss: huber({ delta: 2 }), layers: [dense(1)] });
 * const x = { data: Float64Array.of(-1, 0, 1, 2), shape: [4, 1] };
 * await model.fit({ x, y: Float64Array.of(-2, 0, 2, 40) }, { epochs: 5 });
 * console.log(model.predict(x).shape); // [4, 1]
 * ```
 */
export const huber = defineLoss({
  type: 'huber',
  describe: 'Real targets: ½·(output − target)², and linear beyond delta',
  options: { delta: number('(0, inf)', { default: 1, describe: 'Difference from which on the loss is linear' }) },
  targets: 'values',
  outputs: asManyAsTargets,
  build: ({ delta }, { outputSize, backend }) =>
    meanOverOutputs(outputSize, (dOutput, output, targets, n) => backend.huber(dOutput, output, targets, n, delta)),
});
