// The model that users hold: a network with its training, evaluation, weights and memory.
/// <reference lib="esnext.disposable" preserve="true" />
import { defaultEngine, type Engine, type EngineInfo } from '../backend/index.ts';
import { checkMatrix, type Dataset, type Matrix } from '../data/index.ts';
import {
  checkAlive,
  checkKeys,
  checkOption,
  type Description,
  describeShortly,
  fail,
  integer,
  NumericError,
  ParameterError,
  resolveOptions,
} from '../errors/index.ts';
import { type ArrayCheck, expandLayers, Network, softmaxCrossEntropy, type Task } from '../nn/index.ts';
import { checkSeed } from '../random/index.ts';
import type { TrainedModel, Weights } from './callbacks.ts';
import { byIndex } from './class-weight.ts';
import type { Progress } from './epoch-runner.ts';
import { type Evaluation, evaluate, predict, predictDraw, predictProbabilities } from './evaluate.ts';
import { checkData, type FitOptions, fit } from './fit.ts';
import { type History, recordedMetrics } from './history.ts';
import {
  inputToMatrix,
  labelsOf,
  type OneRow,
  type Predictions,
  type Rows,
  type Samples,
  toDataset,
} from './samples.ts';

/** Options of {@link sequential}. */
export interface SequentialOptions {
  /** Number of features. */
  inputSize: number;
  /** In order. The size of the last is the number of classes, or of outputs. */
  layers: readonly Description<'layer'>[];
  /** What training minimizes and predictions mean; `softmaxCrossEntropy()` by default: one of several classes. */
  loss?: Description<'loss'>;
  /**
   * Random seed, an integer in [0, 2³² − 1]; 0 by default. The same seed gives the same initial weights, order of samples
   * and dropout masks.
   */
  seed?: number;
  /** The names of the classes, which `predict` then returns; by default the labels that the first fit is given, if they are strings. */
  classes?: readonly string[];
  /** Arrays by name, as `getWeights` gives them, to begin with instead of what the initializers draw. */
  weights?: Weights;
  /** How far the model has been trained, as its `toJSON` says: a further fit then repeats no order and no mask. */
  trained?: { readonly steps: number; readonly epochs: number };
  /** From `createEngine`; a shared, reproducible engine by default. */
  engine?: Engine;
}

/** A model as JSON, without its arrays: what {@link sequential} takes, but for `weights` and `engine`. */
export type SequentialJson = Required<Omit<SequentialOptions, 'classes' | 'weights' | 'engine'>> &
  Pick<SequentialOptions, 'classes'>;

/** Options of {@link Sequential.evaluate}. */
export interface EvaluateOptions {
  /** `[accuracy()]` by default, nothing for real targets. */
  metrics?: readonly Description<'metric'>[];
}

/** The names of {@link SequentialOptions}. */
export const modelKeys = ['inputSize', 'layers', 'loss', 'seed', 'classes', 'weights', 'trained', 'engine'] as const;

/** Frees the memory of models that were dropped without `dispose()`. */
const abandoned = new FinalizationRegistry<Network>((network) => network.free());

/**
 * Makes a model that computes its outputs layer by layer. `Y` is the type that `predict` returns: a Matrix where the loss is for
 * labels or real targets.
 *
 * A model's arrays are in WebAssembly memory, which never shrinks and which the garbage collector does not see: it may find
 * dropped models late. Many large models in one program want `using`, or `dispose()` as soon as each is done with.
 *
 * @throws ParameterError for an unknown option or a bad value.
 * @throws EnvironmentError when memory is exhausted.
 * @example
 * ```js
 * // Lists and labels.
 * import { dense, relu, sequential } from 'regulus';
 *
 * const x = Array.from({ length: 60 }, (_, i) => [Math.sin(i), Math.cos(i)]);
 * const y = x.map(([a]) => (a > 0 ? 'right' : 'left'));
 * const model = sequential({ inputSize: 2, layers: [dense(8), relu(), dense(2)] });
 * await model.fit({ x, y }, { epochs: 40, validationSplit: 0.2 });
 * console.log(model.predict([[0.9, 0.1], [-0.9, 0.1]])); // ['right', 'left']
 * ```
 * @example
 * ```js
 * import { adam, dense, makeMoons, relu, sequential } from 'regulus';
 *
 * const model = sequential({ inputSize: 2, layers: [dense(16), relu(), dense(2)], seed: 42 });
 * const data = makeMoons({ noise: 0.1 });
 * const history = await model.fit(data, { epochs: 20, optimizer: adam({ learningRate: 0.01 }) });
 * console.log(history.trainLoss.at(-1), model.evaluate(data).accuracy);
 * model.dispose();
 * ```
 */
export function sequential<Y extends Predictions = Int32Array>(options: SequentialOptions): Sequential<Y> {
  return new Sequential(options);
}

/** A stack of layers; made by {@link sequential}. */
export class Sequential<Y extends Predictions = Int32Array> implements TrainedModel {
  readonly #network: Network;
  readonly #engine: Engine;
  readonly #layers: readonly Description<'layer'>[];
  readonly #loss: Description<'loss'>;
  readonly #progress: Progress;
  #classes: readonly string[] | undefined;
  #training = false;

  /** @internal */
  constructor(options: SequentialOptions) {
    const where = 'sequential';
    checkKeys(where, options, modelKeys);
    const {
      inputSize,
      layers,
      loss = softmaxCrossEntropy(),
      seed = 0,
      classes,
      weights,
      trained,
      engine = defaultEngine(),
    } = options;
    checkOption(where, 'inputSize', inputSize, integer(1));
    checkSeed(where, 'seed', seed);
    const { steps, epochs } = resolveOptions(`${where}'s trained`, trained ?? {}, trainedRules);
    if (!Array.isArray(layers) || layers.length === 0) {
      fail(where, 'layers', 'a non-empty array of layers', layers, 'Use [dense(2)].');
    }
    if (typeof engine?.backend?.matmul !== 'function')
      fail(where, 'engine', 'an engine', engine, 'Use createEngine().');
    this.#engine = engine;
    this.#layers = expandLayers(layers);
    this.#loss = loss;
    if (weights !== undefined && !(Array.isArray(weights) && weights.every(Boolean))) {
      fail(where, 'weights', 'arrays as getWeights gives them', weights);
    }
    const given = weights && new Map(weights.map((array) => [array.name, array]));
    const check: ArrayCheck = (name, shape) => {
      if (String(given?.get(name)?.shape) !== String(shape)) {
        fail(where, 'weights', `arrays by name, among them '${name}' of shape [${shape.join(', ')}]`, weights);
      }
    };
    this.#network = new Network(inputSize, this.#layers, loss, seed, engine.backend, where, given && check);
    try {
      const { arrays } = this.#network;
      if (given && given.size !== arrays.length) {
        fail(where, 'weights', `those ${arrays.length} that the layers have`, weights);
      }
      const ordered = arrays.map(({ name }) => given?.get(name) as Weights[number]);
      if (given) this.#setWeights(where, ordered);
      this.#setClasses(where, 'classes', classes);
    } catch (error) {
      this.#network.free();
      throw error;
    }
    this.#progress = { seed, steps, epochs, disposed: false };
    abandoned.register(this, this.#network, this);
  }

  /** Number of features. */
  get inputSize(): number {
    return this.#network.inputSize;
  }

  /** Number of outputs: of classes with `softmaxCrossEntropy`. */
  get outputSize(): number {
    return this.#network.outputSize;
  }

  /** What the model predicts: one class a sample, any number of labels, or real numbers. */
  get task(): Task {
    return this.#network.loss.task;
  }

  /** Whether the loss says what the probabilities of classes or labels are, for `predictProbabilities`. */
  get hasProbabilities(): boolean {
    return this.#network.loss.probabilities !== undefined;
  }

  /** The names of the classes, where they are known; `predict` returns them. */
  get classes(): readonly string[] | undefined {
    return this.#classes;
  }

  /** Number of trained values. */
  get parameterCount(): number {
    return this.#network.parameters.reduce((sum, { value }) => sum + value.length, 0);
  }

  /** What the regularizers add to the loss of any data. */
  get penalty(): number {
    this.#check();
    return this.#network.penalty();
  }

  /** What the model computes with. */
  get engine(): EngineInfo {
    return this.#engine.info;
  }

  /**
   * Trains on `train`, a `Dataset` or lists `{ x: number[][], y: string[] }`, and resolves to the history. It yields to the host every few milliseconds.
   *
   * A second fit goes on from the weights of the first, with new masks and orders, and a fresh optimizer.
   *
   * @throws ParameterError for bad data or options, before anything is trained.
   * @throws NumericError for NaN or Infinity in the data, and when the loss becomes NaN or infinite.
   * @throws AbortError when `signal` is aborted; `error.history` has the finished epochs.
   */
  async fit(train: Dataset | Samples, options: FitOptions): Promise<History> {
    this.#check();
    if (this.#training) {
      throw new ParameterError('This model is being trained already. Await its first fit.', {
        code: 'ERR_STATE',
      });
    }
    this.#training = true;
    try {
      const where = 'Sequential.fit';
      if (!this.#classes) this.#setClasses(where, 'train.y', labelsOf(train?.y));
      const data = this.#dataset(where, 'train', train);
      const known = options && {
        ...options,
        classWeight: byIndex(options.classWeight, this.#classes),
        ...(options.validationData && {
          validationData: this.#dataset(where, 'validationData', options.validationData),
        }),
      };
      return await fit(this, this.#network, this.#progress, data, known);
    } finally {
      this.#training = false;
    }
  }

  /** Losses and metrics on `data`, with dropout off; accuracy by default, no metric for real targets. */
  evaluate(samples: Dataset | Samples, options: EvaluateOptions = {}): Evaluation {
    this.#check();
    const where = 'Sequential.evaluate';
    const data = this.#dataset(where, 'data', samples);
    checkKeys(where, options, ['metrics']);
    checkData(this.#network, 'data', data, where);
    return evaluate(
      this.#network,
      data,
      recordedMetrics(where, this.#network, options.metrics),
      `the 'data' of ${where}`,
    );
  }

  /**
   * For each row of `x` (rows, inputSize), a Matrix, a list of rows, or one row, the most probable class, the first one on ties; for labels a Matrix of 0 and 1, for
   * real targets a Matrix of predictions, both (rows, outputs). For those, name the type: `sequential<Matrix>({ … })`.
   */
  predict(x: Matrix | Rows | OneRow): Y {
    const predicted = predict(this.#network, this.#checkInput('predict', x));
    const classes = this.#classes;
    return (classes && !('data' in predicted) ? Array.from(predicted, (k) => classes[k]) : predicted) as Y;
  }

  /** Probabilities (rows, classes), or (rows, outputs) for labels, for `x` (rows, inputSize). */
  predictProbabilities(x: Matrix | Rows | OneRow): Matrix {
    return predictProbabilities(this.#network, this.#checkInput('predictProbabilities', x));
  }

  /**
   * Probabilities, or for real targets predictions, of a network as it is in training: with dropout, noise and stochastic depth, but with the
   * moving averages of inference, and schedules of dropout where training has left them. `draw`, a number in [0, 2³² − 1], says which of all masks; `mcDropout` of `regulus/uncertainty` takes the mean
   * and the spread of several.
   */
  predictDraw(x: Matrix | Rows, draw: number): Matrix {
    const checked = this.#checkInput('predictDraw', x);
    checkSeed('Sequential.predictDraw', 'draw', draw);
    return predictDraw(this.#network, checked, draw, this.#progress.steps);
  }

  /** A copy of all arrays, trained ones and state such as the moving means of batch normalization. */
  getWeights(): Weights {
    this.#check();
    return this.#network.arrays.map(({ name, shape, value }) => ({
      name,
      shape: [...shape],
      data: value.data.slice(),
    }));
  }

  /** The weights that `snapshotEnsemble` has kept in the last fit, one set for each cycle; each makes a model with `sequential`. */
  getSnapshots(): Weights[] {
    const { snapshots = [] } = this.#progress;
    return snapshots.map((weights) =>
      weights.map(({ name, shape, data }) => ({ name, shape: [...shape], data: data.slice() })),
    );
  }

  /**
   * Replaces all arrays, in the order of `getWeights`; only shapes must match, not names.
   *
   * @throws ParameterError for another number of arrays or another shape.
   * @throws NumericError for NaN or Infinity. Nothing is replaced then.
   */
  setWeights(weights: readonly { name?: string; shape: readonly number[]; data: ArrayLike<number> }[]): void {
    this.#check();
    this.#setWeights('Sequential.setWeights', weights);
  }

  #setWeights(where: string, weights: Parameters<this['setWeights']>[0]): void {
    const { arrays } = this.#network;
    if (!Array.isArray(weights) || weights.length !== arrays.length) {
      fail(where, 'weights', `an array of ${arrays.length} arrays, as getWeights gives them`, weights);
    }
    arrays.forEach(({ name, shape }, i) => {
      const { shape: received, data } = weights[i] ?? {};
      const length = shape.reduce((product, size) => product * size);
      if (!Array.isArray(received) || received.length !== shape.length || shape.some((size, j) => size !== received[j]))
        fail(where, `weights[${i}].shape`, `[${shape.join(', ')}] (${name})`, received);
      if (data?.length !== length) fail(where, `weights[${i}].data`, `${length} numbers (${name})`, data);
      for (let j = 0; j < length; j++) {
        if (!Number.isFinite(Math.fround(data[j]))) {
          throw new NumericError(`The weights of ${where} must be finite float32. Got ${data[j]} at ${name}[${j}].`);
        }
      }
    });
    arrays.forEach(({ value }, i) => {
      value.data.set(weights[i].data);
    });
  }

  /** The model without its arrays: `sequential({ ...model.toJSON(), weights: model.getWeights() })` makes its copy. */
  toJSON(): SequentialJson {
    const { seed, steps, epochs } = this.#progress;
    const { inputSize } = this;
    const classes = this.#classes;
    return {
      ...{ inputSize, layers: this.#layers, loss: this.#loss, seed },
      ...(classes && { classes }),
      trained: { steps, epochs },
    };
  }

  /** A table of the layers: description, output size and number of trained values. */
  summary(): string {
    const rows = this.#network.layers.map(({ outputSize, parameterCount }, i) => [
      describeShortly(this.#layers[i]),
      String(outputSize),
      String(parameterCount),
    ]);
    const table = [['layer', 'output', 'parameters'], ['input', String(this.inputSize), '0'], ...rows];
    const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column].length)));
    const lines = table.map(([name, output, count]) =>
      [name.padEnd(widths[0]), output.padStart(widths[1]), count.padStart(widths[2])].join('  '),
    );
    return `${lines.join('\n')}\ntotal: ${this.parameterCount} parameters`;
  }

  /** Frees the memory. The model must not be used any more; disposing twice is harmless. */
  dispose(): void {
    if (this.#progress.disposed) return;
    this.#progress.disposed = true;
    abandoned.unregister(this);
    this.#network.free();
  }

  /** As `dispose()`, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  #dataset(where: string, name: string, samples: Dataset | Samples): Dataset {
    return toDataset(where, name, samples, this.#network.loss, this.#classes);
  }

  /** The names of classes must be known for each output, since each of them may be predicted. */
  #setClasses(where: string, name: string, classes: readonly string[] | undefined): void {
    const count = this.#network.loss.classes;
    if (classes === undefined) return;
    if (!Array.isArray(classes) || classes.length !== count || !classes.every((label) => typeof label === 'string')) {
      const rule = count ? `labels of ${count} classes` : 'numbers';
      fail(where, name, rule, classes, 'softmaxCrossEntropy has an output for each.');
    }
    this.#classes = [...classes];
  }

  #checkInput(method: string, x: Matrix | Rows | OneRow): Matrix {
    this.#check();
    const where = `Sequential.${method}`;
    return checkMatrix(where, 'x', inputToMatrix(where, x), {
      features: this.inputSize,
      allowEmpty: true,
      float32: true,
    });
  }

  #check(): void {
    checkAlive(this.#progress.disposed, 'model', 'Make a new one with sequential().');
  }
}

const trainedRules = { steps: integer(0, { default: 0 }), epochs: integer(0, { default: 0 }) };
