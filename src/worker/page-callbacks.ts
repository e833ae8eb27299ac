// Stand-ins, in the worker, for the callbacks that stay on the page.
import type { BatchEnd, Callback, FitState } from '../train/index.ts';
import type { Answer, PageCallback, Question } from './messages.ts';

/** Milliseconds between two messages with batches: a message per batch would keep the page busy. */
const FLUSH_MS = 12;

/** Those of one `fit`. They wait for the page, as a callback in the same thread is waited for. */
export class PageCallbacks {
  readonly #ask: (question: Question) => Promise<Answer>;
  readonly #postBatches: (batches: BatchEnd[]) => void;
  #batches: BatchEnd[] = [];
  #flushed = performance.now();
  #collects = false;

  constructor(ask: (question: Question) => Promise<Answer>, postBatches: (batches: BatchEnd[]) => void) {
    this.#ask = ask;
    this.#postBatches = postBatches;
  }

  /** The stand-in for the page's callback at `index`. */
  callback(index: number, { hooks }: PageCallback): Callback {
    const has = (hook: string) => hooks.includes(hook);
    let state: unknown;
    let before: Promise<unknown> = Promise.resolve();
    const ask = async (question: Question) => {
      await before;
      this.flush();
      const answer = await this.#ask(question);
      state = answer.state;
      return answer;
    };
    // Always, because it also brings the page its copy of the history.
    const callback: Callback = {
      async onTrainBegin({ history, better, stop }) {
        const answer = await ask({ hook: 'onTrainBegin', callback: index, history, better });
        if (answer.stop) stop();
      },
    };
    // One collects for all: the page gives each batch to every callback that wants it.
    if (has('onBatchEnd') && !this.#collects) {
      this.#collects = true;
      callback.onBatchEnd = (batch) => {
        this.#batches.push({ ...batch });
        if (performance.now() - this.#flushed > FLUSH_MS) this.flush();
      };
    }
    // After batches, too: that is where a stop is heard of.
    if (has('onEpochEnd') || has('onBatchEnd') || has('getState')) {
      callback.onEpochEnd = async (epoch, { history: { bestEpoch }, stop }) => {
        const answer = await ask({ hook: 'onEpochEnd', callback: index, epoch, bestEpoch });
        if (answer.stop) stop();
      };
    }
    if (has('onTrainEnd')) {
      callback.onTrainEnd = async ({ history }) => {
        await ask({ hook: 'onTrainEnd', callback: index, history });
      };
    }
    if (has('getState')) {
      callback.getState = () => state;
      callback.setState = (saved) => {
        state = saved;
        // Callbacks are not waited for here; the next hook does it.
        before = this.#ask({ hook: 'setState', callback: index, state: saved });
      };
    }
    return callback;
  }

  async save(state: FitState): Promise<void> {
    this.flush();
    await this.#ask({ hook: 'save', state });
  }

  /** Sends the batches that wait. */
  flush(): void {
    this.#flushed = performance.now();
    if (this.#batches.length === 0) return;
    this.#postBatches(this.#batches);
    this.#batches = [];
  }
}
