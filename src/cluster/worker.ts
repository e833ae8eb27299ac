// The side of a machine that trains: takes trials from the queue, runs them in worker threads, and stores what they came to.
import { readFileSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, hostname } from 'node:os';
import { resolve } from 'node:path';
import type { Job, Queue, Worker } from 'bullmq';
import {
  AbortError,
  boolean,
  checkKeys,
  checkSignal,
  EnvironmentError,
  fail,
  type HostSignal,
  integer,
  ParameterError,
  type ResolvedOptions,
  resolveOptions,
  text,
  WorkerError,
} from '../errors/index.ts';
import type { Trial } from '../experiment/index.ts';
import { writeAtomically } from '../runner/index.ts';
import type { EpochEnd } from '../train/index.ts';
import { parseAddress, type QueueAddress } from './address.ts';
import { buildText, thisBuild } from './build.ts';
import { Cache, defaultCache } from './cache.ts';
import { answers, type Connection, connect, repeat } from './connection.ts';
import {
  checkpointName,
  type DataFile,
  jobId,
  KEPT_SECONDS,
  Keys,
  type News,
  PREFIX,
  REDIS_BYTES,
  REFUSED,
  type TrialJob,
} from './keys.ts';
import { facts, type Outcome, ofError, ofResult, seal } from './outcome.ts';
import { NotHereError, type Pools, poolsOf } from './pools.ts';
import { announce, BEAT_MS, type Presence, present } from './registry.ts';
import { type SharedStore, Store, sharedStore } from './store.ts';

/** Options of {@link startWorker}. */
export interface StartWorkerOptions {
  /** As of {@link queueRunner}. */
  url: string;
  /** How many trials run at a time, each in a thread. Default: one per core. */
  workers?: number;
  /** As of {@link queueRunner}. */
  data?: string;
  /** The folder in which the `modules` of specs are; nothing outside of it is loaded. The working directory by default. */
  base?: string;
  /** The folder for data and checkpoints of trials. Default: `regulus` in the user's cache folder. */
  cache?: string;
  /** The most memory of this process, in bytes: where there is more, a trial is handed back. Default: no limit. */
  memory?: number;
  /** How long `stop` lets trials run on before it hands them back, in seconds. Default 20. */
  grace?: number;
  /** Whether to stop when there is nothing left to do, and no planner. Default false. */
  untilIdle?: boolean;
  /** How this machine is called. Default: its host name. */
  name?: string;
  /** Stops as `stop` does. */
  signal?: HostSignal;
  /** Called with what happens here. */
  onEvent?: (event: WorkerEvent) => void;
}

/** What a worker does. A `notice` says what it waits for, and what it has refused. */
export type WorkerEvent =
  | { type: 'notice'; message: string }
  | { type: 'trialEnd'; trial: Trial; seconds: number }
  | { type: 'trialError'; trial: Trial; message: string };

/** A worker at its queue. */
export interface ClusterWorker {
  /** Settles when the worker has stopped; rejected where it had to. */
  readonly finished: Promise<void>;
  /** Takes no more trials, and hands back those that have not finished after `grace`. */
  stop(): Promise<void>;
}

/** Of the options that are numbers, texts and switches. */
const rules = {
  ...{ data: text({ optional: true }), base: text({ default: '.' }), cache: text({ optional: true }) },
  ...{ workers: integer(1, { default: availableParallelism() }), memory: integer(1, { optional: true }) },
  ...{ grace: integer(0, { default: 20 }), untilIdle: boolean({ default: false }) },
  name: text({ default: hostname() }),
};

const CHECKPOINT_MS = 10_000;
const NEWS_MS = 500;
const IDLE_MS = 1000;
/** A queue counts as idle when it was found so in a row. */
const IDLE_TIMES = 3;
/** A trial that cannot run here waits so long for another machine. */
const ELSEWHERE_MS = 5000;

/**
 * Trains trials of a queue on this machine, until it is stopped. {@link queueRunner} puts them there.
 *
 * @throws ParameterError for wrong options; EnvironmentError when the server refuses this user or is not set up for a queue, and
 * when the experiments there need another version of Regulus or Node.
 * @example
 * ```js
 * import { startWorker } from 'regulus/cluster';
 *
 * try {
 *   const worker = await startWorker({ url: 'redis://localhost:6379/lab', signal: AbortSignal.timeout(50) });
 *   await worker.finished; // runs trials until then
 * } catch (error) {
 *   console.log(error.name); // AbortError, where no server came within the time
 * }
 * ```
 */
export async function startWorker(options: StartWorkerOptions): Promise<ClusterWorker> {
  const where = 'startWorker';
  checkKeys(where, options, ['url', 'signal', 'onEvent', ...Object.keys(rules)]);
  const { url, signal, onEvent: emit = () => {}, ...own } = options;
  const settings = resolveOptions(where, own, rules);
  if (typeof emit !== 'function') fail(where, 'onEvent', 'a function', emit);
  checkSignal(where, signal);
  const address = parseAddress(url);
  const shared = sharedStore(settings.data);
  const cache = new Cache(resolve(settings.cache ?? defaultCache()));
  const connection = await connect(address, (message) => emit({ type: 'notice', message }), signal);
  const machine = new Machine(address, connection, cache, shared, settings, emit);
  try {
    await machine.start();
  } catch (error) {
    connection.close();
    throw error;
  }
  const stop = () => machine.stop();
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop);
  return { finished: machine.finished, stop };
}

/** A trial that runs here. */
interface Running {
  id: string;
  trial: Trial;
  controller: AbortController;
  /** Why it was stopped: the trial goes to another machine, or it needs too much memory. */
  stopped?: 'handed back' | 'memory';
  epoch?: EpochEnd;
  isNews: boolean;
  checkpoint: string;
  /** When the checkpoint that others have was written. */
  shared: number;
}

class Machine {
  readonly finished: Promise<void>;
  readonly #address: QueueAddress;
  readonly #connection: Connection;
  readonly #cache: Cache;
  readonly #emit: (event: WorkerEvent) => void;
  readonly #settings: ResolvedOptions<typeof rules>;
  readonly #keys: Keys;
  readonly #store: Store;
  readonly #pools: Pools;
  readonly #presence: Presence;
  readonly #running = new Set<Running>();
  readonly #timers: NodeJS.Timeout[] = [];
  /** When trials have ended in the last minute. */
  #ended: number[] = [];
  #done = 0;
  #worker!: Worker;
  #queue!: Queue;
  #stopping: Promise<void> | undefined;
  #settle!: { resolve: () => void; reject: (error: Error) => void };
  /** What has been said, so that it is not said for each trial. */
  readonly #said = new Set<string>();

  constructor(
    address: QueueAddress,
    connection: Connection,
    cache: Cache,
    shared: SharedStore | undefined,
    settings: ResolvedOptions<typeof rules>,
    emit: (event: WorkerEvent) => void,
  ) {
    const { workers, base, memory, name } = settings;
    this.#address = address;
    this.#connection = connection;
    this.#cache = cache;
    this.#emit = emit;
    this.#settings = settings;
    const { id } = thisBuild();
    this.#keys = new Keys(address.name, id);
    this.#store = new Store(connection.redis, this.#keys, shared);
    const heap = memory && Math.max(64, Math.floor(memory / workers / 1_000_000));
    this.#pools = poolsOf(resolve(base), cache, this.#store, heap);
    this.#presence = announce(connection.redis, this.#keys, 'machine', () => {
      this.#ended = this.#ended.filter((time) => time > performance.now() - 60_000);
      const [running, done, perMinute] = [this.#running.size, this.#done, this.#ended.length];
      return { build: id, host: name, workers, running, done, perMinute };
    });
    this.finished = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // Whoever waits for it hears of it.
    this.finished.catch(() => {});
  }

  async start(): Promise<void> {
    const { redis, bullmq } = this.#connection;
    const { workers, untilIdle, memory } = this.#settings;
    await this.#checkBuild();
    await this.#presence.beat();
    const common = { connection: redis, prefix: PREFIX };
    this.#queue = new bullmq.Queue(this.#keys.queue, common);
    this.#worker = new bullmq.Worker(this.#keys.queue, (job, token, signal) => this.#process(job, token, signal), {
      ...common,
      concurrency: workers,
      lockDuration: 30_000,
      stalledInterval: 5000,
      // A trial that was under way at several restarts is not to blame.
      maxStalledCount: 5,
      removeOnComplete: { count: 0 },
      removeOnFail: { age: KEPT_SECONDS },
      runRetryDelay: 1000,
    });
    this.#queue.on('error', (error) => this.#trouble(error));
    this.#worker.on('error', (error) => this.#trouble(error));
    // One that is not tried again has an end, too.
    this.#worker.on('failed', (job) => {
      if (job?.finishedOn) this.#tell({ done: [job.id as string] }).catch(() => {});
    });
    // Another machine has the trial now.
    this.#worker.on('lockRenewalFailed', (ids: string[]) => ids.map((id) => this.#worker.cancelJob(id)));
    this.#every(NEWS_MS, () => this.#tellEpochs());
    this.#every(CHECKPOINT_MS, () => this.#shareCheckpoints());
    this.#every(BEAT_MS, () => this.#checkBuild());
    if (untilIdle) this.#every(IDLE_MS, () => this.#stopIfIdle());
    if (memory) this.#every(IDLE_MS, () => this.#watchMemory(memory));
  }

  /** Repeats `action` while the connection is there. */
  #every(ms: number, action: () => Promise<void> | void): void {
    const onError = (error: Error) => (error instanceof EnvironmentError ? this.#end(error) : this.#trouble(error));
    const ifReady = () => (this.#connection.redis.status === 'ready' ? action() : undefined);
    this.#timers.push(repeat(ms, ifReady, onError));
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    const { redis } = this.#connection;
    await this.#worker.pause(true);
    for (let waited = 0; this.#running.size > 0 && waited < this.#settings.grace * 1000; waited += 50) await pause(50);
    for (const running of this.#running) this.#halt(running, 'handed back');
    for (let waited = 0; this.#running.size > 0 && waited < 5000; waited += 50) await pause(50);
    const leave = async () => {
      // Without a connection, the queue finds out by itself that this machine is gone; what waits for one here ends by force.
      const isConnected = redis.status === 'ready';
      await this.#worker.close(!isConnected);
      if (isConnected) await this.#queue.close();
      await this.#presence.leave();
    };
    await Promise.race([leave(), pause(5000)]);
    for (const timer of this.#timers) clearInterval(timer);
    await this.#pools.close();
    this.#connection.close();
    this.#settle.resolve();
  }

  /** Stops because of an error that this machine should not go on with. */
  #end(error: Error): void {
    this.#settle.reject(error);
    void this.stop();
  }

  #halt(running: Running, why: Running['stopped'] & string): void {
    running.stopped ??= why;
    running.controller.abort();
  }

  /** Runs one job. What it throws decides what becomes of it: BullMQ tries a failed one again, up to three times. */
  async #process(job: Job, token = '', lost = new AbortController().signal): Promise<void> {
    const { bullmq, redis } = this.#connection;
    const { trial, files } = this.#check(job);
    const id = job.id as string;
    const [hasResult, hasCheckpoint] = await answers(
      redis
        .pipeline()
        .exists(this.#keys.result(id))
        .exists(this.#keys.stored(checkpointName(id))),
    );
    if (hasResult) {
      await this.#tell({ done: [id] });
      return;
    }
    const checkpoint = this.#cache.checkpointPath(id);
    const running: Running = { id, trial, controller: new AbortController(), isNews: false, checkpoint, shared: 0 };
    const { signal } = running.controller;
    lost.addEventListener('abort', () => running.controller.abort());
    this.#running.add(running);
    const begin = performance.now();
    const hooks = {
      signal,
      onEpochEnd: (epoch: EpochEnd) => void Object.assign(running, { epoch, isNews: true }),
      warn: (message: string) => this.#notice(message),
    };
    try {
      const outcome = await this.#pools.use({ trial, files }, async (pool): Promise<Outcome> => {
        if (hasCheckpoint) await this.#fetchCheckpoint(id, checkpoint);
        try {
          return ofResult(await pool.run(trial, hooks, { path: checkpoint }));
        } catch (error) {
          const own = signal.aborted ? undefined : ofError(error);
          if (!own) throw error;
          this.#emit({ type: 'trialError', trial, message: (error as Error).message });
          return own;
        }
      });
      await this.#keep(id, outcome);
      rmSync(checkpoint, { force: true });
      this.#done += 1;
      this.#ended.push(performance.now());
      if ('result' in outcome) this.#emit({ type: 'trialEnd', trial, seconds: (performance.now() - begin) / 1000 });
    } catch (error) {
      if (running.stopped === 'handed back') {
        await this.#shareCheckpoint(running);
        await job.moveToWait(token);
        throw new bullmq.WaitingError();
      }
      if (error instanceof NotHereError) {
        this.#sayOnce(error.message);
        await job.moveToDelayed(Date.now() + ELSEWHERE_MS, token);
        throw new bullmq.DelayedError();
      }
      const cause = running.stopped === 'memory' ? this.#memoryError() : (error as Error);
      const message = `on ${this.#settings.name}: ${this.#address.scrub(cause.message)}`;
      if (!(cause instanceof AbortError)) this.#emit({ type: 'trialError', trial, message });
      // Without its stack and cause, for it is kept.
      throw Object.assign(new Error(message), { stack: '' });
    } finally {
      this.#running.delete(running);
    }
  }

  /** The trial of a job. @throws UnrecoverableError, after which the job is not tried again, for what is none. */
  #check({ id, name, data }: Job): TrialJob {
    try {
      const { trial, files } = data as TrialJob;
      const isFile = ({ path, sha256 }: DataFile) => typeof path === 'string' && /^[\da-f]{64}$/.test(sha256);
      const areFiles = [...(trial.modules ?? []), ...files].every(isFile);
      if (name === 'trial' && areFiles && trial.numerics === 'reproducible' && jobId(trial) === id)
        return { trial, files };
    } catch {
      // It is no trial.
    }
    const message = `${REFUSED} ${String(id).slice(0, 80)}: it is not a trial of this version, or its content does not match its id.`;
    this.#sayOnce(message);
    throw new this.#connection.bullmq.UnrecoverableError(message);
  }

  /** Stores what a trial came to. Where another machine has done so, the two must be equal. */
  async #keep(id: string, outcome: Outcome): Promise<void> {
    const { redis } = this.#connection;
    const { bytes, sha256 } = seal(id, this.#settings.name, outcome);
    const key = this.#keys.result(id);
    const value = await this.#store.pack(`result/${id}-${sha256}`, bytes);
    const news: News = { machine: this.#settings.name, done: [id] };
    const [isFirst] = await answers(
      redis
        .pipeline()
        .set(key, value, 'EX', KEPT_SECONDS, 'NX')
        .del(this.#keys.stored(checkpointName(id)))
        .publish(this.#keys.news, JSON.stringify(news)),
    );
    if (isFirst !== null) return;
    const there = await redis.getrangeBuffer(key, 0, REDIS_BYTES + 1);
    let other: ReturnType<typeof facts>;
    try {
      other = facts(await this.#store.unpack(there));
    } catch {
      // What is there is no outcome; or it has been collected and is gone.
      await redis.set(key, value, 'EX', KEPT_SECONDS);
      return;
    }
    if (other.sha256 === sha256) return;
    const message =
      `The machines ${other.machine} and ${this.#settings.name} gave different results for one trial (${id.slice(0, 8)}): ` +
      'one of them computes wrong, or its files are not as installed.';
    await answers(redis.pipeline().rpush(this.#keys.conflicts, message).expire(this.#keys.conflicts, KEPT_SECONDS));
    this.#end(new EnvironmentError(message, { code: 'ERR_CONFLICT' }));
  }

  async #tell(news: Omit<News, 'machine'>): Promise<void> {
    await this.#connection.redis.publish(this.#keys.news, JSON.stringify({ machine: this.#settings.name, ...news }));
  }

  async #tellEpochs(): Promise<void> {
    const running = [...this.#running].filter(({ isNews }) => isNews);
    if (running.length === 0) return;
    for (const each of running) each.isNews = false;
    await this.#tell({ running: running.map(({ id, epoch }) => [id, epoch as EpochEnd]) });
  }

  async #shareCheckpoints(): Promise<void> {
    for (const running of this.#running) await this.#shareCheckpoint(running);
  }

  /** Lets other machines have the latest checkpoint of a trial, where it has one. */
  async #shareCheckpoint(running: Running): Promise<void> {
    const written = statSync(running.checkpoint, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (written === running.shared) return;
    running.shared = written;
    const name = checkpointName(running.id);
    try {
      await this.#store.put(name, readFileSync(running.checkpoint));
      // A machine that took this trial over while this one stood still may have finished it, and nobody would remove this checkpoint.
      const { redis } = this.#connection;
      if (await redis.exists(this.#keys.result(running.id))) await redis.del(this.#keys.stored(name));
    } catch (error) {
      // The trial goes on; another machine would begin it again.
      this.#sayOnce(`A checkpoint is not shared: ${this.#address.scrub((error as Error).message)}`);
    }
  }

  async #fetchCheckpoint(id: string, path: string): Promise<void> {
    try {
      const bytes = await this.#store.get(checkpointName(id));
      if (bytes) writeAtomically(path, bytes);
    } catch (error) {
      if (!(error instanceof ParameterError || error instanceof EnvironmentError)) throw error;
      this.#sayOnce(`A checkpoint is not used: ${error.message}`);
    }
  }

  /** @throws EnvironmentError where all planners are of other builds. */
  async #checkBuild(): Promise<void> {
    const planners = await present(this.#connection.redis, this.#keys, 'planner');
    const { id, build } = thisBuild();
    if (planners.length === 0 || planners.some((planner) => planner.build === id)) return;
    throw new EnvironmentError(
      `The experiments on ${this.#address.text} need ${buildText(planners[0].builtOf)}; here is ${buildText(build)}. ` +
        'Install the same version of regulus, and the same major version of Node, on all machines of a queue.',
      { code: 'ERR_QUEUE' },
    );
  }

  #idleTimes = 0;

  async #stopIfIdle(): Promise<void> {
    const counts = await this.#queue.getJobCounts('wait', 'active', 'delayed', 'prioritized');
    const planners = await present(this.#connection.redis, this.#keys, 'planner');
    const isIdle =
      planners.length === 0 && this.#running.size === 0 && Object.values(counts).every((count) => count === 0);
    this.#idleTimes = isIdle ? this.#idleTimes + 1 : 0;
    if (this.#idleTimes === IDLE_TIMES) void this.stop();
  }

  /** Over the limit, the trial that began last goes back to the queue, or fails where it is the only one. */
  async #watchMemory(limit: number): Promise<void> {
    const isOver = () => process.memoryUsage.rss() > limit;
    // Threads keep the memory of the trials that they have had.
    if (isOver()) await this.#pools.trim();
    const last = [...this.#running].at(-1);
    if (!isOver() || !last || last.stopped) return;
    const others = this.#running.size - 1;
    if (others > 0) {
      this.#worker.concurrency = others;
      this.#notice(`${this.#memoryError().message} From now on ${others} at a time.`);
    }
    this.#halt(last, others > 0 ? 'handed back' : 'memory');
  }

  #memoryError(): WorkerError {
    const megabytes = Math.round((this.#settings.memory as number) / 1_000_000);
    return new WorkerError(
      `The trials need more than the ${megabytes} MB of memory that this machine may use (--memory).`,
    );
  }

  #notice(message: string): void {
    this.#emit({ type: 'notice', message });
  }

  /** Whether a message has not been said yet; it counts as said from now on. */
  #isNew(message: string): boolean {
    if (this.#said.has(message)) return false;
    if (this.#said.size < 1000) this.#said.add(message);
    return true;
  }

  /** Also at the planners. */
  #sayOnce(message: string): void {
    if (!this.#isNew(message)) return;
    this.#notice(message);
    this.#tell({ says: message }).catch(() => {});
  }

  /** Errors of BullMQ and the server, which both go on after them. */
  #trouble(error: Error): void {
    const message = this.#address.scrub(error.message);
    if (!expected.test(message) && this.#isNew(message)) this.#notice(`The queue reports: ${message}`);
  }
}

/** Errors that say of a job that another machine has it, or that the connection is lost, which is said already. */
const expected =
  /Missing (lock|key)|could not renew lock|is not in the active state|[Cc]onnection is closed|^(connect|read|write|getaddrinfo) E|Socket timeout/;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
