// Writes files into one folder, each whole or not at all.
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileError, makeWritable, removeLeftovers, writeAtomically } from '../runner/index.ts';

export class OutputFolder {
  readonly path: string;
  readonly #folders: readonly string[];
  readonly #option: string;

  /**
   * Makes the folder and its `subfolders` where they are missing, and tries each by writing a file.
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
   * Writes a file, perhaps piece by piece, and returns its path; makes the folders on the way to it where they are
   * missing. A reader, or a crash, finds the old file or the new one, never a part.
   */
  write(name: string, content: string | Uint8Array | Iterable<string>): string {
    const path = join(this.path, name);
    this.#reporting(path, () => {
      if (!this.#folders.includes(dirname(path))) makeWritable(dirname(path));
      writeAtomically(path, content);
    });
    return path;
  }

  /** Removes a file if it is there. */
  remove(name: string): void {
    rmSync(join(this.path, name), { force: true });
  }

  /** Removes what a killed process has left of files that it was writing. No other process may be at work here. */
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
