// What a worker thread and the thread that owns it say to each other.
import type { PackedError } from '../errors/index.ts';
import type { LoadedDataset, Trial, TrialResult } from '../experiment/index.ts';
import type { EpochEnd } from '../train/index.ts';
import type { Checkpoint } from './checkpoint-file.ts';

/** To the worker. `loaded`, the dataset of the trial, comes once and is meant for all trials that have the same. */
export type Order =
  | { type: 'run'; trial: Trial; checkpoint?: Checkpoint; loaded?: LoadedDataset }
  | { type: 'abort' | 'close' };

/** From the worker. */
export type Report =
  | { type: 'epochs'; epochs: EpochEnd[] }
  | { type: 'result'; result: TrialResult }
  | { type: 'error'; error: PackedError };
