// Numeric features beside waves of them, which let a network learn functions that are not smooth.
import type { Tensor } from '../../backend/index.ts';
import { fail, integer, number } from '../../errors/index.ts';
import { randomUniform, truncatedNormal } from '../initializers.ts';
import { biasLearningRateFactor, defineLayer, learningRateFactor } from './layer.ts';

/**
 * Each of the first `features` inputs x becomes `outputs` values: x itself and outputs − 1 of kernel · waves + bias with waves = cos 2π(frequencies
 * · x + phases), each feature with arrays of its own. The other inputs follow as they are. This is the numeric embedding PBLD ("periodic
 * bias linear DenseNet") of Holzmüller et al. 2024, "Better by Default", after Gorishniy et al. 2022, "On Embeddings for Numerical Features".
 *
 * Frequencies begin truncated normal with `stddev`, phases uniform in a whole turn, kernel and bias uniform within ±1 / √terms.
 *
 * @throws ParameterError for an unknown option, a value out of range, or more features than inputs.
 * @example
 * ```js
 * import { dense, selu, sequential } from 'regulus';
 * import { periodicEmbedding } from 'regulus/tables';
 *
 * // 5 inputs, of which the first 3 are numbers: 3 · 4 + 2 outputs
 * const model = sequential({ inputSize: 5, layers: [periodicEmbedding(3), dense(16), selu(), dense(2)] });
 * console.log(model.summary());
 * ```
 */
export const periodicEmbedding = defineLayer({
  type: 'periodicEmbedding',
  describe: 'Each number beside linear functions of waves of it',
  shorthand: 'features',
  options: {
    features: integer(1, { optional: true, describe: 'How many of the first inputs are embedded, by default all' }),
    terms: integer(1, { default: 16, describe: 'Number of waves of each' }),
    outputs: integer(2, { default: 4, describe: 'Values that each becomes, with itself' }),
    stddev: number('(0, inf)', { default: 0.1, describe: 'Standard deviation of the initial frequencies' }),
    learningRateFactor,
    biasLearningRateFactor,
  },
  build(options, { size, backend, memory, parameter }) {
    const { features = size, terms, outputs, stddev, learningRateFactor: factor } = options;
    if (features > size) fail('periodicEmbedding', 'features', `at most the ${size} inputs`, features);
    const biasFactor = factor * options.biasLearningRateFactor;
    const limit = 1 / Math.sqrt(terms);
    const within = randomUniform({ minval: -limit, maxval: limit });
    const frequencies = parameter('frequencies', [features, terms], {
      initializer: truncatedNormal({ stddev }),
      learningRateFactor: factor,
    });
    const phases = parameter('phases', [features * terms], {
      initializer: randomUniform({ minval: -0.5, maxval: 0.5 }),
      // They are in turns, and learn as angles would.
      learningRateFactor: biasFactor / (2 * Math.PI),
    });
    const kernel = parameter('kernel', [features, outputs - 1, terms], {
      initializer: within,
      learningRateFactor: factor,
    });
    const bias = parameter('bias', [features * (outputs - 1)], {
      initializer: within,
      learningRateFactor: biasFactor,
    });
    const waves = memory.float32(terms);
    const rest = size - features;
    /** In the place of dx where no layer before has parameters. */
    let spare: Tensor;
    return {
      outputSize: features * outputs + rest,
      needsInput: true,
      reserve(rows, batch) {
        spare = batch.float32(rows * size);
      },
      forward: (y, x, rows) =>
        backend.periodicEmbedding(
          y,
          x,
          waves,
          frequencies.value,
          phases.value,
          kernel.value,
          bias.value,
          rows,
          features,
          rest,
          terms,
          outputs,
        ),
      backward: (dx, dy, x, _y, rows) =>
        backend.periodicEmbeddingBackward(
          dx ?? spare,
          frequencies.gradient,
          phases.gradient,
          kernel.gradient,
          bias.gradient,
          dy,
          x,
          frequencies.value,
          phases.value,
          kernel.value,
          rows,
          features,
          rest,
          terms,
          outputs,
        ),
    };
  },
});
