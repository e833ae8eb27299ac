// Weights of samples and classes: PyTorch's training with losses averaged by the sum of the weights.
import { describe, expect, test } from 'vitest';
import { catalog } from '../../src/catalog/index.ts';
import { appendNoiseFeatures, type Dataset, takeRows, trainTestSplit } from '../../src/data/index.ts';
import { fromJson, ParameterError } from '../../src/errors/index.ts';
import { accuracy } from '../../src/metrics/index.ts';
import { binaryCrossEntropy, dense, meanSquaredError } from '../../src/nn/index.ts';
import { sgd } from '../../src/optim/index.ts';
import { type FitOptions, sequential } from '../../src/train/index.ts';
import { eachEngine } from '../contracts/engines.ts';
import golden from '../golden/pytorch/weights.json' with { type: 'json' };
import { expectClose } from '../reference/close.ts';
import { toyData } from './data.ts';

const [rows, features] = golden.shape;
const x = { data: Float64Array.from(golden.x), shape: [rows, features] as [number, number] };
const { epochs, batchSize, learningRate } = golden;

describe.each(eachEngine)('on %s', (_engine, engine) => {
  test.each(golden.cases)('$loss, classWeight $classWeight, weighted samples $weighted', async (own) => {
    const real = own.loss === 'meanSquaredError';
    const y = real
      ? { data: Float64Array.from(own.y.flat()), shape: [rows, own.outputs] as [number, number] }
      : Int32Array.from(own.y as number[]);
    const data: Dataset = { x, y, ...(own.weighted && { sampleWeight: Float64Array.from(golden.sampleWeight) }) };
    using model = sequential({
      inputSize: features,
      layers: [dense(own.outputs)],
      loss: fromJson('loss', { type: own.loss }, catalog),
      engine,
    });
    model.setWeights([
      { shape: [features, own.outputs], data: own.kernel },
      { shape: [own.outputs], data: Array(own.outputs).fill(0) },
    ]);
    const { classWeight } = own as { classWeight: FitOptions['classWeight'] | null };
    const options = { epochs, batchSize, shuffle: false, optimizer: sgd({ learningRate }), validationData: data };
    const history = await model.fit(data, { ...options, ...(classWeight && { classWeight }) });
    const [kernel, bias] = model.getWeights();
    const tolerance = { atol: 2e-6, rtol: 2e-6 };
    expectClose(history.trainDataLoss, own.trainDataLoss, tolerance);
    expectClose(kernel.data, own.trained, tolerance);
    expectClose(bias.data, own.bias, tolerance);
    expectClose([model.evaluate(data).dataLoss, history.valDataLoss.at(-1)!], [own.dataLoss, own.dataLoss], tolerance);
  });

  test('samples without weight do not count, in batches of nothing else either', async () => {
    const data = toyData(40);
    const sampleWeight = Float64Array.from({ length: 60 }, (_, i) => (i < 40 ? 1 : 0));
    const more = toyData(20, 4, 7);
    const all: Dataset = {
      x: { data: Float64Array.of(...data.x.data, ...more.x.data), shape: [60, 4] },
      y: Int32Array.of(...data.y, ...more.y),
      sampleWeight,
    };
    const train = async (set: Dataset) => {
      using model = sequential({ inputSize: 4, layers: [dense(2)], engine });
      const history = await model.fit(set, { epochs: 2, batchSize: 10, shuffle: false, optimizer: sgd() });
      return { history, weights: model.getWeights(), evaluation: model.evaluate(set) };
    };
    expect(await train(all)).toEqual(await train({ ...data, sampleWeight: sampleWeight.slice(0, 40) }));
  });
});

test('weights go with their samples, and metrics count them', () => {
  const data = { ...toyData(30), sampleWeight: Float64Array.from({ length: 30 }, (_, i) => i) };
  expect(takeRows(data, [3, 1]).sampleWeight).toEqual(Float64Array.of(3, 1));
  const { train, trainIndices } = trainTestSplit(data, { testSize: 10 });
  expect(train.sampleWeight).toEqual(Float64Array.from(trainIndices));
  expect(appendNoiseFeatures(data, { count: 1 }).sampleWeight).toEqual(data.sampleWeight);
  using model = sequential({ inputSize: 4, layers: [dense(2)] });
  const predicted = model.predict(data.x);
  const right = data.sampleWeight.filter((_, i) => predicted[i] === data.y[i]);
  const sum = right.reduce((total, weight) => total + weight, 0);
  expect(model.evaluate(data, { metrics: [accuracy()] }).accuracy).toBe(sum / 435);
});

test('classes are weighed by their labels, too', async () => {
  const { x, y } = toyData(10);
  const trained = async (classWeight: object) => {
    using model = sequential({ inputSize: 4, layers: [dense(2)] });
    const labels = Array.from(y as Int32Array, (k) => ['constructor', '__proto__'][k]);
    await model.fit({ x, y: labels }, { epochs: 1, classWeight: classWeight as never });
    return model.getWeights()[0].data;
  };
  // In their order, `__proto__` is 0.
  const byName = await trained(JSON.parse('{"constructor": 1, "__proto__": 3}'));
  expect(byName).toEqual(await trained({ 0: 3, 1: 1 }));
  expect(byName).not.toEqual(await trained({ constructor: 3 }));
  for (const wrong of [{ other: 2 }, { ' 1': 2 }]) await expect(trained(wrong)).rejects.toThrow("'classWeight");
});

test('bad weights are refused before training', async () => {
  const data = toyData(10);
  using model = sequential({ inputSize: 4, layers: [dense(2)] });
  const fit = (weights: unknown, classWeight?: unknown) =>
    model.fit({ ...data, ...(weights !== undefined && { sampleWeight: weights }) } as Dataset, {
      epochs: 1,
      ...(classWeight !== undefined && { classWeight: classWeight as 'balanced' }),
    });
  const ones = () => new Float64Array(10).fill(1);
  for (const wrong of [new Set([1]), new Float64Array(9), new Float64Array(10), ones().fill(-1, 3)]) {
    await expect(fit(wrong)).rejects.toThrow(/'train.sampleWeight/);
  }
  await expect(fit(ones().fill(Number.NaN, 4, 5))).rejects.toThrow(/sampleWeight.*NaN at element 4/);
  for (const wrong of ['even', 3, [1, 2], { 2: 1 }, { a: 1 }, { 0: -1 }, { 0: 0, 1: 0 }]) {
    await expect(fit(undefined, wrong)).rejects.toThrow(/'classWeight/);
  }
  for (const [loss, outputs] of [
    [meanSquaredError(), 1],
    [binaryCrossEntropy(), 2],
  ] as const) {
    using other = sequential({ inputSize: 4, loss, layers: [dense(outputs)] });
    const values = new Float64Array(10 * outputs);
    const y = outputs === 1 ? values : { data: values, shape: [10, outputs] as [number, number] };
    await expect(other.fit({ x: data.x, y }, { epochs: 1, classWeight: 'balanced' })).rejects.toThrow(ParameterError);
  }
});
