// What the command line is connected to, so that it can run without a process of its own.
import { RegulusError } from '../errors/index.ts';

export { fileError } from '../runner/index.ts';

export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

export interface Io {
  /** For results: the table and the paths of the files. */
  stdout: Output;
  /** For progress and errors. */
  stderr: Output;
  env: Readonly<Record<string, string | undefined>>;
  /** Aborts on Ctrl-C. */
  signal: AbortSignal;
}

export const exitCodes = { ok: 0, failure: 1, usage: 2, interrupted: 130 } as const;

/** The command line itself is wrong: an unknown preset, for example. */
export class UsageError extends RegulusError {
  override name = 'UsageError';
}
