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

/** The SHA-256 of a content, in hexadecimal. */
export const contentHash = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

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
    try {
      rmSync(temporary, { force: true });
    } catch {
      // The first error says more. The file is removed as a leftover.
    }
    throw error;
  }
  syncFolder(dirname(path));
}

function writeWhole(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    const written = writeSync(file, bytes, done);
    if (written === 0) throw Object.assign(new Error('nothing was written'), { code: 'ENOSPC' });
    done += written;
  }
}

/** Brings the names in a folder to the disk, where the system can: some open no folders, or synchronize none. */
export function syncFolder(path: string): void {
  let folder: number;
  try {
    folder = openSync(path, 'r');
  } catch (error) {
    if (cannotSync.has((error as NodeJS.ErrnoException).code ?? '')) return;
    throw error;
  }
  try {
    fsyncSync(folder);
  } catch (error) {
    if (!cannotSync.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    closeSync(folder);
  }
}

const cannotSync: ReadonlySet<string> = new Set(['EACCES', 'EBADF', 'EINVAL', 'EISDIR', 'ENOTSUP', 'EPERM']);

/** In the same folder, because only there renaming replaces a file in one step. */
function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
}

const temporary = /^\..+\.[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\.tmp$/;

/** Whether a file of this name is a temporary one of {@link writeAtomically}. */
export const isLeftover = (name: string): boolean => temporary.test(name);

/** Removes the temporary files of {@link writeAtomically} calls that were killed. No other process may be writing there. */
export function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) if (isLeftover(name)) rmSync(join(folder, name), { force: true });
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
  syncFolder(dirname(path));
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
  if (!stats.isFile() && !stats.isDirectory()) throw Object.assign(new Error(causes.ENXIO), { code: 'ENXIO' });
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

/** The error for a file that cannot be written into a folder that was there before. */
export function writeError(path: string, error: unknown, remedy: string): EnvironmentError {
  const gone = (error as NodeJS.ErrnoException).code === 'ENOENT' && !isFolder(dirname(path));
  return gone ? goneError(dirname(path), error) : fileError(`write ${path}`, error, remedy);
}

/** The error for a folder that has gone during a run. */
export function goneError(folder: string, cause?: unknown): EnvironmentError {
  return new EnvironmentError(
    `The folder ${folder} was deleted or moved while the experiment ran, with what was kept in it. Run again.`,
    { code: 'ERR_FILE', cause },
  );
}

const causes: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'a file is in the way',
  EFBIG: 'the file is larger than is allowed here',
  EIO: 'the disk reports an error',
  EISDIR: 'it is a folder',
  ELOOP: 'its links go in a circle',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENFILE: 'too many files are open',
  ENOENT: 'there is no such file or folder',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is a file, not a folder',
  ENXIO: 'it is a pipe or a device, not a file',
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
