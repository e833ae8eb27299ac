// Temperature scaling: how sure a classifier's probabilities should be (Guo et al. 2017, "On Calibration of Modern Neural Networks").
import type { Dataset, Matrix } from '../data/index.ts';
import { exp, log } from '../random/index.ts';
import { type AnyModel, checkModel, classesOf } from './model.ts';

/** Factors of the logits that are considered by default; beyond them, few rows say nothing. */
const RANGE = [0.01, 100] as const;

/**
 * The least probability whose logarithm is taken: float32 has no smaller normal number.
 *
 * @hidden
 */
export const LEAST = 2 ** -126;

/**
 * The temperature T for which p^(1/T), normalized, has the least log loss on `y`. It is a convex problem in 1/T, which is looked for in `range`
 * by Newton's method. `smoothing` of the loss is that of the uniform distribution, as Platt 1999 does with 1 / (rows + 1): with it, T is
 * not at the end of the range where every row is right.
 *
 * @hidden
 */
export function bestTemperature(
  { data, shape: [rows, classes] }: Matrix,
  y: Int32Array,
  { smoothing = 0, range = RANGE }: { smoothing?: number; range?: readonly [least: number, greatest: number] } = {},
): number {
  // Logits as their distance to the greatest of their row; `targets` is the sum of those that should be probable.
  const logits = Float64Array.from(data, (p) => log(Math.max(p, LEAST)));
  let targets = 0;
  for (let i = 0; i < rows; i++) {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    const greatest = row.reduce((a, b) => Math.max(a, b));
    for (let k = 0; k < classes; k++) row[k] -= greatest;
    targets += (1 - smoothing) * row[y[i]] + (smoothing * row.reduce((sum, logit) => sum + logit)) / classes;
  }
  let [low, high] = range;
  let factor = Math.min(Math.max(1, low), high);
  for (let round = 0; round < 100 && low < high; round++) {
    // First and second derivative of the loss: sums of the means and of the variances of the logits.
    let slope = -targets;
    let curvature = 0;
    for (let start = 0; start < logits.length; start += classes) {
      let [sum, first, second] = [0, 0, 0];
      for (let k = start; k < start + classes; k++) {
        const e = exp(factor * logits[k]);
        sum += e;
        first += e * logits[k];
        second += e * logits[k] * logits[k];
      }
      const mean = first / sum;
      slope += mean;
      curvature += second / sum - mean * mean;
    }
    if (slope === 0) break;
    if (slope > 0) high = factor;
    else low = factor;
    const newton = factor - slope / curvature;
    // Halves what is left where Newton's step leads out of it.
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - factor) <= Number.EPSILON * factor) break;
    factor = next;
  }
  return 1 / factor;
}

/** What {@link temperatureScaling} returns. */
export interface TemperatureScaling {
  /** T: above 1 where the model was too sure. */
  readonly temperature: number;
  /** The model's probabilities (rows, classes), p^(1/T) normalized, for `x` (rows, inputSize). The most probable class stays what it was. */
  predictProbabilities(x: Matrix): Matrix;
}

/**
 * Temperature scaling (Guo et al. 2017): finds the T for which the model's logits divided by T, its probabilities to the power 1/T, have the
 * least log loss on `data`, exactly. The data must not be those that the model was trained on, on which it is too sure. T is between 0.01 and 100.
 *
 * @throws ParameterError for a model that is not for classes, and for bad data.
 * @example
 * ```js
 * import { dense, makeMoons, relu, sequential, trainTestSplit } from 'regulus';
 * import { temperatureScaling } from 'regulus/uncertainty';
 *
 * const { train, test } = trainTestSplit(makeMoons({ nSamples: 400, noise: 0.3 }), { testSize: 0.5 });
 * const model = sequential({ inputSize: 2, layers: [dense(64), relu(), dense(2)] });
 * await model.fit(train, { epochs: 100 });
 * const { temperature, predictProbabilities } = temperatureScaling(model, test);
 * console.log(temperature, predictProbabilities(test.x).data.slice(0, 2));
 * ```
 */
export function temperatureScaling(model: AnyModel, data: Dataset): TemperatureScaling {
  const where = 'temperatureScaling';
  checkModel(where, model, ['classification']);
  const { p, y } = classesOf(where, model, data);
  const temperature = bestTemperature(p, y);
  return { temperature, predictProbabilities: (x) => calibrated(model.predictProbabilities(x), temperature) };
}

/**
 * p^(1/T), normalized in every row.
 *
 * @hidden
 */
export function calibrated({ data, shape }: Matrix, temperature: number): Matrix {
  const [, classes] = shape;
  const all = Float64Array.from(data, (p) => log(Math.max(p, LEAST)) / temperature);
  for (let start = 0; start < all.length; start += classes) {
    const row = all.subarray(start, start + classes);
    const greatest = row.reduce((a, b) => Math.max(a, b));
    const sum = row.reduce((total, logit) => total + exp(logit - greatest), 0);
    for (let k = 0; k < classes; k++) row[k] = exp(row[k] - greatest) / sum;
  }
  return { data: all, shape };
}
