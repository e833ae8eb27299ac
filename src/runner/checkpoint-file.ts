// The file that holds a trial's latest checkpoint.
import { deserialize, serialize } from 'node:v8';
import { EnvironmentError } from '../errors/index.ts';
import type { CheckpointOptions, FitState } from '../train/index.ts';
import { writeAtomically, writeError } from './files.ts';
import { checksum, discard, readKept } from './kept-file.ts';

/** Where a trial's checkpoint is, and every how many epochs to write it. */
export interface Checkpoint {
  path: string;
  /** Default: after the first epoch that ends two seconds or more after the last checkpoint. */
  every?: number;
}

const interval = 2000;

/** Before the state: its checksum, in hex. */
const CHECKSUM_BYTES = 64;

/** The state in the bytes of a file. @throws an error when there is none, or one that is damaged or another trial's. */
export function parseCheckpoint(path: string, bytes: Buffer): FitState {
  const content = bytes.subarray(CHECKSUM_BYTES);
  if (bytes.toString('latin1', 0, CHECKSUM_BYTES) === checksum(path, content)) {
    const state = deserialize(content);
    if (isFitState(state)) return state;
  }
  throw new EnvironmentError(`${path} is damaged.`);
}

/** The state in the file; undefined where there is none that can be used, which `warn` is told. */
export function readCheckpoint(path: string, warn: (message: string) => void): FitState | undefined {
  return readKept(path, (bytes) => parseCheckpoint(path, bytes), { warn, consequence });
}

/** Sets a checkpoint aside that is another network's. */
export const discardCheckpoint = (path: string, warn: (message: string) => void): void =>
  discard(path, { warn, consequence });

const consequence = 'the trial starts again';

/** Has `fit` write the file. */
export function checkpointing({ path, every }: Checkpoint): CheckpointOptions {
  let last = performance.now();
  return {
    every: every ?? 1,
    save(state) {
      if (every === undefined && performance.now() - last < interval) return;
      // With NaN in it, training ends with an error soon, and would do so again and again from here.
      if (!isFitState(state)) return;
      try {
        const bytes = serialize(state);
        writeAtomically(path, [checksum(path, bytes), bytes]);
      } catch (error) {
        throw writeError(
          path,
          error,
          'The trials that have finished are kept. Make room for the file, then run again.',
        );
      }
      last = performance.now();
    },
  };
}

/** Whether `value` has the shape of a state, without NaN. Whether it fits the network, `fit` tells. */
function isFitState(value: unknown): value is FitState {
  const { weights, optimizer, counters, history, callbacks } = (value ?? {}) as Partial<FitState>;
  const { firstStep, steps, epochs } = counters ?? {};
  const series = Object.values(history ?? {}).filter(Array.isArray);
  return (
    areArrays(weights) &&
    areArrays(optimizer?.tensors) &&
    typeof optimizer?.type === 'string' &&
    [firstStep, steps, epochs, history?.epochs, history?.bestEpoch].every(Number.isSafeInteger) &&
    [optimizer.numbers, ...series].every(areNumbers) &&
    series.every(({ length }) => length === 0 || length === history?.epochs) &&
    Array.isArray(callbacks)
  );
}

const areArrays = (value: unknown): boolean =>
  Array.isArray(value) && value.every((array) => array instanceof Float32Array && !array.some(Number.isNaN));

const areNumbers = (value: unknown): boolean =>
  Array.isArray(value) && value.every((number) => typeof number === 'number' && !Number.isNaN(number));
