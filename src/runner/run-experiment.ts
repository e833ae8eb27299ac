// runExperiment for Node: trials run in worker threads and can be kept in a folder.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { checkInteger } from '../errors/index.ts';
import { type Outcome, type RunOptions, runExperiment as runPortable } from '../experiment/index.ts';
import { TrialFolder } from './trial-folder.ts';
import { WorkerPool } from './worker-pool.ts';

/** Options of {@link runExperiment} in Node. */
export interface RunnerOptions extends RunOptions {
  /** How many trials run at a time, each in a worker thread. Default: one per core. */
  workers?: number;
  /**
   * A folder, or one that is open already, where finished trials are kept as soon as they end, and checkpoints of those
   * that run: the same experiment goes on from there, whatever ended the process. Instead of `store`.
   */
  folder?: string | TrialFolder;
  /** With `folder`: epochs between two checkpoints of a trial. Default: about every two seconds, at the end of an epoch. */
  checkpointEvery?: number;
}

/**
 * Runs every trial of `spec` in worker threads. The results are the same bytes for any number of workers, and when the
 * experiment was interrupted and resumed.
 *
 * A trial whose loss stops being finite, or whose worker crashes, lets the others run on; its error is thrown when they
 * have finished. Any other error ends the experiment at once.
 *
 * @throws ParameterError for an invalid spec, AbortError when `signal` aborts, EnvironmentError when the folder cannot be
 * written or another process has it, and what a trial throws. When trials had finished by then, `partialOutcome` gives
 * what they found.
 */
export async function runExperiment(spec: unknown, options: RunnerOptions = {}): Promise<Outcome> {
  const { folder, checkpointEvery: every, workers = availableParallelism(), ...rest } = options;
  if (every !== undefined) checkInteger('runExperiment', 'checkpointEvery', every, 1);
  const readFile = rest.readFile ?? ((path: string) => readFileSync(path));
  const common = { ...rest, readFile, workers };
  if (rest.run) return runPortable(spec, common);
  const kept = typeof folder === 'string' ? await TrialFolder.open(folder) : folder;
  const pool = new WorkerPool(readFile);
  try {
    return await runPortable(spec, {
      ...common,
      ...(kept && { store: kept }),
      run: (trial, hooks) =>
        pool.run(trial, hooks, kept && { path: kept.checkpointPath(trial), ...(every && { every }) }),
    });
  } finally {
    await pool.close();
    if (typeof folder === 'string') kept?.close();
  }
}
