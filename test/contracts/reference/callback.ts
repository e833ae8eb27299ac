// What each callback does with the series of a fit.
import type { EarlyStoppingOptions, History } from '../../../src/train/index.ts';

/** The epoch after which it ends a fit that would have this history without it, and the epoch whose weights are left. */
export type CallbackReference = (
  history: History,
  options: never,
) => { epochs: number; weightsOf: number; bestEpoch: number };

/** What changes the learning rate has a test of its own in values.test.ts. */
export const references: Record<string, CallbackReference | 'rates' | 'means' | 'snapshots'> = {
  reduceLROnPlateau: 'rates',
  swa: 'means',
  snapshotEnsemble: 'snapshots',
  earlyStopping(history, options: EarlyStoppingOptions) {
    const { patience = 10, minDelta = 0, monitor = 'valLoss', restoreBestWeights = true } = options;
    const { startFromEpoch = 0, baseline } = options;
    const series = signed(history, options);
    const sign = signOf(monitor, options.mode);
    let best = -1;
    let waited = 0;
    let epochs = 0;
    while (epochs < series.length) {
      const value = series[epochs++];
      if (epochs <= startFromEpoch) continue;
      if (best < 0 || value < series[best] - minDelta) {
        best = epochs - 1;
        waited = baseline === undefined || value < sign * baseline - minDelta ? 0 : waited + 1;
      } else if (++waited >= patience) break;
    }
    const lowest = history.valDataLoss.slice(0, epochs).reduce((at, loss, i, all) => (loss < all[at] ? i : at), 0);
    return {
      epochs,
      weightsOf: restoreBestWeights ? best + 1 : epochs,
      bestEpoch: restoreBestWeights ? best + 1 : lowest + 1,
    };
  },
};

type Watching = { monitor?: string | undefined; mode?: string | undefined };

const signOf = (monitor: string, mode = 'auto') =>
  mode === 'max' || (mode === 'auto' && !monitor.endsWith('Loss')) ? -1 : 1;

function signed(history: History, { monitor = 'valLoss', mode }: Watching): number[] {
  return (history[monitor as `val${string}`] as number[]).map((value) => signOf(monitor, mode) * value);
}

/** The learning rate of each epoch of a fit that has had this history, from `rate`: Keras' ReduceLROnPlateau. */
export function reducedRates(history: History, rate: number, options: Record<string, number> & Watching): number[] {
  const { factor = 0.1, patience = 10, minDelta = 1e-4, cooldown = 0, minLr = 0 } = options;
  let best = Number.POSITIVE_INFINITY;
  let wait = 0;
  let cooldownCounter = 0;
  let now = rate;
  return signed(history, options).map((value) => {
    const used = now;
    if (cooldownCounter > 0) {
      cooldownCounter -= 1;
      wait = 0;
    }
    if (value < best - minDelta) {
      best = value;
      wait = 0;
    } else if (cooldownCounter <= 0) {
      wait += 1;
      if (wait >= patience && now > minLr) {
        now = Math.max(now * factor, minLr);
        cooldownCounter = cooldown;
        wait = 0;
      }
    }
    return used;
  });
}
