// The planner's side: trials become jobs, and results are collected.

import { hostname } from 'node:os';
import type { Queue } from 'bullmq';
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
import { answers, type Connection, connect, repeat } from './connection.ts';
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
import { announce, BEAT_MS, type Presence, present } from './registry.ts';
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
  let planner: Planner | undefined;
  const run = (trial: Trial, hooks: RunnerHooks) => {
    planner ??= new Planner(plan, hooks);
    return planner.run(trial, hooks);
  };
  return Object.assign(run, {
    workers: window,
    begin: (experiment: string, count: number) => void Object.assign(plan, { experiment, count }),
    close: async () => {
      await planner?.close();
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

interface Session extends Connection {
  queue: Queue;
  store: Store;
  presence: Presence;
}

class Planner {
  readonly #plan: Plan;
  readonly #keys: Keys;
  readonly #hooks: RunnerHooks;
  readonly #session: Promise<Session>;
  readonly #pending = new Map<string, Pending>();
  readonly #files = new Map<string, Promise<DataFile[]>>();
  readonly #timers: NodeJS.Timeout[] = [];
  /** How many trials may be in the queue: as many as there are workers, and some that wait. */
  #limit = LEAST_WAITING;
  /** What waits until there may be more. */
  readonly #gate: (() => void)[] = [];
  #inQueue = 0;
  #finished = 0;
  /** Ids to look at soon: new ones, and those that a machine has said to be done. */
  readonly #soon = new Set<string>();
  #looking = Promise.resolve();
  #conflicts = 0;
  #isAlone = false;
  #failure: Error | undefined;
  #trouble = '';

  constructor(plan: Plan, hooks: RunnerHooks) {
    this.#plan = plan;
    this.#hooks = hooks;
    hooks.signal.addEventListener('abort', () => this.#end(new AbortError('The trial was stopped.')));
    this.#keys = new Keys(plan.address.name, thisBuild().id);
    this.#session = this.#open(plan);
    this.#session.catch(() => {});
  }

  async #open(plan: Plan): Promise<Session> {
    const { warn, signal } = this.#hooks;
    const connection = await connect(plan.address, warn, signal);
    return this.#enter(connection, plan).catch((error) => {
      connection.close();
      throw error;
    });
  }

  async #enter(connection: Connection, { shared, experiment, count }: Plan): Promise<Session> {
    const { redis, bullmq } = connection;
    const { id: build, build: builtOf } = thisBuild();
    const presence = announce(redis, this.#keys, 'planner', () => {
      return { build, builtOf, experiment, host: hostname(), left: Math.max(0, count - this.#finished) };
    });
    const queue = new bullmq.Queue(this.#keys.queue, { connection: redis, prefix: PREFIX });
    queue.on('error', () => {});
    const session = { ...connection, queue, presence, store: new Store(redis, this.#keys, shared) };
    this.#conflicts = await redis.llen(this.#keys.conflicts);
    const listener = connection.another();
    // What was said meanwhile is lost.
    listener.on('ready', () => this.#lookAgain());
    listener.on('messageBuffer', (_, message: Buffer) => this.#hear(message));
    await listener.subscribe(this.#keys.news);
    await presence.beat();
    await this.#count(session);
    this.#every(BEAT_MS, () => this.#count(session));
    this.#every(RECONCILE_MS, () => this.#reconcile(session));
    return session;
  }

  #every(ms: number, action: () => Promise<void>): void {
    this.#timers.push(repeat(ms, action, (error) => this.#fail(error)));
  }

  async run(trial: Trial, hooks: RunnerHooks): Promise<TrialResult> {
    if (trial.numerics !== 'reproducible') {
      throw new ParameterError(
        "On a queue, 'numerics' must be 'reproducible': the results of 'fast' depend on the machine. Leave it out.",
      );
    }
    const session = await this.#session;
    const files = await this.#upload(session, trial, hooks.readFile).catch((error: Error) => {
      throw error instanceof RegulusError
        ? error
        : new EnvironmentError(this.#plan.address.scrub(error.message), { code: 'ERR_QUEUE' });
    });
    if (this.#inQueue >= this.#limit) await new Promise<void>((resolve) => this.#gate.push(resolve));
    this.#inQueue += 1;
    try {
      return await new Promise((resolve, reject) => {
        if (this.#failure) throw this.#failure;
        const id = jobId(trial);
        const pending = this.#pending.get(id) ?? {
          ...{ waiters: [], job: { trial, files }, machine: undefined, isQueued: false, refused: 0 },
        };
        pending.waiters.push({ trial, hooks, resolve, reject });
        this.#pending.set(id, pending);
        this.#look(id);
      });
    } finally {
      this.#inQueue -= 1;
      this.#finished += 1;
      this.#letIn();
    }
  }

  #letIn(): void {
    for (let free = this.#limit - this.#inQueue; free > 0; free--) this.#gate.shift()?.();
  }

  /** The files of a trial's dataset, which are in the store then. */
  async #upload({ store }: Session, { dataset }: Trial, readFile: ReadFile | undefined): Promise<DataFile[]> {
    const paths = dataFiles(dataset);
    if (paths.length === 0 || !readFile) return [];
    const key = JSON.stringify(dataset);
    const files = this.#files.get(key) ?? Promise.all(paths.map((path) => this.#uploadFile(store, path, readFile)));
    this.#files.set(key, files);
    return files;
  }

  async #uploadFile(store: Store, path: string, readFile: ReadFile): Promise<DataFile> {
    const bytes = readFile(path);
    const sha256 = contentHash(bytes);
    const name = dataName(sha256);
    const renew = async () => {
      if (!(await store.renew(name))) await store.put(name, readFile(path));
    };
    await renew();
    // Redis may have lost it.
    this.#every(RECONCILE_MS, renew);
    return { path, sha256 };
  }

  /** Looks for the result of a trial soon, together with others. */
  #look(id: string): void {
    if (this.#soon.size === 0) setTimeout(() => this.#lookSoon(), 2);
    this.#soon.add(id);
  }

  #lookAgain(): void {
    for (const id of this.#pending.keys()) this.#look(id);
  }

  #lookSoon(): void {
    const ids = [...this.#soon];
    this.#soon.clear();
    this.#looking = this.#looking.then(async () => {
      const session = await this.#session;
      for (let i = 0; i < ids.length; i += CHUNK) await this.#lookAt(session, ids.slice(i, i + CHUNK));
    });
    this.#looking = this.#looking.catch((error) => this.#fail(error));
  }

  /** Collects the results that are there, and puts into the queue what is neither there nor finished. */
  async #lookAt({ redis, queue, store }: Session, asked: string[]): Promise<void> {
    const ids = asked.filter((id) => this.#pending.has(id));
    if (ids.length === 0) return;
    const reading = redis.pipeline();
    for (const id of ids) {
      // One byte more than there may be, which tells a value that is too large.
      reading
        .getrangeBuffer(this.#keys.result(id), 0, REDIS_BYTES + 1)
        .hmget(queue.toKey(id), 'finishedOn', 'failedReason', 'timestamp');
    }
    const found = await answers(reading);
    const missing: string[] = [];
    const collected = redis.pipeline();
    for (const [i, id] of ids.entries()) {
      const pending = this.#pending.get(id) as Pending;
      const value = found[2 * i] as Buffer;
      const [finishedOn, failedReason, isThere] = found[2 * i + 1] as (string | null)[];
      if (value.length > 0) {
        if (await this.#accept(store, id, pending, value)) collected.expire(this.#keys.result(id), COLLECTED_SECONDS);
        else {
          collected.del(this.#keys.result(id));
          missing.push(id);
        }
      } else if (finishedOn !== null) {
        // An earlier run may have left it, and a stranger may have put his own under its id.
        if (!pending.isQueued || (failedReason?.startsWith(REFUSED) && ++pending.refused < FAILURES)) missing.push(id);
        else {
          const message = `It failed ${FAILURES} times, or its machines were lost: ${this.#plan.address.scrub(`${failedReason}`)}`;
          this.#settle(id, pending, { error: new WorkerError(message) });
        }
        await queue.remove(id);
      } else if (isThere === null) missing.push(id);
      pending.isQueued = true;
    }
    await collected.exec();
    const jobs = missing
      .filter((id) => this.#pending.has(id))
      .map((id) => ({
        name: 'trial',
        data: this.#pending.get(id)?.job,
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
  async #accept(store: Store, id: string, pending: Pending, value: Buffer): Promise<boolean> {
    let machine = 'A machine';
    try {
      if (value.length > REDIS_BYTES + 1) throw new ParameterError('It is too large.');
      const bytes = await store.unpack(value);
      machine = facts(bytes).machine;
      const outcomes = pending.waiters.map((waiter) => unseal(id, bytes, waiter.trial));
      pending.machine ??= this.#started(pending, machine);
      this.#settle(id, pending, ...outcomes);
      return true;
    } catch (error) {
      if (!(error instanceof ParameterError || error instanceof SyntaxError)) throw error;
      pending.refused += 1;
      const message = `${machine} gave what is not the result of a trial (${id.slice(0, 8)}): ${(error as Error).message}`;
      if (pending.refused === FAILURES) this.#settle(id, pending, { error: new WorkerError(message) });
      else this.#hooks.warn(`${message} The trial runs again.`);
      return false;
    }
  }

  /** Ends a trial: an outcome for each who waits, or one for all. */
  #settle(id: string, { waiters }: Pending, ...outcomes: ({ result: TrialResult } | { error: Error })[]): void {
    this.#pending.delete(id);
    for (const [i, { resolve, reject }] of waiters.entries()) {
      const outcome = outcomes[i] ?? outcomes[0];
      if ('result' in outcome) resolve(outcome.result);
      else reject(outcome.error);
    }
  }

  #started({ waiters }: Pending, machine: string): string {
    for (const { hooks } of waiters) hooks.onStart(machine);
    return machine;
  }

  /** A message of a worker, or of anybody who can publish. */
  #hear(message: Buffer): void {
    let news: Partial<News>;
    try {
      news = JSON.parse(message.toString());
    } catch {
      return;
    }
    if (typeof news?.machine !== 'string') return;
    const machine = news.machine.slice(0, 64);
    const list = <T>(value: readonly T[] | undefined) => (Array.isArray(value) ? value : []);
    for (const id of list(news.done)) if (this.#pending.has(id)) this.#look(id);
    for (const [id, epoch] of list(news.running).filter(Array.isArray)) {
      const pending = this.#pending.get(id);
      if (!pending) continue;
      if (pending.machine !== machine) pending.machine = this.#started(pending, machine);
      if (typeof (epoch as EpochEnd)?.epoch !== 'number') continue;
      for (const { hooks } of pending.waiters) hooks.onEpochEnd(epoch as EpochEnd);
    }
    if (typeof news.says === 'string') this.#hooks.warn(`${machine}: ${news.says.slice(0, 1000)}`);
  }

  /** How many workers there are, and whether two machines disagree. */
  async #count({ redis }: Session): Promise<void> {
    const { id, build } = thisBuild();
    const machines = await present(redis, this.#keys, 'machine');
    const own = machines.filter((machine) => machine.build === id);
    const workers = own.reduce((sum, machine) => sum + machine.workers, 0);
    this.#limit = Math.min(this.#plan.window, Math.max(1, workers) * 2 + LEAST_WAITING);
    this.#letIn();
    if (own.length === 0 && !this.#isAlone) {
      const others = machines.length > 0 ? `${machines.length} machines are there with another one. ` : '';
      this.#hooks.warn(
        `No machine works on ${this.#plan.address.text} with ${buildText(build)}. ${others}` +
          `Waiting; start one: regulus work --queue ${this.#plan.address.text}`,
      );
    }
    this.#isAlone = own.length === 0;
    const [conflict] = await redis.lrange(this.#keys.conflicts, this.#conflicts, this.#conflicts);
    if (conflict !== undefined) {
      const message = `${conflict.slice(0, 1000)} Run the experiment again without the machine that is wrong.`;
      this.#fail(new EnvironmentError(message, { code: 'ERR_CONFLICT' }));
    }
  }

  async #reconcile({ redis }: Session): Promise<void> {
    if (redis.status === 'ready') this.#lookAgain();
  }

  /** An error of ours ends all trials. Others are those of the server, and what failed is done again until it can. */
  #fail(error: Error): void {
    if (error instanceof EnvironmentError) this.#end(error);
    const message = this.#plan.address.scrub(error.message);
    if (message !== this.#trouble && !this.#failure) this.#hooks.warn(`The queue fails: ${message}. Trying again.`);
    this.#trouble = message;
  }

  #end(error: Error): void {
    this.#failure ??= error;
    for (const { waiters } of this.#pending.values()) for (const { reject } of waiters) reject(error);
  }

  /** Leaves the queue, and takes with it what no machine has begun. */
  async close(): Promise<void> {
    this.#failure ??= new AbortError('The queue was left.');
    for (const timer of this.#timers) clearInterval(timer);
    const session = await this.#session.catch(() => undefined);
    if (!session) return;
    const { redis, queue, presence } = session;
    const leave = async () => {
      await presence.leave();
      const waiting = [...this.#pending].filter(([, { machine }]) => machine === undefined);
      await Promise.all(waiting.map(([id]) => queue.remove(id).catch(() => {})));
    };
    if (redis.status === 'ready') await Promise.race([leave(), new Promise((resolve) => setTimeout(resolve, 2000))]);
    session.close();
  }
}
