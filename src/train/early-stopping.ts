// Early stopping: ends training when a metric no longer improves, and restores the best weights.
import { checkBoolean, checkInteger, checkKeys, checkNumber, checkOneOf, fail } from '../errors/index.ts';
import type { Callback } from './callbacks.ts';
import type { Metric } from './history.ts';
import type { Weights } from './sequential.ts';

/** Options of {@link earlyStopping}. */
export interface EarlyStoppingOptions {
  /** Epochs without improvement after which training stops, 10 by default. */
  patience?: number;
  /** Improvement means value < best − minDelta (for accuracies, value > best + minDelta); 0 by default. */
  minDelta?: number;
  /** The metric to watch, `'valLoss'` by default. */
  monitor?: Metric;
  /** Whether to go back to the weights of the best epoch, however training ends; true by default. */
  restoreBestWeights?: boolean;
}

interface State {
  best: number;
  bestEpoch: number;
  bestWeights: Weights | undefined;
  waited: number;
}

const fresh = (): State => ({ best: Number.POSITIVE_INFINITY, bestEpoch: 0, bestWeights: undefined, waited: 0 });

const metrics: readonly Metric[] = ['trainLoss', 'trainAccuracy', 'valLoss', 'valAccuracy'];

/**
 * Stops when `monitor` has not improved for `patience` epochs in a row (Prechelt 1998). The callback starts afresh with
 * every `fit`.
 *
 * @throws ParameterError for an unknown option or a bad value, and at the start of `fit` when a validation metric is to
 * be watched without validation data.
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): Callback {
  checkKeys('earlyStopping', options, ['patience', 'minDelta', 'monitor', 'restoreBestWeights']);
  const patience = checkInteger('earlyStopping', 'patience', options.patience ?? 10, 0);
  const minDelta = checkNumber('earlyStopping', 'minDelta', options.minDelta ?? 0, '[0, inf)');
  const monitor = checkOneOf('earlyStopping', 'monitor', options.monitor ?? 'valLoss', metrics);
  const restore = checkBoolean('earlyStopping', 'restoreBestWeights', options.restoreBestWeights ?? true);
  const sign = monitor.endsWith('Accuracy') ? -1 : 1;

  let state = fresh();
  // Frozen, so that a worker can tell it from a changed copy, which its recipe does not describe.
  return Object.freeze<Callback>({
    recipe: ['earlyStopping', { ...options }],
    onTrainBegin({ hasValidationData }) {
      if (monitor.startsWith('val') && !hasValidationData) {
        fail(
          'earlyStopping',
          'monitor',
          'a metric that is recorded',
          monitor,
          "Give fit 'validationData', or monitor 'trainLoss'.",
        );
      }
      state = fresh();
    },
    onEpochEnd(metrics, { model, stop }) {
      const value = sign * (metrics[monitor] as number);
      if (value < state.best - minDelta) {
        const bestWeights = restore ? model.getWeights() : undefined;
        state = { best: value, bestEpoch: metrics.epoch, bestWeights, waited: 0 };
      } else if (++state.waited >= patience) stop();
    },
    onTrainEnd({ model, history }) {
      if (!state.bestWeights) return;
      model.setWeights(state.bestWeights);
      history.bestEpoch = state.bestEpoch;
      state.bestWeights = undefined;
    },
    // The weights are never written to, so they need no copy.
    getState: () => ({ ...state }),
    setState(saved) {
      state = { ...(saved as State) };
    },
  });
}
