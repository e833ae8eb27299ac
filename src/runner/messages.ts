// What a worker thread and the thread that owns it say to each other.
import * as errors from '../errors/index.ts';
import type { Trial, TrialResult } from '../experiment/index.ts';
import type { EpochEnd } from '../train/index.ts';
import type { Checkpoint } from './checkpoint-file.ts';

/** To the worker. */
export type Order = { type: 'run'; trial: Trial; checkpoint?: Checkpoint } | { type: 'abort' };

/** From the worker. */
export type Report =
  | { type: 'epoch'; epoch: EpochEnd }
  | { type: 'result'; result: TrialResult }
  | { type: 'error'; error: PackedError };

/** An error without its class, which is lost between threads. */
export interface PackedError {
  name: string;
  message: string;
  stack: string | undefined;
}

export function packError(error: unknown): PackedError {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return { name, message, stack };
}

const classes: Readonly<Record<string, new (message: string) => Error>> = {
  AbortError: errors.AbortError,
  DisposedError: errors.DisposedError,
  EnvironmentError: errors.EnvironmentError,
  NumericError: errors.NumericError,
  ParameterError: errors.ParameterError,
  RegulusError: errors.RegulusError,
};

/** The error again, of its class where that is one of ours, with the stack of the worker. */
export function unpackError({ name, message, stack }: PackedError): Error {
  const error = new (classes[name] ?? Error)(message);
  if (stack) error.stack = stack;
  return error;
}
