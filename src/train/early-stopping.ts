// Early stopping: ends training when a series no longer improves, and restores the best weights.
import { boolean, type GivenOptions, integer, number, oneOf, text } from '../errors/index.ts';
import { defineCallback, type TrainContext, type Weights } from './callbacks.ts';
import type { Series } from './history.ts';

/** The options of callbacks that watch a series. */
export const monitorRule = text({ default: 'valLoss', describe: 'What to watch: a list of the history' });
export const modeRule = oneOf(['auto', 'min', 'max'], {
  default: 'auto',
  describe: 'Which direction is better: by default its own',
});

/** −1 where higher is better, so that lower always is. */
export function signOf({ better }: TrainContext, monitor: string, mode: string): number {
  return mode === 'max' || (mode === 'auto' && better[monitor as Series] === 'higher') ? -1 : 1;
}

/**
 * Stops when `monitor` has not improved for `patience` epochs in a row (Prechelt 1998). An improvement is a value that is
 * better than the best so far by more than `minDelta`, in the series' own direction. The best weights, and the state of
 * layers, are restored however training ends. Epochs up to `startFromEpoch` are not looked at. With a `baseline`, patience runs out
 * unless an improvement is also better than that (both as in Keras).
 *
 * @throws ParameterError for an unknown option or a bad value, and at the start of `fit` when `monitor` is not recorded.
 * @example
 * ```js
 * import { dense, earlyStopping, makeMoons, sequential, trainTestSplit } from 'regulus';
 *
 * const { train, test } = trainTestSplit(makeMoons({ noise: 0.2 }), { testSize: 0.25 });
 * const model = sequential({ inputSize: 2, layers: [dense(2)] });
 * const history = await model.fit(train, {
 *   epochs: 100,
 *   validationData: test,
 *   callbacks: [earlyStopping({ patience: 3, monitor: 'valAccuracy' })],
 * });
 * console.log(history.bestEpoch, history.epochs);
 * ```
 */
export const earlyStopping = defineCallback({
  type: 'earlyStopping',
  describe: 'Stops when a series no longer improves, and restores the best weights',
  options: {
    patience: integer(0, { default: 10, describe: 'Epochs without improvement after which training stops' }),
    minDelta: number('[0, inf)', { default: 0, describe: 'An improvement is more than this' }),
    monitor: monitorRule,
    mode: modeRule,
    startFromEpoch: integer(0, { default: 0, describe: 'Epochs that are not looked at' }),
    baseline: number('(-inf, inf)', { optional: true, describe: 'A value that has to be beaten within the patience' }),
    restoreBestWeights: boolean({ default: true, describe: 'Whether to go back to the weights of the best epoch' }),
  },
  watches: 'monitor',
  decides: ({ restoreBestWeights }) => (restoreBestWeights ? ['finalWeights'] : []),
  start({ patience, minDelta, monitor, mode, startFromEpoch, baseline, restoreBestWeights }) {
    const state = {
      best: Number.POSITIVE_INFINITY,
      bestEpoch: 0,
      bestWeights: undefined as Weights | undefined,
      waited: 0,
    };
    return {
      onEpochEnd(epoch, context) {
        if (epoch.epoch <= startFromEpoch) return;
        const { model, stop } = context;
        const sign = signOf(context, monitor, mode);
        const value = sign * (epoch[monitor as Series] as number);
        if (value < state.best - minDelta) {
          const bestWeights = restoreBestWeights ? model.getWeights() : undefined;
          const isEnough = baseline === undefined || value < sign * baseline - minDelta;
          Object.assign(state, { best: value, bestEpoch: epoch.epoch, bestWeights });
          state.waited = isEnough ? 0 : state.waited + 1;
        } else if (++state.waited >= patience) stop();
      },
      onTrainEnd({ model, history }) {
        if (!state.bestWeights) return;
        model.setWeights(state.bestWeights);
        history.bestEpoch = state.bestEpoch;
      },
      // The weights are never written to, so they need no copy.
      getState: () => ({ ...state }),
      setState: (saved) => void Object.assign(state, saved),
    };
  },
});

/** Options of {@link earlyStopping}. @interface */
export type EarlyStoppingOptions = GivenOptions<typeof earlyStopping.definition.options>;
