// What a trial came to, as bytes: its result, or the error that it gives on every machine. With the machine's name in front,
// which is no part of it.
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { NumericError, type PackedError, ParameterError, packError, unpackError } from '../errors/index.ts';
import { type Trial, type TrialResult, validateTrial } from '../experiment/index.ts';
import { contentHash } from '../runner/index.ts';

/** The most bytes of an outcome, as text. */
const MOST_TEXT = 256 * 1024 * 1024;

export type Outcome = { result: Omit<TrialResult, 'variant' | 'point'> } | { error: Omit<PackedError, 'stack'> };

/** A result without the label and the sweep's point: equal trials of other experiments have others. */
export function ofResult({ variant, point, ...result }: TrialResult): Outcome {
  return { result };
}

/** An error that every machine gives; undefined for one that says something about this machine only. */
export function ofError(error: unknown): Outcome | undefined {
  const isOfTrial = error instanceof NumericError || (error instanceof ParameterError && error.code !== 'ERR_CHECKSUM');
  // Data with another hash are not those of the trial.
  if (!isOfTrial) return undefined;
  const { stack, ...packed } = packError(error);
  return { error: packed };
}

/** The hash of the id and the outcome: of two equal outcomes it is the same. */
const hashOf = (id: string, text: string | Buffer) => contentHash(`${id}\n`, text);

export function seal(id: string, machine: string, outcome: Outcome): { bytes: Buffer; sha256: string } {
  const text = JSON.stringify(outcome);
  const sha256 = hashOf(id, text);
  // Little effort: half the size in a tenth of the time.
  const bytes = Buffer.concat([
    Buffer.from(`${JSON.stringify({ sha256, machine })}\n`),
    deflateRawSync(text, { level: 1 }),
  ]);
  return { bytes, sha256 };
}

/** The line in front of sealed bytes. @throws an error for other bytes. */
export function facts(bytes: Buffer): { sha256: string; machine: string } {
  const { sha256, machine } = JSON.parse(bytes.toString('utf8', 0, bytes.indexOf('\n')));
  if (typeof sha256 !== 'string' || typeof machine !== 'string')
    throw new ParameterError('These are not the facts of an outcome.');
  return { sha256, machine: machine.slice(0, 64) };
}

/**
 * The result of `trial`, or its error.
 *
 * @throws ParameterError for bytes that are damaged or cannot be of this trial.
 */
export function unseal(id: string, bytes: Buffer, trial: Trial): { result: TrialResult } | { error: Error } {
  try {
    const text = inflateRawSync(bytes.subarray(bytes.indexOf('\n') + 1), { maxOutputLength: MOST_TEXT });
    if (hashOf(id, text) !== facts(bytes).sha256) throw new ParameterError('its hash is another one');
    const { result, error } = JSON.parse(text.toString());
    if (error) {
      const { name, code, message } = error;
      if (![name, message].every((value) => typeof value === 'string')) throw new ParameterError('it is no error');
      return { error: unpackError({ name, code, message, stack: undefined }) };
    }
    const { variant, point } = trial;
    const whole = { variant, ...(point && { point }), ...result };
    return { result: validateTrial({ result: whole, seconds: 0 }, trial).result };
  } catch (error) {
    throw new ParameterError(`What the queue has for this trial is not its result: ${(error as Error).message}`, {
      code: 'ERR_CHECKSUM',
    });
  }
}
