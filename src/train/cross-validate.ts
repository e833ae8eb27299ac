// crossValidate: one fit for each fold of the data, each scored on the fold that it has not seen.
import { type ClassDataset, type Dataset, KFold, StratifiedKFold, takeRows } from '../data/index.ts';
import { isTypedArray } from '../errors/index.ts';
import type { Evaluation } from './evaluate.ts';
import type { FitOptions } from './fit.ts';
import { type SequentialOptions, sequential } from './sequential.ts';

/** Options of {@link crossValidate}: those of `fit`, and the folds. */
export interface CrossValidateOptions extends Omit<FitOptions, 'checkpoint' | 'resume'> {
  /** Number of folds, default 5. */
  nSplits?: number;
  /** Seed of the folds, default 0. */
  randomState?: number;
}

/** What {@link crossValidate} returns. */
export interface CrossValidation {
  /** Losses and metrics on each fold, by a model that was trained on the others. */
  scores: Evaluation[];
  /** Their means over the folds. */
  mean: Evaluation;
  /** Their sample standard deviations. Folds share training data, so that it says too little for a confidence interval. */
  standardDeviation: Evaluation;
}

/**
 * Trains a new model for each fold, on the rows of all others, and scores it on the fold. Folds of class indices keep the shares of the classes.
 *
 * @param model - as for `sequential`
 * @throws ParameterError for too few rows, and what `sequential` and `fit` throw
 * @example
 * ```js
 * import { crossValidate, dense, makeMoons, relu } from 'regulus';
 *
 * const model = { inputSize: 2, layers: [dense(16), relu(), dense(2)] };
 * const { mean, scores } = await crossValidate(model, makeMoons({ noise: 0.2 }), { epochs: 10, nSplits: 3 });
 * console.log(mean.accuracy, scores.length);
 * ```
 */
export async function crossValidate(
  model: SequentialOptions,
  data: Dataset,
  options: CrossValidateOptions,
): Promise<CrossValidation> {
  const { nSplits = 5, randomState = 0, ...fitting } = options ?? {};
  const folds = { nSplits, shuffle: true, randomState };
  const split = isTypedArray(data?.y, 'Int32Array')
    ? new StratifiedKFold(folds).split(data as ClassDataset)
    : new KFold(folds).split(data);
  const scores: Evaluation[] = [];
  for (const { trainIndices, testIndices } of split) {
    const own = sequential(model);
    try {
      await own.fit(takeRows(data, trainIndices), fitting);
      scores.push(own.evaluate(takeRows(data, testIndices), { ...(fitting.metrics && { metrics: fitting.metrics }) }));
    } finally {
      own.dispose();
    }
  }
  const overFolds = (statistic: (values: number[]) => number) =>
    Object.fromEntries(
      Object.keys(scores[0]).map((name) => [name, statistic(scores.map((score) => score[name]))]),
    ) as Evaluation;
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value) / values.length;
  return {
    scores,
    mean: overFolds(mean),
    standardDeviation: overFolds((values) => {
      const center = mean(values);
      return Math.sqrt(
        values.reduce((sum, value) => sum + (value - center) * (value - center), 0) / (values.length - 1),
      );
    }),
  };
}
