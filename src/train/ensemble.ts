// Several models that predict together.
import { defaultEngine } from '../backend/index.ts';
import { type Dataset, type Matrix, zeroMatrix } from '../data/index.ts';
import { checkKeys, fail } from '../errors/index.ts';
import { Network, type Task } from '../nn/index.ts';
import { log } from '../random/index.ts';
import { type Evaluation, evaluate } from './evaluate.ts';
import { checkData } from './fit.ts';
import { recordedMetrics } from './history.ts';
import type { Predictions } from './samples.ts';
import type { EvaluateOptions, Sequential } from './sequential.ts';

/** The least probability whose logarithm is taken: float32 has no smaller normal number. */
const LEAST = 2 ** -126;

/** Any model, whatever its `predict` returns. */
export type AnySequential = Sequential<Predictions>;

/**
 * Makes one model of several, such as those of one network trained with different seeds. Its probabilities are the means of
 * theirs, and so are its predictions of real targets. It uses the models; disposing of it disposes of them.
 *
 * @throws ParameterError for models that do not belong together: another number of inputs or outputs, or another loss.
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
export function ensemble<Y extends Predictions = Int32Array>(models: readonly Sequential<Y>[]): Ensemble<Y> {
  return new Ensemble(models);
}

/** Models that predict together; made by {@link ensemble}. */
export class Ensemble<Y extends Predictions = Int32Array> {
  /** Those that it was made of. */
  readonly models: readonly Sequential<Y>[];

  /** @internal */
  constructor(models: readonly Sequential<Y>[]) {
    const where = 'ensemble';
    if (!Array.isArray(models) || models.length === 0) fail(where, 'models', 'a non-empty array of models', models);
    models.forEach((model, i) => {
      if (typeof model?.getWeights !== 'function')
        fail(where, `models[${i}]`, 'a model', model, 'Use what sequential() returns.');
      const facts = factsOf(model);
      if (facts !== factsOf(models[0]))
        fail(where, `models[${i}]`, `a model like models[0] (${factsOf(models[0])})`, facts);
    });
    this.models = [...models];
    if (this.task !== 'regression' && !this.hasProbabilities) {
      fail(where, 'models', 'models whose loss has probabilities', models, 'The probabilities are what is averaged.');
    }
  }

  /** Number of features. */
  get inputSize(): number {
    return this.models[0].inputSize;
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
    if (this.task === 'regression') return mean(this.models.map((model) => model.predict(x) as Matrix)) as Y;
    const { data, shape } = this.predictProbabilities(x);
    if (this.task === 'multiLabel') return { data: data.map((p) => (p > 0.5 ? 1 : 0)), shape } as Y;
    const [rows, classes] = shape;
    const best = (_: unknown, i: number) => greatest(data.subarray(i * classes, (i + 1) * classes));
    const names = this.models[0].classes;
    if (names) return Array.from({ length: rows }, (_, i) => names[best(_, i)]) as Y;
    return Int32Array.from({ length: rows }, best) as Y;
  }

  /** The means of the models' probabilities: (rows, classes), or (rows, outputs) for labels, for `x` (rows, inputSize). */
  predictProbabilities(x: Matrix): Matrix {
    return mean(this.models.map((model) => model.predictProbabilities(x)));
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
      const penalties = this.models.map((model) => model.penalty);
      const penalty = penalties.reduce((sum, value) => sum + value) / penalties.length;
      return { ...rest, dataLoss, penalty, loss: dataLoss + penalty };
    } finally {
      network.free();
    }
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

const factsOf = (model: AnySequential): string =>
  `${model.inputSize} inputs, ${model.outputSize} outputs, ${model.toJSON().loss.type}${model.classes ? `, classes ${model.classes.join(', ')}` : ''}`;

/** In float64, rounded once. */
function mean(matrices: readonly Matrix[]): Matrix {
  const [{ data, shape }] = matrices;
  const means = Float32Array.from(data, (_, i) => {
    let sum = 0;
    for (const matrix of matrices) sum += matrix.data[i];
    return sum / matrices.length;
  });
  return { data: means, shape };
}

function greatest(values: ArrayLike<number>): number {
  let best = 0;
  for (let j = 1; j < values.length; j++) if (values[j] > values[best]) best = j;
  return best;
}
