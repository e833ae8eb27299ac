// The errors that Regulus throws on purpose, so that callers can tell them apart by class or by `name`.

/** Base class of every error that Regulus throws on purpose. */
export class RegulusError extends Error {
  override name = 'RegulusError';
}

/** An argument breaks a rule. The message names the parameter, the rule, the value received and, where there is one, the remedy. */
export class ParameterError extends RegulusError {
  override name = 'ParameterError';
}

/** NaN or Infinity where a finite number is needed: in data, in weights or in the loss. */
export class NumericError extends RegulusError {
  override name = 'NumericError';
}

/** An object was used after its `dispose()`. */
export class DisposedError extends RegulusError {
  override name = 'DisposedError';
}

/** The environment cannot do what was asked (no WebAssembly SIMD, no memory left, a folder that cannot be written). */
export class EnvironmentError extends RegulusError {
  override name = 'EnvironmentError';
}

/** Training was stopped through an `AbortSignal`. `name` is `'AbortError'`, as on the web platform. */
export class AbortError extends RegulusError {
  override name = 'AbortError';
  /** What was done before, where training was aborted: its `History`. */
  history?: unknown;
}

/** A worker ended before the trial that it was running: out of memory, or crashed. */
export class WorkerError extends RegulusError {
  override name = 'WorkerError';
}
