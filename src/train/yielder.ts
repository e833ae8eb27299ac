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

  get shouldYield(): boolean {
    return performance.now() >= this.#deadline;
  }

  async yieldToHost(): Promise<void> {
    await nextTask();
    this.#deadline = performance.now() + MAX_BUSY_MS;
  }
}
