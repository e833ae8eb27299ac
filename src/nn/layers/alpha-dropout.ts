// Dropout for networks that normalize themselves.
import { keepThreshold } from '../../backend/index.ts';
import { number } from '../../errors/index.ts';
import { defineLayer, drawn } from './layer.ts';
import { SELU_ALPHA, SELU_SCALE } from './selu.ts';

/** What `selu` tends to for x → −∞. */
const LEAST = -SELU_SCALE * SELU_ALPHA;

/**
 * Dropout behind `selu` (Klambauer et al. 2017; as Keras' and PyTorch's): in training a unit takes the value α′ = −1.7581 with
 * probability `rate`, and then y = a·x + b, where a = ((1 − rate)·(1 + rate·α′²))^(−½) and b = −a·rate·α′, so that mean 0 and
 * variance 1 are kept. At inference it is the identity. Masks are drawn as those of `dropout`.
 *
 * @throws ParameterError for a rate outside [0, 1).
 * @example
 * ```js
 * import { alphaDropout, dense, lecunNormal, selu, sequential } from 'regulus';
 *
 * const layers = [dense(8, { kernelInitializer: lecunNormal() }), selu(), alphaDropout(0.1), dense(2)];
 * console.log(sequential({ inputSize: 2, layers }).summary());
 * ```
 */
export const alphaDropout = defineLayer({
  type: 'alphaDropout',
  describe: 'Dropout that keeps mean 0 and variance 1, for selu',
  shorthand: 'rate',
  options: { rate: number('[0, 1)', { describe: 'Share of units that are dropped' }) },
  build({ rate }, context) {
    const { backend } = context;
    const threshold = keepThreshold(rate);
    const scale = 1 / Math.sqrt((1 - rate) * (1 + rate * LEAST * LEAST));
    const shift = -scale * rate * LEAST;
    const dropped = scale * LEAST + shift;
    return drawn(
      context,
      rate,
      (y, x, n, key0, key1) => backend.alphaDropout(y, x, n, threshold, scale, shift, dropped, key0, key1),
      (dx, dy, n, key0, key1) => backend.dropout(dx, dy, n, threshold, scale, key0, key1),
    );
  },
});
