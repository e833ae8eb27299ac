// Files in `.regulus` carry a checksum. One that is damaged, or under another's name, is set aside and made again.
import { renameSync, rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { EnvironmentError } from '../errors/index.ts';
import { contentHash, fileError, readWhole, syncFolder } from './files.ts';

/** The SHA-256 of the name of a file and its content, in hex. */
export const checksum = (path: string, content: string | Uint8Array): string =>
  contentHash(`${basename(path)}\n`, content);

/** The text of a file that keeps `value`: JSON that begins with the checksum of the rest. */
export function keptJson(path: string, value: object): string {
  return `${JSON.stringify({ sha256: checksum(path, JSON.stringify(value)), ...value })}\n`;
}

/**
 * The value of {@link keptJson}.
 *
 * @throws an error when it is not what was written, to the byte.
 */
export function parseKeptJson(path: string, bytes: Buffer): unknown {
  const { sha256, ...value } = JSON.parse(bytes.toString());
  if (!bytes.equals(Buffer.from(keptJson(path, value)))) throw new EnvironmentError(`${path} is damaged.`);
  return value;
}

/** What to do with a file that is no good: whom to tell, what follows from it, and whether it may be moved. */
export interface Remedy {
  warn: (message: string) => void;
  consequence: string;
  setAside?: boolean;
}

/**
 * What `parse` makes of the file; undefined where there is none, or where `parse` throws: then the file is set aside as
 * `<name>.bad`.
 *
 * @throws EnvironmentError where a file is that cannot be read: it may be a good one.
 */
export function readKept<T>(path: string, parse: (bytes: Buffer) => T, remedy: Remedy): T | undefined {
  let bytes: Buffer | undefined;
  try {
    bytes = readWhole(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code !== 'EISDIR' && code !== 'ENXIO') {
      throw fileError(`read ${path}`, error, 'Run again when it can be read, or delete it: it is made again then.');
    }
  }
  try {
    if (bytes) return parse(bytes);
  } catch {
    // Whatever is wrong with it, it is not what was written.
  }
  discard(path, remedy);
  return undefined;
}

/** Gives a file that is no good another name, in place of an older one, and says so. */
export function discard(path: string, { warn, consequence, setAside = true }: Remedy): void {
  let what = 'It is not used';
  if (setAside) {
    const aside = `${path}.bad`;
    try {
      rmSync(aside, { recursive: true, force: true });
      renameSync(path, aside);
      syncFolder(dirname(path));
      what = `It is set aside as ${basename(aside)}`;
    } catch {
      // It stays, and is replaced by a good one.
    }
  }
  warn(`${path} is damaged or belongs to another trial. ${what}; ${consequence}.`);
}
