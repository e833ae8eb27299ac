// Softmax cross-entropy: one of several classes.
import type { Tensor } from '../../backend/index.ts';
import { defineLoss } from './loss.ts';

/**
 * −log softmax(outputs)[class], for one of several classes; the default. `Dataset.y` holds class indices, the last layer has
 * one output a class. It goes through log-sum-exp and is exact for outputs of any size.
 *
 * @example
 * ```js
 * import { dense, sequential, softmaxCrossEntropy } from 'regulus';
 * console.log(sequential({ inputSize: 2, loss: softmaxCrossEntropy(), layers: [dense(3)] }).outputSize); // 3 classes
 * ```
 */
export const softmaxCrossEntropy = defineLoss({
  type: 'softmaxCrossEntropy',
  describe: 'One of several classes: −log softmax(outputs)[class]',
  options: {},
  targets: 'classes',
  outputs: ({ classes = 2 }) => classes,
  build: (_, { outputSize, backend }) => ({
    task: 'classification',
    classes: outputSize,
    targetSize: 1,
    integerTargets: true,
    value: (dOutput, output, labels, rows) =>
      backend.softmaxCrossEntropy(dOutput, output, labels as Tensor<Int32Array>, rows, outputSize),
    classify: (classes, output, rows) => backend.argmax(classes, output, rows, outputSize),
    probabilities: (p, output, rows) => backend.softmax(p, output, rows, outputSize),
    countCorrect: (output, labels, rows) =>
      backend.countCorrect(output, labels as Tensor<Int32Array>, rows, outputSize),
  }),
});
