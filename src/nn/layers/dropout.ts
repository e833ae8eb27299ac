// Inverted dropout.
import { keepThreshold } from '../../backend/index.ts';
import { number } from '../../errors/index.ts';
import { defineLayer } from './layer.ts';

/**
 * Inverted dropout (Srivastava et al. 2014): in training each unit is zeroed with probability `rate` and the others are
 * scaled by 1 / (1 − rate), with a new mask at every step; at inference it is the identity.
 *
 * The mask depends on (seed, which dropout layer, step, index) alone, where the index counts the units of a batch row by
 * row: a smaller batch has the first rows of the mask.
 *
 * @throws ParameterError for a rate outside [0, 1).
 * @example
 * ```js
 * import { dense, dropout, relu, sequential } from 'regulus';
 * console.log(sequential({ inputSize: 2, layers: [dense(8), relu(), dropout(0.5), dense(2)] }).summary());
 * ```
 */
export const dropout = defineLayer({
  type: 'dropout',
  describe: 'Zeroes units at random in training',
  shorthand: 'rate',
  options: {
    rate: number('[0, 1)', {
      describe: 'Share of units that are dropped',
    }),
  },
  build({ rate }, { size, backend, inputNeeded, key }) {
    const threshold = keepThreshold(rate);
    const factor = 1 / (1 - rate);
    // In place over an output that passes a gradient only where it is positive, dropped units are 0 and pass none: then
    // the backward pass need not find the mask again.
    const masked = inputNeeded === 'positive';
    return {
      outputSize: size,
      inPlace: true,
      keepsPositive: true,
      keepsFlushed: true,
      forward(y, x, rows, step) {
        if (step !== undefined && rate > 0) {
          backend.dropout(y, x, rows * size, threshold, factor, key(step, 0), key(step, 1));
        } else if (y !== x) backend.scale(y, x, rows * size, 1);
      },
      backward(dx, dy, _x, _y, rows, step) {
        if (!dx) return;
        if (masked || rate === 0) {
          if (rate > 0 || dx !== dy) backend.scale(dx, dy, rows * size, factor);
        } else backend.dropout(dx, dy, rows * size, threshold, factor, key(step, 0), key(step, 1));
      },
    };
  },
});
