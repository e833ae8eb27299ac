// Writes files so that they are complete or absent, whenever the process or the machine stops.
import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { EnvironmentError } from '../errors/index.ts';

/** Writes a file, perhaps in pieces. Readers find the old file or the new one, never a part, even after a crash. */
export function writeAtomically(path: string, content: string | Uint8Array | Iterable<string | Uint8Array>): void {
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

/** The SHA-256 of the name of a file and its content, by which damage and files under another's name are noticed. */
export function checksum(path: string, content: string | Uint8Array): string {
  return createHash('sha256')
    .update(`${basename(path)}\n`)
    .update(content)
    .digest('hex');
}

const temporary = /^\..+\.[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\.tmp$/;

/** Removes the temporary files of {@link writeAtomically} calls that were killed. No other process may be writing there. */
export function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) if (temporary.test(name)) rmSync(join(folder, name), { force: true });
}

/**
 * Creates a folder if it is missing, and checks that files can be written there.
 *
 * @throws the error of the operating system.
 */
export function makeWritable(folder: string): void {
  makeFolder(folder);
  const probe = temporaryName(join(folder, 'probe'));
  closeSync(openSync(probe, 'wx'));
  // Another process may have removed it as a temporary file.
  rmSync(probe, { force: true });
}

/** Without `mkdirSync`'s `recursive`, which never returns on file systems without writable folders, such as /proc. */
function makeFolder(path: string): void {
  if (isFolder(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have created it just now.
    if (!isFolder(path)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/**
 * The content of a file.
 *
 * @throws the error of the operating system, and an error for a pipe or a device, which may have no end, or nothing to read
 * for ever, and cannot be read a second time.
 */
export function readWhole(path: string): Buffer {
  const stats = statSync(path);
  if (!stats.isFile() && !stats.isDirectory()) throw new Error('it is a pipe or a device, not a file');
  return readFileSync(path);
}

/** Reads the data files of a spec whose paths are relative to the folder `base`. */
export function readerIn(base: string): (path: string) => Uint8Array {
  return (path) => {
    const whole = resolve(base, path);
    try {
      return readWhole(whole);
    } catch (error) {
      throw fileError(`read the data file ${whole}`, error, "Paths of a spec are relative to the spec's own file.");
    }
  };
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
  return new EnvironmentError(`Cannot ${action}: ${causes[code] ?? message}. ${remedy}`, {
    code: 'ERR_FILE',
    cause: error,
  });
}
