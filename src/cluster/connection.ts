// Connections to the Redis server of a queue: they come back by themselves, and say what they wait for.
import type { ChainableCommander, Redis } from 'ioredis';
import { AbortError, EnvironmentError, type HostSignal } from '../errors/index.ts';
import type { QueueAddress } from './address.ts';

/** The optional packages behind a queue. */
interface Packages {
  bullmq: typeof import('bullmq');
  Redis: typeof import('ioredis').Redis;
}

/** @throws EnvironmentError that says what to install. */
async function loadPackages(): Promise<Packages> {
  try {
    const [bullmq, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')]);
    return { bullmq, Redis };
  } catch (cause) {
    throw new EnvironmentError('A queue needs packages that are not installed. Run: npm install bullmq ioredis', {
      code: 'ERR_PACKAGE_MISSING',
      cause,
    });
  }
}

export interface Connection extends Packages {
  redis: Redis;
  /** Ends this connection, and all that are duplicates of it. */
  close(): void;
}

/** The answers of several commands. @throws the first error among them. */
export async function answers(commands: ChainableCommander): Promise<unknown[]> {
  return ((await commands.exec()) ?? []).map(([error, answer]) => {
    if (error) throw error;
    return answer;
  });
}

/** Repeats `action`, never twice at a time. */
export function repeat(
  ms: number,
  action: () => Promise<void> | void,
  onError: (error: Error) => void,
): NodeJS.Timeout {
  let running = false;
  return setInterval(async () => {
    if (running) return;
    running = true;
    try {
      await action();
    } catch (error) {
      onError(error as Error);
    }
    running = false;
  }, ms);
}

/** The longest pause between two attempts to connect, in milliseconds. */
const LONGEST_PAUSE_MS = 5000;

/**
 * Connects, waiting for the server as long as it takes, and checks that the server can be relied on.
 *
 * @throws EnvironmentError where the server refuses this user or would drop data, AbortError when `signal` aborts.
 */
export async function connect(
  { connection, text, scrub }: QueueAddress,
  tell: (message: string) => void,
  signal?: HostSignal,
): Promise<Connection> {
  const packages = await loadPackages();
  let closed = false;
  const redis = new packages.Redis({
    ...connection,
    lazyConnect: true,
    // Commands wait for the connection instead of failing.
    maxRetriesPerRequest: null,
    connectTimeout: 10_000,
    // A cut network is noticed by them: it closes no connection.
    keepAlive: 10_000,
    socketTimeout: 15_000,
    // Not all machines of a queue at the same moment.
    retryStrategy: (attempt) =>
      closed ? null : Math.min(100 * attempt, LONGEST_PAUSE_MS) * (1 + (process.pid % 50) / 100),
    reconnectOnError: (error) => error.message.startsWith('READONLY') && 2,
  });
  const clients = [redis];
  // BullMQ makes connections of its own by this, and its watch over those that block may connect one again while it closes.
  const duplicate = redis.duplicate.bind(redis);
  redis.duplicate = (options) => {
    const client = duplicate(options);
    clients.push(client.on('connect', () => closed && client.disconnect()));
    return client;
  };
  const close = () => {
    closed = true;
    for (const client of clients) client.disconnect();
  };
  try {
    await new Promise<void>((resolve, reject) => {
      let [before, lost, reason] = [false, false, ''];
      redis.on('error', (error: NodeJS.ErrnoException) => {
        reason = scrub(error.code ?? error.message);
        if (/^(WRONGPASS|NOAUTH|NOPERM|DENIED|ERR )/.test(error.message)) {
          reject(refusal(`${text} refuses this user: ${scrub(error.message.split('. ')[0])}.`));
        }
      });
      redis.on('close', () => {
        if (lost || closed) return;
        lost = true;
        const what = before ? 'Lost the connection to' : 'Cannot reach';
        tell(`${what} ${text}${reason && ` (${reason})`}. Waiting until it is there.`);
      });
      redis.on('ready', () => {
        if (lost) tell(`Connected to ${text}.`);
        [before, lost, reason] = [true, false, ''];
        resolve();
      });
      const stop = () => reject(new AbortError('Stopped.'));
      if (signal?.aborted) stop();
      signal?.addEventListener('abort', stop);
      redis.connect().catch(() => {});
    });
    await checkServer(redis, text, tell);
  } catch (error) {
    close();
    throw error;
  }
  return { ...packages, redis, close };
}

const refusal = (message: string) => new EnvironmentError(message, { code: 'ERR_QUEUE' });

/** @throws EnvironmentError for a server that drops data when its memory is full. */
async function checkServer(redis: Redis, text: string, tell: (message: string) => void): Promise<void> {
  const info = `${await redis.info('memory')}\n${await redis.info('persistence')}`;
  const fact = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  const policy = fact('maxmemory_policy') ?? 'noeviction';
  if (policy !== 'noeviction') {
    throw refusal(
      `${text} drops data when its memory is full (maxmemory-policy ${policy}), so trials could get lost. ` +
        'Set it: redis-cli CONFIG SET maxmemory-policy noeviction, and the same in redis.conf.',
    );
  }
  if (fact('aof_enabled') === '0') {
    tell(
      `${text} writes no log of its changes (appendonly no): when it restarts, trials since its last snapshot run again. ` +
        'Set it: redis-cli CONFIG SET appendonly yes, and the same in redis.conf.',
    );
  }
}
