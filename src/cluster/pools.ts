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

export interface Pools {
  /** Lets `action` have the pool of a job. */
  use<T>(job: TrialJob, action: (pool: WorkerPool) => Promise<T>): Promise<T>;
  /** Ends the threads that have nothing to do. */
  trim(): Promise<void>;
  /** Ends all threads. */
  close(): Promise<void>;
}

/**
 * Pools for modules in the folder `base` and data from `cache`, which has them from `store`. `heap` is the most of the memory for JavaScript of
 * each thread, in megabytes.
 */
export function poolsOf(base: string, cache: Cache, store: Store, heap: number | undefined): Pools {
  /** The one used last comes last. */
  const entries = new Map<string, Entry>();

  async function make({ trial, files }: TrialJob): Promise<WorkerPool> {
    const modules = trial.modules ?? [];
    for (const { path } of modules) {
      const inside = relative(base, resolve(base, path));
      if (inside.startsWith('..') || isAbsolute(inside)) {
        throw new NotHereError(
          `The module ${path} is outside of ${base}. Modules are loaded from there only (--base).`,
        );
      }
    }
    const catalog = await loadDefinitions(modules, base).catch((error: Error) => {
      throw new NotHereError(`${error.message} (The modules of a queue must be in ${base} of each machine.)`);
    });
    const hashes = new Map(files.map(({ path, sha256 }) => [path, sha256]));
    const readFile = (path: string) => cache.read(hashes.get(path) ?? '');
    return new WorkerPool({ readFile, catalog, modules, base }, undefined, {
      ...(heap && { resourceLimits: { maxOldGenerationSizeMb: heap } }),
    });
  }

  async function prune(): Promise<void> {
    for (const [key, { pool, running }] of entries) {
      if (entries.size <= MOST_POOLS) return;
      if (running > 0) continue;
      entries.delete(key);
      await pool.then((each) => each.close()).catch(() => {});
    }
  }

  /** Does something with all pools that could be made. */
  const each = async (action: (pool: WorkerPool) => Promise<void>) => {
    await Promise.all([...entries.values()].map(({ pool }) => pool.then(action).catch(() => {})));
  };

  return {
    async use(job, action) {
      const { trial, files } = job;
      const key = canonicalJson({ dataset: trial.dataset, modules: trial.modules, files });
      const entry = entries.get(key) ?? { pool: make(job), running: 0 };
      entries.delete(key);
      entries.set(key, entry);
      entry.running += 1;
      try {
        await prune();
        const pool = await entry.pool;
        await Promise.all(files.map((file) => cache.fetch(file, store)));
        return await action(pool);
      } catch (error) {
        // What was missing may come.
        if (error instanceof NotHereError) entries.delete(key);
        throw error;
      } finally {
        entry.running -= 1;
      }
    },
    trim: () => each((pool) => pool.trim()),
    close() {
      const closed = each((pool) => pool.close());
      entries.clear();
      return closed;
    },
  };
}
