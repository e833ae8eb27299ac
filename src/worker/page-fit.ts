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
  const page = new PageFit(model, all, options);
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
    if (page.error !== undefined) throw page.error;
    throw error instanceof AbortError ? Object.assign(error, { cause: signal?.reason }) : error;
  }
}

/** The callbacks on the page, with a copy of the history for them to look at. */
class PageFit<M> {
  readonly history = {} as History;
  /** What a callback has thrown: the worker ends the fit, and this, not its copy, is passed on. */
  error: unknown;
  readonly #callbacks: readonly Callback<TrainContext<M>>[];
  readonly #context: TrainContext<M>;
  readonly #save: NonNullable<FitOptions['checkpoint']>['save'] | undefined;
  readonly #better: Record<string, 'higher' | 'lower'> = {};
  /** What `onBatchEnd` has returned that is to be awaited before the next answer. */
  #pending: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(
    model: M,
    callbacks: readonly (Callback<TrainContext<M>> | Description<'callback'>)[],
    options: PageFitOptions<M>,
  ) {
    // Descriptions run in the worker: here they have no hooks.
    this.#callbacks = callbacks.map((callback) => (isDescribed(callback) ? {} : callback));
    this.#save = options.checkpoint?.save;
    this.#context = {
      model,
      history: this.history,
      better: this.#better,
      hasValidationData: options.validationData !== undefined,
      stop: () => {
        this.#stopped = true;
      },
    };
  }

  /** Gives the batches to the callbacks. An error is kept for the next answer. */
  batches(batches: readonly BatchEnd[]): void {
    const failed = (error: unknown) => {
      this.error ??= error;
    };
    try {
      for (const batch of this.error === undefined ? batches : []) {
        for (const callback of this.#callbacks) {
          const returned = callback.onBatchEnd?.(batch, this.#context);
          if (isPromise(returned)) this.#pending = Promise.all([this.#pending, returned.then(undefined, failed)]);
        }
      }
    } catch (error) {
      failed(error);
    }
  }

  async answer(question: Question): Promise<Answer> {
    await this.#pending;
    try {
      if (this.error !== undefined && question.hook !== 'onTrainEnd') throw this.error;
      const state = await this.#run(question);
      return { stop: this.#stopped, state };
    } catch (error) {
      return this.failed(error);
    }
  }

  /** The answer that ends the fit with `error`. */
  failed(error: unknown): Answer {
    this.error ??= error;
    return { stop: true, error: packError(error) };
  }

  /** Runs a hook and returns what its callback then remembers. */
  async #run(question: Question): Promise<unknown> {
    if (question.hook === 'save') {
      await this.#save?.(question.state);
      return undefined;
    }
    const callback = this.#callbacks[question.callback];
    if (question.hook === 'setState') callback.setState?.(question.state);
    else if (question.hook === 'onEpochEnd') {
      this.#record(question.epoch, question.bestEpoch);
      await callback.onEpochEnd?.(question.epoch, this.#context);
    } else {
      Object.assign(this.history, question.history);
      if (question.hook === 'onTrainBegin') Object.assign(this.#better, question.better);
      await callback[question.hook]?.(this.#context);
    }
    return callback.getState?.();
  }

  /** Every callback brings the epoch; it is recorded once. */
  #record({ epoch, epochs, ...series }: EpochEnd, bestEpoch: number): void {
    const { history } = this;
    if (epoch === history.epochs) return;
    history.epochs = epoch;
    history.bestEpoch = bestEpoch;
    for (const [name, value] of Object.entries(series))
      (history[name as keyof typeof series] as number[]).push(value as number);
  }
}
