// What a worker thread and the thread that owns it say to each other.
import type { PackedError } from '../errors/index.ts';
import type { Trial, TrialResult } from '../experiment/index.ts';
import type { EpochEnd } from '../train/index.ts';
import type { Checkpoint } from './checkpoint-file.ts';

/** To the worker. */
export type Order = { type: 'run'; trial: Trial; checkpoint?: Checkpoint } | { type: 'abort' };

/** From the worker. */
export type Report =
  | { type: 'epochs'; epochs: EpochEnd[] }
  | { type: 'result'; result: TrialResult }
  | { type: 'error'; error: PackedError };
