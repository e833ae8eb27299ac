// Inverted dropout.
import { keepThreshold, type Tensor } from '../../backend/index.ts';
import { anyOf, kind, number, scheduled } from '../../errors/index.ts';
import { defineLayer } from './layer.ts';

/**
 * Inverted dropout (Srivastava et al. 2014): in training each unit is zeroed with probability `rate` and the others are
 * scaled by 1 / (1 − rate), with a new mask at every step; at inference it is the identity.
 *
 * `rate` may be a schedule; unlike that of a learning rate, it goes by the steps of the model over all of its fits.
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
    rate: anyOf([number('[0, 1)'), kind('schedule')], {
      describe: 'Share of units that are dropped, or a schedule of it, which stays below 1',
    }),
  },
  build({ rate }, { size, backend, inputNeeded, key }) {
    const rateAt = scheduled('dropout', 'rate', rate, 1);
    /** The step whose rate is taken, where another one than that of the masks is meant. */
    let fixed: number | undefined;
    const rateOf = (step: number) => rateAt(fixed ?? step);
    // In place over an output that passes a gradient only where it is positive, dropped units are 0 and pass none: then
    // the backward pass need not find the mask again.
    const masked = inputNeeded === 'positive';
    const drop = (y: Tensor, x: Tensor, rows: number, step: number, rate: number) =>
      backend.dropout(y, x, rows * size, keepThreshold(rate), 1 / (1 - rate), key(step, 0), key(step, 1));
    return {
      outputSize: size,
      inPlace: true,
      keepsPositive: true,
      keepsFlushed: true,
      useStatistics(_, trained) {
        fixed = trained;
      },
      forward(y, x, rows, step) {
        const rate = step === undefined ? 0 : rateOf(step);
        if (rate > 0) drop(y, x, rows, step as number, rate);
        else if (y !== x) backend.scale(y, x, rows * size, 1);
      },
      backward(dx, dy, _x, _y, rows, step) {
        if (!dx) return;
        const rate = rateOf(step);
        if (rate > 0 && !masked) drop(dx, dy, rows, step, rate);
        else if (rate > 0 || dx !== dy) backend.scale(dx, dy, rows * size, 1 / (1 - rate));
      },
    };
  },
});
