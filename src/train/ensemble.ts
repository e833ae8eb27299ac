// Several models that predict together.
import { defaultEngine } from '../backend/index.ts';
import { checkMatrix, type Dataset, type Matrix, zeroMatrix } from '../data/index.ts';
import { checkKeys, checkOption, definitionOf, fail, list, number } from '../errors/index.ts';
import { type LossDefinition, Network, type Task } from '../nn/index.ts';
import { log } from '../random/index.ts';
import { type Evaluation, evaluate } from './evaluate.ts';
import { checkData } from './fit.ts';
import { recordedMetrics } from './history.ts';
import type { Predictions } from './samples.ts';
import type { EvaluateOptions, Sequential } from './sequential.ts';

/** The least probability whose logarithm is taken: float32 has no smaller normal number. */
const LEAST = 2 ** -126;

/** Options of {@link ensemble}. */
export interface EnsembleOptions {
  /** Which features each model is given, from the first to before the last, such as [[0, 4], [4, 9]]; by default all. */
  readonly features?: readonly (readonly [start: number, end: number])[] | undefined;
  /** What the predictions of each model count in means, such as [2, 1, 1]; by default all the same. */
  readonly weights?: readonly number[] | undefined;
}

/** Any model, whatever its `predict` returns. */
export type AnySequential = Sequential<Predictions>;

/**
 * Makes one model of several (Hansen & Salamon 1990), such as those of one network trained with different seeds. Its probabilities are the means of
 * theirs, and so are its predictions of real targets; means and variances (`gaussianNll`) are those of the mixture. It uses the models;
 * disposing of it disposes of them. With `features`, each model has features of its own: those of the folds of a cross-validation, for
 * example, where each has preprocessing of its own. With `weights`, means are weighted.
 *
 * @throws ParameterError for models that do not belong together: another number of inputs or outputs, or another loss; and for `features`
 * that are not one range for each model, of as many as it has inputs, or `weights` that are not a positive number for each.
 * @example
 * ```js
 * import { dense, makeMoons, relu, sequential } from 'regulus';
 * import { ensemble } from 'regulus/model';
 *
 * const data = makeMoons({ noise: 0.2 });
 * const models = [1, 2, 3].map((seed) => sequential({ inputSize: 2, seed, layers: [dense(16), relu(), dense(2)] }));
 * for (const model of models) await model.fit(data, { epochs: 10 });
 * console.log(ensemble(models).predictProbabilities(data.x).shape); // [100, 2]
 * ```
 */
export function ensemble<Y extends Predictions = Int32Array>(
  models: readonly Sequential<Y>[],
  options: EnsembleOptions = {},
): Ensemble<Y> {
  return new Ensemble(models, options);
}

/** Models that predict together; made by {@link ensemble}. */
export class Ensemble<Y extends Predictions = Int32Array> {
  /** Those that it was made of. */
  readonly models: readonly Sequential<Y>[];
  /** Which features each of them is given; undefined where all are given all. */
  readonly features: EnsembleOptions['features'];
  /** What each of them counts; undefined where all count the same. */
  readonly weights: readonly number[] | undefined;

  /** @internal */
  constructor(models: readonly Sequential<Y>[], options: EnsembleOptions = {}) {
    const where = 'ensemble';
    checkKeys(where, options, ['features', 'weights']);
    if (!Array.isArray(models) || models.length === 0) fail(where, 'models', 'a non-empty array of models', models);
    models.forEach((model, i) => {
      if (typeof model?.getWeights !== 'function')
        fail(where, `models[${i}]`, 'a model', model, 'Use what sequential() returns.');
      const [facts, expected] = [model, models[0]].map((each) => factsOf(each, options.features !== undefined));
      if (facts !== expected) fail(where, `models[${i}]`, `a model like models[0] (${expected})`, facts);
    });
    this.models = [...models];
    const { features, weights } = options;
    this.features = features === undefined ? undefined : checkedFeatures(where, features, models);
    const { length } = models;
    const rule = list(number('(0, inf)'), { minLength: length, maxLength: length });
    this.weights = weights === undefined ? undefined : checkOption(where, 'weights', weights, rule);
    if (this.task !== 'regression' && !this.hasProbabilities) {
      fail(where, 'models', 'models whose loss has probabilities', models, 'The probabilities are what is averaged.');
    }
  }

  /** Number of features. */
  get inputSize(): number {
    return this.features ? Math.max(...this.features.map(([, end]) => end)) : this.models[0].inputSize;
  }

  /** Number of outputs of each model. */
  get outputSize(): number {
    return this.models[0].outputSize;
  }

  /** What the models predict. */
  get task(): Task {
    return this.models[0].task;
  }

  /** Whether there are probabilities of classes or labels, for `predictProbabilities`. */
  get hasProbabilities(): boolean {
    return this.models[0].hasProbabilities;
  }

  /**
   * For each row of `x` (rows, inputSize) the class whose mean probability is greatest, the first one on ties; for labels a
   * Matrix with 1 where the mean probability is above 0.5; for real targets a Matrix with the means of the predictions.
   */
  predict(x: Matrix): Y {
    if (this.task === 'regression') return this.#mean('predict', x, (model, own) => model.predict(own) as Matrix) as Y;
    return this.predictionsOf(this.predictProbabilities(x));
  }

  /** What `predict` makes of mean probabilities. @hidden */
  predictionsOf({ data, shape }: Matrix): Y {
    if (this.task === 'multiLabel') return { data: data.map((p) => (p > 0.5 ? 1 : 0)), shape } as Y;
    const [rows, classes] = shape;
    const labels = Int32Array.from({ length: rows }, (_, i) => {
      let best = 0;
      for (let k = 1; k < classes; k++) if (data[i * classes + k] > data[i * classes + best]) best = k;
      return best;
    });
    const names = this.models[0].classes;
    return (names ? Array.from(labels, (k) => names[k]) : labels) as Y;
  }

  /** The means of the models' probabilities: (rows, classes), or (rows, outputs) for labels, for `x` (rows, inputSize). */
  predictProbabilities(x: Matrix): Matrix {
    return this.#mean('predictProbabilities', x, (model, own) => model.predictProbabilities(own));
  }

  /**
   * Losses and metrics of the mean predictions on `data`; the `penalty` is the mean of the models' penalties.
   *
   * @throws ParameterError for bad data, and for a loss whose outputs are not what it predicts, such as `poisson`: its models can be
   * evaluated one by one
   */
  evaluate(data: Dataset, options: EvaluateOptions = {}): Evaluation {
    const where = 'Ensemble.evaluate';
    checkKeys(where, options, ['metrics']);
    const { loss } = this.models[0].toJSON();
    // Without layers, a network's outputs are its inputs: it has the loss and the metrics alone.
    const network = new Network(this.outputSize, [], loss, 0, defaultEngine().backend, where);
    try {
      if (network.loss.values) fail(where, 'models', 'models whose outputs are their predictions', loss.type);
      const mean = { ...data, x: this.#outputs(data.x) };
      checkData(network, 'data', mean, where);
      const metrics = recordedMetrics(where, network, options.metrics);
      const { dataLoss, ...rest } = evaluate(network, mean, metrics, `the 'data' of ${where}`);
      const penalties = this.models.map((model) => Float64Array.of(model.penalty));
      const penalty = meanOf(penalties, 0, this.weights);
      return { ...rest, dataLoss, penalty, loss: dataLoss + penalty };
    } finally {
      network.free();
    }
  }

  /** The mean of what `predict` gives for each model and its features, in float64 and rounded once. */
  #mean(method: string, x: Matrix, predict: (model: Sequential<Y>, x: Matrix) => Matrix): Matrix {
    const { features } = this;
    const all = features && checkMatrix(`Ensemble.${method}`, 'x', x, { features: this.inputSize, allowEmpty: true });
    const each = this.models.map((model, i) => predict(model, all && features ? columnsOf(all, features[i]) : x));
    const lists = each.map(({ data }) => data);
    const [{ data, shape }] = each;
    const means = Float64Array.from(data, (_, i) => meanOf(lists, i, this.weights));
    const { loss } = this.models[0].toJSON();
    if (definitionOf<LossDefinition>('loss', method, 'loss', loss).definition.predictsVariances) {
      const half = shape[1] / 2;
      const squares = lists.map((list) => means.map((mean, i) => (list[i] - mean) * (list[i] - mean)));
      for (let i = 0; i < means.length; i++)
        if (i % shape[1] >= half) means[i] += meanOf(squares, i - half, this.weights);
    }
    return { data: Float32Array.from(means), shape };
  }

  /** What the last layer of one network would have to give for the mean predictions. */
  #outputs(x: Matrix): Matrix {
    if (this.task === 'regression') return this.predict(x) as Matrix;
    const { data, shape } = this.predictProbabilities(x);
    const logs = Float64Array.from(data, (p) => log(Math.max(p, LEAST)));
    // One output for each class needs no more; else it is the logit: of the second of two classes, or of each label.
    if (shape[1] === this.outputSize && this.task === 'classification') return { data: logs, shape };
    const outputs = zeroMatrix('Ensemble.evaluate', shape[0], this.outputSize);
    for (let i = 0; i < outputs.data.length; i++) {
      const p = this.task === 'classification' ? data[2 * i + 1] : data[i];
      outputs.data[i] = log(Math.max(p, LEAST)) - log(Math.max(1 - p, LEAST));
    }
    return outputs;
  }

  /** Frees the memory of all its models. */
  dispose(): void {
    for (const model of this.models) model.dispose();
  }

  /** As `dispose()`, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}

function checkedFeatures(
  where: string,
  features: NonNullable<EnsembleOptions['features']>,
  models: readonly AnySequential[],
): EnsembleOptions['features'] {
  const isRange = (range: unknown, i: number) =>
    Array.isArray(range) &&
    range.length === 2 &&
    Number.isInteger(range[0]) &&
    range[0] >= 0 &&
    range[1] - range[0] === models[i]?.inputSize;
  if (!Array.isArray(features) || features.length !== models.length || !features.every(isRange)) {
    fail(where, 'features', 'a range [start, end] for each model, as long as its inputs', features);
  }
  return features.map(([start, end]) => [start, end]);
}

/** Some columns of a matrix that follow each other. */
function columnsOf({ data, shape: [rows, columns] }: Matrix, [start, end]: readonly [number, number]): Matrix {
  const width = end - start;
  const own = new Float32Array(rows * width);
  for (let i = 0; i < rows; i++) own.set(data.subarray(i * columns + start, i * columns + end), i * width);
  return { data: own, shape: [rows, width] };
}

const factsOf = (model: AnySequential, isOfOwnFeatures = false): string =>
  `${isOfOwnFeatures ? '' : `${model.inputSize} inputs, `}${model.outputSize} outputs, ${model.toJSON().loss.type}${model.classes ? `, classes ${model.classes.join(', ')}` : ''}`;

/** The mean of the numbers at a place of some lists. */
function meanOf(lists: readonly ArrayLike<number>[], at: number, weights: readonly number[] | undefined): number {
  let sum = 0;
  let total = 0;
  for (let k = 0; k < lists.length; k++) {
    const weight = weights ? weights[k] : 1;
    sum += weight * lists[k][at];
    total += weight;
  }
  return sum / total;
}
