// Several models that predict together.
import type { Matrix } from '../data/index.ts';
import { fail } from '../errors/index.ts';
import type { Task } from '../nn/index.ts';
import type { Sequential } from '../train/index.ts';

/** Any model, whatever its `predict` returns. */
export type AnySequential = Sequential<Int32Array | Matrix>;

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
export function ensemble<Y extends Int32Array | Matrix = Int32Array>(models: readonly Sequential<Y>[]): Ensemble<Y> {
  return new Ensemble(models);
}

/** Models that predict together; made by {@link ensemble}. */
export class Ensemble<Y extends Int32Array | Matrix = Int32Array> {
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
    return Int32Array.from({ length: rows }, (_, i) => greatest(data.subarray(i * classes, (i + 1) * classes))) as Y;
  }

  /** The means of the models' probabilities: (rows, classes), or (rows, outputs) for labels, for `x` (rows, inputSize). */
  predictProbabilities(x: Matrix): Matrix {
    return mean(this.models.map((model) => model.predictProbabilities(x)));
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
  `${model.inputSize} inputs, ${model.outputSize} outputs, ${model.toJSON().loss.type}`;

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
