// Stand-ins, in the worker, for the callbacks that stay on the page.
import type { BatchEnd, Callback, FitState } from '../train/index.ts';
import type { Answer, PageCallback, Question } from './messages.ts';

/** Milliseconds between two messages with batches: a message per batch would keep the page busy. */
const FLUSH_MS = 12;

export interface PageCallbacks {
  /** The stand-in for the page's callback at `index`. */
  callback(index: number, page: PageCallback): Callback;
  save(state: FitState): Promise<void>;
  /** Sends the batches that wait. */
  flush(): void;
}

/** Those of one `fit`. They wait for the page, as a callback in the same thread is waited for. */
export function pageCallbacks(
  send: (question: Question) => Promise<Answer>,
  postBatches: (batches: BatchEnd[]) => void,
): PageCallbacks {
  let batches: BatchEnd[] = [];
  let flushed = performance.now();
  let collects = false;
  const flush = () => {
    flushed = performance.now();
    if (batches.length > 0) postBatches(batches);
    batches = [];
  };
  const save = async (state: FitState) => {
    flush();
    await send({ hook: 'save', state });
  };
  const callback = (index: number, { hooks }: PageCallback) => {
    const has = (hook: string) => hooks.includes(hook);
    let state: unknown;
    let before: Promise<unknown> = Promise.resolve();
    const ask = async (question: Question) => {
      await before;
      flush();
      const answer = await send(question);
      state = answer.state;
      return answer;
    };
    // Always, because it also brings the page its copy of the history.
    const standIn: Callback = {
      async onTrainBegin({ history, better, stop }) {
        const answer = await ask({ hook: 'onTrainBegin', callback: index, history, better });
        if (answer.stop) stop();
      },
    };
    // One collects for all: the page gives each batch to every callback that wants it.
    if (has('onBatchEnd') && !collects) {
      collects = true;
      standIn.onBatchEnd = (batch) => {
        batches.push({ ...batch });
        if (performance.now() - flushed > FLUSH_MS) flush();
      };
    }
    // After batches, too: that is where a stop is heard of.
    if (has('onEpochEnd') || has('onBatchEnd') || has('getState')) {
      standIn.onEpochEnd = async (epoch, { history: { bestEpoch }, stop }) => {
        const answer = await ask({ hook: 'onEpochEnd', callback: index, epoch, bestEpoch });
        if (answer.stop) stop();
      };
    }
    if (has('onTrainEnd')) {
      standIn.onTrainEnd = async ({ history }) => {
        await ask({ hook: 'onTrainEnd', callback: index, history });
      };
    }
    if (has('getState')) {
      standIn.getState = () => state;
      standIn.setState = (saved) => {
        state = saved;
        // Callbacks are not waited for here; the next hook does it.
        before = send({ hook: 'setState', callback: index, state: saved });
      };
    }
    return standIn;
  };
  return { callback, save, flush };
}
