// What every thread of an engine does, and from which size on. Both functions are sent to the others as text, so they use nothing from outside.

/** What is too small to be divided: columns and multiply-adds of a product, weights of an update. Above, it is measured. */
export const LEAST_COLUMNS = 16; // two panels of team.ts
export const LEAST_PRODUCT = 48_000;
export const LEAST_WEIGHTS = 4096;

/**
 * The job that threads share, as float64: [0] which kernel, [1] which of its arguments is a count, [2] that of a part, [3] that
 * of the whole; from [4] on the arguments of part 0, and from [20] on how much they grow from part to part.
 */
export type Job = Float64Array;

/** Numbers of a job, and words beside it. */
export const JOB_LENGTH = 36;
export const WORDS = 96;

/** The places of the shared int32 words, in cache lines of their own. */
export const places = {
  /** The number of the job in all bits but the last five, which say how many of its parts nobody has begun. */
  ticket: 0,
  /** Parts that are not finished. */
  pending: 16,
  /** Threads that sleep and have not been called. */
  asleep: 32,
  /** Threads that look for work or do it. */
  awake: 48,
  /** Threads that have started. */
  ready: 80,
  /** A bit for each part that has failed, such as where a host has not yet made grown memory known to all threads. */
  failed: 64,
};

/** What a thread needs to join. */
export interface Setup {
  modules: WebAssembly.Module[];
  memory: WebAssembly.Memory;
  /** Where the words are, the job, and the working memory of this thread's products. */
  words: number;
  job: number;
  workspace: number;
  kernels: string[];
  places: typeof places;
  /** How long it looks for a new job before it sleeps. */
  milliseconds: number;
}

/** Computes one part of a job; `own` is for its arguments. */
export function runPart(kernels: ((...args: number[]) => void)[], job: Job, own: Float64Array, part: number): void {
  for (let i = 0; i < 16; i++) own[i] = job[4 + i] + part * job[20 + i];
  own[job[1]] = Math.min(job[2], job[3] - part * job[2]);
  // A kernel ignores arguments beyond its own; a call with a fixed number of them is the fastest.
  kernels[job[0]](
    own[0],
    own[1],
    own[2],
    own[3],
    own[4],
    own[5],
    own[6],
    own[7],
    own[8],
    own[9],
    own[10],
    own[11],
    own[12],
    own[13],
    own[14],
    own[15],
  );
}

/** The program of a thread: takes parts of jobs for ever, until it is ended. */
export function thread(setup: Setup, run: typeof runPart): void {
  const { memory, places } = setup;
  const { ticket, pending, asleep, awake, ready, failed } = places;
  const exports = {} as Record<string, (...args: number[]) => void>;
  for (const module of setup.modules) {
    Object.assign(exports, new WebAssembly.Instance(module, { env: { memory } }).exports);
  }
  exports.useWorkspace(setup.workspace);
  const kernels = setup.kernels.map((name) => exports[name]);
  const words = new Int32Array(memory.buffer, setup.words, 96);
  const job = new Float64Array(memory.buffer, setup.job, 36);
  const own = new Float64Array(16);
  let looks = 0;
  let since = 0;
  Atomics.add(words, awake, 1);
  Atomics.add(words, ready, 1);
  for (;;) {
    const seen = Atomics.load(words, ticket);
    const left = seen & 31;
    if (left === 0) {
      if (looks++ % 256 !== 0) continue;
      if (looks === 1) since = performance.now();
      if (performance.now() - since < setup.milliseconds) continue;
      Atomics.sub(words, awake, 1);
      Atomics.add(words, asleep, 1);
      Atomics.wait(words, ticket, seen);
      Atomics.add(words, awake, 1);
    } else if (Atomics.compareExchange(words, ticket, seen, seen - 1) === seen) {
      try {
        run(kernels, job, own, left - 1);
      } catch {
        Atomics.or(words, failed, 1 << (left - 1));
      }
      Atomics.sub(words, pending, 1);
    }
    looks = 0;
  }
}
