// Worker threads that run trials: as many as are asked for at a time, kept for the next trial.
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { AbortError, type Catalog, unpackError, WorkerError } from '../errors/index.ts';
import type { LoadedDataset, ReadFile, RunnerHooks, Trial, TrialResult } from '../experiment/index.ts';
import type { Checkpoint } from './checkpoint-file.ts';
import { ownFile } from './load-module.ts';
import type { TrainedElsewhere, TrialCommand, WorkerCommand, WorkerReport, WorkerSetup } from './messages.ts';
import { SharedDatasets } from './shared-datasets.ts';

/** How long a worker may take to stop by itself, in milliseconds; training does within some 20. */
const GRACE_MS = 400;

/** What a pool needs to know: how files are read, and the kinds that trials may use. */
export interface PoolOptions extends Partial<WorkerSetup> {
  readFile: ReadFile;
  catalog?: Catalog;
}

/** A trial with several networks that runs in a worker, and the other workers that train some of them. */
interface SharedTrial {
  trial: Trial;
  claims: Int32Array;
  owner: Worker;
  helpers: Set<Worker>;
}

export class WorkerPool {
  readonly #idle = new Set<Worker>();
  /** All workers, with the keys of the datasets that each has been given. */
  readonly #all = new Map<Worker, Set<string>>();
  readonly #datasets: SharedDatasets;
  readonly #file: string;
  readonly #options: WorkerOptions;
  readonly #shared = new Set<SharedTrial>();
  /** How many workers may be busy with trials that need not wait for one. */
  #most = 0;

  /** Any file that understands messages.ts can be the worker. */
  constructor(
    { readFile, catalog, modules = [], base = '.' }: PoolOptions,
    // Found by name: Node 20 can load it as built JavaScript only, while this file may run from src/ or dist/.
    file = ownFile('#trial-worker'),
    options: WorkerOptions = {},
  ) {
    this.#datasets = new SharedDatasets(readFile, catalog);
    this.#file = file;
    const setup: WorkerSetup = { modules, base };
    this.#options = { workerData: setup, ...options };
  }

  /**
   * Runs a trial in an idle worker, or a new one.
   *
   * @throws what the trial throws, AbortError when the signal aborts, and WorkerError when the worker ends before.
   */
  run(
    trial: Trial,
    hooks: Pick<RunnerHooks, 'signal' | 'onEpochEnd' | 'warn'>,
    checkpoint?: Checkpoint,
  ): Promise<TrialResult> {
    const { signal, onEpochEnd, warn } = hooks;
    return new Promise((resolve, reject) => {
      const worker = this.#take();
      const claims = new Int32Array(new SharedArrayBuffer(4 * (trial.training.members ?? 1)));
      const shared: SharedTrial = { trial, claims, owner: worker, helpers: new Set() };
      const send = (command: WorkerCommand) => worker.postMessage(command);
      let timer: NodeJS.Timeout | undefined;
      let crash: unknown;
      const settle = (action: () => void) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        worker.off('message', onMessage).off('error', fail).off('exit', exit);
        this.#shared.delete(shared);
        for (const helper of shared.helpers) helper.postMessage({ type: 'abort' } satisfies WorkerCommand);
        action();
      };
      const abort = () => {
        send({ type: 'abort' });
        clearTimeout(timer);
        timer = setTimeout(() => worker.terminate(), GRACE_MS);
      };
      const onMessage = (report: WorkerReport) => {
        try {
          if (report.type === 'epochs') report.epochs.forEach(onEpochEnd);
          else if (report.type === 'warning') warn(report.message);
          else if (report.type === 'result' || report.type === 'error') {
            this.#idle.add(worker);
            settle(() => (report.type === 'result' ? resolve(report.result) : reject(unpackError(report.error))));
            this.#lend();
          }
        } catch (error) {
          // The caller's own error. The worker is in the middle of a trial and cannot be used again.
          settle(() => reject(error));
          worker.terminate();
        }
      };
      const fail = (error: Error) => {
        crash = error;
      };
      const exit = (code: number) => {
        settle(() => reject(signal.aborted ? new AbortError('The trial was stopped.') : crashError(crash, code)));
      };
      worker.on('message', onMessage).on('error', fail).on('exit', exit);
      signal.addEventListener('abort', abort);
      // Later, so that the threads of other trials that begin now start while the dataset is loaded.
      queueMicrotask(() => {
        try {
          if (signal.aborted) throw new AbortError('The trial was stopped.');
          send({ type: 'run', trial, claims, ...(checkpoint && { checkpoint }), ...this.#dataset(worker, trial) });
          if (claims.length > 1) this.#shared.add(shared);
          this.#lend();
        } catch (error) {
          this.#idle.add(worker);
          settle(() => reject(error));
        }
      });
    });
  }

  /** To be called when no more trials wait: from then on, workers without one train networks of those that run, `workers` at a time. */
  help(workers: number): void {
    this.#most = workers;
    this.#lend();
  }

  #lend(): void {
    for (const shared of this.#shared) {
      const isFree = (index: number) => Atomics.load(shared.claims, index) === 0;
      let free = [...shared.claims.keys()].filter(isFree).length;
      while (free-- > 0 && this.#all.size - this.#idle.size < this.#most) this.#helpWith(shared);
    }
  }

  /** Has a worker train what is not claimed of a trial, and hands its networks on to the one that runs the trial. */
  #helpWith(shared: SharedTrial): void {
    const { trial, claims, owner, helpers } = shared;
    const worker = this.#take();
    helpers.add(worker);
    const missing = new Set(claims.keys());
    /** Not when the trial has ended: its worker may run another one by now. */
    const handOn = (trained: TrainedElsewhere) => {
      missing.delete(trained.index);
      if (this.#shared.has(shared)) owner.postMessage(trained);
    };
    const onMessage = (report: WorkerReport) => {
      if (report.type === 'trained') handOn(report);
      else if (report.type === 'helped') {
        end();
        this.#idle.add(worker);
        this.#lend();
      }
    };
    const exit = () => {
      end();
      // It may have claimed any of them. The owner trains those itself that it has not yet been given.
      for (const index of missing) handOn({ type: 'trained', index });
    };
    const end = () => {
      worker.off('message', onMessage).off('exit', exit);
      helpers.delete(worker);
    };
    worker.on('message', onMessage).on('exit', exit);
    const command: TrialCommand = { trial, claims, ...this.#dataset(worker, trial) };
    worker.postMessage({ type: 'help', ...command } satisfies WorkerCommand);
  }

  /** The trial's dataset: its key, and once for each worker the dataset itself. */
  #dataset(worker: Worker, trial: Trial): { dataset: string; loaded?: LoadedDataset } {
    const { key: dataset, loaded } = this.#datasets.of(trial);
    const given = this.#all.get(worker);
    if (given?.has(dataset)) return { dataset };
    given?.add(dataset);
    return { dataset, loaded };
  }

  /** Ends the workers that have nothing to do. */
  async trim(): Promise<void> {
    const idle = [...this.#idle];
    this.#idle.clear();
    await Promise.all(idle.map(end));
  }

  /** Ends all workers, those that do not listen by force. */
  async close(): Promise<void> {
    await Promise.all([...this.#all.keys()].map(end));
  }

  /** An idle worker, or a new one. */
  #take(): Worker {
    const [worker = this.#start()] = this.#idle;
    this.#idle.delete(worker);
    return worker;
  }

  #start(): Worker {
    // Not the arguments of this process's Node, which may not be for threads.
    const worker = new Worker(this.#file, { execArgv: [], ...this.#options });
    this.#all.set(worker, new Set());
    // An error without a listener would end the process, also one of an idle worker.
    worker
      .on('error', () => {})
      .on('exit', () => {
        this.#all.delete(worker);
        this.#idle.delete(worker);
      });
    return worker;
  }
}

function end(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => worker.terminate(), GRACE_MS);
    worker.on('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    worker.postMessage({ type: 'close' } satisfies WorkerCommand);
  });
}

function crashError(cause: unknown, code: number): WorkerError {
  if ((cause as NodeJS.ErrnoException | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new WorkerError(
      'The worker ran out of memory. Use fewer workers, smaller data, or raise the limit: NODE_OPTIONS=--max-old-space-size=<MB>.',
      { cause },
    );
  }
  const why = cause instanceof Error ? `: ${cause.message}` : ` with exit code ${code}`;
  return new WorkerError(`The worker crashed${why}. Run again to try this trial once more.`, { cause });
}
