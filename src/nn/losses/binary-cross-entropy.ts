// Binary cross-entropy: two classes with one output, or any number of labels a sample.
import type { Tensor } from '../../backend/index.ts';
import { defineLoss, labelSmoothing } from './loss.ts';

/**
 * −t·log σ(z) − (1 − t)·log(1 − σ(z)), the mean over the outputs, exact for outputs z of any size. With one output,
 * `Dataset.y` holds the class indices 0 and 1; with several, each is a label of its own and y is a Matrix of 0 and 1.
 *
 * With `labelSmoothing` ε, targets are (1 − ε)·t + ε/2 (as in Keras).
 *
 * @example
 * ```js
 * import { binaryCrossEntropy, dense, makeMoons, relu, sequential } from 'regulus';
 *
 * const model = sequential({ inputSize: 2, loss: binaryCrossEntropy(), layers: [dense(16), relu(), dense(1)] });
 * const data = makeMoons({ noise: 0.1 });
 * await model.fit(data, { epochs: 10 });
 * console.log(model.predictProbabilities(data.x).shape); // [100, 2]
 * ```
 */
export const binaryCrossEntropy = defineLoss({
  type: 'binaryCrossEntropy',
  describe: 'Two classes with one output, or one output a label: −t·log σ(z) − (1 − t)·log(1 − σ(z))',
  options: { labelSmoothing },
  targets: 'classes',
  outputs: ({ columns = 1 }) => columns,
  build: ({ labelSmoothing }, { outputSize, backend }) => ({
    ...(outputSize === 1 ? { task: 'classification', classes: 2 } : { task: 'multiLabel' }),
    targetSize: outputSize,
    targetRule: (target) => (target === 0 || target === 1 ? undefined : '0 or 1'),
    value: (dOutput, output, targets, rows) =>
      backend.sigmoidCrossEntropy(dOutput, output, targets as Tensor, rows * outputSize, labelSmoothing) / outputSize,
    classify({ data: classes }, { data: output }, rows) {
      for (let i = 0; i < rows * outputSize; i++) classes[i] = output[i] > 0 ? 1 : 0;
    },
    probabilities(p, output, rows) {
      backend.sigmoid(p, output, rows * outputSize);
      if (outputSize > 1) return;
      // The columns of both classes; from the last row on, because p is read and written.
      const { data } = p;
      for (let i = rows - 1; i >= 0; i--) {
        const positive = data[i];
        data[2 * i] = 1 - positive;
        data[2 * i + 1] = positive;
      }
    },
  }),
});
