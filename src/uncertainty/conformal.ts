// Split conformal prediction: sets and intervals that hold the truth as often as they say, whatever the model is worth.
import { checkDataset, type Dataset, type Matrix } from '../data/index.ts';
import { definitionOf, fail, number, oneOf, resolveOptions } from '../errors/index.ts';
import { targetData } from '../train/index.ts';
import { type AnyModel, checkModel, classesOf } from './model.ts';

/** Options of {@link conformalIntervals}. */
export interface ConformalOptions {
  /** How often the truth may be missed; 0.1 by default. */
  alpha?: number;
}

/** Options of {@link conformalSets}. */
export interface SetOptions extends ConformalOptions {
  /**
   * `'lac'`, the default: one minus the probability of the class (Sadinle et al. 2019), which gives the smallest sets. `'aps'`: the
   * probabilities of all classes that are at least as probable (Romano et al. 2020), whose sets are larger for hard rows and never empty.
   */
  score?: 'lac' | 'aps';
}

const common = { alpha: number('(0, 1)', { default: 0.1 }) };
const setRules = { ...common, score: oneOf(['lac', 'aps'], { default: 'lac' }) };

/** The ⌈(n + 1)(1 − alpha)⌉-th smallest score: a further one is as great with probability 1 − alpha or more. Infinite for too few. */
function threshold(scores: Float64Array, alpha: number): number {
  const rank = Math.ceil((scores.length + 1) * (1 - alpha) - 1e-9);
  return rank > scores.length ? Number.POSITIVE_INFINITY : scores.sort()[rank - 1];
}

/** What {@link conformalSets} returns. */
export interface ConformalSets {
  /** The greatest score that a class of a set may have. */
  readonly threshold: number;
  /** For each row of `x` (rows, inputSize) the classes of its set, the most probable first; indices, as those of the data. */
  predict(x: Matrix): number[][];
}

/**
 * Prediction sets by split conformal prediction (Vovk et al. 2005): a set of classes for each row that holds its class with probability
 * 1 − alpha or more, over draws of `calibration` and the row from one distribution, for any model. `calibration` are samples that the model was
 * not trained on.
 *
 * @throws ParameterError for a model that is not for classes, bad data, an unknown option or a value out of range.
 * @example
 * ```js
 * import { dense, makeMoons, relu, sequential, trainTestSplit } from 'regulus';
 * import { conformalSets } from 'regulus/uncertainty';
 *
 * const { train, test } = trainTestSplit(makeMoons({ nSamples: 600, noise: 0.4 }), { testSize: 0.5 });
 * const model = sequential({ inputSize: 2, layers: [dense(16), relu(), dense(2)] });
 * await model.fit(train, { epochs: 20 });
 * const sets = conformalSets(model, test, { alpha: 0.05 });
 * console.log(sets.predict({ data: Float64Array.of(0.5, 0.25, 0, 3), shape: [2, 2] })); // both classes between the moons
 * ```
 */
export function conformalSets(model: AnyModel, calibration: Dataset, options: SetOptions = {}): ConformalSets {
  const where = 'conformalSets';
  checkModel(where, model, ['classification']);
  const { alpha, score } = resolveOptions(where, options, setRules);
  const { p, y } = classesOf(where, model, calibration);
  const limit = threshold(
    Float64Array.from(y, (k, i) => scoresOf(p, i, score)[k]),
    alpha,
  );
  return {
    threshold: limit,
    predict(x) {
      const probabilities = model.predictProbabilities(x);
      return Array.from({ length: probabilities.shape[0] }, (_, i) => {
        const scores = scoresOf(probabilities, i, score);
        const ranked = Array.from(scores.keys()).sort((a, b) => scores[a] - scores[b]);
        return ranked.filter((k, rank) => scores[k] <= limit || (score === 'aps' && rank === 0));
      });
    },
  };
}

/** The score of each class for row i: the lower, the more the class conforms. */
function scoresOf({ data, shape: [, classes] }: Matrix, i: number, score: 'lac' | 'aps'): Float64Array {
  const p = Float64Array.from(data.subarray(i * classes, (i + 1) * classes));
  if (score === 'lac') return p.map((own) => 1 - own);
  return p.map((own, k) =>
    p.reduce((sum, other, j) => (other > own || (other === own && j <= k) ? sum + other : sum), 0),
  );
}

/** The ends of intervals, one for each row. */
export interface Intervals {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** What {@link conformalIntervals} returns. */
export interface ConformalIntervals {
  /** How far intervals reach beyond the prediction, or beyond the outer quantiles, where it may be negative. */
  readonly margin: number;
  /** The interval for each row of `x` (rows, inputSize). */
  predict(x: Matrix): Intervals;
}

/**
 * Prediction intervals by split conformal prediction: an interval for each row that holds its target with probability 1 − alpha or more, over
 * draws of `calibration` and the row from one distribution, for any model of one real target. The interval is prediction ± margin (Lei et al.
 * 2018), as wide for all rows. For a model of several quantiles, trained with `quantile`, it reaches from the first to the last of them
 * (conformalized quantile regression, Romano et al. 2019): it is wide where the data scatter. `calibration` are samples that the model was not
 * trained on.
 *
 * @throws ParameterError for a model that is not for one real target, bad data, an unknown option or a value out of range.
 * @example
 * ```js
 * import { dense, makeRegression, quantile, relu, sequential, StandardScaler, trainTestSplit } from 'regulus';
 * import { conformalIntervals } from 'regulus/uncertainty';
 *
 * const { train, test } = trainTestSplit(makeRegression({ nSamples: 400, nFeatures: 5, noise: 10 }), { testSize: 0.5 });
 * const loss = quantile({ quantiles: [0.05, 0.95] });
 * const model = sequential({ inputSize: 5, loss, layers: [dense(16), relu(), dense(2)] });
 * await model.fit(train, { epochs: 50 });
 * const { lower, upper } = conformalIntervals(model, test, { alpha: 0.1 }).predict(test.x);
 * console.log(lower[0], upper[0]);
 * ```
 */
export function conformalIntervals(
  model: AnyModel,
  calibration: Dataset,
  options: ConformalOptions = {},
): ConformalIntervals {
  const where = 'conformalIntervals';
  checkModel(where, model, ['regression']);
  const { alpha } = resolveOptions(where, options, common);
  const { loss } = ('models' in model ? model.models[0] : model).toJSON();
  const { outputSize } = model;
  const { quantiles } = definitionOf('loss', where, 'loss', loss).options as { quantiles?: readonly number[] };
  if (outputSize > 1 && quantiles?.length !== outputSize) {
    fail(where, 'model', 'a model of one real target, or of quantiles of one', `${outputSize} outputs`);
  }
  checkDataset(where, 'data', calibration, { features: model.inputSize, float32: true, targets: 'values', outputs: 1 });
  const y = Float64Array.from(targetData(calibration.y));
  const { lower, upper } = outer(model.predict(calibration.x) as Matrix);
  const margin = threshold(
    y.map((own, i) => Math.max(lower[i] - own, own - upper[i])),
    alpha,
  );
  return {
    margin,
    predict(x) {
      const ends = outer(model.predict(x) as Matrix);
      const [low, high] = [ends.lower.map((end) => end - margin), ends.upper.map((end) => end + margin)];
      for (let i = 0; i < low.length; i++) {
        // What would be empty is the point in its middle.
        if (low[i] > high[i]) low[i] = high[i] = (low[i] + high[i]) / 2;
      }
      return { lower: low, upper: high };
    },
  };
}

/** The first and the last output of each row, in order. */
function outer({ data, shape: [rows, columns] }: Matrix): Intervals {
  const ends = (end: (a: number, b: number) => number) =>
    Float64Array.from({ length: rows }, (_, i) => end(data[i * columns], data[(i + 1) * columns - 1]));
  return { lower: ends(Math.min), upper: ends(Math.max) };
}
