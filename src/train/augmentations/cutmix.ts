// CutMix and cutout for tables: features of a batch that come from other samples, or from none.
import { number } from '../../errors/index.ts';
import { betaRule, defineAugmentation, shiftRows, symmetricBeta } from './augmentation.ts';

/** Calls `visit` for `count` different features out of `size`, in random order (the first steps of Fisher & Yates). */
function drawFeatures(order: Uint32Array, count: number, next: () => number, visit: (feature: number) => void): void {
  for (let i = 0; i < order.length; i++) order[i] = i;
  for (let i = 0; i < count; i++) {
    const at = i + Math.floor(next() * (order.length - i));
    const feature = order[at];
    order[at] = order[i];
    visit(feature);
  }
}

/**
 * Replaces random features of each sample by those of another one, and mixes the targets by the share of features (Yun et al. 2019, in the
 * form for tables of Kadra et al. 2021): a share λ ~ Beta(alpha, alpha) of the features, the same ones for a batch. Batches and others are
 * drawn as by {@link mixup}; where more than half of the features would be replaced, the roles change.
 *
 * @throws ParameterError for an unknown option or a value out of range.
 * @example
 * ```js
 * import { cutmix, dense, makeClassification, relu, sequential } from 'regulus';
 *
 * const model = sequential({ inputSize: 20, layers: [dense(16), relu(), dense(2)] });
 * const { trainLoss } = await model.fit(makeClassification(), { epochs: 5, augment: [cutmix()] });
 * console.log(trainLoss);
 * ```
 */
export const cutmix = defineAugmentation({
  type: 'cutmix',
  describe: 'Takes some features from another sample, and that share of its target',
  shorthand: 'alpha',
  options: { alpha: betaRule(1) },
  mixes: true,
  build({ alpha }, { inputSize, batchSize, memory, uniforms, mixTargets }) {
    const others = memory.float32(batchSize * inputSize);
    const order = new Uint32Array(inputSize);
    return (input, rows, step) => {
      const next = uniforms(step);
      const lambda = symmetricBeta(alpha, next);
      const count = Math.round(Math.min(lambda, 1 - lambda) * inputSize);
      if (rows < 2 || count === 0) return;
      const shift = 1 + Math.floor(next() * (rows - 1));
      const { data: to } = input;
      const { data: from } = others;
      shiftRows(from, to, rows, inputSize, shift);
      drawFeatures(order, count, next, (j) => {
        for (let at = j; at < rows * inputSize; at += inputSize) to[at] = from[at];
      });
      mixTargets(rows, shift, count / inputSize);
    };
  },
});

/**
 * Sets a share of the features of a batch to 0, their mean where they are scaled, with new features for each batch (DeVries & Taylor 2017,
 * in the form for tables of Kadra et al. 2021).
 *
 * @throws ParameterError for an unknown option or a value out of range.
 * @example
 * ```js
 * import { cutout, dense, makeClassification, relu, sequential } from 'regulus';
 *
 * const model = sequential({ inputSize: 20, layers: [dense(16), relu(), dense(2)] });
 * const { trainLoss } = await model.fit(makeClassification(), { epochs: 5, augment: [cutout(0.2)] });
 * console.log(trainLoss);
 * ```
 */
export const cutout = defineAugmentation({
  type: 'cutout',
  describe: 'Sets some features of a batch to 0',
  shorthand: 'share',
  options: {
    share: number('(0, 1)', { default: 0.2, describe: 'Share of the features' }),
    probability: number('(0, 1]', { default: 1, describe: 'Share of the batches that it is done to' }),
  },
  build({ share, probability }, { inputSize, uniforms }) {
    const order = new Uint32Array(inputSize);
    return (input, rows, step) => {
      const next = uniforms(step);
      if (next() >= probability) return;
      const { data } = input;
      drawFeatures(order, Math.round(share * inputSize), next, (j) => {
        for (let at = j; at < rows * inputSize; at += inputSize) data[at] = 0;
      });
    };
  },
});
