// The folder in which a machine keeps data of its trials, by their hash, and checkpoints.
import { readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { EnvironmentError } from '../errors/index.ts';
import { contentHash, fileError, makeWritable, readWhole, writeAtomically } from '../runner/index.ts';
import { type DataFile, dataName, KEPT_SECONDS } from './keys.ts';
import type { Store } from './store.ts';

/** More than that, and the files that were not used for longest are removed. */
const MOST_CACHED_BYTES = 8_000_000_000;

export const defaultCache = () => join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'regulus');

export class Cache {
  readonly #data: string;
  readonly #checkpoints: string;
  readonly #fetching = new Map<string, Promise<void>>();

  /** @throws EnvironmentError when the folder cannot be written. */
  constructor(folder: string) {
    this.#data = join(folder, 'data');
    this.#checkpoints = join(folder, 'checkpoints');
    try {
      for (const each of [this.#data, this.#checkpoints]) makeWritable(each);
    } catch (error) {
      throw fileError(`write ${folder}`, error, 'Choose another folder for what the queue sends with --cache.');
    }
    prune(this.#data);
    prune(this.#checkpoints);
  }

  checkpointPath(id: string): string {
    return join(this.#checkpoints, `${id}.bin`);
  }

  /** Has the file here, fetching it where it is not. Trials that begin together fetch it once. */
  fetch(file: DataFile, store: Store): Promise<void> {
    const { sha256 } = file;
    const fetching =
      this.#fetching.get(sha256) ?? this.#fetch(file, store).finally(() => this.#fetching.delete(sha256));
    this.#fetching.set(sha256, fetching);
    return fetching;
  }

  async #fetch({ path, sha256 }: DataFile, store: Store): Promise<void> {
    const own = join(this.#data, sha256);
    if (statSync(own, { throwIfNoEntry: false })) {
      const now = new Date();
      utimesSync(own, now, now);
      return;
    }
    const bytes = await store.get(dataName(sha256));
    if (!bytes || contentHash(bytes) !== sha256) {
      throw new EnvironmentError(`The queue does not have the data of ${path} (yet, or they are damaged).`, {
        code: 'ERR_QUEUE',
      });
    }
    writeAtomically(own, bytes);
    prune(this.#data);
  }

  /** The content of a file that was fetched. A damaged one is removed, and fetched again by the next trial. */
  read(sha256: string): Buffer {
    const path = join(this.#data, sha256);
    const bytes = readWhole(path);
    if (contentHash(bytes) === sha256) return bytes;
    rmSync(path, { force: true });
    throw new EnvironmentError(`${path} was damaged; it is fetched again.`, { code: 'ERR_FILE' });
  }
}

/** Removes files that are older than the queue keeps them, and the oldest where there is too much. */
function prune(folder: string): void {
  const files = readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats ? [{ path, size: stats.size, used: stats.mtimeMs }] : [];
  });
  let total = 0;
  for (const { path, size, used } of files.sort((a, b) => b.used - a.used)) {
    total += size;
    if (total > MOST_CACHED_BYTES || used < Date.now() - KEPT_SECONDS * 1000) rmSync(path, { force: true });
  }
}
