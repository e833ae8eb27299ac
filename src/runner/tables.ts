// The public names of `regulus/tables` in Node, where the networks of fitTable train in threads.
import { availableParallelism } from 'node:os';
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

/** Where the first network has taken less, threads would take longer to start than they spare. */
const WORTH_THREADS_MS = 150;

/** {@link fitTableHere}, with a network a core at a time. The bits are the same for any number of `workers`. */
export const fitTable: typeof fitTableHere = (input, options) => {
  const workers = options?.workers ?? availableParallelism();
  return fitTableWith(
    async ([first, ...others], engine) => {
      const start = performance.now();
      const trained = [await trainMember(first, engine)];
      const isWorth = performance.now() - start > WORTH_THREADS_MS && !engine && others.every(canTravel);
      const threads = isWorth ? startThreads(Math.min(workers, others.length) - 1) : [];
      let next = 0;
      /** Trains networks for as long as there are any. */
      const work = async (train: (job: MemberJob) => Promise<TrainedMember>) => {
        for (let k = next++; k < others.length; k = next++) trained[k + 1] = await train(others[k]);
      };
      try {
        await Promise.all([work((job) => trainMember(job, engine)), ...threads.map((thread) => work(trainIn(thread)))]);
        for (const thread of threads) thread.postMessage('close');
        return trained;
      } catch (error) {
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
