// References: what predictions without features, and a network without hidden layers, reach on the same split. They show what a
// network is worth. Each is one dense layer with known weights, so that the losses and metrics of the trials score it.
import { catalog as builtIn } from '../catalog/index.ts';
import type { Dataset, Matrix } from '../data/index.ts';
import { type Catalog, checkParts, type Description, fromJson, NumericError } from '../errors/index.ts';
import { binaryCrossEntropy, dense, l2, meanSquaredError, softmaxCrossEntropy } from '../nn/index.ts';
import { adam, cosineDecay } from '../optim/index.ts';
import { StandardScaler } from '../preprocessing/index.ts';
import { log } from '../random/index.ts';
import { average, median } from '../statistics/index.ts';
import { type Sequential, sequential } from '../train/index.ts';
import { kindOf } from './kinds.ts';
import type { PreparedData } from './prepare-data.ts';
import type { ReferenceScore, Score } from './results.ts';
import type { FoldSpec, Trial } from './spec.ts';
import type { Splits } from './splits.ts';
import { lossOf } from './task.ts';

/** A kernel (features, outputs) and a bias (outputs). */
interface Linear {
  readonly kernel: ArrayLike<number>;
  readonly bias: ArrayLike<number>;
}

/** A reference: what it learns of a training part for a last layer of so many outputs. */
type Reference = (train: Dataset, outputs: number) => Linear | Promise<Linear>;

/** One that predicts a number for each column of targets. */
const byColumn =
  (value: (column: number[]) => number): Reference =>
  (train) =>
    constant(train, targetColumns(train).map(value));

const forNumbers: Readonly<Record<string, Reference>> = {
  Mean: byColumn(average),
  Median: byColumn((column) => median(Float64Array.from(column).sort())),
  'Linear regression': leastSquares,
};

const positiveLogits = byColumn((column) => {
  const positive = sharesOf(column, 2)[1];
  return log(positive / (1 - positive));
});

/** The references by the type of a trial's loss; other losses have none. */
const references: Readonly<Record<string, Readonly<Record<string, Reference>>>> = {
  softmaxCrossEntropy: {
    'Class shares': (train, outputs) => constant(train, sharesOf(targetColumns(train)[0], outputs).map(log)),
    'Logistic regression': (train, outputs) => trained(train, outputs, softmaxCrossEntropy(), 0.5),
  },
  binaryCrossEntropy: {
    'Class shares': positiveLogits,
    'Logistic regression': (train, outputs) => trained(train, outputs, binaryCrossEntropy(), 0.5),
  },
  meanSquaredError: forNumbers,
  meanAbsoluteError: forNumbers,
  huber: forNumbers,
};

/**
 * What the references of a trial's loss reach on the parts of its data; they depend on no seed. `Class shares` predicts the most
 * frequent class, with the shares of the training part as probabilities; `Mean` and `Median` are those of the training targets.
 * `Logistic regression` and `Linear regression` have no hidden layer, and scikit-learn's default L2 penalty (C = 1, alpha = 1).
 *
 * @hidden
 */
export async function referenceScores(
  trial: Trial,
  data: PreparedData,
  catalog: Catalog = builtIn,
): Promise<ReferenceScore[]> {
  checkParts('referenceScores', 'trial', trial, { training: 'object', metrics: 'list' });
  checkParts('referenceScores', 'data', data, { train: 'object', test: 'object' });
  const { type, outputs: outputsFor } = lossOf(trial.training, catalog);
  const outputs = outputsFor(data);
  const metrics = trial.metrics.map((metric): Description<'metric'> => kindOf('metric', metric, catalog));
  const loss = fromJson('loss', trial.training.loss, catalog) as Description<'loss'>;
  const found: ReferenceScore[] = [];
  for (const [reference, learn] of Object.entries(references[type] ?? {})) {
    const model = linearModel(data.train, outputs, loss);
    try {
      setLinear(model, await learn(data.train, outputs));
      const score = (part: 'train' | 'test'): Score => {
        const { penalty, ...values } = model.evaluate(data[part], { metrics });
        return values as Score;
      };
      const { fold } = trial;
      found.push({ reference, ...(fold && { fold }), train: score('train'), test: score('test') });
    } catch (error) {
      // Numbers that leave the range of float32: such data have no reference.
      if (!(error instanceof NumericError)) throw error;
    } finally {
      model.dispose();
    }
  }
  return found.filter(({ train, test }) => [train, test].every((score) => Object.values(score).every(Number.isFinite)));
}

/** The {@link referenceScores} on some of the folds, on each computed once. `first` is the first trial of the experiment. */
export function referencesOf(first: Trial, splits: Splits, catalog: Catalog) {
  const scores = new Map<number | undefined, Promise<ReferenceScore[]>>();
  return async (folds: readonly (FoldSpec | undefined)[]): Promise<ReferenceScore[]> => {
    const all: ReferenceScore[] = [];
    for (const fold of folds) {
      const trial = { ...first, ...(fold && { fold }) };
      const own = scores.get(fold?.index) ?? referenceScores(trial, splits.of(trial), catalog);
      scores.set(fold?.index, own);
      all.push(...(await own));
    }
    return all;
  };
}

const linearModel = ({ x }: Dataset, outputs: number, loss: Description<'loss'>, penalty = 0): Sequential => {
  const layer = dense(outputs, { ...(penalty > 0 && { kernelRegularizer: l2(penalty) }) });
  return sequential({ inputSize: x.shape[1], layers: [layer], loss });
};

function setLinear(model: Sequential, { kernel, bias }: Linear): void {
  const arrays = model.getWeights();
  model.setWeights([
    { ...arrays[0], data: kernel },
    { ...arrays[1], data: bias },
  ]);
}

const constant = ({ x }: Dataset, bias: readonly number[]): Linear => ({
  kernel: new Float64Array(x.shape[1] * bias.length),
  bias,
});

/** Steps of a training, and rows of each: enough for a convex loss of standardized features, and little beside the trials. */
const STEPS = 500;
const BATCH = 256;

/** A dense layer trained to convergence on standardized features; its weights are for the features as they are. */
async function trained(train: Dataset, outputs: number, loss: Description<'loss'>, penalty: number): Promise<Linear> {
  const [rows, features] = train.x.shape;
  const scaler = new StandardScaler().fit(train.x);
  const model = linearModel(train, outputs, loss, penalty / rows);
  try {
    const epochs = Math.ceil(STEPS / Math.ceil(rows / BATCH));
    const decaySteps = epochs * Math.ceil(rows / BATCH);
    await model.fit(
      { ...train, x: scaler.transform(train.x) },
      {
        epochs,
        batchSize: BATCH,
        metrics: [],
        optimizer: adam({ learningRate: cosineDecay({ initialLearningRate: 0.1, decaySteps }) }),
      },
    );
    const [kernel, bias] = model.getWeights().map(({ data }) => Float64Array.from(data));
    for (let i = 0; i < features; i++) {
      for (let j = 0; j < outputs; j++) {
        kernel[i * outputs + j] /= scaler.scale[i];
        bias[j] -= scaler.mean[i] * kernel[i * outputs + j];
      }
    }
    return { kernel, bias };
  } finally {
    model.dispose();
  }
}

/** The least squares with a small penalty, of standardized targets, so that any unit converges alike. */
async function leastSquares(train: Dataset, outputs: number): Promise<Linear> {
  const targets = 'data' in train.y ? train.y.data : train.y;
  const y: Matrix = { data: Float64Array.from(targets), shape: [train.x.shape[0], outputs] };
  const scaler = new StandardScaler().fit(y);
  const { kernel, bias } = await trained({ ...train, y: scaler.transform(y) }, outputs, meanSquaredError(), outputs);
  return {
    kernel: Float64Array.from(kernel, (w, i) => w * scaler.scale[i % outputs]),
    bias: Float64Array.from(bias, (b, j) => b * scaler.scale[j] + scaler.mean[j]),
  };
}

/** The targets of a dataset, column by column. */
function targetColumns({ y }: Dataset): number[][] {
  if (!('data' in y)) return [Array.from(y)];
  const [rows, columns] = y.shape;
  return Array.from({ length: columns }, (_, j) => Array.from({ length: rows }, (_, i) => y.data[i * columns + j]));
}

/** The shares of 0, 1 … count − 1, as if half a row had each that does not occur: no probability is 0. */
function sharesOf(values: readonly number[], count: number): number[] {
  const counts = new Array<number>(count).fill(0);
  for (const value of values) counts[value]++;
  const total = counts.reduce((sum, own) => sum + Math.max(own, 0.5), 0);
  return counts.map((own) => Math.max(own, 0.5) / total);
}
