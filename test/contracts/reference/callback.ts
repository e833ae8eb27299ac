// What each callback does with the series of a fit.
import type { EarlyStoppingOptions, History } from '../../../src/train/index.ts';

/** The epoch after which it ends a fit that would have this history without it, and the epoch whose weights are left. */
export type CallbackReference = (
  history: History,
  options: never,
) => { epochs: number; weightsOf: number; bestEpoch: number };

export const references: Record<string, CallbackReference> = {
  earlyStopping(history, options: EarlyStoppingOptions) {
    const { patience = 10, minDelta = 0, monitor = 'valLoss', restoreBestWeights = true } = options;
    const isLoss = monitor.endsWith('Loss');
    const series = (history[monitor as `val${string}`] as number[]).map((value) => (isLoss ? value : -value));
    let best = 0;
    let epochs = 1;
    while (epochs < series.length && (best === epochs - 1 || epochs - 1 - best < patience)) {
      if (series[epochs] < series[best] - minDelta) best = epochs;
      epochs++;
    }
    const lowest = history.valDataLoss.slice(0, epochs).reduce((at, loss, i, all) => (loss < all[at] ? i : at), 0);
    return {
      epochs,
      weightsOf: restoreBestWeights ? best + 1 : epochs,
      bestEpoch: restoreBestWeights ? best + 1 : lowest + 1,
    };
  },
};
