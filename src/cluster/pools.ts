// The worker threads of a machine: a pool for each dataset and set of modules, of which few are kept.
import { isAbsolute, relative, resolve } from 'node:path';
import { EnvironmentError } from '../errors/index.ts';
import { canonicalJson } from '../experiment/index.ts';
import { loadDefinitions, WorkerPool } from '../runner/index.ts';
import type { Cache } from './cache.ts';
import type { TrialJob } from './keys.ts';
import type { Store } from './store.ts';

/** Datasets stay in memory with their pool. */
const MOST_POOLS = 3;

interface Entry {
  pool: Promise<WorkerPool>;
  running: number;
}

/** This machine lacks something that a trial needs, so that another one should run it. */
export class NotHereError extends EnvironmentError {}

export class Pools {
  readonly #base: string;
  readonly #cache: Cache;
  readonly #store: Store;
  /** Most of the memory for JavaScript of each thread, in megabytes. */
  readonly #heap: number | undefined;
  /** The one used last comes last. */
  readonly #entries = new Map<string, Entry>();

  constructor(base: string, cache: Cache, store: Store, heap: number | undefined) {
    this.#base = base;
    this.#cache = cache;
    this.#store = store;
    this.#heap = heap;
  }

  /** Lets `use` have the pool of a job. */
  async with<T>(job: TrialJob, use: (pool: WorkerPool) => Promise<T>): Promise<T> {
    const { trial, files } = job;
    const key = canonicalJson({ dataset: trial.dataset, modules: trial.modules, files });
    const entry = this.#entries.get(key) ?? { pool: this.#make(job), running: 0 };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.running += 1;
    try {
      await this.#prune();
      const pool = await entry.pool;
      await Promise.all(files.map((file) => this.#cache.fetch(file, this.#store)));
      return await use(pool);
    } catch (error) {
      // What was missing may come.
      if (error instanceof NotHereError) this.#entries.delete(key);
      throw error;
    } finally {
      entry.running -= 1;
    }
  }

  async #prune(): Promise<void> {
    for (const [key, { pool, running }] of this.#entries) {
      if (this.#entries.size <= MOST_POOLS) return;
      if (running > 0) continue;
      this.#entries.delete(key);
      await pool.then((each) => each.close()).catch(() => {});
    }
  }

  async #make({ trial, files }: TrialJob): Promise<WorkerPool> {
    const modules = trial.modules ?? [];
    for (const { path } of modules) {
      const inside = relative(this.#base, resolve(this.#base, path));
      if (inside.startsWith('..') || isAbsolute(inside)) {
        throw new NotHereError(
          `The module ${path} is outside of ${this.#base}. Modules are loaded from there only (--base).`,
        );
      }
    }
    const catalog = await loadDefinitions(modules, this.#base).catch((error: Error) => {
      throw new NotHereError(`${error.message} (The modules of a queue must be in ${this.#base} of each machine.)`);
    });
    const hashes = new Map(files.map(({ path, sha256 }) => [path, sha256]));
    const readFile = (path: string) => this.#cache.read(hashes.get(path) ?? '');
    return new WorkerPool({ readFile, catalog, modules, base: this.#base }, undefined, {
      ...(this.#heap && { resourceLimits: { maxOldGenerationSizeMb: this.#heap } }),
    });
  }

  /** Ends the threads that have nothing to do. */
  async trim(): Promise<void> {
    await Promise.all([...this.#entries.values()].map(({ pool }) => pool.then((each) => each.trim()).catch(() => {})));
  }

  /** Ends all threads. */
  async close(): Promise<void> {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.all(entries.map(({ pool }) => pool.then((each) => each.close()).catch(() => {})));
  }
}
