// The threads in which trials run. Some can start ahead: they load their code while a command still reads its spec.
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { ownFile } from './load-module.ts';
import type { WorkerCommand } from './messages.ts';

/**
 * How long a thread waits before it ends, in milliseconds. V8 may still be compiling for it in the background, and
 * Node 20 aborts the whole process when such work needs memory after its thread has ended.
 */
export const REST_MS = 50;

/** How long a thread may take to stop by itself, in milliseconds; training does within some 20. */
export const GRACE_MS = 400;

const ahead = new Set<Worker>();

/** Starts `count` threads that {@link startThread} will give away. */
export function startAhead(count: number): void {
  for (let i = 0; i < count; i++) {
    const thread = startThread();
    ahead.add(thread);
    thread.on('exit', () => ahead.delete(thread));
  }
}

/** Ends those that nobody wanted. */
export async function endAhead(): Promise<void> {
  await Promise.all([...ahead].map(endThread));
}

/** A thread that understands messages.ts, as any `file` may that does. Found by name: it is built JavaScript also for tests of `src/`. */
export function startThread(file?: string, options?: WorkerOptions): Worker {
  const [started] = ahead;
  if (started && !file && !options) {
    ahead.delete(started);
    return started;
  }
  // Not the arguments of this process's Node, which may not be for threads.
  const thread = new Worker(file ?? ownFile('#trial-worker'), { execArgv: [], ...options });
  // An error without a listener would end the process, also one of an idle thread.
  return thread.on('error', () => {});
}

/** Ends a thread, by force if it does not listen. */
export function endThread(thread: Worker): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => thread.terminate(), GRACE_MS);
    thread.on('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    thread.postMessage({ type: 'close' } satisfies WorkerCommand);
  });
}
