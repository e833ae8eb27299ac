// What is fuzzed: a format of files, how inputs of it are made, and how the package reads them.
import type fc from 'fast-check';

/** A format that the package reads from outside. Inputs of every format are bytes, as files are. */
export interface Format {
  readonly name: string;
  readonly inputs: fc.Arbitrary<Uint8Array>;
  /** How long a read may take, in milliseconds; 1000 by default. */
  readonly limit?: number;
  /** How many inputs a short run takes, where reading is slow; 1000 by default. */
  readonly few?: number;
  /** Reads the input as the package does; for the bytes of a good file, it must not throw. */
  read(input: Uint8Array): unknown;
}

export const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
export const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
