// Yields to the host at intervals, so that a page stays responsive and an AbortSignal is heard.

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

/** Tells when it is time to yield; `yieldToHost` lets other tasks run and starts the time anew. */
export class Yielder {
  #deadline = performance.now() + MAX_BUSY_MS;
  #looked = 0;
  #skipped = 0;

  /** The clock takes as long as a tenth of the smallest steps: after such it is looked at every fourth time. */
  get shouldYield(): boolean {
    if (this.#skipped > 0) {
      this.#skipped--;
      return false;
    }
    const now = performance.now();
    if (now - this.#looked < 0.02) this.#skipped = 3;
    this.#looked = now;
    return now >= this.#deadline;
  }

  async yieldToHost(): Promise<void> {
    await nextTask();
    this.#deadline = performance.now() + MAX_BUSY_MS;
  }
}
