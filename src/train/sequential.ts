// The model that users hold: a network with its training, evaluation, weights and memory.
/// <reference lib="esnext.disposable" preserve="true" />
import { defaultEngine, type Engine, type EngineInfo } from '../backend/index.ts';
import { checkMatrix, type Dataset, type Matrix } from '../data/index.ts';
import { checkAlive, checkInteger, checkKeys, fail, NumericError, ParameterError } from '../errors/index.ts';
import { type LayerSpec, Network } from '../nn/index.ts';
import { checkSeed } from '../random/index.ts';
import { type Evaluation, evaluate, predict, predictProbabilities } from './evaluate.ts';
import { checkData, type FitOptions, fit } from './fit.ts';
import type { History } from './history.ts';
import type { Progress } from './progress.ts';

/** Options of {@link sequential}. */
export interface SequentialOptions {
  /** Number of features. */
  inputSize: number;
  /** `dense()`, `relu()` and `dropout()`, in order. The last size is the number of classes. */
  layers: readonly LayerSpec[];
  /** Root of the streams of initialization, shuffling and dropout, an integer in [0, 2³² − 1]; 0 by default. */
  seed?: number;
  /** From `createEngine`; a shared, reproducible engine by default. */
  engine?: Engine;
}

/** All trained arrays in the order of the layers; a dense layer has kernel [in, out], then bias [out]. */
export type Weights = { name: string; shape: number[]; data: Float32Array }[];

/** Gives memory back for models that were dropped without `dispose()`. */
const abandoned = new FinalizationRegistry<Network>((network) => network.free());

/**
 * Makes a classifier that computes class scores layer by layer; the loss is softmax cross-entropy.
 *
 * @throws ParameterError for an unknown option or a bad value.
 * @throws EnvironmentError when memory is exhausted.
 */
export function sequential(options: SequentialOptions): Sequential {
  return new Sequential(options);
}

/** A stack of layers; made by {@link sequential}. */
export class Sequential {
  readonly #network: Network;
  readonly #engine: Engine;
  readonly #specs: readonly LayerSpec[];
  readonly #progress: Progress;
  #training = false;

  /** @internal */
  constructor(options: SequentialOptions) {
    const where = 'sequential';
    checkKeys(where, options, ['inputSize', 'layers', 'seed', 'engine']);
    const { inputSize, layers, seed = 0, engine = defaultEngine() } = options;
    checkInteger(where, 'inputSize', inputSize, 1);
    checkSeed(where, 'seed', seed);
    if (!Array.isArray(layers) || layers.length === 0 || layers.some((layer) => typeof layer?.build !== 'function')) {
      fail(where, 'layers', 'a non-empty array of layers', layers, 'Use [dense(16), relu(), dense(2)], for example.');
    }
    if (typeof engine?.backend?.matmul !== 'function')
      fail(where, 'engine', 'an engine', engine, 'Use createEngine().');
    this.#engine = engine;
    this.#specs = [...layers];
    this.#network = new Network(inputSize, layers, seed, engine.backend);
    this.#progress = { seed, steps: 0, epochs: 0, disposed: false };
    abandoned.register(this, this.#network, this);
  }

  /** Number of features. */
  get inputSize(): number {
    return this.#network.inputSize;
  }

  /** Number of classes. */
  get outputSize(): number {
    return this.#network.outputSize;
  }

  /** Number of trained values. */
  get parameterCount(): number {
    return this.#network.parameters.reduce((sum, { value }) => sum + value.length, 0);
  }

  /** What the model computes with. */
  get engine(): EngineInfo {
    return this.#engine.info;
  }

  /**
   * Trains on `train` and resolves to the history. It yields to the host every few milliseconds.
   *
   * A second fit goes on from the weights of the first, with new masks and orders, and a fresh optimizer.
   *
   * @throws ParameterError for bad data or options, before anything is trained.
   * @throws NumericError for NaN or Infinity in the data, and when the loss becomes NaN or infinite.
   * @throws AbortError when `signal` is aborted; `error.history` has the finished epochs.
   */
  async fit(train: Dataset, options: FitOptions): Promise<History> {
    this.#check();
    if (this.#training) {
      throw new ParameterError('This model is being trained already. Await its first fit before the next one.');
    }
    this.#training = true;
    try {
      return await fit(this, this.#network, this.#progress, train, options);
    } finally {
      this.#training = false;
    }
  }

  /** Loss and accuracy on `data`, with dropout off. */
  evaluate(data: Dataset): Evaluation {
    this.#check();
    checkData(this.#network, 'data', data, 'Sequential.evaluate');
    return evaluate(this.#network, data);
  }

  /** The most probable class of each row of `x` (rows, inputSize), the first one on ties. */
  predict(x: Matrix): Int32Array {
    this.#check();
    checkMatrix('Sequential.predict', 'x', x, { features: this.inputSize, allowEmpty: true });
    return predict(this.#network, x);
  }

  /** Softmax probabilities (rows, classes) for `x` (rows, inputSize). */
  predictProbabilities(x: Matrix): Matrix {
    this.#check();
    checkMatrix('Sequential.predictProbabilities', 'x', x, { features: this.inputSize, allowEmpty: true });
    return predictProbabilities(this.#network, x);
  }

  /** A copy of all trained arrays. */
  getWeights(): Weights {
    this.#check();
    return this.#network.parameters.map(({ name, shape, value }) => ({
      name,
      shape: [...shape],
      data: value.data.slice(),
    }));
  }

  /**
   * Replaces all trained arrays, in the order of `getWeights`; only shapes must match, not names.
   *
   * @throws ParameterError for another number of arrays or another shape.
   * @throws NumericError for NaN or Infinity. Nothing is replaced then.
   */
  setWeights(weights: readonly { name?: string; shape: readonly number[]; data: ArrayLike<number> }[]): void {
    this.#check();
    const where = 'Sequential.setWeights';
    const { parameters } = this.#network;
    if (!Array.isArray(weights) || weights.length !== parameters.length) {
      fail(where, 'weights', `an array of ${parameters.length} arrays, as getWeights gives them`, weights);
    }
    parameters.forEach(({ name, shape }, i) => {
      const { shape: received, data } = weights[i] ?? {};
      const length = shape.reduce((product, size) => product * size);
      if (String(received) !== String(shape)) fail(where, `weights[${i}].shape`, `[${shape}] (${name})`, received);
      if (data?.length !== length) fail(where, `weights[${i}].data`, `${length} numbers (${name})`, data);
      for (let j = 0; j < length; j++) {
        if (!Number.isFinite(Math.fround(data[j]))) {
          throw new NumericError(`The weights of ${where} must be finite float32. Got ${data[j]} at ${name}[${j}].`);
        }
      }
    });
    parameters.forEach(({ value }, i) => {
      value.data.set(weights[i].data);
    });
  }

  /** A table of the layers: description, output size and number of trained values. */
  summary(): string {
    const rows = this.#network.layers.map(({ outputSize, parameters }, i) => [
      this.#specs[i].description,
      String(outputSize),
      String(parameters.reduce((sum, { value }) => sum + value.length, 0)),
    ]);
    const table = [['layer', 'output', 'parameters'], ['input', String(this.inputSize), '0'], ...rows];
    const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column].length)));
    const lines = table.map(([name, output, count]) =>
      [name.padEnd(widths[0]), output.padStart(widths[1]), count.padStart(widths[2])].join('  '),
    );
    return `${lines.join('\n')}\ntotal: ${this.parameterCount} parameters`;
  }

  /** Gives the memory back. The model must not be used any more; disposing twice is harmless. */
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

  #check(): void {
    checkAlive(this.#progress.disposed, 'model', 'Make a new one with sequential().');
  }
}
