// Yields to the host now and then, so that a page stays responsive and an AbortSignal is heard.

/** How long training may hold the thread without yielding, in milliseconds: less than a frame at 60 Hz. */
const MAX_BUSY_MS = 12;

/** A task of its own after those that wait already. Timers would do as well, but browsers stretch them to 4 ms. */
function nextTask(): Promise<void> {
  if (typeof setImmediate === 'function') return new Promise((resolve) => setImmediate(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Calls between two looks at the clock, which takes as long as a tenth of the smallest steps. */
const MOST_CALLS = 64;

/** Knows when the time is used up; `yieldToHost` lets other tasks run and starts the time anew. */
export class Yielder {
  #deadline = performance.now() + MAX_BUSY_MS;
  #looked = performance.now();
  /** Until the clock is looked at again, and how many calls that is. */
  #left = 1;
  #calls = 1;

  /** To be asked between steps. The clock is looked at about once a millisecond. */
  get shouldYield(): boolean {
    if (--this.#left > 0) return false;
    const now = performance.now();
    const quick = now - this.#looked < 0.5;
    this.#calls = quick ? Math.min(2 * this.#calls, MOST_CALLS) : Math.max(1, this.#calls >> 1);
    this.#looked = now;
    this.#left = this.#calls;
    return now >= this.#deadline;
  }

  async yieldToHost(): Promise<void> {
    await nextTask();
    this.#looked = performance.now();
    this.#deadline = this.#looked + MAX_BUSY_MS;
    this.#left = 1;
  }
}
