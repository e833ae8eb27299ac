// The temperature that makes known probabilities what they should be; SciPy's minimum of the same loss.
import { expect, it } from 'vitest';
import { dense, makeClassification, RandomState, relu, sequential, softmaxCrossEntropy } from '../../src/index.ts';
import { ensemble } from '../../src/model/index.ts';
import { bestTemperature, temperatureScaling } from '../../src/uncertainty/index.ts';
import golden from '../golden/scipy/temperature.json' with { type: 'json' };
import { expectClose } from '../reference/close.ts';

const smoothed = (p: Parameters<typeof bestTemperature>[0], y: Int32Array) =>
  bestTemperature(p, y, { smoothing: 1 / (y.length + 1), range: [0.1, 10] });

it('finds what the logits were multiplied by', () => {
  const random = new RandomState(1);
  const rows = 5_000;
  for (const factor of [0.5, 1, 3]) {
    const y = new Int32Array(rows);
    const data = new Float64Array(2 * rows);
    for (let i = 0; i < rows; i++) {
      const logit = 2 * (random.randn() as number);
      y[i] = Number((random.uniform(0, 1, 1) as Float64Array)[0] < 1 / (1 + Math.exp(-logit)));
      data[2 * i + 1] = 1 / (1 + Math.exp(-factor * logit));
      data[2 * i] = 1 / (1 + Math.exp(factor * logit));
    }
    expect(Math.abs(smoothed({ data, shape: [rows, 2] }, y) / factor - 1)).toBeLessThan(0.1);
  }
});

it('stays finite where all rows are right, and where probabilities are 0', () => {
  const rows = 50;
  const data = Float64Array.from({ length: 2 * rows }, (_, i) => (i % 2 ? 0.2 : 0.8));
  const right = smoothed({ data, shape: [rows, 2] }, new Int32Array(rows));
  expect(right).toBeGreaterThanOrEqual(0.1);
  expect(right).toBeLessThan(1);
  const wrong = smoothed({ data: Float64Array.of(1, 0, 0, 1), shape: [2, 2] }, Int32Array.of(0, 0));
  expect(wrong).toBeGreaterThan(5);
});

it.each(golden)("is SciPy's, for $classes classes", ({ classes, probabilities, y, temperature }) => {
  const data = Float64Array.from(probabilities);
  const found = bestTemperature({ data, shape: [y.length, classes] }, Int32Array.from(y));
  expectClose([found], [temperature], { rtol: 1e-7 });
});

it('is near an end of its range where every row is right, or wrong', () => {
  const data = Float64Array.of(0.9, 0.1, 0.2, 0.8);
  expect(bestTemperature({ data, shape: [2, 2] }, Int32Array.of(0, 1))).toBeLessThan(0.02);
  expect(bestTemperature({ data, shape: [2, 2] }, Int32Array.of(1, 0))).toBeGreaterThan(99);
});

it('makes a network that is too sure less so, and decides the same', async () => {
  const data = makeClassification({ nSamples: 600, nFeatures: 6, flipY: 0.2, randomState: 1 });
  const part = (from: number, to: number) => ({
    x: { data: data.x.data.slice(6 * from, 6 * to), shape: [to - from, 6] as [number, number] },
    y: data.y.slice(from, to),
  });
  const [train, held, test] = [part(0, 200), part(200, 400), part(400, 600)];
  const models = [1, 2].map((seed) => sequential({ inputSize: 6, seed, layers: [dense(64), relu(), dense(2)] }));
  for (const model of models) await model.fit(train, { epochs: 100 });
  for (const model of [models[0], ensemble(models)]) {
    const { temperature, predictProbabilities } = temperatureScaling(model, held);
    expect(temperature).toBeGreaterThan(1.2);
    const before = model.predictProbabilities(test.x);
    const after = predictProbabilities(test.x);
    const loss = ({ data }: typeof after) =>
      test.y.reduce((sum, k, i) => sum - Math.log(data[2 * i + k]), 0) / test.y.length;
    expect(loss(after)).toBeLessThan(loss(before));
    for (let i = 0; i < 200; i++) {
      expect(after.data[2 * i] > 0.5).toBe(before.data[2 * i] > 0.5);
      expectClose([after.data[2 * i] + after.data[2 * i + 1]], [1], { rtol: 1e-12 });
    }
  }
});

it('refuses what it is not for', () => {
  using model = sequential({ inputSize: 1, layers: [dense(2)], loss: softmaxCrossEntropy() });
  const x = { data: Float64Array.of(1), shape: [1, 1] as [number, number] };
  expect(() => temperatureScaling(model, { x, y: Int32Array.of(2) })).toThrow(
    "The 'data.y[0]' parameter of temperatureScaling must be a class index below 2. Got 2 instead.",
  );
  expect(() => temperatureScaling({} as never, { x, y: Int32Array.of(0) })).toThrow('must be a model. Got {} instead.');
});
