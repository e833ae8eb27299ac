// The page's part of a fit: describes it to the worker, and runs the callbacks that stay on the page.
import type { Dataset } from '../data/index.ts';
import { AbortError, fail, packError } from '../errors/index.ts';
import type { BatchEnd, CheckpointOptions, EpochEnd, History } from '../train/index.ts';
import type { Line } from './line.ts';
import type { Answer, FitDescription, News, PageCallback, Question, Recipe } from './messages.ts';
import type { WorkerCallback, WorkerFitOptions, WorkerSequential, WorkerTrainContext } from './sequential.ts';

const hooks = ['onTrainBegin', 'onBatchEnd', 'onEpochEnd', 'onTrainEnd', 'getState', 'setState'] as const;

/** Trains `model`, which is at the other end of `line`. */
export async function fit(
  model: WorkerSequential,
  line: Line,
  train: Dataset,
  options: WorkerFitOptions,
): Promise<History> {
  check(options);
  const { signal, callbacks = [], onEpochEnd } = options;
  const all = onEpochEnd ? [...callbacks, { onEpochEnd }] : callbacks;
  const page = new PageFit(model, all, options);
  const onNews = async (news: News) => {
    if (news.type === 'batches') page.batches(news.batches);
    else line.post({ type: 'answer', number: news.number, answer: await page.answer(news.question) });
  };
  try {
    const description = describe(options, all);
    const history = await line.send({ type: 'fit', train, options: description }, { onNews, signal });
    return Object.assign(page.history, history);
  } catch (error) {
    if (page.error !== undefined) throw page.error;
    throw error instanceof AbortError ? Object.assign(error, { cause: signal?.reason }) : error;
  }
}

/** What of the options stays here must be checked here; the worker checks the rest. */
function check({ callbacks, onEpochEnd, signal, checkpoint, optimizer }: WorkerFitOptions): void {
  const where = 'Sequential.fit';
  const isObject = (value: unknown) => typeof value === 'object' && value !== null;
  if (callbacks !== undefined && !(Array.isArray(callbacks) && callbacks.every(isObject))) {
    fail(where, 'callbacks', 'an array of callbacks', callbacks, 'Use [earlyStopping()], for example.');
  }
  callbacks?.forEach((callback: WorkerCallback, i) => {
    if (!callback.recipe || Object.isFrozen(callback)) return;
    const rule = `what ${callback.recipe[0]}() returned, since it runs in the worker`;
    const remedy = 'Give your own methods as one more callback: [earlyStopping(), { onEpochEnd }].';
    fail(where, `callbacks[${i}]`, rule, callback, remedy);
  });
  if (onEpochEnd !== undefined && typeof onEpochEnd !== 'function') fail(where, 'onEpochEnd', 'a function', onEpochEnd);
  if (signal !== undefined && typeof signal?.aborted !== 'boolean') {
    fail(where, 'signal', 'an AbortSignal', signal, 'Use new AbortController().signal.');
  }
  if (checkpoint !== undefined && typeof checkpoint?.save !== 'function') {
    fail(where, 'checkpoint.save', 'a function', checkpoint?.save);
  }
  if (optimizer !== undefined && !optimizer?.recipe) {
    fail(where, 'optimizer', 'an optimizer', optimizer, 'Use adam(), adamW() or sgd().');
  }
}

function describe(options: WorkerFitOptions, all: readonly WorkerCallback[]): FitDescription {
  const { optimizer, callbacks, signal, onEpochEnd, checkpoint, ...rest } = options;
  const { save, ...whenToSave } = checkpoint ?? {};
  return {
    rest,
    ...(optimizer && { optimizer: optimizer.recipe }),
    callbacks: all.map((callback): Recipe | PageCallback => {
      return callback.recipe ?? { hooks: hooks.filter((hook) => callback[hook]) };
    }),
    ...(checkpoint && { checkpoint: whenToSave }),
    aborted: signal?.aborted ?? false,
  };
}

/** The callbacks on the page, with a copy of the history for them to look at. */
class PageFit {
  readonly history = {} as History;
  /** What a callback has thrown: the worker ends the fit, and this, not its copy, is passed on. */
  error: unknown;
  readonly #callbacks: readonly WorkerCallback[];
  readonly #context: WorkerTrainContext;
  readonly #save: CheckpointOptions['save'] | undefined;
  #stopped = false;

  constructor(model: WorkerSequential, callbacks: readonly WorkerCallback[], options: WorkerFitOptions) {
    this.#callbacks = callbacks;
    this.#save = options.checkpoint?.save;
    this.#context = {
      model,
      history: this.history,
      hasValidationData: options.validationData !== undefined,
      stop: () => {
        this.#stopped = true;
      },
    };
  }

  /** Gives the batches to the callbacks. An error is kept for the next answer. */
  batches(batches: readonly BatchEnd[]): void {
    try {
      for (const batch of this.error === undefined ? batches : []) {
        for (const callback of this.#callbacks) callback.onBatchEnd?.(batch, this.#context);
      }
    } catch (error) {
      this.error = error;
    }
  }

  async answer(question: Question): Promise<Answer> {
    try {
      if (this.error !== undefined && question.hook !== 'onTrainEnd') throw this.error;
      const state = await this.#run(question);
      return { stop: this.#stopped, state };
    } catch (error) {
      this.error ??= error;
      return { stop: true, error: packError(error) };
    }
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
      await callback[question.hook]?.(this.#context);
    }
    return callback.getState?.();
  }

  /** Every callback brings the epoch; it is recorded once. */
  #record({ epoch, trainLoss, trainAccuracy, valLoss, valAccuracy }: EpochEnd, bestEpoch: number): void {
    const { history } = this;
    if (epoch === history.epochs) return;
    history.epochs = epoch;
    history.bestEpoch = bestEpoch;
    history.trainLoss.push(trainLoss);
    history.trainAccuracy.push(trainAccuracy);
    if (valLoss !== undefined) history.valLoss.push(valLoss);
    if (valAccuracy !== undefined) history.valAccuracy.push(valAccuracy);
  }
}
