// A smaller learning rate where a series no longer improves.
import { integer, number } from '../errors/index.ts';
import { defineCallback, type RunContext } from './callbacks.ts';
import { modeRule, monitorRule, signOf } from './early-stopping.ts';
import type { Series } from './history.ts';

/**
 * Multiplies the learning rate by `factor` when `monitor` has not improved for `patience` epochs in a row, with Keras' rules and defaults
 * (`ReduceLROnPlateau`). A schedule goes on below it: its rates are multiplied.
 *
 * @throws ParameterError for an unknown option or a bad value, and at the start of `fit` when `monitor` is not recorded.
 * @example
 * ```js
 * import { dense, makeMoons, reduceLROnPlateau, sequential } from 'regulus';
 *
 * const model = sequential({ inputSize: 2, layers: [dense(2)] });
 * const callbacks = [reduceLROnPlateau({ monitor: 'trainLoss', factor: 0.5, patience: 2 })];
 * console.log((await model.fit(makeMoons({ noise: 0.2 }), { epochs: 20, callbacks })).trainLoss);
 * ```
 */
export const reduceLROnPlateau = defineCallback({
  type: 'reduceLROnPlateau',
  describe: 'Lowers the learning rate when a series no longer improves',
  options: {
    factor: number('(0, 1)', { default: 0.1, describe: 'What the learning rate is multiplied by' }),
    patience: integer(1, { default: 10, describe: 'Epochs without improvement after which that is done' }),
    minDelta: number('[0, inf)', { default: 1e-4, describe: 'An improvement is more than this' }),
    cooldown: integer(0, { default: 0, describe: 'Epochs to wait after that before counting again' }),
    minLr: number('[0, inf)', { default: 0, describe: 'The learning rate becomes no smaller' }),
    monitor: monitorRule,
    mode: modeRule,
  },
  watches: 'monitor',
  decides: () => ['learningRate'],
  start({ factor, patience, minDelta, cooldown, minLr, monitor, mode }) {
    const state = { best: Number.POSITIVE_INFINITY, waited: 0, cooling: 0 };
    return {
      onEpochEnd(epoch, context) {
        const value = signOf(context, monitor, mode) * (epoch[monitor as Series] as number);
        if (state.cooling > 0) {
          state.cooling--;
          state.waited = 0;
        }
        if (value < state.best - minDelta) {
          state.best = value;
          state.waited = 0;
        } else if (state.cooling === 0 && ++state.waited >= patience) {
          const run = context as RunContext;
          const rate = run.learningRate;
          const next = Math.max(rate * factor, minLr);
          if (next < rate) run.scaleLearningRate(next / rate);
          state.waited = 0;
          state.cooling = cooldown;
        }
      },
      getState: () => ({ ...state }),
      setState: (saved) => void Object.assign(state, saved),
    };
  },
});
