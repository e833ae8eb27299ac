// Training methods: PyTorch's values, and what goes together with what.
import { describe, expect, test } from 'vitest';
import { type Description, fromJson } from '../../src/errors/index.ts';
import { batchNormalization, dense, l2, residual, softmaxCrossEntropy, tanh } from '../../src/nn/index.ts';
import { adam, cosineDecay, sam, sgd } from '../../src/optim/index.ts';
import {
  adversarial,
  defineCallback,
  earlyStopping,
  type FitOptions,
  mixup,
  type RunContext,
  reduceLROnPlateau,
  sequential,
  snapshotEnsemble,
  swa,
} from '../../src/train/index.ts';
import { catalog } from '../catalog.ts';
import { eachEngine } from '../contracts/engines.ts';
import golden from '../golden/pytorch/methods.json' with { type: 'json' };
import { expectClose } from '../reference/close.ts';
import { toyData } from './data.ts';

const shapes = { 'dense1.kernel': [5, 7], 'dense1.bias': [7], 'dense2.kernel': [7, 3], 'dense2.bias': [3] };
const data = {
  x: { data: Float64Array.from(golden.x), shape: [golden.y.length, 5] as [number, number] },
  y: Int32Array.from(golden.y),
};

describe.each(eachEngine)("PyTorch's values on %s", (_name, engine) => {
  test.each(golden.runs)('$fit', async ({ fit, normalized, l2: strength, losses, arrays }) => {
    const kernelRegularizer = strength > 0 ? l2(strength) : undefined;
    const layers = [
      dense(7, { kernelRegularizer, useBias: !normalized }),
      ...(normalized ? [batchNormalization({ momentum: golden.momentum })] : []),
      tanh(),
      dense(3, { kernelRegularizer }),
    ];
    using model = sequential({ inputSize: 5, layers, loss: softmaxCrossEntropy(), engine });
    const start = golden.start as Record<string, number[]>;
    model.setWeights(
      model.getWeights().map(({ name, shape, data }) => {
        expect(shape).toEqual(shapes[name as keyof typeof shapes] ?? [7]);
        return { shape, data: start[name] ?? data };
      }),
    );
    const described = (kind: 'augmentation' | 'callback', list: object[] = []) =>
      list.map((json) => fromJson(kind, json, catalog)) as Description<never>[];
    const { trainLoss } = await model.fit(data, {
      epochs: golden.epochs,
      batchSize: golden.batchSize,
      shuffle: false,
      optimizer: fromJson('optimizer', fit.optimizer, catalog),
      augment: described('augmentation', (fit as { augment?: object[] }).augment),
      callbacks: described('callback', (fit as { callbacks?: object[] }).callbacks),
    });
    expectClose(trainLoss, losses, { rtol: 3e-6 });
    for (const { name, data: values } of model.getWeights()) {
      expectClose(values, (arrays as Record<string, number[]>)[name], { atol: 3e-6 });
    }
  });
});

describe('what goes together', () => {
  const fit = async (options: Partial<FitOptions>) => {
    using model = sequential({ inputSize: 4, layers: [dense(2)] });
    return await model.fit(toyData(20), { epochs: 4, validationSplit: 0.2, ...options });
  };

  test.each([
    [
      [swa(), earlyStopping()],
      'the weights that training ends with',
      'Both swa and earlyStopping do. Leave one out, or give',
    ],
    [[swa(), snapshotEnsemble(2)], 'the weights that training ends with', 'Both swa and snapshotEnsemble do.'],
    [
      [reduceLROnPlateau(), snapshotEnsemble(2)],
      'the learning rate',
      'Both reduceLROnPlateau and snapshotEnsemble do.',
    ],
    [[swa({ learningRate: 0.1 }), reduceLROnPlateau()], 'the learning rate', 'Both swa and reduceLROnPlateau do.'],
  ])('%j is refused', async (callbacks, what, who) => {
    const refused = fit({ callbacks });
    await expect(refused).rejects.toThrow(`must be a list of which one at most decides ${what}.`);
    await expect(refused).rejects.toThrow(who);
  });

  test.each([
    [[swa(), earlyStopping({ restoreBestWeights: false }), reduceLROnPlateau()], adam({ ema: 0.9 })],
    [[snapshotEnsemble(2)], sam({ optimizer: sgd({ ema: 0.9 }) })],
  ])('%j is not', async (callbacks, optimizer) => {
    await expect(fit({ callbacks, optimizer, augment: [mixup(), adversarial()] })).resolves.toMatchObject({
      epochs: 4,
    });
  });

  test('adversarial stands at the end, once', async () => {
    for (const augment of [
      [adversarial(), mixup()],
      [adversarial(), adversarial()],
    ]) {
      await expect(fit({ augment })).rejects.toThrow('must be a list with adversarial once, at its end');
    }
  });
});

test('a learning rate of 0 is one, and others than numbers from 0 on are refused', async () => {
  const begin = (change: (context: RunContext) => void) => {
    const own = defineCallback({
      type: 'own',
      options: {},
      start: () => ({ onTrainBegin: (context) => change(context as RunContext) }),
    });
    return [own()];
  };
  using model = sequential({ inputSize: 4, layers: [dense(2)] });
  const before = model.getWeights();
  await model.fit(toyData(20), { epochs: 2, callbacks: begin((context) => context.setLearningRate(0)) });
  expect(model.getWeights()).toEqual(before);
  for (const wrong of [-1, Number.NaN, '1' as unknown as number]) {
    const set = model.fit(toyData(20), { epochs: 1, callbacks: begin((context) => context.setLearningRate(wrong)) });
    await expect(set).rejects.toThrow("The 'rate' parameter of adam");
  }
});

test('the cycles of a snapshot ensemble are those of a schedule times half a cosine', async () => {
  const rates: number[] = [];
  const spy = defineCallback({
    type: 'spy',
    options: {},
    start: () => ({ onBatchEnd: (_, context) => void rates.push((context as RunContext).learningRate) }),
  });
  using model = sequential({ inputSize: 4, layers: [dense(2)] });
  const learningRate = cosineDecay({ initialLearningRate: 0.1, decaySteps: 1, alpha: 1, warmupSteps: 3 });
  const callbacks = [snapshotEnsemble(2), spy()];
  await model.fit(toyData(20), { epochs: 8, batchSize: 20, optimizer: sgd({ learningRate }), callbacks });
  const cycle = [1, 0.5 + Math.SQRT1_2 / 2, 0.5, 0.5 - Math.SQRT1_2 / 2];
  const warm = [0, 1 / 3, 2 / 3, 1, 1, 1, 1, 1];
  // After the first step; none follows the last.
  expectClose(rates.slice(0, -1), warm.map((share, step) => 0.1 * share * cycle[step % 4]).slice(1), { rtol: 1e-12 });
});

test('a second fit forgets snapshots, and those of a stopped one are what there was', async () => {
  using model = sequential({ inputSize: 4, layers: [dense(2)] });
  const stopped = {
    onEpochEnd: ({ epoch }: { epoch: number }, { stop }: { stop(): void }) => void (epoch === 5 && stop()),
  };
  await model.fit(toyData(20), { epochs: 8, callbacks: [snapshotEnsemble(4), stopped] });
  expect(model.getSnapshots()).toHaveLength(2);
  await model.fit(toyData(20), { epochs: 1 });
  expect(model.getSnapshots()).toEqual([]);
});

test('swa that would begin after the last epoch is refused', async () => {
  const fit = async (start: number) => {
    using model = sequential({ inputSize: 4, layers: [dense(2)] });
    return await model.fit(toyData(20), { epochs: 4, callbacks: [swa({ start })] });
  };
  await expect(fit(5)).rejects.toThrow("The 'start' parameter of swa must be at most the epochs (4). Got 5 instead.");
  await expect(fit(4)).resolves.toMatchObject({ epochs: 4 });
});

test('the statistics of swa are those of the training data, also inside a block', async () => {
  const train = toyData(40);
  const block = residual([batchNormalization(), dense(4), tanh()]);
  using model = sequential({ inputSize: 4, layers: [block, dense(2)] });
  await model.fit(train, { epochs: 4, batchSize: 40, callbacks: [swa({ start: 2 })] });
  const [{ data: mean }] = model.getWeights().filter(({ name }) => name.endsWith('movingMean'));
  const column = (j: number) => Array.from(train.x.data).filter((_, i) => i % 4 === j);
  const means = Array.from(mean, (_, j) => column(j).reduce((sum, value) => sum + value) / 40);
  expectClose(mean, means, { atol: 1e-6 });
});
