// Softmax cross-entropy: one of several classes.
import type { Tensor } from '../../backend/index.ts';
import { defineLoss, labelSmoothing } from './loss.ts';

/**
 * −log softmax(outputs)[class], for one of several classes; the default. `Dataset.y` holds class indices, the last layer has
 * one output a class. It goes through log-sum-exp and is exact for outputs of any size.
 *
 * With `labelSmoothing` ε, the target of the class is 1 − ε + ε / classes and that of the others ε / classes (Szegedy et al.
 * 2016; as in Keras and PyTorch), so that the network is not driven to ever greater outputs.
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
  options: { labelSmoothing },
  targets: 'classes',
  outputs: ({ classes = 2 }) => classes,
  build: ({ labelSmoothing }, { outputSize, backend }) => ({
    task: 'classification',
    classes: outputSize,
    targetSize: 1,
    integerTargets: true,
    value: (dOutput, output, labels, rows) =>
      backend.softmaxCrossEntropy(dOutput, output, labels as Tensor<Int32Array>, rows, outputSize, labelSmoothing),
    classify: (classes, output, rows) => backend.argmax(classes, output, rows, outputSize),
    probabilities: (p, output, rows) => backend.softmax(p, output, rows, outputSize),
    countCorrect: (output, labels, rows) =>
      backend.countCorrect(output, labels as Tensor<Int32Array>, rows, outputSize),
  }),
});
