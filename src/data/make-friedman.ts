// makeFriedman1, 2 and 3: targets that are known nonlinear functions of a few features.
import { type GivenOptions, integer } from '../errors/index.ts';
import { atan, type RandomState, sin } from '../random/index.ts';
import { type Dataset, zeroMatrix } from './dataset.ts';
import { defineGenerator } from './define-generator.ts';
import { nSamples, targetNoise } from './generator-rules.ts';
import { randomState } from './random-source.ts';

const common = {
  nSamples,
  noise: targetNoise,
  randomState,
};

// Apart, because bundlers keep a call with a spread in it.
const ofFirst = {
  ...common,
  nFeatures: integer(5, { default: 10, describe: 'Number of features; the first five count' }),
};

/** Uniform features, with the target that `f` gives each row, which it may map to other ranges before, and noise. */
function problem(
  where: string,
  { nSamples, noise }: { nSamples: number; noise: number },
  columns: number,
  random: RandomState,
  f: (row: Float64Array) => number,
): Dataset<Float64Array> {
  const x = zeroMatrix(where, nSamples, columns) as { data: Float64Array; shape: [number, number] };
  for (let i = 0; i < x.data.length; i++) x.data[i] = random.randomSample();
  const y = Float64Array.from({ length: nSamples }, (_, i) => {
    return f(x.data.subarray(i * columns, (i + 1) * columns)) + noise * random.randn();
  });
  return { x, y };
}

/**
 * y = 10·sin(π·x₀·x₁) + 20·(x₂ − ½)² + 10·x₃ + 5·x₄ of uniform features, of which only the first five count (Friedman 1991,
 * "Multivariate adaptive regression splines").
 *
 * Options, with their defaults: `nSamples` 100; `nFeatures` 10, at least 5; `noise` 0, its standard deviation; `randomState` 0,
 * seed or stream. Values are those of scikit-learn's `make_friedman1` for the same parameters and seed.
 *
 * @returns x: [nSamples, nFeatures], y: real targets
 * @throws ParameterError for an option that is unknown or out of range
 * @example
 * ```js
 * import { makeFriedman1 } from 'regulus';
 *
 * const { x, y } = makeFriedman1({ nSamples: 50, noise: 1, randomState: 42 });
 * console.log(x.shape, y.length); // [50, 10] 50
 * ```
 */
export const makeFriedman1 = defineGenerator({
  type: 'makeFriedman1',
  describe: 'A sine, a square and two slopes of five features, among others that do not count',
  options: ofFirst,
  generate: (options, random) =>
    problem(
      'makeFriedman1',
      options,
      options.nFeatures,
      random,
      (x) => 10 * sin(Math.PI * x[0] * x[1]) + 20 * (x[2] - 0.5) * (x[2] - 0.5) + 10 * x[3] + 5 * x[4],
    ),
});

/** Maps to the ranges of an electric circuit: resistance, frequency, inductance, capacitance. Returns its reactance. */
function circuit(x: Float64Array): number {
  x[0] *= 100;
  x[1] = x[1] * (520 * Math.PI) + 40 * Math.PI;
  x[3] = x[3] * 10 + 1;
  return x[1] * x[2] - 1 / (x[1] * x[3]);
}

/**
 * y = √(x₀² + (x₁·x₂ − 1/(x₁·x₃))²), the impedance of an electric circuit, of four features (Friedman 1991).
 *
 * Options, with their defaults: `nSamples` 100; `noise` 0, its standard deviation; `randomState` 0, seed or stream. Values are
 * those of scikit-learn's `make_friedman2` for the same parameters and seed.
 *
 * @returns x: [nSamples, 4], y: real targets
 * @throws ParameterError for an option that is unknown or out of range
 * @example
 * ```js
 * import { makeFriedman2 } from 'regulus';
 * console.log(makeFriedman2({ nSamples: 50, noise: 125, randomState: 42 }).x.shape); // [50, 4]
 * ```
 */
export const makeFriedman2 = defineGenerator({
  type: 'makeFriedman2',
  describe: 'The impedance of an electric circuit',
  options: common,
  generate: (options, random) =>
    problem('makeFriedman2', options, 4, random, (x) => {
      const reactance = circuit(x);
      return Math.sqrt(x[0] * x[0] + reactance * reactance);
    }),
});

/**
 * y = arctan((x₁·x₂ − 1/(x₁·x₃)) / x₀), the phase of an electric circuit, of four features (Friedman 1991).
 *
 * Options, with their defaults: `nSamples` 100; `noise` 0, its standard deviation; `randomState` 0, seed or stream. Values are
 * those of scikit-learn's `make_friedman3` for the same parameters and seed.
 *
 * @returns x: [nSamples, 4], y: real targets
 * @throws ParameterError for an option that is unknown or out of range
 * @example
 * ```js
 * import { makeFriedman3 } from 'regulus';
 * console.log(makeFriedman3({ nSamples: 50, noise: 0.1, randomState: 42 }).x.shape); // [50, 4]
 * ```
 */
export const makeFriedman3 = defineGenerator({
  type: 'makeFriedman3',
  describe: 'The phase of an electric circuit',
  options: common,
  generate: (options, random) => problem('makeFriedman3', options, 4, random, (x) => atan(circuit(x) / x[0])),
});

/** Options of {@link makeFriedman1}. @interface */
export type MakeFriedman1Options = GivenOptions<typeof makeFriedman1.definition.options>;

/** Options of {@link makeFriedman2} and {@link makeFriedman3}. @interface */
export type MakeFriedmanOptions = GivenOptions<typeof common>;
