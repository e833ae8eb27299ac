// Mixup: lines between samples.
import { betaRule, defineAugmentation, shiftRows, symmetricBeta } from './augmentation.ts';

/**
 * Replaces each sample of a batch by λ·own + (1 − λ)·other, inputs and targets alike, with one λ ~ Beta(alpha, alpha) a batch (Zhang et al.
 * 2018). The other is the row that comes `shift` rows later, with one random shift a batch: rows are in random order anyway. λ is taken to
 * be at least ½, which changes no distribution, so that metrics of training, which look at the own target, mean something. Real targets are
 * mixed; for classes and labels the losses of both targets are.
 *
 * @throws ParameterError for an unknown option or a value out of range.
 * @example
 * ```js
 * import { dense, makeMoons, mixup, relu, sequential } from 'regulus';
 *
 * const model = sequential({ inputSize: 2, layers: [dense(16), relu(), dense(2)] });
 * const { trainLoss } = await model.fit(makeMoons({ noise: 0.2 }), { epochs: 5, augment: [mixup(0.2)] });
 * console.log(trainLoss);
 * ```
 */
export const mixup = defineAugmentation({
  type: 'mixup',
  describe: 'Trains on lines between samples and between their targets',
  shorthand: 'alpha',
  options: { alpha: betaRule(0.2) },
  mixes: true,
  build({ alpha }, { inputSize, batchSize, backend, memory, uniforms, mixTargets }) {
    const others = memory.float32(batchSize * inputSize);
    return (input, rows, step) => {
      if (rows < 2) return;
      const next = uniforms(step);
      const lambda = symmetricBeta(alpha, next);
      const share = Math.min(lambda, 1 - lambda);
      const shift = 1 + Math.floor(next() * (rows - 1));
      shiftRows(others.data, input.data, rows, inputSize, shift);
      backend.moveTowards(input, others, rows * inputSize, share);
      mixTargets(rows, shift, share);
    };
  },
});
