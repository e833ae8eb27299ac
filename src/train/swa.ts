// Stochastic weight averaging.
import { fail, integer, number } from '../errors/index.ts';
import { defineCallback, type RunContext } from './callbacks.ts';

/**
 * Stochastic weight averaging (Izmailov et al. 2018): training ends with the mean of the weights that it had at the end of each epoch
 * from `start` on, or of every `every`-th of them. What layers keep of the data, such as the moving averages of batch normalization, is then
 * computed anew for these weights, as the mean over the batches of the training data. With `learningRate`, those epochs are trained with that
 * rate, whatever the optimizer's is. The history is that of the weights themselves; with `ema`, its averages are averaged.
 *
 * @throws ParameterError for an unknown option or a value out of range, and at the start of `fit` beside another callback that decides the same,
 * such as `earlyStopping` with `restoreBestWeights`.
 * @example
 * ```js
 * import { dense, makeMoons, relu, sequential, sgd, swa } from 'regulus';
 *
 * const model = sequential({ inputSize: 2, layers: [dense(16), relu(), dense(2)] });
 * const data = makeMoons({ noise: 0.2 });
 * const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 });
 * await model.fit(data, { epochs: 20, optimizer, callbacks: [swa({ start: 11, learningRate: 0.05 })] });
 * console.log(model.evaluate(data).accuracy);
 * ```
 */
export const swa = defineCallback({
  type: 'swa',
  describe: 'Ends with the mean of the weights of the last epochs',
  options: {
    start: number('(0, inf)', {
      default: 0.75,
      describe: 'The first epoch whose weights count, from 1; below 1 the share of the epochs before it',
    }),
    every: integer(1, { default: 1, describe: 'Every how many epochs the weights count' }),
    learningRate: number('(0, inf)', { optional: true, describe: 'Learning rate from that epoch on' }),
  },
  check: ({ start }) =>
    start < 1 || Number.isInteger(start) ? undefined : { option: 'start', rule: 'a whole number, or below 1' },
  decides: ({ learningRate }) => (learningRate === undefined ? ['finalWeights'] : ['finalWeights', 'learningRate']),
  start({ start, every, learningRate }) {
    const state = { count: 0, means: [] as Float32Array[] };
    const firstOf = ({ epochs }: RunContext) => (start < 1 ? Math.floor(start * epochs) + 1 : start);
    const setRate = (epoch: number, context: RunContext) => {
      if (learningRate !== undefined && epoch === firstOf(context)) context.setLearningRate(learningRate);
    };
    return {
      onTrainBegin(context) {
        const run = context as RunContext;
        if (start > run.epochs) fail('swa', 'start', `at most the epochs (${run.epochs})`, start);
        setRate(1, run);
      },
      onEpochEnd({ epoch }, context) {
        const run = context as RunContext;
        setRate(epoch + 1, run);
        const later = epoch - firstOf(run);
        if (later < 0 || later % every !== 0) return;
        const share = 1 / (state.count + 1);
        const weights = run.model.getWeights();
        state.means = weights.map(({ data }, i) => {
          const old = state.means[i] ?? data;
          return data.map((w, j) => old[j] + share * (w - old[j]));
        });
        state.count++;
      },
      onTrainEnd(context) {
        if (state.count === 0) return;
        const run = context as RunContext;
        run.model.setWeights(run.model.getWeights().map((array, i) => ({ ...array, data: state.means[i] })));
        run.recomputeStatistics();
      },
      getState: () => ({ ...state }),
      setState: (saved) => void Object.assign(state, saved),
    };
  },
});
