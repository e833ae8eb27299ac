// Writes files into one folder, each whole or not at all.
import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileError } from './io.ts';

export class OutputFolder {
  readonly path: string;

  /**
   * Makes the folder and its `subfolders` where they are missing, and tries each by writing a file.
   *
   * @throws EnvironmentError when a file cannot be written there.
   */
  constructor(path: string, subfolders: readonly string[] = []) {
    this.path = path;
    for (const folder of [path, ...subfolders.map((name) => join(path, name))]) {
      reporting(folder, () => {
        makeFolder(folder);
        const probe = temporaryName(join(folder, 'probe'));
        writeTemporary(probe, 'probe');
        rmSync(probe);
      });
    }
  }

  /** Writes a file and returns its path. A reader, or a crash, finds the old file or the new one, never a part. */
  write(name: string, content: string | Uint8Array): string {
    const path = join(this.path, name);
    reporting(path, () => {
      const temporary = temporaryName(path);
      writeTemporary(temporary, content);
      try {
        renameSync(temporary, path);
      } catch (error) {
        rmSync(temporary, { force: true });
        throw error;
      }
    });
    return path;
  }

  /** Removes a file if it is there. */
  remove(name: string): void {
    rmSync(join(this.path, name), { force: true });
  }
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

/** In the same folder, because only there renaming replaces a file in one step. */
function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
}

/** Writes to the disk, not only to its cache; leaves nothing behind when that fails. */
function writeTemporary(path: string, content: string | Uint8Array): void {
  const file = openSync(path, 'wx');
  try {
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
}

function reporting(path: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    throw fileError(`write ${path}`, error, 'Choose another folder with --out, or make room for the files there.');
  }
}
