// The planner's side: trials become jobs, and results are collected.

import { hostname } from 'node:os';
import {
  AbortError,
  checkKeys,
  checkOption,
  EnvironmentError,
  integer,
  ParameterError,
  RegulusError,
  text,
  WorkerError,
} from '../errors/index.ts';
import {
  dataFiles,
  type ReadFile,
  type RunnerHooks,
  type Trial,
  type TrialResult,
  type TrialRunner,
} from '../experiment/index.ts';
import { contentHash } from '../runner/index.ts';
import type { EpochEnd } from '../train/index.ts';
import { parseAddress, type QueueAddress } from './address.ts';
import { buildText, thisBuild } from './build.ts';
import { answers, connect, repeat } from './connection.ts';
import {
  COLLECTED_SECONDS,
  type DataFile,
  dataName,
  jobId,
  KEPT_SECONDS,
  Keys,
  type News,
  PREFIX,
  REDIS_BYTES,
  REFUSED,
  type TrialJob,
} from './keys.ts';
import { facts, unseal } from './outcome.ts';
import { announce, BEAT_MS, present } from './registry.ts';
import { type SharedStore, Store, sharedStore } from './store.ts';

/** Options of {@link queueRunner}. */
export interface QueueOptions {
  /** `redis://HOST:PORT/NAME`, or `rediss:` for TLS; with `USER:PASSWORD@` before the host where they are needed. */
  url: string;
  /** A folder or the address of an S3 bucket for data that are too large for Redis, the same for all machines. */
  data?: string;
  /** The most trials that wait or run at a time. Default 8192: enough for some 4000 worker threads. */
  window?: number;
}

/** Looks whether results have come that it was not told of, and jobs gone. */
const RECONCILE_MS = 15_000;
/** Trials that wait for a free worker beside those that run: few, so that experiments which share a queue take turns. */
const LEAST_WAITING = 32;
/** Results that are read at a time. */
const CHUNK = 64;
const FAILURES = 3;

/**
 * Runs the trials of an experiment on the machines that work on a queue ({@link startWorker}). They give the same bytes as in this
 * process. Several experiments may share a queue; equal trials run once.
 *
 * @throws ParameterError for what is no address.
 * @example
 * ```js
 * import { queueRunner } from 'regulus/cluster';
 *
 * const run = queueRunner({ url: 'redis://localhost:6379/lab' });
 * console.log(run.workers); // 8192: at most so many trials wait or run at a time
 * // const { results } = await runExperiment(spec, { run });
 * ```
 */
export function queueRunner(options: QueueOptions): TrialRunner {
  checkKeys('queueRunner', options, ['url', 'data', 'window']);
  const { url, data, window = 8192 } = options;
  const address = parseAddress(url);
  if (data !== undefined) checkOption('queueRunner', 'data', data, text());
  checkOption('queueRunner', 'window', window, integer(1));
  const shared = sharedStore(data);
  const plan: Plan = { address, shared, window, experiment: '', count: 0 };
  let planner: Promise<Planner> | undefined;
  const run = async (trial: Trial, hooks: RunnerHooks) => {
    if (trial.numerics !== 'reproducible') {
      throw new ParameterError(
        "On a queue, 'numerics' must be 'reproducible': the results of 'fast' depend on the machine. Leave it out.",
      );
    }
    planner ??= enter(plan, hooks);
    return (await planner).run(trial, hooks);
  };
  return Object.assign(run, {
    workers: window,
    begin: (experiment: string, count: number) => void Object.assign(plan, { experiment, count }),
    close: async () => {
      const entered = await planner?.catch(() => undefined);
      await entered?.close();
      planner = undefined;
    },
  });
}

/** What a planner is to do, and where. */
interface Plan {
  address: QueueAddress;
  shared: SharedStore | undefined;
  /** The most trials that wait or run at a time. */
  window: number;
  /** The name of the experiment, and how many trials it has. */
  experiment: string;
  count: number;
}

/** A trial that was asked for, under its label. */
interface Waiter {
  trial: Trial;
  hooks: RunnerHooks;
  resolve: (result: TrialResult) => void;
  reject: (error: unknown) => void;
}

/** A trial without a result: equal ones wait for the same job. */
interface Pending {
  waiters: Waiter[];
  job: TrialJob;
  machine: string | undefined;
  /** Whether it is in the queue, as far as this process knows. */
  isQueued: boolean;
  /** How many results were none. */
  refused: number;
}

interface Planner {
  run(trial: Trial, hooks: RunnerHooks): Promise<TrialResult>;
  /** Leaves the queue, and takes with it what no machine has begun. */
  close(): Promise<void>;
}

/** Comes to the queue, whose machines are to run trials. */
async function enter(
  { address, shared, window, experiment, count }: Plan,
  { warn, signal }: RunnerHooks,
): Promise<Planner> {
  const connection = await connect(address, warn, signal);
  const { redis, bullmq } = connection;
  const { id: build, build: builtOf } = thisBuild();
  const keys = new Keys(address.name, build);
  const store = new Store(redis, keys, shared);
  const queue = new bullmq.Queue(keys.queue, { connection: redis, prefix: PREFIX }).on('error', () => {});
  const pending = new Map<string, Pending>();
  const uploads = new Map<string, Promise<DataFile[]>>();
  const timers: NodeJS.Timeout[] = [];
  /** How many trials may be in the queue: as many as there are workers, and some that wait. */
  let limit = LEAST_WAITING;
  /** What waits until there may be more. */
  const gate: (() => void)[] = [];
  let inQueue = 0;
  let finished = 0;
  /** Ids to look at soon: new ones, and those that a machine has said to be done. */
  const soon = new Set<string>();
  let looking = Promise.resolve();
  let conflicts = 0;
  let isAlone = false;
  let failure: Error | undefined;
  let lastTrouble = '';
  const presence = announce(redis, keys, 'planner', () => {
    return { build, builtOf, experiment, host: hostname(), left: Math.max(0, count - finished) };
  });
  signal.addEventListener('abort', () => end(new AbortError('The trial was stopped.')));
  try {
    conflicts = await redis.llen(keys.conflicts);
    // Subscriptions need a connection of their own.
    const listener = redis.duplicate().on('error', () => {});
    // What was said meanwhile is lost.
    listener.on('ready', lookAgain);
    listener.on('messageBuffer', (_, message: Buffer) => hear(message));
    await listener.subscribe(keys.news);
    await presence.beat();
    await survey();
  } catch (error) {
    connection.close();
    throw error;
  }
  every(BEAT_MS, survey);
  every(RECONCILE_MS, () => (redis.status === 'ready' ? lookAgain() : undefined));
  return { run, close };

  function every(ms: number, action: () => Promise<void> | void): void {
    timers.push(repeat(ms, action, fail));
  }

  async function run(trial: Trial, hooks: RunnerHooks): Promise<TrialResult> {
    const files = await upload(trial, hooks.readFile).catch((error: Error) => {
      throw error instanceof RegulusError
        ? error
        : new EnvironmentError(address.scrub(error.message), { code: 'ERR_QUEUE' });
    });
    if (inQueue >= limit) await new Promise<void>((resolve) => gate.push(resolve));
    inQueue += 1;
    try {
      return await new Promise((resolve, reject) => {
        if (failure) throw failure;
        const id = jobId(trial);
        const own = pending.get(id) ?? {
          ...{ waiters: [], job: { trial, files }, machine: undefined, isQueued: false, refused: 0 },
        };
        own.waiters.push({ trial, hooks, resolve, reject });
        pending.set(id, own);
        look(id);
      });
    } finally {
      inQueue -= 1;
      finished += 1;
      letIn();
    }
  }

  function letIn(): void {
    for (let free = limit - inQueue; free > 0; free--) gate.shift()?.();
  }

  /** The files of a trial's dataset, which are in the store then. */
  async function upload({ dataset }: Trial, readFile: ReadFile | undefined): Promise<DataFile[]> {
    const paths = dataFiles(dataset);
    if (paths.length === 0 || !readFile) return [];
    const key = JSON.stringify(dataset);
    const files = uploads.get(key) ?? Promise.all(paths.map((path) => uploadFile(path, readFile)));
    uploads.set(key, files);
    return files;
  }

  async function uploadFile(path: string, readFile: ReadFile): Promise<DataFile> {
    const bytes = readFile(path);
    const sha256 = contentHash(bytes);
    const name = dataName(sha256);
    const renew = async () => {
      if (!(await store.renew(name))) await store.put(name, readFile(path));
    };
    await renew();
    // Redis may have lost it.
    every(RECONCILE_MS, renew);
    return { path, sha256 };
  }

  /** Looks for the result of a trial soon, together with others. */
  function look(id: string): void {
    if (soon.size === 0) setTimeout(lookSoon, 2);
    soon.add(id);
  }

  function lookAgain(): void {
    for (const id of pending.keys()) look(id);
  }

  function lookSoon(): void {
    const ids = [...soon];
    soon.clear();
    looking = looking.then(async () => {
      for (let i = 0; i < ids.length; i += CHUNK) await lookAt(ids.slice(i, i + CHUNK));
    });
    looking = looking.catch(fail);
  }

  /** Collects the results that are there, and puts into the queue what is neither there nor finished. */
  async function lookAt(asked: string[]): Promise<void> {
    const ids = asked.filter((id) => pending.has(id));
    if (ids.length === 0) return;
    const reading = redis.pipeline();
    for (const id of ids) {
      // One byte more than there may be, which tells a value that is too large.
      reading
        .getrangeBuffer(keys.result(id), 0, REDIS_BYTES + 1)
        .hmget(queue.toKey(id), 'finishedOn', 'failedReason', 'timestamp');
    }
    const found = await answers(reading);
    const missing: string[] = [];
    const collected = redis.pipeline();
    for (const [i, id] of ids.entries()) {
      const own = pending.get(id) as Pending;
      const value = found[2 * i] as Buffer;
      const [finishedOn, failedReason, isThere] = found[2 * i + 1] as (string | null)[];
      if (value.length > 0) {
        if (await accept(id, own, value)) collected.expire(keys.result(id), COLLECTED_SECONDS);
        else {
          collected.del(keys.result(id));
          missing.push(id);
        }
      } else if (finishedOn !== null) {
        // An earlier run may have left it, and a stranger may have put his own under its id.
        if (!own.isQueued || (failedReason?.startsWith(REFUSED) && ++own.refused < FAILURES)) missing.push(id);
        else {
          const message = `It failed ${FAILURES} times, or its machines were lost: ${address.scrub(`${failedReason}`)}`;
          settle(id, own, { error: new WorkerError(message) });
        }
        await queue.remove(id);
      } else if (isThere === null) missing.push(id);
      own.isQueued = true;
    }
    await collected.exec();
    const jobs = missing
      .filter((id) => pending.has(id))
      .map((id) => ({
        name: 'trial',
        data: pending.get(id)?.job,
        opts: {
          jobId: id,
          attempts: FAILURES,
          backoff: { type: 'fixed', delay: 1000 },
          removeOnComplete: true,
          removeOnFail: { age: KEPT_SECONDS },
        },
      }));
    if (jobs.length > 0) await queue.addBulk(jobs);
  }

  /** Whether `value` has the outcome of a trial, which then has one. */
  async function accept(id: string, own: Pending, value: Buffer): Promise<boolean> {
    let machine = 'A machine';
    try {
      if (value.length > REDIS_BYTES + 1) throw new ParameterError('It is too large.');
      const bytes = await store.unpack(value);
      machine = facts(bytes).machine;
      const outcomes = own.waiters.map((waiter) => unseal(id, bytes, waiter.trial));
      own.machine ??= started(own, machine);
      settle(id, own, ...outcomes);
      return true;
    } catch (error) {
      if (!(error instanceof ParameterError || error instanceof SyntaxError)) throw error;
      own.refused += 1;
      const message = `${machine} gave what is not the result of a trial (${id.slice(0, 8)}): ${(error as Error).message}`;
      if (own.refused === FAILURES) settle(id, own, { error: new WorkerError(message) });
      else warn(`${message} The trial runs again.`);
      return false;
    }
  }

  /** Ends a trial: an outcome for each who waits, or one for all. */
  function settle(id: string, { waiters }: Pending, ...outcomes: ({ result: TrialResult } | { error: Error })[]): void {
    pending.delete(id);
    for (const [i, { resolve, reject }] of waiters.entries()) {
      const outcome = outcomes[i] ?? outcomes[0];
      if ('result' in outcome) resolve(outcome.result);
      else reject(outcome.error);
    }
  }

  function started({ waiters }: Pending, machine: string): string {
    for (const { hooks } of waiters) hooks.onStart(machine);
    return machine;
  }

  /** A message of a worker, or of anybody who can publish. */
  function hear(message: Buffer): void {
    let news: Partial<News>;
    try {
      news = JSON.parse(message.toString());
    } catch {
      return;
    }
    if (typeof news?.machine !== 'string') return;
    const machine = news.machine.slice(0, 64);
    const list = <T>(value: readonly T[] | undefined) => (Array.isArray(value) ? value : []);
    for (const id of list(news.done)) if (pending.has(id)) look(id);
    for (const [id, epoch] of list(news.running).filter(Array.isArray)) {
      const own = pending.get(id);
      if (!own) continue;
      if (own.machine !== machine) own.machine = started(own, machine);
      if (typeof (epoch as EpochEnd)?.epoch !== 'number') continue;
      for (const { hooks } of own.waiters) hooks.onEpochEnd(epoch as EpochEnd);
    }
    if (typeof news.says === 'string') warn(`${machine}: ${news.says.slice(0, 1000)}`);
  }

  /** How many workers there are, and whether two machines disagree. */
  async function survey(): Promise<void> {
    const machines = await present(redis, keys, 'machine');
    const own = machines.filter((machine) => machine.build === build);
    const workers = own.reduce((sum, machine) => sum + machine.workers, 0);
    limit = Math.min(window, Math.max(1, workers) * 2 + LEAST_WAITING);
    letIn();
    if (own.length === 0 && !isAlone) {
      const others = machines.length > 0 ? `${machines.length} machines are there with another one. ` : '';
      warn(
        `No machine works on ${address.text} with ${buildText(builtOf)}. ${others}` +
          `Waiting; start one: regulus work --queue ${address.text}`,
      );
    }
    isAlone = own.length === 0;
    const [conflict] = await redis.lrange(keys.conflicts, conflicts, conflicts);
    if (conflict !== undefined) {
      const message = `${conflict.slice(0, 1000)} Run the experiment again without the machine that is wrong.`;
      fail(new EnvironmentError(message, { code: 'ERR_CONFLICT' }));
    }
  }

  /** An error of ours ends all trials. Others are those of the server, and what failed is done again until it can. */
  function fail(error: Error): void {
    if (error instanceof EnvironmentError) end(error);
    const message = address.scrub(error.message);
    if (message !== lastTrouble && !failure) warn(`The queue fails: ${message}. Trying again.`);
    lastTrouble = message;
  }

  function end(error: Error): void {
    failure ??= error;
    for (const { waiters } of pending.values()) for (const { reject } of waiters) reject(error);
  }

  async function close(): Promise<void> {
    failure ??= new AbortError('The queue was left.');
    for (const timer of timers) clearInterval(timer);
    const leave = async () => {
      await presence.leave();
      const waiting = [...pending].filter(([, { machine }]) => machine === undefined);
      await Promise.all(waiting.map(([id]) => queue.remove(id).catch(() => {})));
    };
    if (redis.status === 'ready') await Promise.race([leave(), new Promise((resolve) => setTimeout(resolve, 2000))]);
    connection.close();
  }
}
