// The page's side: a model that lives in a Web Worker of its own.
/// <reference lib="esnext.disposable" preserve="true" />
import type { EngineInfo, EngineOptions } from '../backend/index.ts';
import type { Dataset, Matrix } from '../data/index.ts';
import { checkKeys, fail } from '../errors/index.ts';
import type { LayerSpec } from '../nn/index.ts';
import type {
  Callback,
  EarlyStoppingOptions,
  Evaluation,
  FitOptions,
  History,
  Sequential,
  SequentialOptions,
  Weights,
} from '../train/index.ts';
import { Line } from './line.ts';
import type { ModelFacts, Recipe } from './messages.ts';
import { fit } from './page-fit.ts';

/** What a callback on the page may look at and do. */
export interface WorkerTrainContext {
  readonly model: WorkerSequential;
  readonly history: History;
  /** Whether `fit` was given validation data. */
  readonly hasValidationData: boolean;
  /** Ends training after this epoch. */
  stop(): void;
}

/**
 * As `Callback`, but with a {@link WorkerTrainContext}. It runs on the page: training waits for every hook but
 * `onBatchEnd`, whose calls come some at a time.
 */
export type WorkerCallback = Callback<WorkerTrainContext>;

/**
 * As `earlyStopping` of `regulus`, in the type that {@link WorkerFitOptions} has; `fit` checks the options. It runs in the
 * worker, so it cannot be given methods of your own: put them into one more callback.
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): WorkerCallback {
  return Object.freeze<WorkerCallback>({ recipe: ['earlyStopping', { ...options }] });
}

/** As `FitOptions`. */
export interface WorkerFitOptions extends Omit<FitOptions, 'callbacks' | 'onEpochEnd'> {
  /** `earlyStopping()`, which runs in the worker, or your own, which run on the page. */
  callbacks?: readonly WorkerCallback[];
  /** Called after every epoch; short for a callback with this method. */
  onEpochEnd?: WorkerCallback['onEpochEnd'];
}

/** Options of {@link sequential}. */
export interface WorkerSequentialOptions extends Omit<SequentialOptions, 'engine'> {
  /** As for `createEngine`, which the worker calls. */
  engine?: EngineOptions;
  /**
   * Starts the worker, where a bundler does not see it by itself: a module that imports `regulus/worker-thread`. Default:
   * `new Worker(new URL('./worker-thread.js', import.meta.url), { type: 'module' })`, which Vite, webpack and Parcel
   * understand, as do browsers without a bundler. With Rollup and esbuild, `regulus/worker-thread` is a second entry, named
   * `worker-thread`, beside the page's bundle.
   */
  worker?: () => Worker;
}

/**
 * Makes a model as `sequential` of `regulus` does, in a Web Worker of its own, so that training never holds up the page.
 * The same methods give promises; results have the same bits. No shared memory and no special headers are needed.
 *
 * @throws what `sequential` throws; EnvironmentError where there are no Web Workers, as in Node; WorkerError when the
 * worker cannot start. As with all methods here, the promise is rejected with it.
 */
export async function sequential(options: WorkerSequentialOptions): Promise<WorkerSequential> {
  checkKeys('sequential', options, ['inputSize', 'layers', 'seed', 'engine', 'worker']);
  const { worker, layers, ...rest } = options;
  if (!Array.isArray(layers) || layers.some((layer) => !layer?.recipe)) {
    fail(
      'sequential',
      'layers',
      'a non-empty array of layers',
      layers,
      'Use [dense(16), relu(), dense(2)], for example.',
    );
  }
  const line = new Line(worker);
  try {
    const recipes = layers.map(({ recipe }: LayerSpec): Recipe => recipe);
    const facts = (await line.send({ type: 'create', options: { ...rest, layers: recipes } })) as ModelFacts;
    return new WorkerSequential(line, facts);
  } catch (error) {
    line.close();
    throw error;
  }
}

/** Ends the workers of models that were dropped without `dispose()`. */
const abandoned = new FinalizationRegistry<Line>((line) => line.close());

/** A stack of layers in a Web Worker; made by {@link sequential}. */
export class WorkerSequential {
  readonly #line: Line;
  /** Number of features. */
  readonly inputSize: number;
  /** Number of classes. */
  readonly outputSize: number;
  /** Number of trained values. */
  readonly parameterCount: number;
  /** What the model computes with. */
  readonly engine: EngineInfo;

  /** @internal */
  constructor(line: Line, { inputSize, outputSize, parameterCount, engine }: ModelFacts) {
    this.#line = line;
    this.inputSize = inputSize;
    this.outputSize = outputSize;
    this.parameterCount = parameterCount;
    this.engine = engine;
    abandoned.register(this, line, this);
  }

  /**
   * Trains on a copy of `train`, as `fit` of `regulus` does. The other methods can be called meanwhile, and see the
   * weights of that moment.
   *
   * @throws what `Sequential.fit` throws, and what a callback throws.
   */
  fit(train: Dataset, options: WorkerFitOptions): Promise<History> {
    return fit(this, this.#line, train, options);
  }

  /** Loss and accuracy on `data`, with dropout off. */
  evaluate(data: Dataset): Promise<Evaluation> {
    return this.#line.call('evaluate', data);
  }

  /** The most probable class of each row of `x` (rows, inputSize), the first one on ties. */
  predict(x: Matrix): Promise<Int32Array> {
    return this.#line.call('predict', x);
  }

  /** Softmax probabilities (rows, classes) for `x` (rows, inputSize). */
  predictProbabilities(x: Matrix): Promise<Matrix> {
    return this.#line.call('predictProbabilities', x);
  }

  /** A copy of all trained arrays, handed over without copying it once more. */
  getWeights(): Promise<Weights> {
    return this.#line.call('getWeights');
  }

  /** Replaces all trained arrays, in the order of `getWeights`; only shapes must match, not names. */
  setWeights(weights: Parameters<Sequential['setWeights']>[0]): Promise<void> {
    return this.#line.call('setWeights', weights);
  }

  /** A table of the layers: description, output size and number of trained values. */
  summary(): Promise<string> {
    return this.#line.call('summary');
  }

  /** Ends the worker, also in the middle of training. What was still awaited is rejected with a DisposedError. */
  dispose(): void {
    abandoned.unregister(this);
    this.#line.close();
  }

  /** As `dispose()`, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}
