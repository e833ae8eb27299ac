// Errors on their way between threads, where an error loses its class and its own properties.
import {
  AbortError,
  DisposedError,
  EnvironmentError,
  NumericError,
  ParameterError,
  RegulusError,
  WorkerError,
} from './errors.ts';

/** An error as plain data. */
export interface PackedError {
  name: string;
  message: string;
  stack: string | undefined;
}

export function packError(error: unknown): PackedError {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return { name, message, stack };
}

// By name, and not all that the file exports: an object of a module's exports would be a part of every bundle.
const classes: Readonly<Record<string, new (message: string) => Error>> = {
  RegulusError,
  ParameterError,
  NumericError,
  DisposedError,
  EnvironmentError,
  AbortError,
  WorkerError,
};

/** The error again, of its class where that is one of ours, with the stack of where it was thrown. */
export function unpackError({ name, message, stack }: PackedError): Error {
  const error = new (classes[name] ?? Error)(message);
  if (stack) error.stack = stack;
  return error;
}
