// The main thread's side of the contenders: starts their workers and takes turns between them.
import { Worker } from 'node:worker_threads';
import type { Answer, ContenderName, ContenderOptions, Opened, Reply, Request } from './contender.ts';
import type { Profile } from './profile.ts';
import { median, medianAbsoluteDeviation } from './statistics.ts';

type Options = Omit<ContenderOptions, 'name'>;
type Unsent<T> = T extends { id: number } ? Omit<T, 'id'> : never;

/** One contender's worker. Requests are answered in turn. */
class Contender {
  readonly #worker: Worker;
  #id = 0;
  #failure: unknown;

  constructor(options: ContenderOptions) {
    this.#worker = new Worker(new URL('./contender.mjs', import.meta.url), { workerData: options });
    this.#worker.on('error', (error) => {
      this.#failure = error;
    });
  }

  ask(request: Unsent<Request> & { kind: 'open' }): Promise<Opened>;
  ask(request: Unsent<Request> & { kind: 'time' }): Promise<number>;
  ask(request: Unsent<Request> & { kind: 'profile' }): Promise<Profile>;
  ask(request: Unsent<Request> & { kind: 'close' }): Promise<undefined>;
  ask(request: Unsent<Request>): Promise<Answer | undefined> {
    const id = ++this.#id;
    return new Promise((resolve, reject) => {
      const end = () => {
        this.#worker.off('message', receive);
        this.#worker.off('exit', fail);
      };
      const fail = () => reject(this.#failure ?? new Error('The worker ended.'));
      const receive = (reply: Reply) => {
        if (reply.id !== id) return;
        end();
        if (reply.error === undefined) resolve(reply.value);
        else reject(reply.error);
      };
      this.#worker.on('message', receive);
      this.#worker.on('exit', fail);
      this.#worker.postMessage({ ...request, id });
    });
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** What is timed: a case on a contender. */
export interface Entry {
  case: string;
  contender: ContenderName;
}

/** The times of one entry. */
export interface Measured extends Entry, Opened {
  /** Median over the rounds of a block's median time for one repetition, in milliseconds. */
  median: number;
  /** Median absolute deviation of the rounds from that median, in milliseconds. */
  deviation: number;
  /** Every round's median, in milliseconds. */
  rounds: number[];
}

/** Times entries against each other. */
export class Field {
  /** The greatest deviation of a peak, relative to it: on a quiet machine below 0.02. */
  unsteadiness = 0;
  readonly #options: Options;
  readonly #contenders = new Map<ContenderName, Contender>();

  constructor(options: Options) {
    this.#options = options;
  }

  #contender(name: ContenderName): Contender {
    let contender = this.#contenders.get(name);
    if (!contender) {
      contender = new Contender({ name, ...this.#options });
      this.#contenders.set(name, contender);
    }
    return contender;
  }

  /**
   * Opens all entries, which checks their results, then times one block of each in turn, for `rounds` rounds; each
   * round starts with another entry. Only one of them computes at a time.
   */
  async compare(entries: readonly Entry[], rounds: number, milliseconds: number): Promise<Measured[]> {
    const measured: Measured[] = [];
    for (const { case: name, contender } of entries) {
      const opened = await this.#contender(contender).ask({ kind: 'open', case: name });
      measured.push({ case: name, contender, ...opened, median: 0, deviation: 0, rounds: [] });
    }
    checkOutcomes(measured);
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < measured.length; i++) {
        const entry = measured[(i + round) % measured.length];
        entry.rounds.push(await this.#contender(entry.contender).ask({ kind: 'time', case: entry.case, milliseconds }));
      }
    }
    for (const entry of measured) {
      await this.#contender(entry.contender).ask({ kind: 'close', case: entry.case });
      entry.median = median(entry.rounds);
      entry.deviation = medianAbsoluteDeviation(entry.rounds);
      if (entry.contender === 'peak') this.unsteadiness = Math.max(this.unsteadiness, entry.deviation / entry.median);
    }
    return measured;
  }

  profile(contender: ContenderName, name: string, rounds: number, milliseconds: number): Promise<Profile> {
    return this.#contender(contender).ask({ kind: 'profile', case: name, rounds, milliseconds });
  }

  async stop(): Promise<void> {
    for (const contender of this.#contenders.values()) await contender.stop();
  }
}

/** Contenders must have done the same work: their outcomes agree with the plain JavaScript one, or the first. */
function checkOutcomes(measured: readonly Measured[]): void {
  for (const entry of measured) {
    if (entry.outcome === undefined) continue;
    const same = measured.filter((other) => other.case === entry.case && other.outcome !== undefined);
    const reference = same.find((other) => other.contender === 'js') ?? same[0];
    const expected = reference.outcome as number;
    if (!(Math.abs(entry.outcome - expected) <= 1e-3 * Math.abs(expected))) {
      throw new Error(
        `${entry.case}: the outcome of '${entry.contender}' is ${entry.outcome}, that of '${reference.contender}' ${expected}.`,
      );
    }
  }
}
