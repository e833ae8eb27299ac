// Adversarial training.
import { number } from '../../errors/index.ts';
import { defineAugmentation } from './augmentation.ts';

/**
 * Adversarial training by the fast gradient sign method (Goodfellow et al. 2015): the loss of a step is alpha·L(x) + (1 − alpha)·L(x'), where
 * x' = x + epsilon·sign(∂L/∂x) are the inputs of the batch moved to where its loss grows, with the same masks. A step costs two. Features
 * should be scaled alike. Metrics of training, and moving averages of layers, are those of x. It stands at the end of `augment`.
 *
 * @throws ParameterError for an unknown option or a value out of range, and at the start of `fit` when it is not the last one.
 * @example
 * ```js
 * import { adversarial, dense, makeMoons, relu, sequential } from 'regulus';
 *
 * const model = sequential({ inputSize: 2, layers: [dense(16), relu(), dense(2)] });
 * const { trainLoss } = await model.fit(makeMoons({ noise: 0.2 }), { epochs: 5, augment: [adversarial(0.05)] });
 * console.log(trainLoss);
 * ```
 */
export const adversarial = defineAugmentation({
  type: 'adversarial',
  describe: 'Trains also on inputs that are moved to where the loss grows',
  shorthand: 'epsilon',
  options: {
    epsilon: number('(0, inf)', { default: 0.1, describe: 'How far each feature is moved' }),
    alpha: number('[0, 1)', { default: 0.5, describe: 'What the loss of the inputs themselves counts' }),
  },
  build({ epsilon, alpha }, { inputSize, batchSize, backend, memory }) {
    // The rule of Lion along a gradient without a past is a step along its sign.
    const past = memory.float32(batchSize * inputSize);
    const move = (input: Parameters<typeof backend.lion>[0], gradient: typeof input, rows: number) =>
      backend.lion(input, gradient, past, rows * inputSize, -epsilon, 1, 0);
    return { share: alpha, move };
  },
});
