// Worker threads that run trials: as many as are asked for at a time, kept for the next trial.
import { createRequire } from 'node:module';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { AbortError, unpackError, WorkerError } from '../errors/index.ts';
import type { ReadFile, Trial, TrialResult, TrialRunner } from '../experiment/index.ts';
import type { Checkpoint } from './checkpoint-file.ts';
import type { Order, Report } from './messages.ts';
import { SharedDataset } from './shared-dataset.ts';

/** How long a worker may take to stop by itself, in milliseconds; training does within some 20. */
const grace = 400;

export class WorkerPool {
  readonly #idle = new Set<Worker>();
  readonly #all = new Set<Worker>();
  /** Workers that have been given the shared dataset. */
  readonly #informed = new Set<Worker>();
  readonly #shared: SharedDataset;
  readonly #file: string;
  readonly #options: WorkerOptions;

  /** Any file that speaks the language of messages.ts can be the worker. */
  constructor(readFile: ReadFile, file = workerFile(), options: WorkerOptions = {}) {
    this.#shared = new SharedDataset(readFile);
    this.#file = file;
    this.#options = options;
  }

  /**
   * Runs a trial in an idle worker, or a new one.
   *
   * @throws what the trial throws, AbortError when the signal aborts, and WorkerError when the worker ends before.
   */
  run(trial: Trial, { signal, onEpochEnd }: Parameters<TrialRunner>[1], checkpoint?: Checkpoint): Promise<TrialResult> {
    return new Promise((resolve, reject) => {
      const [worker = this.#start()] = this.#idle;
      this.#idle.delete(worker);
      const order = (message: Order) => worker.postMessage(message);
      let timer: NodeJS.Timeout | undefined;
      let crash: unknown;
      const settle = (action: () => void) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        worker.off('message', hear).off('error', fail).off('exit', exit);
        action();
      };
      const abort = () => {
        order({ type: 'abort' });
        clearTimeout(timer);
        timer = setTimeout(() => worker.terminate(), grace);
      };
      const hear = (report: Report) => {
        try {
          if (report.type === 'epochs') report.epochs.forEach(onEpochEnd);
          else {
            this.#idle.add(worker);
            settle(() => (report.type === 'result' ? resolve(report.result) : reject(unpackError(report.error))));
          }
        } catch (error) {
          // The caller's own error. The worker, in the middle of a trial, is of no use any more.
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
      worker.on('message', hear).on('error', fail).on('exit', exit);
      signal.addEventListener('abort', abort);
      // Later, so that the threads of other trials that begin now start while the dataset is loaded.
      queueMicrotask(() => {
        try {
          order({ type: 'run', trial, ...(checkpoint && { checkpoint }), ...this.#news(worker, trial) });
          if (signal.aborted) abort();
        } catch (error) {
          this.#idle.add(worker);
          settle(() => reject(error));
        }
      });
    });
  }

  /** The shared dataset, once for each worker. */
  #news(worker: Worker, trial: Trial): Pick<Extract<Order, { type: 'run' }>, 'loaded'> {
    const loaded = this.#informed.has(worker) ? undefined : this.#shared.for(trial);
    if (!loaded) return {};
    this.#informed.add(worker);
    return { loaded };
  }

  /** Ends all workers, those that do not listen by force. */
  async close(): Promise<void> {
    await Promise.all([...this.#all].map(end));
  }

  #start(): Worker {
    // Not the arguments of this process's Node, which may not be for threads.
    const worker = new Worker(this.#file, { execArgv: [], ...this.#options });
    this.#all.add(worker);
    // An error without a listener would end the process, also one of an idle worker.
    worker
      .on('error', () => {})
      .on('exit', () => {
        this.#all.delete(worker);
        this.#informed.delete(worker);
        this.#idle.delete(worker);
      });
    return worker;
  }
}

function end(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => worker.terminate(), grace);
    worker.on('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    worker.postMessage({ type: 'close' } satisfies Order);
  });
}

/** Found by name, because Node 20 can load it as built JavaScript only, while this file may run from src/ or dist/. */
function workerFile(): string {
  return createRequire(import.meta.url).resolve('#trial-worker');
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
