// Writes files into one folder, each completely or not at all.
import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileError, makeWritable, removeLeftovers, writeAtomically } from '../runner/index.ts';

export class OutputFolder {
  readonly path: string;
  readonly #folders: readonly string[];
  readonly #option: string;

  /**
   * Creates the folder and its `subfolders` if they are missing, and checks that files can be written there.
   *
   * @param option - The option that names the folder, for error messages.
   * @throws EnvironmentError when a file cannot be written there.
   */
  constructor(path: string, subfolders: readonly string[] = [], option = '--out') {
    this.path = path;
    this.#folders = [path, ...subfolders.map((name) => join(path, name))];
    this.#option = option;
    for (const folder of this.#folders) this.#reporting(folder, () => makeWritable(folder));
  }

  /**
   * Writes a file, perhaps in pieces, and returns its path; creates the folders of the path that are missing. Readers
   * find the old file or the new one, never a part, even after a crash.
   */
  write(name: string, content: string | Uint8Array | Iterable<string>): string {
    const path = join(this.path, name);
    this.#reporting(path, () => {
      if (!this.#folders.includes(dirname(path))) makeWritable(dirname(path));
      writeAtomically(path, content);
    });
    return path;
  }

  /** Removes the pictures in `subfolder` that are not among `files`. */
  keepOnly(subfolder: string, files: readonly string[]): void {
    const folder = join(this.path, subfolder);
    this.#reporting(folder, () => {
      for (const name of readdirSync(folder)) {
        if (/\.(svg|png)$/.test(name) && !files.includes(name)) rmSync(join(folder, name), { force: true });
      }
    });
  }

  /** Removes the temporary files of a killed process. No other process may be writing here. */
  removeLeftovers(): void {
    for (const folder of this.#folders) this.#reporting(folder, () => removeLeftovers(folder));
  }

  #reporting(path: string, action: () => void): void {
    try {
      action();
    } catch (error) {
      const remedy = `Choose another folder with ${this.#option}, or make room for the files there.`;
      throw fileError(`write ${path}`, error, remedy);
    }
  }
}
