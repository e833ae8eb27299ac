// What models predict and record for each kind of target: classes with one output a class or with one alone, labels, numbers.
import { describe, expect, test } from 'vitest';
import { createEngine } from '../../src/backend/index.ts';
import type { Dataset, Matrix } from '../../src/data/index.ts';
import { NumericError, ParameterError } from '../../src/errors/index.ts';
import { accuracy, defineMetric, macroF1 } from '../../src/metrics/index.ts';
import { binaryCrossEntropy, defineLoss, dense, l1l2, l2, meanSquaredError, relu } from '../../src/nn/index.ts';
import { adam } from '../../src/optim/index.ts';
import { type Sequential, sequential } from '../../src/train/index.ts';
import { expectClose } from '../reference/close.ts';
import { values } from '../reference/operations.ts';
import { toyData } from './data.ts';

const ROWS = 700; // more than two chunks of inference
const x: Matrix = { data: Float64Array.from(values(ROWS * 4, 1)), shape: [ROWS, 4] };
const targets = (columns: number, make: (row: number, column: number) => number): Matrix => ({
  data: Float64Array.from({ length: ROWS * columns }, (_, i) => make(Math.floor(i / columns), i % columns)),
  shape: [ROWS, columns],
});
const feature = (row: number, column: number) => x.data[row * 4 + column];

/** The outputs of the last layer, computed here. */
function outputs(model: Pick<Sequential, 'getWeights'>): number[][] {
  const [kernel, bias] = model.getWeights().map(({ data }) => data);
  const units = bias.length;
  return Array.from({ length: ROWS }, (_, row) =>
    Array.from(bias, (b, unit) =>
      [0, 1, 2, 3].reduce((sum, input) => sum + feature(row, input) * kernel[input * units + unit], b),
    ),
  );
}
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const mean = (list: number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
const crossEntropy = (z: number, t: number) => -(t * Math.log(sigmoid(z)) + (1 - t) * Math.log(1 - sigmoid(z)));

describe.each([createEngine(), createEngine({ backend: 'js' })])('on $info.backend', (engine) => {
  test('two classes with one output', async () => {
    const data = { x, y: Int32Array.from({ length: ROWS }, (_, row) => Number(feature(row, 0) > feature(row, 1))) };
    using model = sequential({ inputSize: 4, engine, layers: [dense(1)], loss: binaryCrossEntropy() });
    const history = await model.fit(data, {
      epochs: 3,
      optimizer: adam({ learningRate: 0.05 }),
      metrics: [accuracy(), macroF1()],
    });
    const z = outputs(model).map(([value]) => value);
    const classes = model.predict(x);
    expect(classes).toBeInstanceOf(Int32Array);
    expect([...classes]).toEqual(z.map((value) => Number(value > 0)));
    const p = model.predictProbabilities(x);
    expect(p.shape).toEqual([ROWS, 2]);
    expectClose(
      p.data,
      z.flatMap((value) => [sigmoid(-value), sigmoid(value)]),
      { rtol: 1e-5, atol: 1e-7 },
    );
    const evaluation = model.evaluate(data);
    expectClose([evaluation.dataLoss], [mean(z.map((value, i) => crossEntropy(value, data.y[i])))], { rtol: 1e-6 });
    expect(evaluation.accuracy).toBe(mean(z.map((value, i) => Number(Number(value > 0) === data.y[i]))));
    expect(evaluation.accuracy).toBeGreaterThan(0.9);
    expect(Object.keys(evaluation)).toEqual(['loss', 'dataLoss', 'penalty', 'accuracy']);
    expect(history.trainMacroF1).toHaveLength(3);
  });

  test('labels', async () => {
    const data = { x, y: targets(3, (row, column) => Number(feature(row, column) > 0.2)) };
    using model = sequential<Matrix>({ inputSize: 4, engine, layers: [dense(3)], loss: binaryCrossEntropy() });
    const history = await model.fit(data, { epochs: 4, optimizer: adam({ learningRate: 0.1 }), validationData: data });
    const z = outputs(model);
    const predicted = model.predict(x);
    expect(predicted.shape).toEqual([ROWS, 3]);
    expect([...predicted.data]).toEqual(z.flat().map((value) => Number(value > 0)));
    const p = model.predictProbabilities(x);
    expect(p.shape).toEqual([ROWS, 3]);
    expectClose(p.data, z.flat().map(sigmoid), { rtol: 1e-5, atol: 1e-7 });
    const evaluation = model.evaluate(data);
    expectClose([evaluation.dataLoss], [mean(z.flat().map((value, i) => crossEntropy(value, data.y.data[i])))], {
      rtol: 1e-6,
    });
    const right = z.map((row, i) => row.every((value, j) => Number(value > 0) === data.y.data[3 * i + j]));
    expect(evaluation.accuracy).toBe(mean(right.map(Number)));
    expect(history.valAccuracy.at(-1)).toBe(evaluation.accuracy);
    expect(history.valLoss.at(-1)).toBe(evaluation.loss);
  });

  test('one number a sample', async () => {
    const data = { x, y: Float64Array.from({ length: ROWS }, (_, row) => 2 * feature(row, 0) - feature(row, 3) + 0.5) };
    using model = sequential<Matrix>({ inputSize: 4, engine, layers: [dense(1)], loss: meanSquaredError() });
    const history = await model.fit(data, {
      epochs: 40,
      optimizer: adam({ learningRate: 0.02 }),
      validationData: data,
    });
    expect(Object.keys(history).sort()).toEqual(
      ['trainLoss', 'trainDataLoss', 'valLoss', 'valDataLoss', 'epochs', 'bestEpoch', 'stopReason'].sort(),
    );
    const z = outputs(model).flat();
    const predicted = model.predict(x);
    expect(predicted.shape).toEqual([ROWS, 1]);
    expectClose(predicted.data, z, { rtol: 1e-5, atol: 1e-6 });
    const evaluation = model.evaluate(data);
    expect(Object.keys(evaluation)).toEqual(['loss', 'dataLoss', 'penalty']);
    expectClose([evaluation.loss], [mean(z.map((value, i) => (value - data.y[i]) ** 2))], { rtol: 1e-3, atol: 1e-9 });
    expect(evaluation.loss).toBeLessThan(1e-3);
    // The same targets as a matrix of one column.
    expect(model.evaluate({ x, y: { data: data.y, shape: [ROWS, 1] } })).toEqual(evaluation);
  });

  test('several numbers a sample', async () => {
    const data = { x, y: targets(2, (row, column) => feature(row, column) * (column + 1)) };
    using model = sequential<Matrix>({ inputSize: 4, engine, layers: [dense(2)], loss: meanSquaredError() });
    await model.fit(data, { epochs: 40, optimizer: adam({ learningRate: 0.02 }) });
    const z = outputs(model).flat();
    expect(model.predict(x).shape).toEqual([ROWS, 2]);
    expectClose(model.predict(x).data, z, { rtol: 1e-5, atol: 1e-6 });
    // The mean over rows and outputs.
    expectClose([model.evaluate(data).loss], [mean(z.map((value, i) => (value - data.y.data[i]) ** 2))], {
      rtol: 1e-3,
      atol: 1e-9,
    });
    expect(model.evaluate(data).loss).toBeLessThan(1e-3);
  });
});

test('data losses are losses without the penalty, epoch by epoch', async () => {
  const layers = [
    dense(8, { kernelRegularizer: l1l2({ l1: 1e-2, l2: 1e-2 }), biasRegularizer: l2(0.1) }),
    relu(),
    dense(2),
  ];
  using model = sequential({ inputSize: 4, layers });
  const [train, held] = [toyData(64), toyData(32, 4, 9)];
  const penalties: number[] = [];
  const penaltyOf = () => {
    const [kernel, bias] = model.getWeights().map(({ data }) => Array.from(data));
    const squares = (w: number[]) => w.reduce((sum, value) => sum + value * value, 0);
    return 1e-2 * kernel.reduce((sum, w) => sum + Math.abs(w), 0) + 1e-2 * squares(kernel) + 0.1 * squares(bias);
  };
  let before = penaltyOf();
  const stepPenalties: number[] = [];
  const history = await model.fit(train, {
    epochs: 5,
    batchSize: 16,
    validationData: held,
    optimizer: adam({ learningRate: 0.05 }),
    callbacks: [
      {
        onBatchEnd() {
          stepPenalties.push(before);
          before = penaltyOf();
        },
        onEpochEnd: () => void penalties.push(penaltyOf()),
      },
    ],
  });
  for (const [i, loss] of history.valLoss.entries()) {
    expectClose([loss - history.valDataLoss[i]], [penalties[i]], { rtol: 1e-12 });
  }
  // Of training, the mean over the samples of the penalty at each step.
  for (const [i, loss] of history.trainLoss.entries()) {
    expectClose([loss - history.trainDataLoss[i]], [mean(stepPenalties.slice(4 * i, 4 * i + 4))], { rtol: 1e-12 });
  }
  const { loss, dataLoss, penalty } = model.evaluate(held);
  expect([loss, dataLoss]).toEqual([history.valLoss[4], history.valDataLoss[4]]);
  expect(loss).toBe(dataLoss + penalty);
  expect(history.bestEpoch).toBe(history.valDataLoss.indexOf(Math.min(...history.valDataLoss)) + 1);
});

test('the best epoch is that of the lowest loss without penalty', async () => {
  // A penalty that falls from epoch to epoch hides that the data are fitted ever worse.
  using model = sequential({ inputSize: 4, layers: [dense(2, { kernelRegularizer: l2(10) })] });
  const data = toyData(64);
  await model.fit(data, { epochs: 20, optimizer: adam({ learningRate: 0.3 }) });
  const kernel = model
    .getWeights()
    .map((array) => ({ ...array, data: array.data.map((w, i) => w + 3 * (i % 2 ? 1 : -1)) }));
  model.setWeights(kernel);
  const history = await model.fit(data, { epochs: 12, optimizer: adam({ learningRate: 0.1 }) });
  const lowest = (list: number[]) => list.indexOf(Math.min(...list)) + 1;
  expect(history.bestEpoch).toBe(lowest(history.trainDataLoss));
  expect(lowest(history.trainLoss)).toBe(12);
});

describe('metrics', () => {
  const rows = defineMetric({
    type: 'seenRows',
    describe: 'How many rows were seen',
    options: {},
    better: 'higher',
    unit: 'none',
    tasks: ['classification', 'multiLabel', 'regression'],
    start() {
      let seen = 0;
      return {
        add(batch) {
          seen += batch.rows;
        },
        value: () => seen,
      };
    },
  });
  const data = toyData(50);

  test('are recorded by name, over all rows of the epoch and of the validation data', async () => {
    using model = sequential({ inputSize: 4, layers: [dense(2)] });
    const epochs: unknown[] = [];
    const history = await model.fit(data, {
      epochs: 2,
      batchSize: 16,
      validationData: toyData(300, 4, 3),
      metrics: [rows(), macroF1()],
      onEpochEnd: (epoch) => void epochs.push(epoch),
    });
    expect(history.trainSeenRows).toEqual([50, 50]);
    expect(history.valSeenRows).toEqual([300, 300]);
    expect(history.trainMacroF1).toHaveLength(2);
    expect(history.trainAccuracy).toBeUndefined();
    expect(epochs[1]).toEqual({
      epoch: 2,
      epochs: 2,
      trainLoss: history.trainLoss[1],
      trainDataLoss: history.trainDataLoss[1],
      trainSeenRows: 50,
      trainMacroF1: history.trainMacroF1[1],
      valLoss: history.valLoss[1],
      valDataLoss: history.valDataLoss[1],
      valSeenRows: 300,
      valMacroF1: history.valMacroF1[1],
    });
    expect(model.evaluate(data, { metrics: [rows()] })).toMatchObject({ seenRows: 50 });
    expect(model.evaluate(data, { metrics: [] })).not.toHaveProperty('accuracy');
  });

  test('of training are those of the batches as they were trained on', async () => {
    using model = sequential({ inputSize: 4, layers: [dense(2)] });
    const before = model.evaluate(data).accuracy;
    const history = await model.fit(data, { epochs: 1, batchSize: 50 });
    expect(history.trainAccuracy).toEqual([before]);
  });

  const named = (type: string) =>
    defineMetric({
      type,
      options: {},
      better: 'higher',
      unit: 'none',
      tasks: ['classification'],
      start: () => ({ add() {}, value: () => 0 }),
    })();

  test.each([
    ['an optimizer', adam(), 'must be a metric. Got { type: "adam" } instead. adam() makes an optimizer.'],
    ['a name', 'accuracy', 'must be a metric. Got "accuracy" instead. Give what accuracy() returns.'],
    ['another task', named('odd'), undefined],
    ['the name of a loss', named('loss'), "The name 'loss' of a metric of Sequential.evaluate is used already."],
    ['the name of a data loss', named('dataLoss'), "The name 'dataLoss' of a metric"],
    ['the name of the penalty', named('penalty'), "The name 'penalty' of a metric"],
    ['a name that differs in a capital', named('AccuracY'), undefined],
    [
      'a name that gives the same series',
      named('Accuracy'),
      "The name 'Accuracy' of a metric of Sequential.evaluate is used already.",
    ],
  ])('%s', (_what, metric, message) => {
    using model = sequential({ inputSize: 4, layers: [dense(2)] });
    const evaluate = () => model.evaluate(data, { metrics: [accuracy(), metric as never] });
    if (message === undefined) return expect(evaluate).not.toThrow();
    expect(evaluate).toThrow(ParameterError);
    expect(evaluate).toThrow(message);
  });

  test('of another task are refused', () => {
    using model = sequential({ inputSize: 4, layers: [dense(1)], loss: meanSquaredError() });
    const real = { x: data.x, y: Float64Array.from(data.y) };
    expect(() => model.evaluate(real, { metrics: [accuracy()] })).toThrow(
      'The \'metrics[0]\' parameter of Sequential.evaluate must be a metric for regression. Got { type: "accuracy" } instead. accuracy is for classification,multiLabel.',
    );
    expect(() => model.predictProbabilities(data.x)).toThrow('This loss has no probabilities. Use predict.');
  });
});

describe('targets that do not fit the loss are refused', () => {
  const classes = sequential({ inputSize: 4, layers: [dense(2)] });
  const binary = sequential({ inputSize: 4, layers: [dense(1)], loss: binaryCrossEntropy() });
  const labels = sequential({ inputSize: 4, layers: [dense(2)], loss: binaryCrossEntropy() });
  const number = sequential({ inputSize: 4, layers: [dense(1)], loss: meanSquaredError() });
  const numbers = sequential({ inputSize: 4, layers: [dense(2)], loss: meanSquaredError() });
  const [two] = [{ data: new Float64Array(8), shape: [2, 4] as [number, number] }];
  const matrix = (columns: number, fill = 0): Matrix => ({
    data: new Float64Array(2 * columns).fill(fill),
    shape: [2, columns],
  });

  test.each<[string, Sequential, Dataset['y'], RegExp]>([
    [
      'numbers for classes',
      classes,
      new Float64Array(2),
      /'data\.y'.*an Int32Array of class indices\. Got Float64Array\(2\)/,
    ],
    ['a matrix for classes', classes, matrix(1), /an Int32Array of class indices/],
    [
      'a third class for two',
      binary,
      Int32Array.of(1, 2),
      /'data\.y\[1\]'.*a class index in the range \[0, 1\]\. Got 2/,
    ],
    [
      'classes for labels',
      labels,
      new Int32Array(2),
      /a matrix of several numbers per row\. Got Int32Array\(2\).*shape: \[rows, targets\]/,
    ],
    ['three labels for two', labels, matrix(3), /'data\.y\.shape'.*\[rows, 2\]\. Got \[2, 3\].*2 targets/],
    [
      'a label of a half',
      labels,
      matrix(2, 0.5),
      /'data\.y\.data\[0\]' parameter of Sequential\.evaluate must be 0 or 1\. Got 0\.5/,
    ],
    [
      'classes for numbers',
      number,
      new Int32Array(2),
      /a Float64Array of numbers\. Got Int32Array\(2\).*Float64Array\.from/,
    ],
    ['two numbers for one', number, matrix(2), /\[rows, 1\]\. Got \[2, 2\]/],
    ['one number for two', numbers, new Float64Array(2), /a matrix of several numbers per row\. Got Float64Array\(2\)/],
    [
      'fewer rows',
      numbers,
      { data: new Float64Array(2), shape: [1, 2] },
      /\[2, targets\], with as many rows as x\. Got \[1, 2\]/,
    ],
  ])('%s', (_what, model, y, message) => {
    expect(() => model.evaluate({ x: two, y })).toThrow(ParameterError);
    expect(() => model.evaluate({ x: two, y })).toThrow(message);
  });

  test('NaN is refused with its place', () => {
    const y = { data: Float64Array.of(0, 1, Number.NaN, 0), shape: [2, 2] as [number, number] };
    expect(() => numbers.evaluate({ x: two, y })).toThrow(NumericError);
    expect(() => numbers.evaluate({ x: two, y })).toThrow(/'data\.y'.*NaN at row 1, column 0/);
  });
});

test('a loss of a user decides what targets are and how outputs are read', async () => {
  // Three ordered classes from one output: the nearest of 0, 1, 2.
  const ordinal = defineLoss({
    type: 'ordinal',
    options: {},
    targets: 'classes',
    outputs: () => 1,
    build: (_, { outputSize }) => ({
      task: 'classification',
      classes: 3,
      targetSize: outputSize,
      integerTargets: true,
      value({ data: dOutput }, { data: output }, { data: labels }, rows) {
        let sum = 0;
        for (let i = 0; i < rows; i++) {
          const error = output[i] - labels[i];
          sum += error * error;
          dOutput[i] = (2 * error) / rows;
        }
        return sum;
      },
      classify({ data: classes }, { data: output }, rows) {
        for (let i = 0; i < rows; i++) classes[i] = Math.min(Math.max(Math.round(output[i]), 0), 2);
      },
    }),
  });
  using model = sequential({ inputSize: 4, layers: [dense(1)], loss: ordinal() });
  const y = Int32Array.from({ length: ROWS }, (_, row) =>
    Math.round(Math.min(Math.max(1 + 1.5 * feature(row, 0), 0), 2)),
  );
  const history = await model.fit(
    { x, y },
    { epochs: 30, optimizer: adam({ learningRate: 0.02 }), metrics: [accuracy(), macroF1()] },
  );
  const predicted = model.predict(x);
  expect(Math.max(...predicted)).toBe(2);
  expect(model.evaluate({ x, y }).accuracy).toBe(mean(Array.from(predicted, (label, i) => Number(label === y[i]))));
  expect(history.trainMacroF1.at(-1)).toBeGreaterThan(0.7);
  expect(() => model.predictProbabilities(x)).toThrow(/no probabilities/);
});

test('a loss for classes that cannot classify is refused', () => {
  const mute = defineLoss({
    type: 'mute',
    options: {},
    targets: 'classes',
    outputs: () => 1,
    build: () => ({ task: 'classification', classes: 2, targetSize: 1, value: () => 0 }),
  });
  const make = () => sequential({ inputSize: 4, layers: [dense(1)], loss: mute() });
  expect(make).toThrow(ParameterError);
  expect(make).toThrow(
    "The 'loss' parameter of sequential must be a loss with 'classify', being for classification. Got { type: \"mute\" }",
  );
});
