// Inverted dropout.
import { keepThreshold, type Tensor } from '../../backend/index.ts';
import { anyOf, type Definition, type Description, definitionOf, fail, kind, number } from '../../errors/index.ts';
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
    const rateAt = scheduled(rate);
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

/** A number, or the value of its schedule, at each step. */
function scheduled(rate: number | Description<'schedule'>): (step: number) => number {
  if (typeof rate === 'number') return () => rate;
  // `nn` does not know `optim`, where schedules are defined.
  type Schedule = Definition & { rate(step: number, options: object): number };
  const { definition, options } = definitionOf<Schedule>('schedule', 'dropout', 'rate', rate);
  return (step) => {
    const value = definition.rate(step, options);
    if (value >= 0 && value < 1) return value;
    return fail('dropout', 'rate', `in the range [0, 1) at step ${step}`, value);
  };
}
