// Lists of rows and labels give the same model as the typed arrays that stand for them.
import { describe, expect, it, vi } from 'vitest';
import { dense, type Matrix, makeMoons, meanSquaredError, relu, sequential } from '../../src/index.ts';
import { loadModel, saveModel } from '../../src/model/index.ts';

const moons = makeMoons({ nSamples: 60, noise: 0.1 });
const rows = Array.from({ length: 60 }, (_, i) => [moons.x.data[2 * i], moons.x.data[2 * i + 1]]);
const names = Array.from(moons.y, (k) => ['lower', 'upper'][k]);
const make = () => sequential<string[]>({ inputSize: 2, layers: [dense(8), relu(), dense(2)] });

describe('lists', () => {
  it('of rows and labels train the same weights, and labels come back', async () => {
    const [plain, named] = [make(), make()];
    const history = await plain.fit(moons, { epochs: 3, validationData: moons });
    const again = await named.fit({ x: rows, y: names }, { epochs: 3, validationData: { x: rows, y: names } });
    expect(again).toEqual(history);
    expect(named.getWeights()).toEqual(plain.getWeights());
    expect([plain.classes, named.classes]).toEqual([undefined, ['lower', 'upper']]);
    const indices = [...(plain.predict(moons.x) as never as Int32Array)];
    expect(named.predict(rows)).toEqual(indices.map((k) => ['lower', 'upper'][k]));
    expect(named.predict(rows.map((row) => Float32Array.from(row)))).toEqual(named.predict(rows));
    expect(named.evaluate({ x: rows, y: names })).toEqual(plain.evaluate(moons));
    expect(named.evaluate({ x: rows, y: [...moons.y] })).toEqual(plain.evaluate(moons));
    expect(loadModel(saveModel(named)).predict(rows as never)).toEqual(named.predict(rows));
    expect(plain.toJSON()).not.toHaveProperty('classes');
  });

  it('of numbers alone are one row of a prediction', () => {
    const model = make();
    const [row] = rows;
    for (const one of [row, Float32Array.from(row), Float64Array.from(row)]) {
      expect(model.predict(one)).toEqual(model.predict([row]));
      expect(model.predictProbabilities(one)).toEqual(model.predictProbabilities([row]));
    }
    expect(() => model.predict([1, 2, 3])).toThrow(/\[rows, 2\]/);
  });

  it('of numbers and of rows of numbers are targets of a regression', async () => {
    const loss = meanSquaredError();
    for (const y of [rows.map(([a]) => a), rows]) {
      const outputs = y === rows ? 2 : 1;
      const model = sequential<Matrix>({ inputSize: 2, layers: [dense(outputs)], loss });
      await model.fit({ x: rows, y, sampleWeight: rows.map(() => 2) }, { epochs: 1 });
      expect(model.predict(rows).shape).toEqual([60, outputs]);
    }
  });

  it.each([
    [{ x: [[1, 2], [3]], y: ['a', 'b'] }, 'train.x[1]'],
    [{ x: [[1, 2], 3], y: ['a', 'b'] }, 'train.x[1]'],
    [{ x: [[1, '2']], y: [1] }, 'train.x[0][1]'],
    [{ x: [[1, 2]], y: ['a'] }, 'labels of 2 classes'],
    [{ x: rows, y: names.map((name, i) => (i === 7 ? 3 : name)) }, 'train.y[0]'],
    [{ x: rows, y: names.map(() => 2) }, 'range [0, 1]'],
    [{ x: rows, y: names.map(() => 0.5) }, 'a class index'],
    [{ x: rows, y: names.map(() => null) }, 'train.y'],
    [{ x: [], y: [] }, 'train.x'],
  ])('that are wrong are refused: %#', async (samples, message) => {
    await expect(make().fit(samples as never, { epochs: 1 })).rejects.toThrow(message);
  });

  it('of labels must be of known classes', async () => {
    const model = make();
    await model.fit({ x: rows, y: names }, { epochs: 1 });
    expect(() => model.evaluate({ x: [[0, 0]], y: ['middle'] })).toThrow('one of the labels lower, upper');
  });
});

describe('validationSplit', () => {
  it('keeps a share for validation, the same for a seed', async () => {
    const [a, b] = [make(), make()];
    const history = await a.fit(moons, { epochs: 2, validationSplit: 0.25 });
    expect(history.valLoss.length).toBe(2);
    expect(await b.fit(moons, { epochs: 2, validationSplit: 0.25 })).toEqual(history);
    await expect(a.fit(moons, { epochs: 1, validationSplit: 0.2, validationData: moons })).rejects.toThrow(
      'left out beside validationData',
    );
    await expect(a.fit(moons, { epochs: 1, validationSplit: 1 })).rejects.toThrow('validationSplit');
  });
});

it('verbose tells each epoch', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  await make().fit(moons, { epochs: 2, verbose: true });
  expect(log.mock.calls.map(([line]) => line)).toEqual([
    expect.stringMatching(/^epoch 1\/2 {2}trainLoss \d/),
    expect.stringMatching(/^epoch 2\/2 {2}trainLoss \d/),
  ]);
  log.mockRestore();
});

describe('a large data set', () => {
  const features = 300;
  const rows = 1000; // together more than are copied once more
  const y = Int32Array.from({ length: rows }, (_, i) => i % 2);
  const values = Float32Array.from({ length: rows * features }, (_, i) => Math.fround(Math.sin(i)));
  const make = () => sequential({ inputSize: features, layers: [dense(2)] });

  it('is read where it is, not copied', async () => {
    const data = values.slice();
    const clear = { onEpochEnd: () => void data.fill(0) };
    const x: Matrix = { data, shape: [rows, features] };
    const model = make();
    const { valDataLoss } = await model.fit({ x, y }, { epochs: 2, validationData: { x, y }, callbacks: [clear] });
    const [, bias] = model.getWeights();
    expect(valDataLoss[0]).not.toBeCloseTo(Math.LN2, 3);
    // Zeros leave the biases, which have hardly moved.
    expect(valDataLoss[1]).toBeCloseTo(Math.LN2, 3);
    expect(bias.data.every((value) => Math.abs(value) < 0.1)).toBe(true);
  });

  it('gives the same bits as float32 and as float64', async () => {
    const weights = await Promise.all(
      [values, Float64Array.from(values)].map(async (data) => {
        const model = make();
        await model.fit({ x: { data, shape: [rows, features] }, y }, { epochs: 1 });
        return model.getWeights();
      }),
    );
    expect(weights[1]).toEqual(weights[0]);
  });
});

describe('what is no matrix, no target or no option', () => {
  const fit = (train: unknown, options = {}) => make().fit(train as never, { epochs: 1, ...options });

  it.each<[string, unknown, string]>([
    ['rows of objects', { x: [{ a: 1, b: 2 }], y: [0] }, 'Got { a, b } instead. fitTable takes rows of objects.'],
    ['rows alone', [{ a: 1, y: 'u' }], "'train' parameter of Sequential.fit must be an object { x, y }"],
    ['a third class', { x: moons.x, y: moons.y.map((k) => k + 1) }, 'softmaxCrossEntropy has an output for each.'],
  ])('%s', async (_, train, message) => {
    await expect(fit(train)).rejects.toThrow(message);
  });

  it('a Map, whose entries are no keys', async () => {
    const classWeight = new Map([[0, 2]]);
    await expect(fit(moons, { classWeight })).rejects.toThrow("'classWeight' parameter of Sequential.fit");
    expect(() => make().evaluate(moons, new Map() as never)).toThrow('The options of Sequential.evaluate');
  });

  it('weights by names beside one that is no name', async () => {
    const named = { x: rows, y: names };
    await expect(fit(named, { classWeight: { upper: 2, 0: 3 } })).rejects.toThrow('an object of labels or indices');
    await expect(fit(named, { classWeight: { upper: 2 } })).resolves.toMatchObject({ epochs: 1 });
  });
});
