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

/** A process that is told of. */
export interface Presence {
  /** Tells of it now. */
  beat(): Promise<void>;
  leave(): Promise<void>;
}

/** Tells that this process is there, until `leave`. */
export function announce<K extends keyof Facts>(redis: Redis, keys: Keys, kind: K, facts: () => Facts[K]): Presence {
  const index = keys.registry(kind);
  const id = randomUUID();
  const key = `${index}/${id}`;
  const beat = async () => {
    // Not while the connection is lost, when commands would pile up.
    if (redis.status !== 'ready') return;
    const commands = redis.pipeline().set(key, JSON.stringify(facts()), 'EX', FORGOTTEN_SECONDS).sadd(index, id);
    await commands.exec().catch(() => {});
  };
  // A process that has left the queue otherwise, or was refused there, may end.
  const timer = setInterval(beat, BEAT_MS).unref();
  const leave = async () => {
    clearInterval(timer);
    if (redis.status === 'ready') await redis.pipeline().del(key).srem(index, id).exec();
  };
  return { beat, leave };
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
