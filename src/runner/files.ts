// Writes files so that they are complete or absent, whenever the process or the machine stops.
import { createHash, type Hash, randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { EnvironmentError, ParameterError } from '../errors/index.ts';

/** The SHA-256 of a content, perhaps in pieces, in hexadecimal. */
export const contentHash = (...pieces: (string | Uint8Array)[]): string =>
  pieces.reduce((hash, piece) => hash.update(piece), createHash('sha256')).digest('hex');

/**
 * Writes a file, perhaps in pieces, which `hash` is told, too. Readers find the old file or the new one, never a part, even after
 * a crash.
 */
export function writeAtomically(
  path: string,
  content: string | Uint8Array | Iterable<string | Uint8Array>,
  hash?: Hash,
): void {
  const file = new AtomicFile(path);
  try {
    for (const piece of typeof content === 'string' || content instanceof Uint8Array ? [content] : content) {
      hash?.update(piece);
      file.write(piece);
    }
    file.finish();
  } catch (error) {
    file.discard();
    throw error;
  }
}

/** A file that is written in pieces, as {@link writeAtomically} does it. */
export class AtomicFile {
  readonly #path: string;
  readonly #temporary: string;
  readonly #file: number;
  #isOpen = true;

  constructor(path: string) {
    this.#path = path;
    this.#temporary = temporaryName(path);
    this.#file = openSync(this.#temporary, 'wx');
  }

  write(piece: string | Uint8Array): void {
    writeWhole(this.#file, typeof piece === 'string' ? Buffer.from(piece) : piece);
  }

  /** Puts it in the place of what was there. */
  finish(): void {
    // To the disk, not only to its cache.
    fsyncSync(this.#file);
    this.#close();
    renameSync(this.#temporary, this.#path);
    syncFolder(dirname(this.#path));
  }

  /** Leaves what was there. Nothing is thrown: the error that led here says more, and the file is removed as a leftover. */
  discard(): void {
    try {
      this.#close();
      rmSync(this.#temporary, { force: true });
    } catch {}
  }

  #close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    closeSync(this.#file);
  }
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
  let folder: number | undefined;
  try {
    folder = openSync(path, 'r');
    fsyncSync(folder);
  } catch (error) {
    if (!cannotSync.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    if (folder !== undefined) closeSync(folder);
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
  checkFile(path);
  return readFileSync(path);
}

/** {@link readWhole}, with an error that says `what` file it is, and ends with `remedy`. */
export function readNamed(path: string, remedy: string, what = ''): Buffer {
  try {
    return readWhole(path);
  } catch (error) {
    throw fileError(`read ${what}${path}`, error, remedy);
  }
}

/** {@link readWhole} in pieces, each of which is overwritten by the next one. */
export function* readPieces(path: string): Generator<Uint8Array, void, undefined> {
  checkFile(path);
  const file = openSync(path, 'r');
  try {
    const buffer = new Uint8Array(1 << 20);
    for (let length = readSync(file, buffer); length > 0; length = readSync(file, buffer)) {
      yield buffer.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}

function checkFile(path: string): void {
  const stats = statSync(path);
  if (!stats.isFile() && !stats.isDirectory()) throw Object.assign(new Error(causes.ENXIO), { code: 'ENXIO' });
}

/** Reads the data files of a spec whose paths are relative to the folder `base`. */
export function readerIn(base: string): (path: string) => Uint8Array {
  return (path) =>
    readNamed(resolve(base, path), "Paths of a spec are relative to the spec's own file.", 'the data file ');
}

/** `error`; where it complains about a value, its message says that it comes from the file or folder `path`. */
export function inFile(path: string, error: unknown): unknown {
  if (error instanceof ParameterError) error.message = `In ${path}: ${error.message}`;
  return error;
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
