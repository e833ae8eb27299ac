// What a worker thread and the thread that owns it send each other.
import type { PackedError } from '../errors/index.ts';
import type { LoadedDataset, ModuleFile, Trial, TrialResult } from '../experiment/index.ts';
import type { EpochEnd } from '../train/index.ts';
import type { Checkpoint } from './checkpoint-file.ts';

/** What a worker is started with: the modules that define kinds, and the folder that their paths are relative to. */
export interface WorkerSetup {
  modules: readonly ModuleFile[];
  base: string;
}

/** To the worker. `dataset` is the key of the trial's dataset, which comes with the first trial that has it. */
export type WorkerCommand =
  | { type: 'run'; trial: Trial; checkpoint?: Checkpoint; dataset: string; loaded?: LoadedDataset }
  | { type: 'abort' | 'close' };

/** From the worker. */
export type WorkerReport =
  | { type: 'epochs'; epochs: EpochEnd[] }
  | { type: 'warning'; message: string }
  | { type: 'result'; result: TrialResult }
  | { type: 'error'; error: PackedError };

/**
 * How long a thread waits before it ends, in milliseconds. V8 may still be compiling for it in the background, and
 * Node 20 aborts the whole process when such work needs memory after its thread has ended.
 */
export const REST_MS = 50;
