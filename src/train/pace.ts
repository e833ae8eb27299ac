// Gives the host a turn now and then, so that a page stays responsive and an AbortSignal is heard.

/** How long training may hold the thread at a stretch, in milliseconds: less than a frame at 60 Hz. */
const BUDGET = 12;

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

/** Tells when the budget is used up; `turn` gives the thread away and starts a new one. */
export class Pace {
  #deadline = performance.now() + BUDGET;

  get due(): boolean {
    return performance.now() >= this.#deadline;
  }

  async turn(): Promise<void> {
    await nextTask();
    this.#deadline = performance.now() + BUDGET;
  }
}
