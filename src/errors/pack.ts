// Errors on their way between threads, where an error loses its class and its own properties.
import type { ErrorCode } from './codes.ts';
import {
  AbortError,
  DisposedError,
  EnvironmentError,
  type ErrorSettings,
  NumericError,
  ParameterError,
  RegulusError,
  WorkerError,
} from './errors.ts';

/** An error as plain data. */
export interface PackedError {
  name: string;
  code: ErrorCode | undefined;
  message: string;
  stack: string | undefined;
}

export function packError(error: unknown): PackedError {
  const { name, message, stack, code } = (error instanceof Error ? error : new Error(String(error))) as RegulusError;
  return { name, code: error instanceof RegulusError ? code : undefined, message, stack };
}

// By name, and not all that the file exports: an object of a module's exports would be a part of every bundle.
const classes: Readonly<Record<string, new (message: string, settings: ErrorSettings) => Error>> = {
  RegulusError,
  ParameterError,
  NumericError,
  DisposedError,
  EnvironmentError,
  AbortError,
  WorkerError,
};

/** The error again, of its class where that is one of ours, with the stack of where it was thrown. */
export function unpackError({ name, code, message, stack }: PackedError): Error {
  const error = new (classes[name] ?? Error)(message, { code });
  if (stack) error.stack = stack;
  return error;
}
