// Regularization does what the theory says: shrinkage and selection in closed form, and effects on generalization over seeds.
import { describe, expect, test } from 'vitest';
import { type Dataset, makeClassification, makeMoons, trainTestSplit } from '../../src/data/index.ts';
import type { Description } from '../../src/errors/index.ts';
import { dense, dropout, l1, l2, relu } from '../../src/nn/index.ts';
import { adam, sgd } from '../../src/optim/index.ts';
import { RandomState } from '../../src/random/index.ts';
import { earlyStopping, sequential } from '../../src/train/index.ts';
import { expectClose } from '../reference/close.ts';
import { meanAndError } from '../reference/statistics.ts';

const SEEDS = Array.from({ length: 12 }, (_, seed) => seed);
// The probability that a quantity without trend has the same sign for all 12 seeds is 2^-12 = 0.0002.
// For means of 12, Student's t with 11 degrees of freedom goes beyond 4.02 with probability 0.001.
const T = 4.02;

/**
 * A problem with a closed solution: ±1 features that are orthogonal over the samples (columns of a Hadamard matrix), and
 * labels by coin. The logits stay near 0, where two-class cross-entropy is log 2 − b·v + ‖v‖²/8 with v the difference
 * of the two columns of the kernel and b = mean of x·(y − ½). The best weights are ±v/2. What the quadratic leaves out is
 * of relative order ‖v‖²/4, here some thousandths.
 */
describe('on a quadratic', () => {
  const [rows, features] = [4096, 8];
  const x = Float64Array.from({ length: rows * features }, (_, i) => (((i / features) >> (i % features)) & 1 ? 1 : -1));

  async function train(seed: number, kernelRegularizer: Description<'regularizer'>, proximal = false) {
    const y = Int32Array.from(new RandomState(seed).randint(0, 2, rows));
    using model = sequential({
      inputSize: features,
      layers: [dense(2, { kernelInitializer: 'zeros', useBias: false, kernelRegularizer })],
    });
    await model.fit(
      { x: { data: x, shape: [rows, features] }, y },
      { epochs: 60, batchSize: rows, shuffle: false, optimizer: sgd({ learningRate: 0.5, proximal }) },
    );
    const b = Array.from({ length: features }, (_, j) => {
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += x[i * features + j] * (y[i] - 0.5);
      return sum / rows;
    });
    // The weights of class 1; those of class 0 are their negatives.
    return { b, weights: Array.from(b, (_, j) => model.getWeights()[0].data[2 * j + 1]) };
  }

  test('L2 shrinks every weight, and the norm, to 1 / (1 + 4λ) of what it is without', async () => {
    const tolerance = { rtol: 0.01, atol: 2e-5 };
    for (const seed of SEEDS) {
      const { weights: free, b } = await train(seed, l2(0));
      expectClose(
        free,
        b.map((c) => 2 * c),
        tolerance,
      );
      for (const strength of [0.05, 0.25, 1]) {
        const { weights } = await train(seed, l2(strength));
        expectClose(
          weights,
          free.map((w) => w / (1 + 4 * strength)),
          tolerance,
        );
        expectClose([Math.hypot(...weights)], [Math.hypot(...free) / (1 + 4 * strength)], tolerance);
      }
    }
  });

  test('L1 shortens every weight by 2λ, to exactly 0 with proximal steps', async () => {
    const strength = 0.006;
    let zeros = 0;
    for (const seed of SEEDS) {
      const { weights, b } = await train(seed, l1(strength), true);
      const soft = b.map((c) => 2 * Math.sign(c) * Math.max(Math.abs(c) - strength, 0));
      expectClose(weights, soft, { rtol: 2e-3, atol: 1e-6 });
      for (const [j, c] of b.entries()) if (Math.abs(c) < 0.99 * strength) expect(Math.abs(weights[j])).toBe(0);
      zeros += weights.filter((w) => w === 0).length;
      // By its subgradient, a weight ends within a step, λ/2, of there.
      expectClose((await train(seed, l1(strength))).weights, soft, { atol: strength });
    }
    expect(zeros).toBeGreaterThan(24);
    expect(zeros).toBeLessThan(72);
  });
});

/** The moons among noise features: few samples to train on, many to test on. */
function noisyMoons(seed: number): { train: Dataset; validation: Dataset; test: Dataset } {
  const [samples, noise] = [1300, 18];
  const moons = makeMoons({ nSamples: samples, noise: 0.3, randomState: seed });
  const extra = new RandomState(1000 + seed).randn(samples * noise);
  const features = 2 + noise;
  const data = Float64Array.from({ length: samples * features }, (_, i) => {
    const [row, column] = [Math.floor(i / features), i % features];
    return column < 2 ? moons.x.data[2 * row + column] : extra[noise * row + column - 2];
  });
  const all = { x: { data, shape: [samples, features] as [number, number] }, y: moons.y };
  const { train: rest, test } = trainTestSplit(all, { testSize: 1000, randomState: seed });
  const { train, test: validation } = trainTestSplit(rest, { testSize: 150, randomState: seed });
  return { train, validation, test };
}

test('L1 gives a sparser first layer than L2 at equal validation loss, for every seed', async () => {
  const strengths = [2e-3, 4e-3, 8e-3, 16e-3];
  const differences: number[] = [];
  const excess: number[] = [];
  for (const seed of SEEDS) {
    const all = makeClassification({ nSamples: 800, nFeatures: 30, nInformative: 5, nRedundant: 0, randomState: seed });
    const { train, test: validation } = trainTestSplit(all, { testSize: 400, randomState: seed });
    const fit = async (penalty: Description<'regularizer'>) => {
      const layers = [dense(16, { kernelRegularizer: penalty }), relu(), dense(2)];
      using model = sequential({ inputSize: 30, seed, layers });
      await model.fit(train, { epochs: 100, batchSize: 32, optimizer: adam({ learningRate: 3e-3 }) });
      const kernel = model.getWeights()[0].data;
      const greatest = kernel.reduce((max, w) => Math.max(max, Math.abs(w)), 0);
      const sparsity = kernel.filter((w) => Math.abs(w) < 0.01 * greatest).length / kernel.length;
      return { loss: model.evaluate(validation).dataLoss, sparsity };
    };
    const lasso = await fit(l1(2e-3));
    const ridges = [];
    for (const strength of strengths) ridges.push(await fit(l2(strength)));
    const distance = ({ loss }: { loss: number }) => Math.abs(loss - lasso.loss);
    const ridge = ridges.reduce((best, other) => (distance(other) < distance(best) ? other : best));
    differences.push(lasso.loss - ridge.loss);
    excess.push(lasso.sparsity - ridge.sparsity);
  }
  const { mean, error } = meanAndError(differences);
  // Equal: within 0.03 of each other with 99.8 % confidence (the losses differ by 0.3 between seeds).
  expect(Math.abs(mean) + T * error).toBeLessThan(0.03);
  expect(Math.min(...excess)).toBeGreaterThan(0);
});

test('dropout closes the gap between training and test', async () => {
  const closed: number[] = [];
  const gained: number[] = [];
  for (const seed of SEEDS) {
    const { train, test } = noisyMoons(seed);
    const fit = async (rate: number) => {
      const layers = [dense(64), relu(), dropout(rate), dense(64), relu(), dropout(rate), dense(2)];
      using model = sequential({ inputSize: 20, seed, layers });
      await model.fit(train, { epochs: 100, batchSize: 32, optimizer: adam({ learningRate: 1e-3 }) });
      const [fitted, unseen] = [model.evaluate(train).loss, model.evaluate(test).loss];
      return { gap: unseen - fitted, unseen };
    };
    const [without, dropped] = [await fit(0), await fit(0.5)];
    closed.push(without.gap - dropped.gap);
    gained.push(without.unseen - dropped.unseen);
  }
  expect(Math.min(...closed)).toBeGreaterThan(0);
  for (const sample of [closed, gained]) {
    const { mean, error } = meanAndError(sample);
    expect(mean / error).toBeGreaterThan(T);
  }
});

test('early stopping picks the minimum of the validation loss, and tests better than training to the end', async () => {
  const gained: number[] = [];
  for (const seed of SEEDS) {
    const { train, validation, test } = noisyMoons(seed);
    const fit = async (callbacks: ReturnType<typeof earlyStopping>[]) => {
      using model = sequential({ inputSize: 20, seed, layers: [dense(64), relu(), dense(64), relu(), dense(2)] });
      const history = await model.fit(train, { epochs: 100, validationData: validation, callbacks });
      return { history, loss: model.evaluate(test).loss, validation: model.evaluate(validation).loss };
    };
    const whole = await fit([]);
    const stopped = await fit([earlyStopping({ patience: 10 })]);
    const { valLoss, bestEpoch, epochs } = stopped.history;
    expect(valLoss).toEqual(whole.history.valLoss.slice(0, epochs)); // the same training, cut short
    expect(stopped.validation).toBe(Math.min(...valLoss));
    expect(bestEpoch).toBe(valLoss.indexOf(stopped.validation) + 1);
    expect(epochs).toBe(Math.min(bestEpoch + 10, 100));
    gained.push(whole.loss - stopped.loss);
  }
  const { mean, error } = meanAndError(gained);
  expect(mean / error).toBeGreaterThan(T);
});
