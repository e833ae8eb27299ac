// Monte Carlo dropout: predictions of many networks that dropout leaves of one.
import { type Matrix, zeroMatrix } from '../data/index.ts';
import { fail, integer, resolveOptions } from '../errors/index.ts';
import { counterWord, seedRule } from '../random/index.ts';
import type { AnySequential } from '../train/index.ts';
import { checkModel } from './model.ts';

/** Options of {@link mcDropout}. */
export interface McDropoutOptions {
  /** How many predictions are made of each row, 30 by default. */
  samples?: number;
  /** Which masks; 0 by default. */
  seed?: number;
}

/** What {@link mcDropout} returns: for each row, probabilities of classes or labels, or predictions of real targets. */
export interface Spread {
  /** Means of the predictions. */
  mean: Matrix;
  /** Their sample standard deviations: how much the networks disagree. */
  standardDeviation: Matrix;
}

const rules = { samples: integer(2, { default: 30, max: 100_000 }), seed: { ...seedRule, default: 0 } };

/**
 * Monte Carlo dropout (Gal & Ghahramani 2016): predicts `x` (rows, inputSize) several times with all that is random in training (dropout,
 * noise, dropConnect, stochastic depth), each time with other masks, and returns the mean and the spread. Moving averages are those of
 * inference. Same seed and rows, same result.
 *
 * @throws ParameterError for an ensemble, whose members can be asked one by one, an unknown option or a value out of range.
 * @example
 * ```js
 * import { dense, dropout, makeMoons, relu, sequential } from 'regulus';
 * import { mcDropout } from 'regulus/uncertainty';
 *
 * const data = makeMoons({ noise: 0.2 });
 * const model = sequential({ inputSize: 2, layers: [dense(32), relu(), dropout(0.3), dense(2)] });
 * await model.fit(data, { epochs: 20 });
 * const { mean, standardDeviation } = mcDropout(model, data.x, { samples: 50 });
 * console.log(mean.shape, Math.max(...standardDeviation.data)); // [100, 2] and the least certain row's
 * ```
 */
export function mcDropout(model: AnySequential, x: Matrix, options: McDropoutOptions = {}): Spread {
  const where = 'mcDropout';
  checkModel(where, model, ['classification', 'multiLabel', 'regression']);
  if (typeof model.predictDraw !== 'function') fail(where, 'model', 'a model of one network', model);
  const { samples, seed } = resolveOptions(where, options, rules);
  const draws = Array.from({ length: samples }, (_, i) => model.predictDraw(x, counterWord(i, seed, 0) >>> 0));
  const [{ shape }] = draws;
  const [mean, standardDeviation] = [0, 1].map(() => zeroMatrix(where, shape[0], shape[1]));
  for (let i = 0; i < mean.data.length; i++) {
    let sum = 0;
    for (const { data } of draws) sum += data[i];
    const center = sum / samples;
    let squares = 0;
    for (const { data } of draws) squares += (data[i] - center) * (data[i] - center);
    mean.data[i] = center;
    standardDeviation.data[i] = Math.sqrt(squares / (samples - 1));
  }
  return { mean, standardDeviation };
}
