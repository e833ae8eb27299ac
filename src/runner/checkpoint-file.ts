// The file that holds a trial's latest checkpoint.
import { readFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import type { CheckpointOptions, FitState } from '../train/index.ts';
import { fileError, writeAtomically } from './files.ts';

/** Where a trial's checkpoint is, and every how many epochs to write it. */
export interface Checkpoint {
  path: string;
  /** Default: after the first epoch that ends two seconds or more after the last checkpoint. */
  every?: number;
}

const interval = 2000;

/** The state in the file, or undefined where there is none that can be read. */
export function readCheckpoint(path: string): FitState | undefined {
  try {
    return deserialize(readFileSync(path));
  } catch {
    return undefined;
  }
}

/** Has `fit` write the file. */
export function checkpointing({ path, every }: Checkpoint): CheckpointOptions {
  let last = performance.now();
  return {
    every: every ?? 1,
    save(state) {
      if (every === undefined && performance.now() - last < interval) return;
      try {
        writeAtomically(path, serialize(state));
      } catch (error) {
        throw fileError(
          `write ${path}`,
          error,
          'The trials that have finished are kept. Make room for the file, then run again.',
        );
      }
      last = performance.now();
    },
  };
}
