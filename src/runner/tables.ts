// The public names of `regulus/tables` in Node, where the networks of fitTable train in threads.
import { availableParallelism } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { EnvironmentError, unpackError, WorkerError } from '../errors/index.ts';
import {
  type fitTable as fitTableHere,
  fitTableWith,
  type MemberJob,
  type TrainedMember,
  trainMember,
} from '../tables/index.ts';
import { ownFile } from './load-module.ts';
import { canTravel, type MemberReport } from './member-job.ts';

export * from '../tables/index.ts';

/** Threads take longer to start than they spare where all networks are trained by then. */
const WORTH_THREADS_MS = 150;

/** {@link fitTableHere}, with a network a core at a time. The bits are the same for any number of `workers`. */
export const fitTable: typeof fitTableHere = (input, options) => {
  const workers = options?.workers ?? availableParallelism();
  return fitTableWith(
    async (jobs, engine) => {
      const trained: TrainedMember[] = [];
      let next = 0;
      /** Trains networks for as long as there are any. */
      const work = async (train: (job: MemberJob) => Promise<TrainedMember>) => {
        for (let k = next++; k < jobs.length; k = next++) trained[k] = await train(jobs[k]);
      };
      const threads: Worker[] = [];
      const startHelp = async () => {
        if (engine || next >= jobs.length || !jobs.every(canTravel)) return;
        threads.push(...startThreads(Math.min(workers - 1, jobs.length - next)));
        await Promise.all(threads.map((thread) => work(trainIn(thread))));
      };
      try {
        const own = work((job) => trainMember(job, engine));
        const wait = setTimeout(WORTH_THREADS_MS, undefined, { ref: false });
        await Promise.all([own, Promise.race([own, wait]).then(startHelp)]);
        for (const thread of threads) thread.postMessage('close');
        return trained;
      } catch (error) {
        next = jobs.length;
        for (const thread of threads) void thread.terminate();
        throw error;
      }
    },
    input,
    options,
  );
};

/** None where a bundler has put this module elsewhere: one thread does the same work. */
function startThreads(count: number): Worker[] {
  try {
    const file = ownFile('#member-worker');
    // Not the arguments of this process's Node, which may not be for threads.
    return Array.from({ length: count }, () => new Worker(file, { execArgv: [] }));
  } catch (error) {
    if (error instanceof EnvironmentError) return [];
    throw error;
  }
}

const trainIn = (thread: Worker) => (job: MemberJob) =>
  new Promise<TrainedMember>((resolve, reject) => {
    const settle = (action: () => void) => {
      thread.off('message', onMessage).off('error', onError).off('exit', onExit);
      action();
    };
    const onMessage = (report: MemberReport) =>
      settle(() => ('error' in report ? reject(unpackError(report.error)) : resolve(report.trained)));
    const onError = (cause: Error) =>
      settle(() => reject(new WorkerError(`A thread failed: ${cause.message}`, { cause })));
    const onExit = (code: number) => settle(() => reject(new WorkerError(`A thread ended with exit code ${code}.`)));
    thread.on('message', onMessage).on('error', onError).on('exit', onExit);
    thread.postMessage(job);
  });
