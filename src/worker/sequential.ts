// The page's side: a model that lives in a Web Worker of its own.
/// <reference lib="esnext.disposable" preserve="true" />
import type { EngineInfo, EngineOptions } from '../backend/index.ts';
import type { Dataset, Matrix } from '../data/index.ts';
import { checkKeys, fail, type HostUrl, type HostWorker } from '../errors/index.ts';
import {
  type Callback,
  type EvaluateOptions,
  type Evaluation,
  type History,
  modelKeys,
  type OneRow,
  type Predictions,
  type Rows,
  type Samples,
  type Sequential,
  type SequentialOptions,
  type TrainContext,
  type Weights,
} from '../train/index.ts';
import type { ModelFacts } from './messages.ts';
import { fit, type PageFitOptions } from './page-fit.ts';
import { WorkerClient } from './worker-client.ts';

/** What a callback on the page may look at and do. */
export type WorkerTrainContext = TrainContext<WorkerSequential<Predictions>>;

/**
 * As `Callback`, but with a {@link WorkerTrainContext}. It runs on the page: training waits for every hook but
 * `onBatchEnd`, whose calls come some at a time.
 */
export type WorkerCallback = Callback<WorkerTrainContext>;

/** As `FitOptions`. Callbacks that are descriptions run in the worker, others on the page. @interface */
export type WorkerFitOptions = PageFitOptions<WorkerSequential<Predictions>>;

/** Options of {@link sequential}. */
export interface WorkerSequentialOptions extends Omit<SequentialOptions, 'engine'> {
  /** As for `createEngine`, which the worker calls. */
  engine?: EngineOptions;
  /**
   * Addresses of modules whose exports define kinds of your own, relative to the page; the worker imports them. With a bundler,
   * each is an entry of its own, as the worker cannot import `regulus` by its name.
   */
  modules?: readonly (string | HostUrl)[];
  /**
   * Starts the worker, where a bundler does not see it by itself: a module that imports `regulus/worker-thread`. Default:
   * `new Worker(new URL('./worker-thread.js', import.meta.url), { type: 'module' })`, which Vite, webpack and Parcel
   * understand, as do browsers without a bundler. With Rollup and esbuild, `regulus/worker-thread` is a second entry, named
   * `worker-thread`, beside the page's bundle.
   *
   * Where a page requires Trusted Types, the default makes a policy of the name `regulus`, which `trusted-types` of the page
   * must allow. It finds the file that is beside this module; where a bundler has put the worker elsewhere, give
   * `() => new Worker(yourPolicy.createScriptURL(address), { type: 'module' })`.
   */
  worker?: () => HostWorker;
}

/**
 * Makes a model as `sequential` of `regulus` does, in a Web Worker of its own, so that training never holds up the page.
 * The same methods give promises; results have the same bits. No shared memory and no special headers are needed.
 *
 * @throws what `sequential` throws; EnvironmentError where there are no Web Workers, as in Node; WorkerError when the
 * worker cannot start. As with all methods here, the promise is rejected with it.
 * @example
 * ```html
 * <script type="module">
 *   import { dense, makeMoons, relu } from 'regulus';
 *   import { sequential } from 'regulus/worker';
 *
 *   const model = await sequential({ inputSize: 2, layers: [dense(16), relu(), dense(2)] });
 *   const { trainLoss } = await model.fit(makeMoons(), { epochs: 20 });
 *   document.body.append(`loss ${trainLoss.at(-1)}`);
 * </script>
 * ```
 */
export async function sequential<Y extends Predictions = Int32Array>(
  options: WorkerSequentialOptions,
): Promise<WorkerSequential<Y>> {
  checkKeys('sequential', options, [...modelKeys, 'modules', 'worker']);
  const { worker, modules = [], ...rest } = options;
  if (!Array.isArray(modules)) {
    fail('sequential', 'modules', 'a list of addresses', modules, "Use ['./my-layers.js'], for example.");
  }
  if (rest.engine && 'info' in rest.engine) {
    fail('sequential', 'engine', 'options of createEngine', rest.engine, "Use { numerics: 'fast' }, for example.");
  }
  const sent = { ...rest, modules: modules.map(absolute) };
  const client = new WorkerClient(worker);
  try {
    return new WorkerSequential(client, (await client.send({ type: 'create', options: sent })) as ModelFacts);
  } catch (error) {
    client.close();
    throw error;
  }
}

/** An address as the worker, whose own is another, understands it. */
function absolute(address: string | HostUrl, i: number): string {
  const page = globalThis.document?.baseURI ?? globalThis.location?.href;
  if (page === undefined) return String(address);
  try {
    return new URL(address, page).href;
  } catch {
    return fail('sequential', `modules[${i}]`, 'an address', address);
  }
}

/** Ends the workers of models that were dropped without `dispose()`. */
const abandoned = new FinalizationRegistry<WorkerClient>((client) => client.close());

/** A stack of layers in a Web Worker; made by {@link sequential}. */
export class WorkerSequential<Y extends Predictions = Int32Array> {
  readonly #client: WorkerClient;
  /** Number of features. */
  readonly inputSize: number;
  /** Number of outputs. */
  readonly outputSize: number;
  /** Number of trained values. */
  readonly parameterCount: number;
  /** What the model computes with. */
  readonly engine: EngineInfo;

  /** @internal */
  constructor(client: WorkerClient, { inputSize, outputSize, parameterCount, engine }: ModelFacts) {
    this.#client = client;
    this.inputSize = inputSize;
    this.outputSize = outputSize;
    this.parameterCount = parameterCount;
    this.engine = engine;
    abandoned.register(this, client, this);
  }

  /**
   * Trains on a copy of `train`, as `fit` of `regulus` does. The other methods can be called meanwhile, and see the
   * weights of that moment.
   *
   * @throws what `Sequential.fit` throws, and what a callback throws.
   */
  fit(train: Dataset | Samples, options: WorkerFitOptions): Promise<History> {
    return fit<WorkerSequential<Predictions>>(this, this.#client, train, options);
  }

  /** Losses and metrics on `data`, with dropout off. */
  evaluate(data: Dataset | Samples, options: EvaluateOptions = {}): Promise<Evaluation> {
    return this.#client.call('evaluate', data, options);
  }

  /** The prediction for each row of `x` (rows, inputSize): classes, labels or real targets, as `predict` of `regulus`. */
  predict(x: Matrix | Rows | OneRow): Promise<Y> {
    return this.#client.call('predict', x);
  }

  /** Probabilities (rows, classes), or (rows, outputs) for labels, for `x` (rows, inputSize). */
  predictProbabilities(x: Matrix | Rows | OneRow): Promise<Matrix> {
    return this.#client.call('predictProbabilities', x);
  }

  /** A copy of all arrays, trained ones and state, handed over without copying it once more. */
  getWeights(): Promise<Weights> {
    return this.#client.call('getWeights');
  }

  /** The weights that `snapshotEnsemble` has kept in the last fit, one set for each cycle. */
  getSnapshots(): Promise<Weights[]> {
    return this.#client.call('getSnapshots');
  }

  /** Replaces all arrays, in the order of `getWeights`; only shapes must match, not names. */
  setWeights(weights: Parameters<Sequential['setWeights']>[0]): Promise<void> {
    return this.#client.call('setWeights', weights);
  }

  /** A table of the layers: description, output size and number of trained values. */
  summary(): Promise<string> {
    return this.#client.call('summary');
  }

  /** Ends the worker, also in the middle of training. What was still awaited is rejected with a DisposedError. */
  dispose(): void {
    abandoned.unregister(this);
    this.#client.close();
  }

  /** As `dispose()`, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}
