// Who is at a queue: planners and machines say so every few seconds, and are forgotten when they do not.
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Keys, MachineFacts, PlannerFacts } from './keys.ts';

export const BEAT_MS = 5000;
const FORGOTTEN_SECONDS = 20;

interface Facts {
  planner: PlannerFacts;
  machine: MachineFacts;
}

/** Tells that this process is there, until `leave`. */
export class Presence<K extends keyof Facts> {
  readonly #redis: Redis;
  readonly #index: string;
  readonly #id = randomUUID();
  readonly #facts: () => Facts[K];
  readonly #timer: NodeJS.Timeout;

  constructor(redis: Redis, keys: Keys, kind: K, facts: () => Facts[K]) {
    this.#redis = redis;
    this.#index = keys.registry(kind);
    this.#facts = facts;
    this.#timer = setInterval(() => void this.beat(), BEAT_MS);
  }

  async beat(): Promise<void> {
    // Not while the connection is lost, when commands would pile up.
    if (this.#redis.status !== 'ready') return;
    const key = `${this.#index}/${this.#id}`;
    await this.#redis
      .pipeline()
      .set(key, JSON.stringify(this.#facts()), 'EX', FORGOTTEN_SECONDS)
      .sadd(this.#index, this.#id)
      .exec()
      .catch(() => {});
  }

  async leave(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#redis.status !== 'ready') return;
    await this.#redis.pipeline().del(`${this.#index}/${this.#id}`).srem(this.#index, this.#id).exec();
  }
}

const shapes: { [K in keyof Facts]: Record<string, string> } = {
  planner: { build: 'string', builtOf: 'object', host: 'string', experiment: 'string', left: 'number' },
  machine: {
    ...{ build: 'string', host: 'string', workers: 'number' },
    ...{ running: 'number', done: 'number', perMinute: 'number' },
  },
};

/** Who is there. What others may have written instead does not count. */
export async function present<K extends keyof Facts>(redis: Redis, keys: Keys, kind: K): Promise<Facts[K][]> {
  const index = keys.registry(kind);
  const ids = await redis.smembers(index);
  if (ids.length === 0) return [];
  const values = await redis.mget(ids.map((id) => `${index}/${id}`));
  const gone = ids.filter((_, i) => values[i] === null);
  if (gone.length > 0) await redis.srem(index, ...gone);
  return values.flatMap((value) => {
    const facts = parse(value);
    const fits = Object.entries(shapes[kind]).every(
      ([name, type]) => facts[name] !== null && typeof facts[name] === type,
    );
    return fits ? [facts as unknown as Facts[K]] : [];
  });
}

function parse(text: string | null): Record<string, unknown> {
  try {
    return JSON.parse(text ?? 'null') ?? {};
  } catch {
    return {};
  }
}
