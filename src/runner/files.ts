// Files that are whole or not there at all, whenever the process or the machine stops.
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { EnvironmentError } from '../errors/index.ts';

/** Writes a file: a reader, or a crash, finds the old file or the new one, never a part. Pieces are written one by one. */
export function writeAtomically(path: string, content: string | Uint8Array | Iterable<string>): void {
  const temporary = temporaryName(path);
  const pieces = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
  try {
    const file = openSync(temporary, 'wx');
    try {
      for (const piece of pieces) writeWhole(file, typeof piece === 'string' ? Buffer.from(piece) : piece);
      // To the disk, not only to its cache.
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function writeWhole(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}

/** In the same folder, because only there renaming replaces a file in one step. */
function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
}

const temporary = /^\..+\.[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\.tmp$/;

/** Removes what {@link writeAtomically} leaves in a folder when its process is killed. No other may be writing there. */
export function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) if (temporary.test(name)) rmSync(join(folder, name), { force: true });
}

/**
 * Makes a folder where it is missing, and tries it by writing a file.
 *
 * @throws the error of the operating system.
 */
export function makeWritable(folder: string): void {
  makeFolder(folder);
  const probe = temporaryName(join(folder, 'probe'));
  closeSync(openSync(probe, 'wx'));
  // Another process may have taken it for a leftover.
  rmSync(probe, { force: true });
}

/** Not `mkdirSync`'s `recursive`, which never returns on file systems that take no folders, such as /proc. */
function makeFolder(path: string): void {
  if (isFolder(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it just now.
    if (!isFolder(path)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
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
