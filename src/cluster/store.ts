// Where data, checkpoints and results travel: small ones in Redis, large ones in a folder or bucket that all machines share.
import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AwsClient } from 'aws4fetch';
import type { Redis } from 'ioredis';
import { EnvironmentError, ParameterError } from '../errors/index.ts';
import { readWhole, writeAtomically } from '../runner/index.ts';
import { KEPT_SECONDS, type Keys, MOST_BYTES, REDIS_BYTES, SMALL_BYTES } from './keys.ts';

/** A folder or bucket that all machines of a queue reach. */
export interface SharedStore {
  /** As messages name it. */
  readonly place: string;
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** Undefined where there is none of this name. */
  get(name: string): Promise<Buffer | undefined>;
}

/** @throws ParameterError for an address of another kind than http or https. */
export function sharedStore(where: string | undefined): SharedStore | undefined {
  if (where === undefined) return undefined;
  return /^\w+:\/\//.test(where) ? bucket(where) : folder(resolve(where));
}

function folder(place: string): SharedStore {
  return {
    place,
    async put(name, bytes) {
      const path = resolve(place, name);
      mkdirSync(dirname(path), { recursive: true });
      writeAtomically(path, bytes);
    },
    async get(name) {
      const path = resolve(place, name);
      const stats = statSync(path, { throwIfNoEntry: false });
      if (!stats) return undefined;
      checkSize(name, stats.size, MOST_BYTES);
      return readWhole(path);
    },
  };
}

/** S3 or what speaks its language: `https://ENDPOINT/BUCKET/PREFIX`, with the usual variables of the environment. */
function bucket(url: string): SharedStore {
  const { protocol, username, password, origin, pathname, search } = URL.canParse(url)
    ? new URL(url)
    : ({} as Partial<URL>);
  if (!/^https?:$/.test(protocol ?? '') || username || password || search) {
    throw new ParameterError(
      "The 'data' of a queue must be a folder, or the address of a bucket without user, password and query: " +
        'https://ENDPOINT/BUCKET/PREFIX, with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment.',
    );
  }
  const place = `${origin}${pathname?.replace(/\/$/, '')}`;
  const {
    AWS_ACCESS_KEY_ID = '',
    AWS_SECRET_ACCESS_KEY = '',
    AWS_SESSION_TOKEN,
    AWS_REGION = 'us-east-1',
  } = process.env;
  const client = new AwsClient({
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    service: 's3',
    region: AWS_REGION,
    retries: 4,
  });
  const failure = (message: string) => new EnvironmentError(message, { code: 'ERR_FETCH' });
  const request = async (name: string, init: RequestInit): Promise<Response> => {
    const response = await client.fetch(`${place}/${name}`, init).catch((error: Error) => {
      throw failure(`Cannot reach ${place}: ${(error.cause as Error | undefined)?.message ?? error.message}.`);
    });
    if (response.ok || response.status === 404) return response;
    throw failure(`${place} refuses ${init.method} of ${name}: ${response.status} ${response.statusText}.`);
  };
  return {
    place,
    async put(name, bytes) {
      const { status } = await request(name, { method: 'PUT', body: bytes as Uint8Array<ArrayBuffer> });
      if (status === 404) throw failure(`There is no bucket at ${place}.`);
    },
    async get(name) {
      const response = await request(name, { method: 'GET' });
      if (response.status === 404) return undefined;
      checkSize(name, Number(response.headers.get('content-length')), MOST_BYTES);
      return Buffer.from(await response.arrayBuffer());
    },
  };
}

function checkSize(name: string, size: number, most: number): void {
  if (size <= most) return;
  throw new ParameterError(`${name} has more than the ${most} bytes that are fetched.`, { code: 'ERR_CHECKSUM' });
}

const [INLINE, SHARED] = [0, 1];

/** What the queue's machines keep for each other, by name. */
export class Store {
  readonly #redis: Redis;
  readonly #keys: Keys;
  readonly #shared: SharedStore | undefined;

  constructor(redis: Redis, keys: Keys, shared: SharedStore | undefined) {
    this.#redis = redis;
    this.#keys = keys;
    this.#shared = shared;
  }

  /**
   * The value that stands for `bytes` in Redis: the bytes, or where they are in the shared store.
   *
   * @throws EnvironmentError for too many bytes without a shared store.
   */
  async pack(name: string, bytes: Uint8Array): Promise<Buffer> {
    if (this.#shared && bytes.length > SMALL_BYTES) {
      checkSize(name, bytes.length, MOST_BYTES);
      await this.#shared.put(name, bytes);
      return Buffer.concat([Buffer.of(SHARED), Buffer.from(name)]);
    }
    if (bytes.length > REDIS_BYTES) {
      throw new EnvironmentError(
        `${name} has ${bytes.length} bytes, more than the ${REDIS_BYTES} that Redis should carry. ` +
          "Give a folder or bucket that all machines share, as 'data' or with --data, the same for planner and workers.",
        { code: 'ERR_QUEUE' },
      );
    }
    return Buffer.concat([Buffer.of(INLINE), bytes]);
  }

  /**
   * The bytes that `value` stands for.
   *
   * @throws EnvironmentError where they are in a shared store and this process has none, ParameterError for a value that is no such
   * one, or whose bytes the shared store does not have.
   */
  async unpack(value: Buffer): Promise<Buffer> {
    if (value[0] === INLINE) return value.subarray(1);
    const name = value.toString('latin1', 1, 200);
    if (value[0] !== SHARED || !/^[a-z]+\/[\da-z-]+$/.test(name)) {
      throw new ParameterError('The queue holds a value that is not of Regulus.', { code: 'ERR_CHECKSUM' });
    }
    if (!this.#shared) {
      throw new EnvironmentError(
        `${name} is in the shared store of the queue. Give it as 'data' or with --data, the same for planner and workers.`,
        { code: 'ERR_QUEUE' },
      );
    }
    const bytes = await this.#shared.get(name);
    if (bytes) return bytes;
    throw new ParameterError(`${name} is not in ${this.#shared.place}. All machines of a queue need the same store.`, {
      code: 'ERR_CHECKSUM',
    });
  }

  async put(name: string, bytes: Uint8Array): Promise<void> {
    await this.#redis.set(this.#keys.stored(name), await this.pack(name, bytes), 'EX', KEPT_SECONDS);
  }

  async get(name: string): Promise<Buffer | undefined> {
    const value = await this.#redis.getrangeBuffer(this.#keys.stored(name), 0, REDIS_BYTES + 1);
    checkSize(name, value.length, REDIS_BYTES + 1);
    return value.length > 0 ? this.unpack(value) : undefined;
  }

  /** Whether it is there still; it will be for some more days. */
  async renew(name: string): Promise<boolean> {
    return (await this.#redis.expire(this.#keys.stored(name), KEPT_SECONDS)) === 1;
  }

  async remove(name: string): Promise<void> {
    await this.#redis.del(this.#keys.stored(name));
  }
}
