// makeRegression: targets that are a linear function of some of the features.
import { type GivenOptions, integer, number } from '../errors/index.ts';
import { fusedMultiplyAdd } from '../random/index.ts';
import { type Dataset, type Matrix, zeroMatrix } from './dataset.ts';
import { defineGenerator, shuffleColumns, shuffleRows } from './define-generator.ts';
import { nSamples, shuffleBoth, targetNoise } from './generator-rules.ts';
import { randomState } from './random-source.ts';

const options = {
  nSamples,
  nFeatures: integer(1, { default: 100, describe: 'Number of features, standard-normal' }),
  nInformative: integer(0, { default: 10, describe: 'Features that the targets depend on; at most all' }),
  nTargets: integer(1, { default: 1, describe: 'Number of targets a sample' }),
  bias: number('(-inf, inf)', { default: 0, describe: 'Added to every target' }),
  noise: targetNoise,
  shuffle: shuffleBoth,
  randomState,
};

/**
 * A random linear regression problem: coefficients are uniform in [0, 100) for the informative features and 0 for the others.
 *
 * Options, with their defaults: `nSamples` 100; `nFeatures` 100; `nInformative` 10; `nTargets` 1; `bias` 0; `noise` 0, its
 * standard deviation; `shuffle` true; `randomState` 0, seed or stream.
 *
 * Values are those of scikit-learn's `make_regression` for the same parameters and seed (its `effective_rank` is None).
 *
 * @returns x: [nSamples, nFeatures], y: a Float64Array, or a Matrix [nSamples, nTargets] of several targets
 * @throws ParameterError for an option that is unknown or out of range
 * @example
 * ```js
 * import { makeRegression } from 'regulus';
 *
 * const { x, y } = makeRegression({ nSamples: 50, nFeatures: 8, nInformative: 3, noise: 10, randomState: 42 });
 * console.log(x.shape, y.length); // [50, 8] 50
 * ```
 */
export const makeRegression = defineGenerator({
  type: 'makeRegression',
  describe: 'Targets that are a linear function of some of the features',
  options,
  generate(options, random): Dataset<Float64Array | Matrix> {
    const { nSamples, nFeatures, nTargets, bias, noise, shuffle } = options;
    const x = zeroMatrix('makeRegression', nSamples, nFeatures);
    for (let i = 0; i < x.data.length; i++) x.data[i] = random.randn();
    const nInformative = Math.min(nFeatures, options.nInformative);
    const coefficients = random.uniform(0, 1, nInformative * nTargets).map((value) => 100 * value);
    const y = zeroMatrix('makeRegression', nSamples, nTargets);
    for (let i = 0; i < nSamples; i++) {
      for (let k = 0; k < nTargets; k++) {
        let sum = 0;
        for (let j = 0; j < nInformative; j++) {
          sum = fusedMultiplyAdd(x.data[i * nFeatures + j], coefficients[j * nTargets + k], sum);
        }
        y.data[i * nTargets + k] = sum + bias;
      }
    }
    if (noise > 0) for (let i = 0; i < y.data.length; i++) y.data[i] += random.normal(0, noise);
    const dataset = shuffle ? shuffleColumns(shuffleRows({ x, y }, random), random) : { x, y };
    return nTargets === 1 ? { x: dataset.x, y: dataset.y.data as Float64Array } : dataset;
  },
});

/** Options of {@link makeRegression}. @interface */
export type MakeRegressionOptions = GivenOptions<typeof makeRegression.definition.options>;
