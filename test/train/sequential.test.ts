// The model as users hold it: seeds, streams, memory, weights, inference, lifetime and its errors.
import { describe, expect, test } from 'vitest';
import { createEngine } from '../../src/backend/index.ts';
import { AbortError, type Description, DisposedError, NumericError, ParameterError } from '../../src/errors/index.ts';
import { accuracy } from '../../src/metrics/index.ts';
import { defineLoss, dense, dropout, l1, l1l2, l2, relu, softmaxCrossEntropy } from '../../src/nn/index.ts';
import { adam, sgd } from '../../src/optim/index.ts';
import { type FitOptions, sequential } from '../../src/train/index.ts';
import { expectClose } from '../reference/close.ts';
import { toyData } from './data.ts';

const train = toyData(100);
const layers = (rate = 0.5) => [dense(8), relu(), dropout(rate), dense(2)];
const weightsOf = (model: ReturnType<typeof sequential>) => model.getWeights().map(({ data }) => [...data]);

describe('seeds', () => {
  async function trained(seed: number, options = {}) {
    using model = sequential({ inputSize: 4, seed, layers: layers() });
    const history = await model.fit(train, { epochs: 3, batchSize: 16, ...options });
    return { weights: weightsOf(model), history };
  }

  test('the same seed gives the same bits, another seed others', async () => {
    expect(await trained(1)).toEqual(await trained(1));
    expect((await trained(1)).weights).not.toEqual((await trained(2)).weights);
  });

  describe('streams are apart', () => {
    /** Initial weights, and the order in which the rows come: each row's target is its number. */
    async function seen(layers: Description<'layer'>[], options: Partial<FitOptions> = {}) {
      const rows: number[] = [];
      const recording = defineLoss({
        type: 'recording',
        options: {},
        targets: 'values',
        outputs: () => 1,
        build: () => ({
          task: 'regression',
          targetSize: 1,
          value(dOutput, _output, { data }, count) {
            rows.push(...data.subarray(0, count));
            dOutput.data.fill(0);
            return 0;
          },
        }),
      });
      using model = sequential({ inputSize: 4, seed: 1, layers: [...layers, dense(1)], loss: recording() });
      const initial = weightsOf(model);
      const y = Float64Array.from(train.y, (_, row) => row);
      await model.fit({ x: train.x, y }, { epochs: 2, ...options });
      return { initial, orders: [rows.slice(0, y.length), rows.slice(y.length)] };
    }
    const inOrder = Array.from(train.y, (_, row) => row);
    const sorted = (order: number[]) => [...order].sort((a, b) => a - b);

    test('every epoch has an order of its own, and all rows', async () => {
      const { orders } = await seen([dense(8)]);
      for (const order of orders) {
        expect(sorted(order)).toEqual(inOrder);
        expect(order).not.toEqual(inOrder);
      }
      expect(orders[0]).not.toEqual(orders[1]);
    });

    test('without shuffling, initial weights stay the same', async () => {
      const [shuffled, plain] = [await seen([dense(8)]), await seen([dense(8)], { shuffle: false })];
      expect(plain.orders).toEqual([inOrder, inOrder]);
      expect(plain.initial).toEqual(shuffled.initial);
    });

    test.each([
      ['dropout of 0', [dense(8), dropout(0)]],
      ['dropout of 0.9', [dense(8), dropout(0.9)]],
      ['dropout of the input', [dropout(0.5), dense(8)]],
      ['relu', [dense(8), relu()]],
    ])('%s changes neither order nor initial weights', async (_name, layers) => {
      expect(await seen(layers)).toEqual(await seen([dense(8)]));
    });
  });

  test('two fits go on: they do not repeat the orders and masks of the first', async () => {
    const fits = async (epochs: number[]) => {
      using model = sequential({ inputSize: 4, seed: 1, layers: layers() });
      for (const count of epochs) await model.fit(train, { epochs: count, optimizer: sgd() });
      return weightsOf(model);
    };
    expect(await fits([2, 3])).toEqual(await fits([5])); // plain SGD has no state to lose
  });
});

describe('dropout', () => {
  /** The masks of two steps, seen through a network that passes ones on and is not changed by training. */
  test('draws a new mask at every step, in every layer, and none at inference', async () => {
    const n = 64;
    const x = { data: new Float64Array(n).fill(1), shape: [1, n] as [number, number] };
    const data = { x, y: Int32Array.of(0) };
    using model = sequential({
      inputSize: n,
      seed: 5,
      layers: [dropout(0.5), dense(2, { kernelInitializer: 'zeros' })],
    });
    const masks: string[] = [];
    for (let step = 0; step < 20; step++) {
      // From zero weights, the gradient of column 1 is mask · 2 · ½, so the update shows the mask.
      model.setWeights(model.getWeights().map((array) => ({ ...array, data: array.data.fill(0) })));
      await model.fit(data, { epochs: 1, optimizer: sgd({ learningRate: 1 }) });
      const kernel = model.getWeights()[0].data;
      const units = Array.from({ length: n }, (_, i) => kernel[2 * i]);
      for (const unit of units) expect([0, 1]).toContain(unit);
      masks.push(units.join(''));
    }
    expect(new Set(masks).size).toBe(20);
    const kept = masks.join('').split('1').length - 1;
    expect(Math.abs(kept - 640)).toBeLessThan(4 * Math.sqrt(320));
    const probabilities = model.predictProbabilities(x);
    expect(model.predictProbabilities(x)).toEqual(probabilities);
  });

  test('inference is the identity', () => {
    using plain = sequential({ inputSize: 4, seed: 9, layers: [dense(8), relu(), dense(2)] });
    using dropped = sequential({
      inputSize: 4,
      seed: 9,
      layers: [dropout(0.9), dense(8), relu(), dropout(0.5), dense(2)],
    });
    expect(dropped.predictProbabilities(train.x)).toEqual(plain.predictProbabilities(train.x));
    expect(dropped.evaluate(train)).toEqual(plain.evaluate(train));
  });
});

describe('inference', () => {
  test('predict, predictProbabilities and evaluate agree, across chunks', () => {
    const data = toyData(700);
    using model = sequential({ inputSize: 4, layers: layers() });
    const { data: p, shape } = model.predictProbabilities(data.x);
    expect(shape).toEqual([700, 2]);
    const classes = model.predict(data.x);
    let loss = 0;
    let correct = 0;
    for (let i = 0; i < 700; i++) {
      expectClose([p[2 * i] + p[2 * i + 1]], [1], { atol: 1e-6 });
      expect(classes[i]).toBe(p[2 * i + 1] > p[2 * i] ? 1 : 0);
      loss -= Math.log(p[2 * i + data.y[i]]) / 700;
      if (classes[i] === data.y[i]) correct++;
    }
    const evaluation = model.evaluate(data);
    expectClose([evaluation.dataLoss], [loss], { rtol: 1e-5 });
    expect(evaluation.accuracy).toBe(correct / 700);
    expect(evaluation.penalty).toBe(0);
    expect(evaluation.loss).toBe(evaluation.dataLoss);
  });

  test('no rows give no predictions', () => {
    using model = sequential({ inputSize: 4, layers: [dense(3)] });
    const empty = { data: new Float64Array(0), shape: [0, 4] as [number, number] };
    expect(model.predict(empty)).toEqual(new Int32Array(0));
    expect(model.predictProbabilities(empty)).toEqual({ data: new Float32Array(0), shape: [0, 3] });
  });

  test('loss = dataLoss + penalty, on kernels only', () => {
    using model = sequential({
      inputSize: 4,
      layers: [
        dense(8, { kernelRegularizer: l1l2({ l1: 0.1, l2: 0.2 }) }),
        relu(),
        dense(2, { kernelRegularizer: l2(0.5) }),
      ],
    });
    const weights = model.getWeights();
    for (const array of weights) if (array.name.endsWith('bias')) array.data.fill(100);
    model.setWeights(weights);
    const { loss, dataLoss, penalty } = model.evaluate(train);
    const sum = (data: Float32Array, f: (w: number) => number) => data.reduce((total, w) => total + f(w), 0);
    const expected =
      sum(weights[0].data, (w) => 0.1 * Math.abs(w) + 0.2 * w * w) + sum(weights[2].data, (w) => 0.5 * w * w);
    expectClose([penalty], [expected], { rtol: 1e-12 });
    expect(loss).toBe(dataLoss + penalty);
  });
});

describe('weights', () => {
  test('are named, shaped and copied; a round trip changes nothing', () => {
    using model = sequential({ inputSize: 4, layers: layers() });
    const weights = model.getWeights();
    expect(weights.map(({ name, shape }) => [name, shape])).toEqual([
      ['dense1.kernel', [4, 8]],
      ['dense1.bias', [8]],
      ['dense2.kernel', [8, 2]],
      ['dense2.bias', [2]],
    ]);
    const before = weightsOf(model);
    weights[0].data.fill(7);
    expect(weightsOf(model)).toEqual(before);
    model.setWeights(weights);
    expect(weightsOf(model)[0]).toEqual(new Array(32).fill(7));
  });

  test('start He-normal, with zero biases', () => {
    using model = sequential({ inputSize: 200, layers: [dense(500)] });
    const [kernel, bias] = model.getWeights();
    const mean = kernel.data.reduce((a, b) => a + b, 0) / kernel.data.length;
    const variance = kernel.data.reduce((a, b) => a + b * b, 0) / kernel.data.length;
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(0.01 / 1e5));
    expect(Math.abs(variance - 0.01)).toBeLessThan(4 * 0.01 * Math.sqrt(2 / 1e5));
    expect(bias.data.every((b) => b === 0)).toBe(true);
  });

  test('Glorot-uniform and zeros', () => {
    using model = sequential({
      inputSize: 100,
      layers: [
        dense(50, { kernelInitializer: 'glorotUniform' }),
        dense(3, { kernelInitializer: 'zeros', useBias: false }),
      ],
    });
    const [glorot, , zeros] = model.getWeights();
    const bound = Math.sqrt(6 / 150);
    expect(Math.max(...glorot.data.map(Math.abs))).toBeLessThanOrEqual(bound);
    expect(Math.max(...glorot.data.map(Math.abs))).toBeGreaterThan(0.99 * bound);
    expect(zeros.data.every((w) => w === 0)).toBe(true);
    expect(model.getWeights()).toHaveLength(3);
  });

  test('summary lists layers and parameters', () => {
    using model = sequential({
      inputSize: 4,
      layers: [dense(8, { kernelRegularizer: l1(0.01) }), relu(), dropout(0.5), dense(2)],
    });
    expect(model.parameterCount).toBe(4 * 8 + 8 + 8 * 2 + 2);
    expect(model.summary()).toBe(
      [
        'layer                               output  parameters',
        'input                                    4           0',
        'dense 8, kernelRegularizer l1 0.01       8          40',
        'relu                                     8           0',
        'dropout 0.5                              8           0',
        'dense 2                                  2          18',
        'total: 58 parameters',
      ].join('\n'),
    );
  });
});

describe('memory', () => {
  const engine = createEngine();
  /** Bytes of linear memory, seen through the buffer of a fresh tensor. */
  const size = () => {
    const probe = engine.backend.float32(1);
    const { byteLength } = probe.data.buffer;
    engine.backend.free(probe);
    return byteLength;
  };

  test('is flat over 10,000 steps and 10,000 models', async () => {
    using model = sequential({ inputSize: 4, engine, layers: layers() });
    await model.fit(train, { epochs: 1, batchSize: 10 });
    const before = size();
    await model.fit(train, { epochs: 1000, batchSize: 10 });
    expect(size()).toBe(before);
    for (let i = 0; i < 10_000; i++) sequential({ inputSize: 40, engine, layers: layers() }).dispose();
    expect(size()).toBe(before);
  });

  test('a model whose classes are refused gives its memory back', () => {
    const make = () => sequential({ inputSize: 40, engine, layers: layers(), classes: ['one'] });
    expect(make).toThrow("The 'classes' parameter of sequential must be labels of");
    const before = size();
    for (let i = 0; i < 1000; i++) expect(make).toThrow();
    expect(size()).toBe(before);
  });

  test('views outlive growth', async () => {
    using model = sequential({ inputSize: 4, engine, layers: layers() });
    const before = weightsOf(model);
    const bytes = size();
    using big = sequential({ inputSize: 2000, engine, layers: [dense(2000)] });
    expect(big.parameterCount).toBe(2000 * 2001);
    expect(size()).toBeGreaterThan(bytes);
    expect(weightsOf(model)).toEqual(before);
    await model.fit(train, { epochs: 1 });
  });

  test('an array that is too large is a clear error, and the engine goes on', async () => {
    expect(() => sequential({ inputSize: 40_000, engine, layers: [dense(40_000)] })).toThrow(
      /^WebAssembly memory is exhausted: 6400000000 bytes more were asked for, \d+ are in use\. Use a smaller batch or network/,
    );
    using model = sequential({ inputSize: 4, engine, layers: layers() });
    await model.fit(train, { epochs: 1 });
  });
});

describe('lifetime', () => {
  test('a disposed model says so, disposing twice is harmless', async () => {
    const model = sequential({ inputSize: 4, layers: layers() });
    model.dispose();
    model.dispose();
    for (const use of [
      () => model.getWeights(),
      () => model.setWeights([]),
      () => model.evaluate(train),
      () => model.predict(train.x),
      () => model.predictProbabilities(train.x),
    ]) {
      expect(use).toThrow(DisposedError);
      expect(use).toThrow(/model has been disposed.*sequential\(\)/);
    }
    await expect(model.fit(train, { epochs: 1 })).rejects.toThrow(DisposedError);
  });

  test('disposing during fit ends it with an error', async () => {
    const model = sequential({ inputSize: 4, layers: layers() });
    const training = model.fit(train, { epochs: 5, onEpochEnd: () => model.dispose() });
    await expect(training).rejects.toThrow(DisposedError);
  });

  test.each([1, 2])('disposing after batch %i of two ends it before freed memory is used', async (last) => {
    const model = sequential({ inputSize: 4, layers: layers() });
    const options = { epochs: 1, batchSize: Math.ceil(train.y.length / 2), validationData: train };
    const onBatchEnd = ({ step }: { step: number }) => void (step === last && model.dispose());
    await expect(model.fit(train, { ...options, callbacks: [{ onBatchEnd }] })).rejects.toThrow(/being trained/);
  });

  test('an aborted fit rejects with the history so far; the model can be trained again', async () => {
    using model = sequential({ inputSize: 4, layers: layers() });
    const controller = new AbortController();
    const training = model.fit(train, {
      epochs: 1000,
      signal: controller.signal,
      onEpochEnd: ({ epoch }) => (epoch === 3 ? controller.abort(new Error('enough')) : undefined),
    });
    const error = await training.catch((reason: unknown) => reason as AbortError);
    expect(error).toBeInstanceOf(AbortError);
    expect(error).toMatchObject({ name: 'AbortError', cause: new Error('enough'), history: { epochs: 3 } });
    expect((error as Error).message).toMatch(/epoch 4 of 1000.*'signal'/);
    await expect(model.fit(train, { epochs: 1, signal: AbortSignal.abort() })).rejects.toThrow(AbortError);
    expect((await model.fit(train, { epochs: 1 })).epochs).toBe(1);
  });

  test('other tasks have their turns while a long fit runs', async () => {
    using model = sequential({ inputSize: 4, layers: layers() });
    const controller = new AbortController();
    let turns = 0;
    const task = () => {
      if (++turns === 3) controller.abort();
      else setTimeout(task);
    };
    setTimeout(task);
    await expect(model.fit(toyData(5000), { epochs: 1e6, signal: controller.signal })).rejects.toThrow(AbortError);
    expect(turns).toBe(3);
  });

  test('one fit at a time', async () => {
    using model = sequential({ inputSize: 4, layers: layers() });
    const first = model.fit(train, { epochs: 2 });
    await expect(model.fit(train, { epochs: 1 })).rejects.toThrow(/being trained already/);
    expect((await first).epochs).toBe(2);
  });
});

describe('bad input', () => {
  const x = { data: new Float64Array(8), shape: [2, 4] as [number, number] };
  const y = Int32Array.of(0, 1);
  const bad = (change: (data: Float64Array) => void) => {
    const data = new Float64Array(8);
    change(data);
    return { x: { data, shape: [2, 4] as [number, number] }, y };
  };

  test.each([
    [
      'inputSize 0',
      () => sequential({ inputSize: 0, layers: [dense(2)] }),
      ParameterError,
      /'inputSize' parameter of sequential must be an integer in the range \[1, inf\)\. Got 0/,
    ],
    [
      'no layers',
      () => sequential({ inputSize: 2, layers: [] }),
      ParameterError,
      /'layers'.*non-empty array of layers.*Use \[dense/,
    ],
    [
      'a function for a layer',
      () => sequential({ inputSize: 2, layers: [dense as never] }),
      ParameterError,
      "The 'layers[0]' parameter of sequential must be a layer. Got function dense instead. Give what dense() returns.",
    ],
    [
      'an optimizer for a layer',
      () => sequential({ inputSize: 2, layers: [dense(2), adam() as never] }),
      ParameterError,
      'The \'layers[1]\' parameter of sequential must be a layer. Got { type: "adam" } instead. adam() makes an optimizer.',
    ],
    [
      'bare JSON for a layer',
      () => sequential({ inputSize: 2, layers: [{ type: 'dense', units: 2 } as never] }),
      ParameterError,
      'The \'layers[0]\' parameter of sequential must be a layer. Got { type: "dense", … } instead. This is bare JSON: give it to layerFromJson() first.',
    ],
    [
      'a metric for a loss',
      () => sequential({ inputSize: 2, layers: [dense(2)], loss: accuracy() as never }),
      ParameterError,
      'The \'loss\' parameter of sequential must be a loss. Got { type: "accuracy" } instead. accuracy() makes a metric.',
    ],
    ['seed −1', () => sequential({ inputSize: 2, layers: [dense(2)], seed: -1 }), ParameterError, /'seed'.*Got -1/],
    [
      'seed 2³²',
      () => sequential({ inputSize: 2, layers: [dense(2)], seed: 2 ** 32 }),
      ParameterError,
      /'seed'.*4294967295/,
    ],
    [
      'unknown option',
      () => sequential({ inputSize: 2, layer: [dense(2)] } as never),
      ParameterError,
      /Unknown option 'layer' of sequential\. Did you mean 'layers'/,
    ],
    [
      'no engine',
      () => sequential({ inputSize: 2, layers: [dense(2)], engine: {} as never }),
      ParameterError,
      /'engine'.*createEngine/,
    ],
    [
      'rate 1',
      () => dropout(1),
      ParameterError,
      /'rate' parameter of dropout must be a number in the range \[0, 1\)\. Got 1/,
    ],
    ['rate −0.1', () => dropout(-0.1), ParameterError, /'rate'.*Got -0\.1/],
    ['rate NaN', () => dropout(Number.NaN), ParameterError, /'rate'.*Got NaN/],
    [
      'negative l1',
      () => l1(-1),
      ParameterError,
      /'l1' parameter of l1 must be a number in the range \[0, inf\)\. Got -1/,
    ],
    [
      'negative l2',
      () => l2(-1e-3),
      ParameterError,
      /'l2' parameter of l2 must be a number in the range \[0, inf\)\. Got -0\.001/,
    ],
    ['l2 ∞', () => l2(Number.POSITIVE_INFINITY), ParameterError, /Got Infinity/],
    ['l1l2 key', () => l1l2({ l1: 0, L2: 0 } as never), ParameterError, /Unknown option 'L2' of l1l2\. Did you mean/],
    ['units 0', () => dense(0), ParameterError, /'units' parameter of dense.*Got 0/],
    ['units 1.5', () => dense(1.5), ParameterError, /'units'.*Got 1.5/],
    [
      'initializer',
      () => dense(2, { kernelInitializer: 'heNorma' as never }),
      ParameterError,
      /must be an initializer or one of 'heNormal', .*'constant'\. Got "heNorma" instead\. Did you mean 'heNormal'\?/,
    ],
    [
      'regularizer',
      () => dense(2, { kernelRegularizer: 0.1 as never }),
      ParameterError,
      /'kernelRegularizer'.*a regularizer.*Got 0\.1.*Use l1/,
    ],
    [
      'learning rate 0',
      () => adam({ learningRate: 0 }),
      ParameterError,
      /'learningRate' parameter of adam.*\(0, inf\)\. Got 0/,
    ],
    ['beta1 1', () => adam({ beta1: 1 }), ParameterError, /'beta1'.*\[0, 1\)\. Got 1/],
    ['momentum 1', () => sgd({ momentum: 1 }), ParameterError, /'momentum' parameter of sgd.*Got 1/],
    ['unknown optimizer option', () => sgd({ lr: 1 } as never), ParameterError, /Unknown option 'lr' of sgd/],
    ['backend', () => createEngine({ backend: 'gpu' as never }), ParameterError, /'backend'.*'wasm', 'js'.*Got "gpu"/],
    ['numerics', () => createEngine({ numerics: 'fats' as never }), ParameterError, /Did you mean 'fast'/],
    [
      'shape mismatch',
      () => sequential({ inputSize: 3, layers: [dense(2)] }).evaluate({ x, y }),
      ParameterError,
      "The 'data.x.shape' parameter of Sequential.evaluate must be [rows, 3]. Got [2, 4] instead. Give every sample 3 features.",
    ],
    [
      'length mismatch',
      () => sequential({ inputSize: 4, layers: [dense(2)] }).predict({ data: new Float64Array(7), shape: [2, 4] }),
      ParameterError,
      "The 'x.data' parameter of Sequential.predict must be as long as its shape 2 × 4 says (8). Got Float64Array(7) instead.",
    ],
    [
      'label too large',
      () => sequential({ inputSize: 4, layers: [dense(2)] }).evaluate({ x, y: Int32Array.of(0, 2) }),
      ParameterError,
      "The 'data.y[1]' parameter of Sequential.evaluate must be a class index in the range [0, 1]. Got 2 instead. Number the classes from 0;",
    ],
    [
      'label negative',
      () => sequential({ inputSize: 4, layers: [dense(2)] }).evaluate({ x, y: Int32Array.of(-1, 0) }),
      ParameterError,
      "The 'data.y[0]' parameter of Sequential.evaluate must be a class index in the range [0, 1]. Got -1 instead.",
    ],
    [
      'labels missing',
      () => sequential({ inputSize: 4, layers: [dense(2)] }).evaluate({ x, y: Int32Array.of(0) }),
      ParameterError,
      "The 'data.y' parameter of Sequential.evaluate must be as long as x has rows (2). Got Int32Array(1) instead.",
    ],
    [
      'empty data',
      () =>
        sequential({ inputSize: 4, layers: [dense(2)] }).evaluate({
          x: { data: new Float64Array(0), shape: [0, 4] },
          y: new Int32Array(0),
        }),
      ParameterError,
      "The 'data.x.shape' parameter of Sequential.evaluate must be at least one row long. Got [0, 4] instead.",
    ],
    [
      'NaN',
      () => sequential({ inputSize: 4, layers: [dense(2)] }).evaluate(bad((d) => d.fill(Number.NaN, 6, 7))),
      NumericError,
      /NaN.*row 1.*column 2/,
    ],
    [
      '∞',
      () =>
        sequential({ inputSize: 4, layers: [dense(2)] }).predict(bad((d) => d.fill(Number.POSITIVE_INFINITY, 0, 1)).x),
      NumericError,
      /Infinity.*row 0.*column 0/,
    ],
    [
      'weights: count',
      () => sequential({ inputSize: 4, layers: [dense(2)] }).setWeights([]),
      ParameterError,
      "The 'weights' parameter of Sequential.setWeights must be an array of 2 arrays, as getWeights gives them. Got [] instead.",
    ],
    [
      'weights: shape',
      () =>
        sequential({ inputSize: 1, layers: [dense(2)] }).setWeights([
          { shape: [2, 1], data: [1, 2] },
          { shape: [2], data: [1, 2] },
        ]),
      ParameterError,
      "The 'weights[0].shape' parameter of Sequential.setWeights must be [1, 2] (dense1.kernel). Got [2, 1] instead.",
    ],
    [
      'weights: length',
      () =>
        sequential({ inputSize: 1, layers: [dense(2)] }).setWeights([
          { shape: [1, 2], data: [1, 2, 3] },
          { shape: [2], data: [1, 2] },
        ]),
      ParameterError,
      "The 'weights[0].data' parameter of Sequential.setWeights must be 2 numbers (dense1.kernel). Got [1, 2, 3] instead.",
    ],
    [
      'weights: NaN',
      () =>
        sequential({ inputSize: 1, layers: [dense(1)] }).setWeights([
          { shape: [1, 1], data: [Number.NaN] },
          { shape: [1], data: [0] },
        ]),
      NumericError,
      /NaN at dense1\.kernel\[0\]/,
    ],
  ] as const)('%s', (_name, use, type, message) => {
    expect(use).toThrow(type);
    expect(use).toThrow(message);
  });

  test.each([
    ['batch size 0', { epochs: 1, batchSize: 0 }, /'batchSize' parameter of Sequential\.fit.*\[1, inf\)\. Got 0/],
    ['epochs 0', { epochs: 0 }, /'epochs'.*Got 0/],
    ['no epochs', {}, /'epochs'.*Got undefined/],
    [
      'unknown option',
      { epochs: 1, batchsize: 8 },
      /Unknown option 'batchsize' of Sequential\.fit\. Did you mean 'batchSize'/,
    ],
    [
      'name of an optimizer',
      { epochs: 1, optimizer: 'adam' },
      /'optimizer' parameter of Sequential\.fit must be an optimizer\. Got "adam" instead\. Give what adam\(\) returns/,
    ],
    [
      'loss for an optimizer',
      { epochs: 1, optimizer: softmaxCrossEntropy() },
      /'optimizer'.*must be an optimizer\. .*softmaxCrossEntropy\(\) makes a loss\./,
    ],
    [
      'callbacks',
      { epochs: 1, callbacks: {} },
      /'callbacks' parameter of Sequential\.fit must be an array of callbacks\. Got \{\}/,
    ],
    [
      'a callback',
      { epochs: 1, callbacks: [{}, 3] },
      /'callbacks\[1\]' parameter of Sequential\.fit must be a callback\. Got 3/,
    ],
    [
      'a layer for a callback',
      { epochs: 1, callbacks: [relu()] },
      /'callbacks\[0\]' parameter of Sequential\.fit must be a callback\. .*relu\(\) makes a layer\./,
    ],
    [
      'a misspelt hook',
      { epochs: 1, callbacks: [{ onEpochend() {} }] },
      /Unknown option 'onEpochend' of callbacks\[0\] of Sequential\.fit\. Did you mean 'onEpochEnd'\?/,
    ],
    [
      'a hook that does not exist',
      { epochs: 1, callbacks: [{ onLoss() {} }] },
      /Unknown option 'onLoss' of callbacks\[0\] of Sequential\.fit\. Known options: onTrainBegin, onBatchEnd, onEpochEnd, onTrainEnd/,
    ],
    ['metrics', { epochs: 1, metrics: accuracy() }, /'metrics' parameter.*a list of metrics.*Use \[accuracy\(\)\]/],
    [
      'metric twice',
      { epochs: 1, metrics: [accuracy(), accuracy()] },
      /The name 'accuracy' of a metric of Sequential\.fit is used already\. Give each metric once/,
    ],
    ['signal', { epochs: 1, signal: true }, /'signal'.*AbortSignal/],
    ['onEpochEnd', { epochs: 1, onEpochEnd: 3 }, /'onEpochEnd'.*function/],
    [
      'validation data',
      { epochs: 1, validationData: { x: { data: new Float64Array(3), shape: [1, 3] }, y: Int32Array.of(0) } },
      /'validationData\.x\.shape' parameter of Sequential\.fit must be \[rows, 4\]\. Got \[1, 3\]/,
    ],
  ])('fit: %s', async (_name, options, message) => {
    using model = sequential({ inputSize: 4, layers: [dense(2)] });
    const before = weightsOf(model);
    const training = model.fit(train, options as never);
    await expect(training).rejects.toThrow(ParameterError);
    await expect(training).rejects.toThrow(message);
    expect(weightsOf(model)).toEqual(before);
  });
});

describe('a model that begins with given weights', () => {
  const layers = [dense(3), relu(), dropout(0.5), dense(2)];
  const model = sequential({ inputSize: 4, seed: 7, layers });
  const make = (change: object) => sequential({ ...model.toJSON(), weights: model.getWeights(), ...change });

  test('is a copy, in whichever order they are', async () => {
    await model.fit(train, { epochs: 2 });
    for (const weights of [model.getWeights(), model.getWeights().reverse()]) {
      using copy = make({ weights });
      expect(copy.toJSON()).toEqual(model.toJSON());
      expect(weightsOf(copy)).toEqual(weightsOf(model));
    }
  });

  test('refuses others', () => {
    const weights = model.getWeights();
    const rule = "The 'weights' parameter of sequential must be ";
    expect(() => make({ weights: weights.slice(1) })).toThrow(
      `${rule}arrays by name, among them 'dense1.kernel' of shape [4, 3].`,
    );
    expect(() => make({ inputSize: 3 })).toThrow("among them 'dense1.kernel' of shape [3, 3].");
    expect(() => make({ weights: [...weights, { name: 'other', shape: [0], data: [] }] })).toThrow(
      `${rule}those 4 that the layers have.`,
    );
    expect(() => make({ weights: 3 })).toThrow(/'weights' .* must be/);
    expect(() => make({ weights: [null, ...weights] })).toThrow(/'weights' .* must be/);
    weights[0].data[1] = Number.NaN;
    expect(() => make({ weights })).toThrow(
      'The weights of sequential must be finite float32. Got NaN at dense1.kernel[1].',
    );
    expect(() => make({ trained: { steps: -1 } })).toThrow(/'steps' parameter of sequential's trained/);
  });
});
