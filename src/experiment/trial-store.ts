// What keeps the results of finished trials until they are summed up.
import type { TrialResult } from './results.ts';
import type { Trial } from './spec.ts';

/** A trial's result, and how long it took in seconds. */
export interface FinishedTrial {
  result: TrialResult;
  seconds: number;
}

/** Keeps finished trials. One that outlives the process, such as a folder or IndexedDB, makes experiments resumable. */
export interface TrialStore {
  /** What was put for a trial that is equal to this one, if anything. */
  get(trial: Trial): FinishedTrial | undefined | Promise<FinishedTrial | undefined>;
  /** Keeps a trial. A rejection ends the experiment. */
  put(trial: Trial, finished: FinishedTrial): void | Promise<void>;
}
