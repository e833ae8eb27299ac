// Conformal sets and intervals: the coverage that is promised, over many draws, and what is in the sets.
import { describe, expect, test } from 'vitest';
import type { Dataset, Matrix } from '../../src/data/index.ts';
import { dense, meanSquaredError, quantile, softmaxCrossEntropy } from '../../src/nn/index.ts';
import { RandomState } from '../../src/random/index.ts';
import { sequential } from '../../src/train/index.ts';
import { conformalIntervals, conformalSets } from '../../src/uncertainty/index.ts';

const TRIALS = 1500;
const matrix = (data: Float64Array, columns: number): Matrix => ({ data, shape: [data.length / columns, columns] });
const normal = (random: RandomState, count: number) => random.randn(count) as Float64Array;

/** A network that passes its inputs on. */
function passing(
  loss: ReturnType<typeof softmaxCrossEntropy | typeof meanSquaredError | typeof quantile>,
  size: number,
) {
  const model = sequential<never>({ inputSize: size, layers: [dense(size, { useBias: false })], loss });
  const identity = Array.from({ length: size ** 2 }, (_, i) => (i % (size + 1) === 0 ? 1 : 0));
  model.setWeights([{ shape: [size, size], data: identity }]);
  return model;
}

/**
 * Expects the share of trials that `covers` to be `share`, with a small chance of error: four standard deviations of the mean of so many
 * independent trials. The draws are seeded, so that the test gives the same every time.
 */
function expectCoverage(covers: (seed: number) => boolean, share: number, atLeast = false): void {
  let covered = 0;
  for (let seed = 0; seed < TRIALS; seed++) covered += Number(covers(seed));
  const error = 4 * Math.sqrt((share * (1 - share)) / TRIALS);
  expect(covered / TRIALS).toBeGreaterThan(share - error);
  if (!atLeast) expect(covered / TRIALS).toBeLessThan(share + error);
}

describe.each([
  [0.1, 30],
  [0.25, 12],
  [0.05, 99],
])('with alpha %f and %i samples', (alpha, count) => {
  // Exact where no two scores are equal: the rank of the last of n + 1 scores is uniform.
  const share = Math.ceil((count + 1) * (1 - alpha) - 1e-9) / (count + 1);

  /** Logits, and classes that are drawn from others: the model is wrong. The last row is the one to predict. */
  const classes = (seed: number): [Dataset, Matrix, number] => {
    const random = new RandomState(seed);
    const logits = normal(random, 3 * (count + 1));
    const noise = normal(random, 3 * (count + 1));
    const y = Int32Array.from({ length: count + 1 }, (_, i) => {
      const all = [0, 1, 2].map((k) => logits[3 * i + k] + 1.5 * noise[3 * i + k]);
      return all.indexOf(Math.max(...all));
    });
    return [{ x: matrix(logits.slice(0, -3), 3), y: y.slice(0, -1) }, matrix(logits.slice(-3), 3), y[count]];
  };

  test.each(['lac', 'aps'] as const)('sets by %s cover', (score) => {
    using model = passing(softmaxCrossEntropy(), 3);
    const covers = (seed: number) => {
      const [calibration, x, k] = classes(seed);
      return conformalSets(model, calibration, { alpha, score }).predict(x)[0].includes(k);
    };
    // The scores of 'aps' that are 1 are equal, which covers more.
    expectCoverage(covers, share, score === 'aps');
  });

  test('intervals around predictions cover', () => {
    using model = passing(meanSquaredError(), 1);
    expectCoverage((seed) => {
      const random = new RandomState(seed);
      const x = normal(random, count + 1);
      const y = normal(random, count + 1).map((noise, i) => 0.7 * x[i] + noise ** 3);
      const calibration = { x: matrix(x.slice(0, -1), 1), y: y.slice(0, -1) };
      const { lower, upper } = conformalIntervals(model, calibration, { alpha }).predict(matrix(x.slice(-1), 1));
      return lower[0] <= y[count] && y[count] <= upper[0];
    }, share);
  });

  test('intervals of quantiles cover', () => {
    using model = passing(quantile({ quantiles: [0.2, 0.7] }), 2);
    expectCoverage((seed) => {
      const random = new RandomState(seed);
      const x = normal(random, 2 * (count + 1)).map((value, i) => value + 2 * (i % 2));
      const y = normal(random, count + 1).map((noise, i) => x[2 * i] + noise);
      const calibration = { x: matrix(x.slice(0, -2), 2), y: y.slice(0, -1) };
      const { lower, upper } = conformalIntervals(model, calibration, { alpha }).predict(matrix(x.slice(-2), 2));
      return lower[0] <= y[count] && y[count] <= upper[0];
    }, share);
  });
});

test('sets hold the classes whose score is no greater than the threshold, the most probable first', () => {
  using model = passing(softmaxCrossEntropy(), 3);
  const logs = (...p: number[]) => Float64Array.from(p, Math.log);
  const calibration = { x: matrix(logs(0.7, 0.2, 0.1, 0.5, 0.3, 0.2, 0.1, 0.6, 0.3), 3), y: Int32Array.of(0, 0, 2) };
  const lac = conformalSets(model, calibration, { alpha: 0.5 });
  expect(lac.threshold).toBeCloseTo(0.5, 6); // the second of 0.3, 0.5 and 0.7
  const x = matrix(logs(0.05, 0.55, 0.4, 0.3, 0.3, 0.4), 3);
  expect(lac.predict(x)).toEqual([[1], []]);
  const aps = conformalSets(model, calibration, { alpha: 0.5, score: 'aps' });
  expect(aps.threshold).toBeCloseTo(0.7, 6); // of 0.5, 0.7 and 0.9
  expect(aps.predict(x)).toEqual([[1], [2]]);
  const few = conformalSets(model, calibration, { alpha: 0.1 });
  expect(few.threshold).toBe(Number.POSITIVE_INFINITY);
  expect(few.predict(x)).toEqual([
    [1, 2, 0],
    [2, 0, 1],
  ]);
});

test('an interval that would be empty is a point', () => {
  using model = passing(quantile({ quantiles: [0.1, 0.9] }), 2);
  const calibration = { x: matrix(Float64Array.of(-5, 5, -5, 5, -5, 5), 2), y: Float64Array.of(0, 0, 0) };
  const { margin, predict } = conformalIntervals(model, calibration, { alpha: 0.5 });
  expect(margin).toBe(-5);
  expect(predict(matrix(Float64Array.of(1, 2, 0, 20), 2))).toEqual({
    lower: Float64Array.of(1.5, 5),
    upper: Float64Array.of(1.5, 15),
  });
});

test('what they are not for is refused', () => {
  using classifier = passing(softmaxCrossEntropy(), 3);
  using two = passing(meanSquaredError(), 2);
  const data = { x: matrix(Float64Array.of(1, 2, 3), 3), y: Int32Array.of(0) };
  expect(() => conformalSets(two, data)).toThrow(
    'The \'model\' parameter of conformalSets must be a model for classification. Got "regression" instead.',
  );
  expect(() => conformalSets(classifier, data, { alpha: 0 })).toThrow("The 'alpha' parameter of conformalSets");
  expect(() => conformalSets(classifier, data, { score: 'raps' } as never)).toThrow("'score'");
  expect(() => conformalSets(classifier, { ...data, y: Int32Array.of(7) })).toThrow("'data.y[0]'");
  expect(() => conformalIntervals(two, data)).toThrow('a model of one real target, or of quantiles of one');
  expect(() => conformalIntervals(classifier, data)).toThrow('a model for regression');
});
