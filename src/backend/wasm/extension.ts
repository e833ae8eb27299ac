// What an engine may have beside its core: wide products and other threads. Loaded by engines that are asked for one of them.
import type { Core } from './generated/core.ts';
import type { SimdLevel } from './inlined.ts';
import { cores } from './start-thread.ts';
import { type SharedCore, Team } from './team.ts';
import { wideProducts } from './wide.ts';

/** What is asked for; the core computes alone until it is there. */
export class Extension {
  wide = false;
  /** Why the products are not wide, or the threads are fewer than asked for. */
  wideNote: string | undefined;
  threadsNote: string | undefined;
  #team: Team | undefined;
  #ended = false;

  constructor(core: Core, level: SimdLevel, wide: boolean, shared: SharedCore | undefined, threads: number) {
    this.#start(core, level, wide, shared, threads);
  }

  async #start(core: Core, level: SimdLevel, wide: boolean, shared: SharedCore | undefined, threads: number) {
    const modules = shared?.modules ?? [];
    if (wide) {
      try {
        const products = await wideProducts(core, level, shared !== undefined);
        Object.assign(core, new WebAssembly.Instance(products, { env: { memory: core.memory } }).exports);
        modules.push(products);
        this.wide = true;
      } catch (error) {
        this.wideNote = `There are no wide products: ${(error as Error).message}.`;
      }
    }
    if (!shared || this.#ended) return;
    const usable = Math.min(threads, cores());
    if (usable < threads) this.threadsNote = `This process has ${usable} ${usable === 1 ? 'core' : 'cores'}.`;
    const fail = (error: unknown) => this.end(`Threads cannot be started: ${(error as Error).message}`);
    try {
      this.#team = new Team(shared, usable, fail);
    } catch (error) {
      fail(error);
    }
  }

  /** Threads that compute, the caller's included. */
  get count(): number {
    return this.#team?.count ?? 1;
  }

  /** Ends the threads. */
  end(why: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.threadsNote = why;
    this.#team?.end();
  }
}
