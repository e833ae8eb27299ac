// The side of a machine that trains: takes trials from the queue, runs them in worker threads, and stores what they came to.
import { readFileSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, hostname } from 'node:os';
import { resolve } from 'node:path';
import type { Job } from 'bullmq';
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
import { NotHereError, poolsOf } from './pools.ts';
import { announce, BEAT_MS, present } from './registry.ts';
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
  const worker = await work(address, connection, cache, shared, settings, emit).catch((error) => {
    connection.close();
    throw error;
  });
  if (signal?.aborted) worker.stop();
  signal?.addEventListener('abort', worker.stop);
  return worker;
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

/** Trains trials of the queue until it is stopped. */
async function work(
  address: QueueAddress,
  connection: Connection,
  cache: Cache,
  shared: SharedStore | undefined,
  settings: ResolvedOptions<typeof rules>,
  emit: (event: WorkerEvent) => void,
): Promise<ClusterWorker> {
  const { redis, bullmq } = connection;
  const { workers, memory, name } = settings;
  const { id: build, build: builtOf } = thisBuild();
  const keys = new Keys(address.name, build);
  const store = new Store(redis, keys, shared);
  const heap = memory && Math.max(64, Math.floor(memory / workers / 1_000_000));
  const pools = poolsOf(resolve(settings.base), cache, store, heap);
  const running = new Set<Running>();
  const timers: NodeJS.Timeout[] = [];
  /** What has been said, so that it is not said for each trial. */
  const said = new Set<string>();
  /** When trials have ended in the last minute. */
  let ended: number[] = [];
  let done = 0;
  let idleTimes = 0;
  let stopping: Promise<void> | undefined;
  let settle!: { resolve: () => void; reject: (error: Error) => void };
  const finished = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // Whoever waits for it hears of it.
  finished.catch(() => {});
  await checkBuild();
  const presence = announce(redis, keys, 'machine', () => {
    ended = ended.filter((time) => time > performance.now() - 60_000);
    return { build, host: name, workers, running: running.size, done, perMinute: ended.length };
  });
  await presence.beat();
  const common = { connection: redis, prefix: PREFIX };
  const queue = new bullmq.Queue(keys.queue, common).on('error', trouble);
  // BullMQ gives a signal to functions of three parameters only.
  const worker = new bullmq.Worker(keys.queue, (job, token, lost) => perform(job, token, lost), {
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
  worker.on('error', trouble);
  // One that is not tried again has an end, too.
  worker.on('failed', (job) => {
    if (job?.finishedOn) tell({ done: [job.id as string] }).catch(() => {});
  });
  // Another machine has the trial now.
  worker.on('lockRenewalFailed', (ids: string[]) => ids.map((id) => worker.cancelJob(id)));
  every(NEWS_MS, tellEpochs);
  every(CHECKPOINT_MS, shareCheckpoints);
  every(BEAT_MS, checkBuild);
  if (settings.untilIdle) every(IDLE_MS, stopIfIdle);
  if (memory) every(IDLE_MS, () => watchMemory(memory));
  return { finished, stop };

  /** Repeats `action` while the connection is there. */
  function every(ms: number, action: () => Promise<void> | void): void {
    const onError = (error: Error) => (error instanceof EnvironmentError ? end(error) : trouble(error));
    const ifReady = () => (redis.status === 'ready' ? action() : undefined);
    timers.push(repeat(ms, ifReady, onError));
  }

  function stop(): Promise<void> {
    stopping ??= leave();
    return stopping;
  }

  async function leave(): Promise<void> {
    await worker.pause(true);
    for (let waited = 0; running.size > 0 && waited < settings.grace * 1000; waited += 50) await pause(50);
    for (const run of running) halt(run, 'handed back');
    for (let waited = 0; running.size > 0 && waited < 5000; waited += 50) await pause(50);
    const close = async () => {
      // Without a connection, the queue finds out by itself that this machine is gone; what waits for one here ends by force.
      const isConnected = redis.status === 'ready';
      await worker.close(!isConnected);
      if (isConnected) await queue.close();
      await presence.leave();
    };
    await Promise.race([close(), pause(5000)]);
    for (const timer of timers) clearInterval(timer);
    await pools.close();
    connection.close();
    settle.resolve();
  }

  /** Stops because of an error that this machine should not go on with. */
  function end(error: Error): void {
    settle.reject(error);
    void stop();
  }

  function halt(run: Running, why: Running['stopped'] & string): void {
    run.stopped ??= why;
    run.controller.abort();
  }

  /** Runs one job. What it throws decides what becomes of it: BullMQ tries a failed one again, up to three times. */
  async function perform(job: Job, token = '', lost = new AbortController().signal): Promise<void> {
    const { trial, files } = check(job);
    const id = job.id as string;
    const [hasResult, hasCheckpoint] = await answers(
      redis
        .pipeline()
        .exists(keys.result(id))
        .exists(keys.stored(checkpointName(id))),
    );
    if (hasResult) {
      await tell({ done: [id] });
      return;
    }
    const checkpoint = cache.checkpointPath(id);
    const run: Running = { id, trial, controller: new AbortController(), isNews: false, checkpoint, shared: 0 };
    const { signal } = run.controller;
    lost.addEventListener('abort', () => run.controller.abort());
    running.add(run);
    const begin = performance.now();
    const hooks = {
      signal,
      onEpochEnd: (epoch: EpochEnd) => void Object.assign(run, { epoch, isNews: true }),
      warn: (message: string) => notice(message),
    };
    try {
      const outcome = await pools.use({ trial, files }, async (pool): Promise<Outcome> => {
        if (hasCheckpoint) await fetchCheckpoint(id, checkpoint);
        try {
          return ofResult(await pool.run(trial, hooks, { path: checkpoint }));
        } catch (error) {
          const own = signal.aborted ? undefined : ofError(error);
          if (!own) throw error;
          emit({ type: 'trialError', trial, message: (error as Error).message });
          return own;
        }
      });
      await keep(id, outcome);
      rmSync(checkpoint, { force: true });
      done += 1;
      ended.push(performance.now());
      if ('result' in outcome) emit({ type: 'trialEnd', trial, seconds: (performance.now() - begin) / 1000 });
    } catch (error) {
      if (run.stopped === 'handed back') {
        await shareCheckpoint(run);
        await job.moveToWait(token);
        throw new bullmq.WaitingError();
      }
      if (error instanceof NotHereError) {
        sayOnce(error.message);
        await job.moveToDelayed(Date.now() + ELSEWHERE_MS, token);
        throw new bullmq.DelayedError();
      }
      const cause = run.stopped === 'memory' ? memoryError() : (error as Error);
      const message = `on ${name}: ${address.scrub(cause.message)}`;
      if (!(cause instanceof AbortError)) emit({ type: 'trialError', trial, message });
      // Without its stack and cause, for it is kept.
      throw Object.assign(new Error(message), { stack: '' });
    } finally {
      running.delete(run);
    }
  }

  /** The trial of a job. @throws UnrecoverableError, after which the job is not tried again, for what is none. */
  function check({ id, name: kind, data }: Job): TrialJob {
    try {
      const { trial, files } = data as TrialJob;
      const isFile = ({ path, sha256 }: DataFile) => typeof path === 'string' && /^[\da-f]{64}$/.test(sha256);
      const areFiles = [...(trial.modules ?? []), ...files].every(isFile);
      if (kind === 'trial' && areFiles && trial.numerics === 'reproducible' && jobId(trial) === id)
        return { trial, files };
    } catch {
      // It is no trial.
    }
    const message = `${REFUSED} ${String(id).slice(0, 80)}: it is not a trial of this version, or its content does not match its id.`;
    sayOnce(message);
    throw new bullmq.UnrecoverableError(message);
  }

  /** Stores what a trial came to. Where another machine has done so, the two must be equal. */
  async function keep(id: string, outcome: Outcome): Promise<void> {
    const { bytes, sha256 } = seal(id, name, outcome);
    const key = keys.result(id);
    const value = await store.pack(`result/${id}-${sha256}`, bytes);
    const news: News = { machine: name, done: [id] };
    const [isFirst] = await answers(
      redis
        .pipeline()
        .set(key, value, 'EX', KEPT_SECONDS, 'NX')
        .del(keys.stored(checkpointName(id)))
        .publish(keys.news, JSON.stringify(news)),
    );
    if (isFirst !== null) return;
    const there = await redis.getrangeBuffer(key, 0, REDIS_BYTES + 1);
    let other: ReturnType<typeof facts>;
    try {
      other = facts(await store.unpack(there));
    } catch {
      // What is there is no outcome; or it has been collected and is gone.
      await redis.set(key, value, 'EX', KEPT_SECONDS);
      return;
    }
    if (other.sha256 === sha256) return;
    const message =
      `The machines ${other.machine} and ${name} gave different results for one trial (${id.slice(0, 8)}): ` +
      'one of them computes wrong, or its files are not as installed.';
    await answers(redis.pipeline().rpush(keys.conflicts, message).expire(keys.conflicts, KEPT_SECONDS));
    end(new EnvironmentError(message, { code: 'ERR_CONFLICT' }));
  }

  async function tell(news: Omit<News, 'machine'>): Promise<void> {
    await redis.publish(keys.news, JSON.stringify({ machine: name, ...news }));
  }

  async function tellEpochs(): Promise<void> {
    const news = [...running].filter(({ isNews }) => isNews);
    if (news.length === 0) return;
    for (const run of news) run.isNews = false;
    await tell({ running: news.map(({ id, epoch }) => [id, epoch as EpochEnd]) });
  }

  async function shareCheckpoints(): Promise<void> {
    for (const run of running) await shareCheckpoint(run);
  }

  /** Lets other machines have the latest checkpoint of a trial, where it has one. */
  async function shareCheckpoint(run: Running): Promise<void> {
    const written = statSync(run.checkpoint, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (written === run.shared) return;
    run.shared = written;
    const name = checkpointName(run.id);
    try {
      await store.put(name, readFileSync(run.checkpoint));
      // A machine that took this trial over while this one stood still may have finished it, and nobody would remove this checkpoint.
      if (await redis.exists(keys.result(run.id))) await redis.del(keys.stored(name));
    } catch (error) {
      // The trial goes on; another machine would begin it again.
      sayOnce(`A checkpoint is not shared: ${address.scrub((error as Error).message)}`);
    }
  }

  async function fetchCheckpoint(id: string, path: string): Promise<void> {
    try {
      const bytes = await store.get(checkpointName(id));
      if (bytes) writeAtomically(path, bytes);
    } catch (error) {
      if (!(error instanceof ParameterError || error instanceof EnvironmentError)) throw error;
      sayOnce(`A checkpoint is not used: ${error.message}`);
    }
  }

  /** @throws EnvironmentError where all planners are of other builds. */
  async function checkBuild(): Promise<void> {
    const planners = await present(redis, keys, 'planner');
    if (planners.length === 0 || planners.some((planner) => planner.build === build)) return;
    throw new EnvironmentError(
      `The experiments on ${address.text} need ${buildText(planners[0].builtOf)}; here is ${buildText(builtOf)}. ` +
        'Install the same version of regulus, and the same major version of Node, on all machines of a queue.',
      { code: 'ERR_QUEUE' },
    );
  }

  async function stopIfIdle(): Promise<void> {
    const counts = await queue.getJobCounts('wait', 'active', 'delayed', 'prioritized');
    const planners = await present(redis, keys, 'planner');
    const isIdle = planners.length === 0 && running.size === 0 && Object.values(counts).every((count) => count === 0);
    idleTimes = isIdle ? idleTimes + 1 : 0;
    if (idleTimes === IDLE_TIMES) void stop();
  }

  /** Over the limit, the trial that began last goes back to the queue, or fails where it is the only one. */
  async function watchMemory(limit: number): Promise<void> {
    const isOver = () => process.memoryUsage.rss() > limit;
    // Threads keep the memory of the trials that they have had.
    if (isOver()) await pools.trim();
    const last = [...running].at(-1);
    if (!isOver() || !last || last.stopped) return;
    const others = running.size - 1;
    if (others > 0) {
      worker.concurrency = others;
      notice(`${memoryError().message} From now on ${others} at a time.`);
    }
    halt(last, others > 0 ? 'handed back' : 'memory');
  }

  function memoryError(): WorkerError {
    const megabytes = Math.round((settings.memory as number) / 1_000_000);
    return new WorkerError(
      `The trials need more than the ${megabytes} MB of memory that this machine may use (--memory).`,
    );
  }

  function notice(message: string): void {
    emit({ type: 'notice', message });
  }

  /** Whether a message has not been said yet; it counts as said from now on. */
  function isNew(message: string): boolean {
    if (said.has(message)) return false;
    if (said.size < 1000) said.add(message);
    return true;
  }

  /** Also at the planners. */
  function sayOnce(message: string): void {
    if (!isNew(message)) return;
    notice(message);
    tell({ says: message }).catch(() => {});
  }

  /** Errors of BullMQ and the server, which both go on after them. */
  function trouble(error: Error): void {
    const message = address.scrub(error.message);
    if (!expected.test(message) && isNew(message)) notice(`The queue reports: ${message}`);
  }
}

/** Errors that say of a job that another machine has it, or that the connection is lost, which is said already. */
const expected =
  /Missing (lock|key)|could not renew lock|is not in the active state|[Cc]onnection is closed|^(connect|read|write|getaddrinfo) E|Socket timeout/;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
