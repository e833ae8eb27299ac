// What the command line is connected to, so that it can run without a process of its own.
import { EnvironmentError, RegulusError } from '../errors/index.ts';

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

const causes: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'a file is in the way',
  EFBIG: 'the file is larger than is allowed here',
  EISDIR: 'it is a folder',
  ELOOP: 'its links go in a circle',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'there is no such file or folder',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
};

/** The error to show for a failed file operation: `Cannot <action>: <cause>. <remedy>` */
export function fileError(action: string, error: unknown, remedy: string): EnvironmentError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new EnvironmentError(`Cannot ${action}: ${causes[code] ?? message}. ${remedy}`, { cause: error });
}
