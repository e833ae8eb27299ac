// runExperiment for Node: trials run in worker threads and can be kept in a folder.
import { availableParallelism } from 'node:os';
import { checkOption, fail, integer, text } from '../errors/index.ts';
import {
  checkRunOptions,
  type Outcome,
  type RunEvent,
  type RunOptions,
  runExperiment as runPortable,
} from '../experiment/index.ts';
import { readerIn } from './files.ts';
import { openSpec } from './open-spec.ts';
import { TrialFolder } from './trial-folder.ts';
import { WorkerPool } from './worker-pool.ts';

/** Options of {@link runExperiment} in Node. */
export interface RunnerOptions extends RunOptions {
  /** How many trials run at a time, each in a worker thread. Default: as `run` says, else one per core. */
  workers?: number;
  /**
   * A folder, or one that is open already, where finished trials are kept as soon as they end, and checkpoints of those
   * that run: the same experiment goes on from there, whatever ended the process. Instead of `store`.
   */
  folder?: string | TrialFolder;
  /** With `folder`: epochs between two checkpoints of a trial. Default: about every two seconds, at the end of an epoch. */
  checkpointEvery?: number;
  /** The folder that paths in the spec are relative to; the working directory by default. */
  base?: string;
}

/**
 * Runs every trial of `spec` in worker threads. The results are the same bytes for any number of workers, and when the
 * experiment was interrupted and resumed.
 *
 * When the loss of a trial stops being finite, or its worker crashes, the other trials go on, and its error is thrown when
 * they have finished. Any other error ends the experiment at once.
 *
 * @throws ParameterError for an invalid spec, AbortError when `signal` aborts, EnvironmentError when the folder cannot be
 * written or another process has it, and what a trial throws. When trials had finished by then, `partialOutcome` gives
 * what they found.
 * @example
 * ```js
 * import { presets, runExperiment } from 'regulus/experiment';
 *
 * const { moons } = presets;
 * const spec = { ...moons, training: { ...moons.training, epochs: 2 } };
 * const { results } = await runExperiment(spec, { workers: 2 });
 * console.log(results.best);
 * ```
 */
export async function runExperiment(spec: unknown, options: RunnerOptions = {}): Promise<Outcome> {
  checkRunnerOptions(options);
  const { folder, checkpointEvery: every, base = '.', ...rest } = options;
  const { workers = rest.run?.workers ?? availableParallelism() } = rest;
  const { spec: opened, catalog, modules } = await openSpec(spec, base, rest.catalog);
  const readFile = rest.readFile ?? readerIn(base);
  const kept = typeof folder === 'string' ? await TrialFolder.open(folder) : folder;
  const pool = rest.run ? undefined : new WorkerPool({ readFile, catalog, modules, base });
  let left = 0;
  let waiting = 0;
  let closing: Promise<void> | undefined;
  const onEvent = (event: RunEvent) => {
    if (event.type === 'start') left = waiting = event.count - event.finished;
    // The threads end while the outcome is summed up.
    if ((event.type === 'trialEnd' || event.type === 'trialError') && --left === 0) closing = pool?.close();
    return rest.onEvent?.(event);
  };
  try {
    return await runPortable(opened, {
      ...rest,
      onEvent,
      readFile,
      catalog,
      workers,
      ...(kept && { store: kept }),
      ...(pool && {
        run: (trial, hooks) => {
          const result = pool.run(trial, hooks, kept && { path: kept.checkpointPath(trial), ...(every && { every }) });
          if (--waiting === 0) pool.help(workers);
          return result;
        },
      }),
    });
  } finally {
    await (closing ?? pool?.close());
    if (typeof folder === 'string') kept?.close();
  }
}

const where = 'runExperiment';

function checkRunnerOptions(options: RunnerOptions): void {
  checkRunOptions(options, ['folder', 'checkpointEvery', 'base']);
  const { folder, checkpointEvery, base, store } = options;
  if (checkpointEvery !== undefined) checkOption(where, 'checkpointEvery', checkpointEvery, integer(1));
  if (base !== undefined) checkOption(where, 'base', base, text());
  if (folder !== undefined && !(folder instanceof TrialFolder)) {
    checkOption(where, 'folder', folder, text({ pattern: /\S/, rule: 'the path of a folder, or a TrialFolder' }));
  }
  if (folder !== undefined && store !== undefined) {
    fail(where, 'store', "left out with 'folder'", store, 'Trials are kept in one place.');
  }
}
