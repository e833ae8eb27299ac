// What a worker thread and the thread that owns it send each other.
import type { PackedError } from '../errors/index.ts';
import type { LoadedDataset, ModuleFile, TrainedNetwork, Trial, TrialResult } from '../experiment/index.ts';
import type { EpochEnd } from '../train/index.ts';
import type { Checkpoint } from './checkpoint-file.ts';

/** What a worker is started with: the modules that define kinds, and the folder that their paths are relative to. */
export interface WorkerSetup {
  modules: readonly ModuleFile[];
  base: string;
}

/**
 * A trial, and who has claimed which of its networks: in memory that threads share, a 1 for each that somebody trains. `dataset`
 * is the key of the trial's dataset, which comes with the first trial that has it.
 */
export interface TrialCommand {
  trial: Trial;
  claims: Int32Array;
  dataset: string;
  loaded?: LoadedDataset;
}

/** To the worker, which runs a trial, or helps another one that does with what is not claimed. */
export type WorkerCommand =
  | ({ type: 'run'; checkpoint?: Checkpoint } & TrialCommand)
  | ({ type: 'help' } & TrialCommand)
  | TrainedElsewhere
  | { type: 'abort' | 'close' };

/** What a helper has made of a network of the trial; without `networks` it could not train it. */
export interface TrainedElsewhere {
  type: 'trained';
  index: number;
  networks?: readonly TrainedNetwork[];
}

/** From the worker. */
export type WorkerReport =
  | { type: 'epochs'; epochs: EpochEnd[] }
  | { type: 'warning'; message: string }
  | { type: 'result'; result: TrialResult }
  | { type: 'error'; error: PackedError }
  | TrainedElsewhere
  | { type: 'helped' };

/**
 * How long a thread waits before it ends, in milliseconds. V8 may still be compiling for it in the background, and
 * Node 20 aborts the whole process when such work needs memory after its thread has ended.
 */
export const REST_MS = 50;
