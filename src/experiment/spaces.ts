// Spaces of settings by name, for random sweeps: data, one line for each method.
import type { GridRange, RandomRange, SpaceSweep, SweepSpec } from './spec.ts';

/** What a sweep draws for one path, where it is switched on. */
export interface Dimension {
  readonly values: readonly unknown[] | RandomRange;
  /** Whether it says what training ends with: of those, the first that is on switches the others off. */
  readonly endsTraining?: boolean;
}

const log = (from: number, to: number): RandomRange => ({ from, to, scale: 'log' });
const linear = (from: number, to: number): RandomRange => ({ from, to, scale: 'linear' });

/**
 * `cocktail`: each regularizer is switched on in half of the points, independently of the others, and has a strength of its own then (Kadra
 * et al. 2021, "Well-tuned Simple Nets Excel on Tabular Datasets"). Some exclude each other: there is one augmentation at a time, and
 * weights are averaged, or kept as snapshots, only without early stopping. So 13 are on at the most.
 */
export const spaces: Readonly<Record<SpaceSweep['space'], Readonly<Record<string, Dimension>>>> = {
  cocktail: {
    'network.dropout': { values: linear(0.05, 0.8) },
    'network.dropConnect': { values: linear(0.05, 0.5) },
    'network.batchNormalization': { values: [true] },
    'network.residual': { values: [1, 0.9, 0.7, 0.5] },
    'network.maxNorm': { values: linear(1, 5) },
    'network.l1': { values: log(1e-6, 1e-2) },
    'network.l2': { values: log(1e-6, 1e-2) },
    'training.optimizer.weightDecay': { values: log(1e-5, 1e-1) },
    'training.optimizer.ema': { values: [0.9, 0.99, 0.999] },
    'training.optimizer.globalClipNorm': { values: log(0.5, 5) },
    'training.loss.labelSmoothing': { values: linear(0.01, 0.3) },
    'training.augment': { values: [['mixup'], ['cutmix'], ['cutout'], ['inputNoise'], ['adversarial']] },
    'training.earlyStopping': { values: [{ patience: 20 }], endsTraining: true },
    'training.callbacks': { values: [[{ type: 'swa' }], [{ type: 'snapshotEnsemble' }]], endsTraining: true },
  },
};

/** What a sweep may draw, by path. */
export function parametersOf(
  sweep: SweepSpec | undefined,
): Record<string, readonly unknown[] | GridRange | RandomRange> {
  if (!sweep) return {};
  if (!('space' in sweep)) return sweep.parameters;
  return Object.fromEntries(Object.entries(spaces[sweep.space]).map(([path, { values }]) => [path, values]));
}
