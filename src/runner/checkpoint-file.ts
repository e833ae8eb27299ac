// The file that holds a trial's latest checkpoint.
import { readFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import type { CheckpointOptions, FitState } from '../train/index.ts';
import { checksum, fileError, writeAtomically } from './files.ts';

/** Where a trial's checkpoint is, and every how many epochs to write it. */
export interface Checkpoint {
  path: string;
  /** Default: after the first epoch that ends two seconds or more after the last checkpoint. */
  every?: number;
}

const interval = 2000;

/** Before the state: its checksum, in hex. */
const CHECKSUM_BYTES = 64;

/** The state in the file; undefined where there is none, or one that is damaged or another trial's, which `warn` is told. */
export function readCheckpoint(path: string, warn: (message: string) => void): FitState | undefined {
  try {
    const bytes = readFileSync(path);
    const state = bytes.subarray(CHECKSUM_BYTES);
    if (bytes.toString('latin1', 0, CHECKSUM_BYTES) === checksum(path, state)) return deserialize(state);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  }
  warn(`The checkpoint ${path} is damaged or belongs to another trial. It is not used; the trial starts again.`);
  return undefined;
}

/** Has `fit` write the file. */
export function checkpointing({ path, every }: Checkpoint): CheckpointOptions {
  let last = performance.now();
  return {
    every: every ?? 1,
    save(state) {
      if (every === undefined && performance.now() - last < interval) return;
      try {
        const bytes = serialize(state);
        writeAtomically(path, [checksum(path, bytes), bytes]);
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
