// What a training run leaves behind.

/** The metrics that are recorded per epoch. */
export type Metric = 'trainLoss' | 'trainAccuracy' | 'valLoss' | 'valAccuracy';

/** The record of one `fit`. Lists have one number per trained epoch; the two of validation are empty without validation data. */
export interface History extends Record<Metric, number[]> {
  /** Mean loss over the epoch's samples while they were trained on: dropout on, penalty included, as in Keras. */
  trainLoss: number[];
  /** Share of samples classified correctly while they were trained on: dropout on. */
  trainAccuracy: number[];
  /** Loss on the validation data after the epoch: dropout off, penalty included. */
  valLoss: number[];
  /** Accuracy on the validation data after the epoch. */
  valAccuracy: number[];
  /** How many epochs were trained. */
  epochs: number;
  /**
   * The epoch (counted from 1) of the weights that early stopping restored; otherwise the epoch with the lowest
   * valLoss, or trainLoss where there is no validation data. 0 when no epoch was finished.
   */
  bestEpoch: number;
  /** Why training ended. */
  stopReason: 'completed' | 'stopped' | 'aborted';
}

export function emptyHistory(): History {
  return {
    trainLoss: [],
    trainAccuracy: [],
    valLoss: [],
    valAccuracy: [],
    epochs: 0,
    bestEpoch: 0,
    stopReason: 'completed',
  };
}

/** The epoch (from 1) with the lowest value, the first one on ties; 0 for an empty list. */
export function lowestEpoch(losses: readonly number[]): number {
  let best = 0;
  for (let i = 0; i < losses.length; i++) if (best === 0 || losses[i] < losses[best - 1]) best = i + 1;
  return best;
}
