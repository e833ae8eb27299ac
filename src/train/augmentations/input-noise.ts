// Noise on the inputs.
import { number } from '../../errors/index.ts';
import { defineAugmentation } from './augmentation.ts';

/**
 * Adds stddev·z to every input, with a new z from the standard normal distribution for each value and step (Bishop 1995: near to a
 * penalty on the slopes of the network). Features should be scaled alike.
 *
 * @throws ParameterError for an unknown option or a value out of range.
 * @example
 * ```js
 * import { dense, inputNoise, makeMoons, relu, sequential } from 'regulus';
 *
 * const model = sequential({ inputSize: 2, layers: [dense(16), relu(), dense(2)] });
 * const { trainLoss } = await model.fit(makeMoons({ noise: 0.2 }), { epochs: 5, augment: [inputNoise(0.1)] });
 * console.log(trainLoss);
 * ```
 */
export const inputNoise = defineAugmentation({
  type: 'inputNoise',
  describe: 'Adds normal noise to the inputs',
  shorthand: 'stddev',
  options: { stddev: number('(0, inf)', { default: 0.1, describe: 'Standard deviation of the noise' }) },
  build: ({ stddev }, { inputSize, backend, key }) => {
    return (input, rows, step) => backend.noise(input, input, rows * inputSize, 0, stddev, key(step, 0), key(step, 1));
  },
});
