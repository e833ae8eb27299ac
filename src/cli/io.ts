// What the command line is connected to, so that it can run without a process of its own.
import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { AbortError, RegulusError } from '../errors/index.ts';

/** A stream of the process, or what stands for one. */
export interface Output {
  write(text: string): unknown;
  /** Resolves when what was written has been taken, to whether there is still a reader. */
  drained?(): Promise<boolean>;
  isTTY?: boolean;
  columns?: number;
}

/** What {@link run} is given: `O` is a stream, and a {@link Terminal} for the commands. */
export interface Io<O = Terminal> {
  /** For results: the table and the paths of the files. */
  stdout: O;
  /** For progress and errors. */
  stderr: O;
  /** Where a table may come from whose name is `-`. */
  stdin?: Readable;
  env: Readonly<Record<string, string | undefined>>;
  /** Aborts on Ctrl-C and other signals that ask the process to end. */
  signal: AbortSignal;
}

/** The only way from the commands to a stream. */
export class Terminal {
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  /** Whether lines can be erased again. */
  get isTTY(): boolean {
    return this.#output.isTTY === true;
  }

  /** Cells in a line. */
  get columns(): number {
    return this.#output.columns || 80;
  }

  write(text: string): void {
    this.#output.write(printable(text));
  }

  /** As {@link Output.drained}, so that much text does not pile up in memory. */
  async drained(): Promise<boolean> {
    return this.#output.drained?.() ?? true;
  }

  /** Erases the line that the cursor is in, and `above` lines above it. */
  erase(above: number): void {
    this.#output.write(`\r${above > 0 ? `\x1b[${above}A` : ''}\x1b[J`);
  }
}

/**
 * What could move the cursor, change colours, or show a line in another order: control characters, and those of Unicode that
 * end lines or turn the direction of writing.
 */
export const controls = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * `text` without {@link controls} but line ends, for labels, paths and files are texts of users. Each is shown as its picture,
 * such as ␛ for Escape.
 */
export function printable(text: string): string {
  return text.replace(controls, (control) => {
    if (control === '\n') return control;
    return control < ' ' ? String.fromCharCode(0x2400 + control.charCodeAt(0)) : '\ufffd';
  });
}

/**
 * Lets the process hear of a signal, between two files for example.
 *
 * @throws AbortError when it has.
 */
export async function throwIfStopped(signal: AbortSignal): Promise<void> {
  await setImmediate();
  if (signal.aborted) throw new AbortError('Stopped.');
}

export const exitCodes = { ok: 0, failure: 1, usage: 2, interrupted: 130 } as const;

/** The command line itself is wrong: an unknown preset, for example. */
export class UsageError extends RegulusError {
  protected static override readonly family = 'Usage';
}
