// The page's part of a fit: sends it to the worker, and runs the callbacks that stay on the page.
import type { Dataset } from '../data/index.ts';
import { AbortError, type Description, packError } from '../errors/index.ts';
import {
  type BatchEnd,
  type Callback,
  checkFunctions,
  type EpochEnd,
  type FitOptions,
  type History,
  hooks,
  isDescribed,
  isPromise,
  type Samples,
  type TrainContext,
} from '../train/index.ts';
import type { Answer, PlainFitOptions, ProgressMessage, Question } from './messages.ts';
import type { WorkerClient } from './worker-client.ts';

/** The options of `fit` for a model of type `M`, which callbacks on the page are given. */
export interface PageFitOptions<M> extends Omit<FitOptions, 'callbacks' | 'onEpochEnd'> {
  /** Descriptions such as `earlyStopping()`, which run in the worker, or objects with hooks, which run on the page. */
  callbacks?: readonly (Callback<TrainContext<M>> | Description<'callback'>)[];
  /** Called after every epoch; short for a callback with this method. */
  onEpochEnd?: Callback<TrainContext<M>>['onEpochEnd'];
}

/** Trains `model`, which is at the other end of `client`. */
export async function fit<M>(
  model: M,
  client: WorkerClient,
  train: Dataset | Samples,
  options: PageFitOptions<M>,
): Promise<History> {
  // The worker checks the rest.
  checkFunctions(options as FitOptions);
  const { callbacks = [], signal, onEpochEnd, checkpoint, ...plain } = options;
  const all = onEpochEnd ? [...callbacks, { onEpochEnd }] : callbacks;
  const page = pageSide(model, all, options);
  const { save, ...whenToSave } = checkpoint ?? {};
  const sent: PlainFitOptions = {
    ...plain,
    callbacks: all.map((callback) => {
      if (isDescribed(callback)) return callback;
      return { hooks: hooks.filter((hook) => (callback as Callback)[hook]) };
    }),
    ...(checkpoint && { checkpoint: whenToSave }),
    aborted: signal?.aborted ?? false,
  };
  const onProgress = async (message: ProgressMessage) => {
    if (message.type === 'batches') page.batches(message.batches);
    else {
      const { number, question } = message;
      const answer = await page.answer(question);
      try {
        const what =
          question.hook === 'save' ? undefined : `What 'getState' of callbacks[${question.callback}] returns`;
        client.post({ type: 'answer', number, answer }, what);
      } catch (error) {
        client.post({ type: 'answer', number, answer: page.failed(error) });
      }
    }
  };
  try {
    const history = await client.send({ type: 'fit', train, options: sent }, { onProgress, signal });
    return Object.assign(page.history, history);
  } catch (error) {
    if (page.error() !== undefined) throw page.error();
    throw error instanceof AbortError ? Object.assign(error, { cause: signal?.reason }) : error;
  }
}

/** The callbacks on the page, with a copy of the history for them to look at. */
function pageSide<M>(
  model: M,
  callbacks: readonly (Callback<TrainContext<M>> | Description<'callback'>)[],
  { checkpoint, validationData }: PageFitOptions<M>,
) {
  const history = {} as History;
  const better: Record<string, 'higher' | 'lower'> = {};
  // Descriptions run in the worker: here they have no hooks.
  const own = callbacks.map((callback) => (isDescribed(callback) ? {} : callback));
  let stopped = false;
  /** What a callback has thrown: the worker ends the fit, and this, not its copy, is passed on. */
  let thrown: unknown;
  /** What `onBatchEnd` has returned that is to be awaited before the next answer. */
  let pending: Promise<unknown> = Promise.resolve();
  const context: TrainContext<M> = {
    ...{ model, history, better, hasValidationData: validationData !== undefined },
    stop: () => {
      stopped = true;
    },
  };

  /** The answer that ends the fit with `error`. */
  function failed(error: unknown): Answer {
    thrown ??= error;
    return { stop: true, error: packError(error) };
  }

  /** Gives the batches to the callbacks. An error is kept for the next answer. */
  function batches(given: readonly BatchEnd[]): void {
    try {
      for (const batch of thrown === undefined ? given : []) {
        for (const callback of own) {
          const returned = callback.onBatchEnd?.(batch, context);
          if (isPromise(returned)) pending = Promise.all([pending, returned.then(undefined, failed)]);
        }
      }
    } catch (error) {
      failed(error);
    }
  }

  async function answer(question: Question): Promise<Answer> {
    await pending;
    try {
      if (thrown !== undefined && question.hook !== 'onTrainEnd') throw thrown;
      const state = await run(question);
      return { stop: stopped, state };
    } catch (error) {
      return failed(error);
    }
  }

  /** Runs a hook and returns what its callback then remembers. */
  async function run(question: Question): Promise<unknown> {
    if (question.hook === 'save') return void (await checkpoint?.save(question.state));
    const callback = own[question.callback];
    if (question.hook === 'setState') callback.setState?.(question.state);
    else if (question.hook === 'onEpochEnd') {
      record(question.epoch, question.bestEpoch);
      await callback.onEpochEnd?.(question.epoch, context);
    } else {
      Object.assign(history, question.history);
      if (question.hook === 'onTrainBegin') Object.assign(better, question.better);
      await callback[question.hook]?.(context);
    }
    return callback.getState?.();
  }

  /** Every callback brings the epoch; it is recorded once. */
  function record({ epoch, epochs, ...series }: EpochEnd, bestEpoch: number): void {
    if (epoch === history.epochs) return;
    Object.assign(history, { epochs: epoch, bestEpoch });
    for (const [name, value] of Object.entries(series))
      (history[name as keyof typeof series] as number[]).push(value as number);
  }

  return { history, batches, answer, failed, error: () => thrown };
}
