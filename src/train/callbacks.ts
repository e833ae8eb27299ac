// Callbacks: code of others that runs at fixed points of a training run, and descriptions of it.
import type { Dataset, Matrix } from '../data/index.ts';
import {
  checkKeys,
  checkMethods,
  type Definition,
  type Description,
  define,
  definitionOf,
  descriptionRule,
  didYouMean,
  type Factory,
  factoryOf,
  fail,
  type Named,
  type OptionRules,
  type OptionsProblem,
  type ResolvedOptions,
} from '../errors/index.ts';
import type { Evaluation } from './evaluate.ts';
import type { History, Series } from './history.ts';
import type { Predictions } from './samples.ts';

/** The arrays of a model in the order of its layers, trained ones and state; a dense layer has kernel [in, out], then bias [out]. */
export type Weights = { name: string; shape: number[]; data: Float32Array }[];

/** What a callback can do with the model that is being trained. */
export interface TrainedModel {
  /** Losses and metrics on `data`, as the model is now. */
  evaluate(data: Dataset): Evaluation;
  /** What is predicted for each row of `x` (rows, inputSize). */
  predict(x: Matrix): Predictions;
  /** The probabilities of classes (rows, classes), or of labels (rows, outputs), for `x` (rows, inputSize). */
  predictProbabilities(x: Matrix): Matrix;
  /** Copies of all arrays. */
  getWeights(): Weights;
  /** Replaces all arrays by such as `getWeights` returns. */
  setWeights(weights: readonly { name?: string; shape: readonly number[]; data: ArrayLike<number> }[]): void;
}

/** One finished epoch: its number, and the last value of every list in the history. */
export interface EpochEnd {
  [series: Series]: number | undefined;
  /** Number of the epoch, from 1. */
  epoch: number;
  /** How many epochs there will be at the most. */
  epochs: number;
  trainLoss: number;
  trainDataLoss: number;
  /** Undefined without validation data, as is all that begins with `val`. */
  valLoss?: number;
  valDataLoss?: number;
}

/** One finished batch. */
export interface BatchEnd {
  /** Number of the step, from 1, over the whole fit. */
  step: number;
  /** Loss of the batch before its update, penalty included. */
  loss: number;
  batchSize: number;
}

/** What a callback may look at and do. */
export interface TrainContext<Model = TrainedModel> {
  readonly model: Model;
  readonly history: History;
  /** Which direction is better, for every list of the history. */
  readonly better: Readonly<Record<Series, 'higher' | 'lower'>>;
  /** Whether `fit` was given validation data. */
  readonly hasValidationData: boolean;
  /** Ends training after this epoch. */
  stop(): void;
}

/** What a callback that `defineCallback` has made is given beside: it runs where the model is trained. */
export interface RunContext extends TrainContext {
  /** Of the next step. */
  readonly learningRate: number;
  /** The same as the optimizer's option has it, whatever has multiplied it or been set in its place. */
  readonly ownLearningRate: number;
  /** Multiplies the learning rates of all later steps. */
  scaleLearningRate(factor: number): void;
  /** Makes `rate` the learning rate of all later steps, in the place of the optimizer's own, a schedule or not. */
  setLearningRate(rate: number): void;
  /** How many epochs this fit may have, and steps in each. */
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  /** Computes what layers keep of the data, such as moving averages, anew for the present weights, as means over the training data. */
  recomputeStatistics(): void;
  /** Keeps copies of weights for the model's `getSnapshots`. */
  keepSnapshots(snapshots: readonly Weights[]): void;
}

/** Hooks into `fit`, all optional. A promise is awaited; an error ends training and is passed on. */
export interface Callback<Context = TrainContext> {
  /** Called before the first epoch. */
  onTrainBegin?(context: Context): void | Promise<void>;
  /** Called once per step. A promise is awaited before the next one. */
  onBatchEnd?(batch: BatchEnd, context: Context): void | Promise<void>;
  /** Called after every epoch and its validation. */
  onEpochEnd?(epoch: EpochEnd, context: Context): void | Promise<void>;
  /** Called however training ends: after the last epoch, when stopped, aborted, or by an error. */
  onTrainEnd?(context: Context): void | Promise<void>;
  /** What the callback remembers from epoch to epoch, for checkpoints: anything that structured cloning copies. */
  getState?(): unknown;
  /** Takes that back, after `onTrainBegin` of a fit that resumes. */
  setState?(state: unknown): void;
}

/** The names of the hooks. */
export const hooks = ['onTrainBegin', 'onBatchEnd', 'onEpochEnd', 'onTrainEnd', 'getState', 'setState'] as const;

/** How a described callback works. */
export interface CallbackDefinition<R extends OptionRules = OptionRules> extends Definition<R> {
  /** The option that names a list of the history, if there is one: `fit` and specs refuse what is not recorded. */
  readonly watches?: keyof R & string;
  /** What it decides beside others: one callback of a fit can decide each. */
  decides?(options: ResolvedOptions<R>): readonly (keyof typeof decisions)[];
  /** Makes the hooks for one fit; each fit starts its own. */
  start(options: ResolvedOptions<R>): Callback;
}

/**
 * Defines a callback that can be described as JSON, so that it also works in specs and in workers. A callback for one program
 * alone is simply an object with hooks.
 *
 * @example
 * ```js
 * import { defineCallback, dense, makeMoons, number, sequential } from 'regulus';
 *
 * const stopAt = defineCallback({
 *   type: 'stopAt',
 *   shorthand: 'loss',
 *   options: { loss: number('[0, inf)') },
 *   start: ({ loss }) => ({ onEpochEnd: ({ trainLoss }, { stop }) => { if (trainLoss < loss) stop(); } }),
 * });
 * const model = sequential({ inputSize: 2, layers: [dense(2)] });
 * const { epochs } = await model.fit(makeMoons(), { epochs: 100, callbacks: [stopAt(0.5)] });
 * console.log(epochs < 100); // true
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function defineCallback<const T extends string, const R extends OptionRules, const S extends string = never>(
  definition: CallbackDefinition<R> & Named<T, S>,
): Factory<'callback', T, R, S> {
  return define('callback', definition, 'start');
}

/** Whether a hook has returned a promise, of whichever realm. */
export const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as { then?: unknown } | null | undefined)?.then === 'function';

/** Whether `callback`, which has been checked, is a description and not an object with hooks. */
export const isDescribed = (callback: object): callback is Description<'callback'> => factoryOf(callback) !== undefined;

/** Those of the keys of `callback` that look like hooks. */
const hooksOf = (callback: object) => Object.entries(callback).filter(([key]) => /^on[A-Z]/.test(key));

/** Checks the names of the hooks of `callback`, and that they are functions. */
function checkHooks(where: string, callback: object): void {
  checkKeys(where, Object.fromEntries(hooksOf(callback)), hooks);
  for (const hook of hooks) {
    if ((callback as Callback)[hook] !== undefined) checkMethods(where, callback, hook);
  }
}

/**
 * Checks that `callbacks` is a list of descriptions and of objects with hooks.
 *
 * @throws ParameterError for what is neither, and for a hook that does not exist.
 */
export function checkCallbacks(where: string, callbacks: unknown): void {
  if (!Array.isArray(callbacks)) fail(where, 'callbacks', 'an array of callbacks', callbacks, 'Use [earlyStopping()].');
  for (const [i, callback] of callbacks.entries()) {
    const name = `callbacks[${i}]`;
    if (typeof callback !== 'object' || callback === null) fail(where, name, 'a callback', callback);
    const { type } = callback as { type?: unknown };
    if (isDescribed(callback) || (typeof type === 'string' && hooksOf(callback).length === 0)) {
      descriptionRule(where, name, callback, { form: 'kind', of: 'callback', known: [] });
    } else if (typeof type === 'string') {
      fail(where, name, 'a description or an object with hooks', callback);
    }
    checkHooks(`${name} of ${where}`, callback);
  }
}

/** What is wrong with the list that a description watches, where `recorded` are all. */
export function unrecorded(
  callback: Description<'callback'>,
  recorded: readonly string[],
  what = 'this fit',
): (OptionsProblem & { value: unknown }) | undefined {
  const { definition, options } = definitionOf<CallbackDefinition>('callback', what, 'callback', callback);
  const option = definition.watches;
  const value = option && options[option];
  if (option === undefined || recorded.includes(value as string)) return undefined;
  const isOfValidation = typeof value === 'string' && value.startsWith('val');
  const remedy =
    isOfValidation && !recorded.includes('valLoss')
      ? `Give fit 'validationData', or ${option} 'trainLoss'.`
      : didYouMean(value, recorded);
  return { option, value, rule: `recorded by ${what} (${recorded.join(', ')})`, remedy };
}

const decisions = { learningRate: 'the learning rate', finalWeights: 'the weights that training ends with' };

/** What is wrong with descriptions that decide the same. */
export function conflict(callbacks: readonly Description<'callback'>[]): { rule: string; remedy: string } | undefined {
  const deciders = new Map<string, string>();
  for (const callback of callbacks) {
    const { definition, options } = definitionOf<CallbackDefinition>('callback', 'a fit', 'callback', callback);
    for (const what of definition.decides?.(options) ?? []) {
      const other = deciders.get(what);
      if (other) {
        const remedy =
          what === 'finalWeights'
            ? ' Leave one out, or give earlyStopping restoreBestWeights: false.'
            : ' Leave one out.';
        return {
          rule: `a list of which one at most decides ${decisions[what]}`,
          remedy: `Both ${other} and ${definition.type} do.${remedy}`,
        };
      }
      deciders.set(what, definition.type);
    }
  }
  return undefined;
}

/**
 * The hooks of each of `callbacks`, which have been checked; descriptions are started anew.
 *
 * @throws ParameterError where one watches a list that is not among the `recorded` ones.
 */
export function startCallbacks(
  where: string,
  callbacks: readonly (Callback | Description<'callback'>)[],
  recorded: readonly string[],
): Callback[] {
  const twice = conflict(callbacks.filter(isDescribed));
  if (twice) fail(where, 'callbacks', twice.rule, callbacks, twice.remedy);
  return callbacks.map((callback, i) => {
    if (!isDescribed(callback)) return callback;
    const { definition, options } = definitionOf<CallbackDefinition>('callback', where, `callbacks[${i}]`, callback);
    const problem = unrecorded(callback, recorded);
    if (problem) fail(definition.type, problem.option, problem.rule, problem.value, problem.remedy);
    const started = definition.start(options);
    checkHooks(definition.type, started);
    return started;
  });
}
