// The errors that Regulus throws on purpose, so that callers can tell them apart by class, by `name` or by `code`.
import type { ErrorCode } from './codes.ts';

/** What an error can be given beside its message. */
export interface ErrorSettings {
  cause?: unknown;
  /** Default: that of the class, such as `'ERR_PARAMETER'` of ParameterError. */
  code?: ErrorCode | undefined;
}

/** Messages name what users wrote, which may be of any length: of a long one the beginning and the end are left. */
function bounded(message: string): string {
  return message.length > 10_000 ? `${message.slice(0, 8000)} … ${message.slice(-2000)}` : message;
}

/**
 * Base class of every error that Regulus throws on purpose.
 *
 * @example
 * ```js
 * import { dense, RegulusError } from 'regulus';
 *
 * try {
 *   dense(0);
 * } catch (error) {
 *   console.log(error instanceof RegulusError, error.name, error.code); // true ParameterError ERR_PARAMETER
 * }
 * ```
 */
export class RegulusError extends Error {
  /** What its name begins with. */
  protected static readonly family: string = 'Regulus';
  /** What kind of cause it has, such as `'ERR_PARAMETER'`: it stays the same when messages change. docs/errors.md has all. */
  readonly code: ErrorCode;

  constructor(message?: string, settings?: ErrorSettings) {
    super(message && bounded(message), settings);
    const { family } = new.target;
    this.name = `${family}Error`;
    this.code = settings?.code ?? (`ERR_${family.toUpperCase()}` as ErrorCode);
  }
}

/**
 * An argument breaks a rule. The message names the parameter, the rule, the value received and, where there is one, the remedy.
 *
 * @example
 * ```js
 * import { dropout, ParameterError } from 'regulus';
 *
 * try {
 *   dropout(1.5);
 * } catch (error) {
 *   if (error instanceof ParameterError) console.log(error.message); // The 'rate' parameter of dropout must be …
 * }
 * ```
 */
export class ParameterError extends RegulusError {
  protected static override readonly family = 'Parameter';
}

/**
 * The error for a file or a text that is not what its format asks for.
 *
 * @hidden
 */
export const formatError = (message: string, settings?: Pick<ErrorSettings, 'cause'>): ParameterError =>
  new ParameterError(message, { ...settings, code: 'ERR_FORMAT' });

/**
 * NaN or Infinity where a finite number is needed: in data, in weights or in the loss.
 *
 * @example
 * ```js
 * import { dense, NumericError, sequential } from 'regulus';
 *
 * try {
 *   sequential({ inputSize: 1, layers: [dense(2)] }).predict({ data: Float64Array.of(1, NaN), shape: [2, 1] });
 * } catch (error) {
 *   if (error instanceof NumericError) console.log(error.message); // … Got NaN at row 1, column 0 …
 * }
 * ```
 */
export class NumericError extends RegulusError {
  protected static override readonly family = 'Numeric';
}

/**
 * An object was used after its `dispose()`.
 *
 * @example
 * ```js
 * import { dense, DisposedError, sequential } from 'regulus';
 *
 * const model = sequential({ inputSize: 1, layers: [dense(2)] });
 * model.dispose();
 * try {
 *   model.getWeights();
 * } catch (error) {
 *   console.log(error instanceof DisposedError); // true
 * }
 * ```
 */
export class DisposedError extends RegulusError {
  protected static override readonly family = 'Disposed';
}

/**
 * The environment cannot do what was asked (no WebAssembly SIMD, no memory left, a folder that cannot be written).
 *
 * @example
 * ```js
 * import { createEngine, EnvironmentError } from 'regulus';
 *
 * let engine;
 * try {
 *   engine = createEngine();
 * } catch (error) {
 *   if (!(error instanceof EnvironmentError)) throw error;
 *   engine = createEngine({ backend: 'js' }); // a host without WebAssembly SIMD
 * }
 * console.log(engine.info);
 * ```
 */
export class EnvironmentError extends RegulusError {
  protected static override readonly family = 'Environment';
}

/**
 * Training was stopped through an `AbortSignal`. `name` is `'AbortError'`, as on the web platform.
 *
 * @example
 * ```js
 * import { AbortError, dense, makeMoons, sequential } from 'regulus';
 *
 * const model = sequential({ inputSize: 2, layers: [dense(2)] });
 * try {
 *   await model.fit(makeMoons(), { epochs: 100_000, signal: AbortSignal.timeout(20) });
 * } catch (error) {
 *   if (error instanceof AbortError) console.log(error.history.epochs); // those that were finished
 * }
 * ```
 */
export class AbortError extends RegulusError {
  protected static override readonly family = 'Abort';
  /** What was done before, where training was aborted: its `History`. */
  history?: unknown;
}

/**
 * A worker ended before the trial that it was running: out of memory, or crashed.
 *
 * @example
 * ```js
 * import { WorkerError } from 'regulus';
 *
 * const isWorthAnotherTry = (error) => error instanceof WorkerError;
 * console.log(isWorthAnotherTry(new WorkerError('The worker ended.'))); // true
 * ```
 */
export class WorkerError extends RegulusError {
  protected static override readonly family = 'Worker';
}
