// What the command line is connected to, so that it can run without a process of its own.
import { RegulusError } from '../errors/index.ts';

export { fileError } from '../runner/index.ts';

/** A stream of the process, or what stands for one. */
export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** What {@link run} is given: `O` is a stream, and a {@link Terminal} for the commands. */
export interface Io<O = Terminal> {
  /** For results: the table and the paths of the files. */
  stdout: O;
  /** For progress and errors. */
  stderr: O;
  env: Readonly<Record<string, string | undefined>>;
  /** Aborts on Ctrl-C. */
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

  /** Erases the line that the cursor is in, and `above` lines above it. */
  erase(above: number): void {
    this.#output.write(`\r${above > 0 ? `\x1b[${above}A` : ''}\x1b[J`);
  }
}

/**
 * `text` without control characters but line ends: those in labels, paths and files of users could move the cursor or
 * change colours. Each is shown as its picture, such as ␛ for Escape.
 */
export function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n]/gu, (control) => {
    return control < ' ' ? String.fromCharCode(0x2400 + control.charCodeAt(0)) : '\ufffd';
  });
}

export const exitCodes = { ok: 0, failure: 1, usage: 2, interrupted: 130 } as const;

/** The command line itself is wrong: an unknown preset, for example. */
export class UsageError extends RegulusError {
  protected static override readonly family = 'Usage';
}
