// Writes files into one folder, each completely or not at all.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  AtomicFile,
  makeWritable,
  readManifest,
  removeLeftovers,
  removeManifest,
  writeAtomically,
  writeError,
  writeManifest,
} from '../runner/index.ts';

export class OutputFolder {
  readonly path: string;
  /** The hashes of what has been written, by the names of the files. */
  readonly #written = new Map<string, string>();
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
      const hash = createHash('sha256');
      writeAtomically(path, content, hash);
      this.#written.set(name, hash.digest('hex'));
    });
    return path;
  }

  /** As {@link OutputFolder.write}, with pieces that are made meanwhile. */
  async stream(name: string, pieces: AsyncIterable<string>): Promise<string> {
    const path = join(this.path, name);
    const file = this.#reporting(path, () => new AtomicFile(path));
    try {
      for await (const piece of pieces) this.#reporting(path, () => file.write(piece));
      this.#reporting(path, () => file.finish());
    } catch (error) {
      file.discard();
      throw error;
    }
    return path;
  }

  /** Has `write` write the files of results, and notes their hashes for `regulus check` when all are there. */
  async sealing(write: () => Promise<void>): Promise<void> {
    const before = readManifest(this.path);
    this.#reporting(this.path, () => removeManifest(this.path));
    await write();
    const files = { ...before, ...Object.fromEntries(this.#written) };
    const there = Object.entries(files).filter(([name]) => existsSync(join(this.path, name)));
    this.#reporting(this.path, () => writeManifest(this.path, Object.fromEntries(there)));
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

  #reporting<T>(path: string, action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw writeError(path, error, `Choose another folder with ${this.#option}, or make room for the files there.`);
    }
  }
}
