// Early stopping: the state diagram (improve, wait, stop), restoring however training ends, and its errors.
import { describe, expect, test } from 'vitest';
import { DisposedError, NumericError, ParameterError } from '../../src/errors/index.ts';
import { batchNormalization, defineLoss, dense, relu } from '../../src/nn/index.ts';
import { sgd } from '../../src/optim/index.ts';
import { type Callback, type EpochEnd, earlyStopping, type Sequential, sequential } from '../../src/train/index.ts';
import { toyData } from './data.ts';

// A loss and an accuracy that a test dictates, with gradient 0.
let dictated = 0;
const scripted = defineLoss({
  type: 'scripted',
  options: {},
  targets: 'classes',
  outputs: () => 2,
  build: () => ({
    task: 'classification',
    classes: 2,
    targetSize: 1,
    integerTargets: true,
    value(dOutput, _output, _targets, rows) {
      dOutput.data.fill(0);
      return rows * dictated;
    },
    classify: ({ data }) => void data.fill(0),
    countCorrect: (_output, _targets, rows) => rows * (1 - dictated),
  }),
});

/**
 * Fits with a sequence of validation losses, and an epoch more with the last one. Every weight is the number of its epoch.
 * Returns the epoch after which it stops (0: never), that of the weights that are left, and the history's best one.
 */
async function simulate(losses: number[], options: Parameters<typeof earlyStopping>[0]) {
  using model = sequential({ inputSize: 4, layers: [dense(2)], loss: scripted() });
  const data = toyData(1);
  const { epochs, bestEpoch, stopReason } = await model.fit(data, {
    epochs: losses.length + 1,
    optimizer: sgd(),
    validationData: data,
    callbacks: [
      {
        onBatchEnd({ step }) {
          dictated = losses[Math.min(step, losses.length) - 1];
          model.setWeights(model.getWeights().map((array) => ({ ...array, data: array.data.fill(step) })));
        },
      },
      earlyStopping(options),
    ],
  });
  return { stopped: stopReason === 'stopped' ? epochs : 0, weights: model.getWeights()[0].data[0], bestEpoch };
}

describe('state diagram', () => {
  test.each([
    ['improves always', [5, 4, 3, 2, 1], { patience: 2 }, 0, 5],
    ['stops after patience epochs without improvement', [5, 4, 4.5, 4.6, 1], { patience: 2 }, 4, 2],
    ['an equal loss is no improvement', [5, 5, 5], { patience: 2 }, 3, 1],
    ['an improvement resets the counter', [5, 6, 4, 6, 6, 3], { patience: 3 }, 0, 6],
    ['minDelta must be exceeded', [5, 4.95, 4.9, 4.8], { patience: 2, minDelta: 0.1 }, 3, 1],
    ['an improvement of exactly minDelta does not count', [4, 3.5, 3], { patience: 2, minDelta: 0.5 }, 0, 3],
    ['patience 1 stops at the first', [5, 6, 1], { patience: 1 }, 2, 1],
    ['patience 0 does, too', [5, 6, 1], { patience: 0 }, 2, 1],
    ['accuracies improve upwards', [0.5, 0.4, 0.6, 0.6], { patience: 2, monitor: 'valAccuracy' }, 4, 2],
    ['the loss without penalty can be watched', [5, 4, 6, 6], { patience: 2, monitor: 'valDataLoss' }, 4, 2],
  ] as const)('%s', async (_name, losses, options, stopped, restored) => {
    expect(await simulate([...losses], options)).toEqual({ stopped, weights: restored, bestEpoch: restored });
  });

  test('without restoring, weights are left alone, and the best epoch is that of the lowest loss', async () => {
    expect(await simulate([3, 2, 4], { patience: 5, restoreBestWeights: false })).toEqual({
      stopped: 0,
      weights: 4,
      bestEpoch: 2,
    });
  });
});

describe('restores the best weights however training ends', () => {
  const train = toyData(64);
  const validationData = toyData(64, 4, 50);
  const make = (seed = 3) => sequential({ inputSize: 4, seed, layers: [dense(16), relu(), dense(2)] });
  const arrays = (model: Pick<Sequential, 'getWeights'>) => model.getWeights().map(({ data }) => data);

  /** Overfits (large rate), so that the best epoch is not the last, and records the arrays of every epoch. */
  async function run(ending: Callback & { signal?: AbortSignal }, model = make()) {
    const weights: Float32Array[][] = [];
    const losses: number[] = [];
    const recorder: Callback = {
      onEpochEnd({ valLoss }: EpochEnd, context) {
        weights.push(arrays(context.model as Sequential));
        losses.push(valLoss as number);
      },
    };
    const { signal, ...callback } = ending;
    const outcome = await model
      .fit(train, {
        epochs: 60,
        batchSize: 8,
        optimizer: sgd({ learningRate: 0.5 }),
        validationData,
        callbacks: [recorder, earlyStopping({ patience: 1000 }), callback],
        ...(signal ? { signal } : {}),
      })
      .catch((error: unknown) => error);
    const best = losses.indexOf(Math.min(...losses));
    expect(best).toBeLessThan(losses.length - 1);
    expect(arrays(model)).toEqual(weights[best]);
    expect(model.evaluate(validationData).loss).toBe(losses[best]);
    return { outcome, best: best + 1, epochs: losses.length };
  }

  test('at the last epoch', async () => {
    const { outcome, best } = await run({});
    expect(outcome).toMatchObject({ epochs: 60, bestEpoch: best, stopReason: 'completed' });
  });

  test('when another callback stops', async () => {
    const { outcome, best } = await run({ onEpochEnd: ({ epoch }, { stop }) => (epoch === 50 ? stop() : undefined) });
    expect(outcome).toMatchObject({ epochs: 50, bestEpoch: best, stopReason: 'stopped' });
  });

  test('when aborted', async () => {
    const controller = new AbortController();
    const { outcome, best, epochs } = await run({
      signal: controller.signal,
      onEpochEnd: ({ epoch }) => (epoch === 50 ? controller.abort() : undefined),
    });
    expect(epochs).toBe(50);
    expect(outcome).toMatchObject({
      name: 'AbortError',
      history: { epochs: 50, bestEpoch: best, stopReason: 'aborted' },
    });
  });

  test('when a callback throws', async () => {
    const { outcome } = await run({
      onEpochEnd: ({ epoch }) => {
        if (epoch === 50) throw new Error('mine');
      },
    });
    expect(outcome).toEqual(new Error('mine'));
  });

  test('when the loss diverges', async () => {
    const model = make();
    const weights: Float32Array[][] = [];
    const losses: number[] = [];
    const poison: Callback = {
      onEpochEnd({ epoch, valLoss }, context) {
        const now = context.model.getWeights();
        weights.push(now.map(({ data }) => data.slice()));
        losses.push(valLoss as number);
        if (epoch === 2) context.model.setWeights(now.map((array) => ({ ...array, data: array.data.fill(1e30) })));
      },
    };
    const training = model.fit(train, { epochs: 5, validationData, callbacks: [earlyStopping(), poison] });
    await expect(training).rejects.toThrow(NumericError);
    await expect(training).rejects.toThrow(/Got (NaN|Infinity|-Infinity) in batch 1 of epoch 3.*learningRate/);
    expect(losses).toHaveLength(2);
    expect(arrays(model)).toEqual(weights[losses[1] < losses[0] ? 1 : 0]);
  });

  test('with the moving statistics of batch normalization', async () => {
    const layers = [dense(16), batchNormalization({ momentum: 0.5 }), relu(), dense(2)];
    const model = sequential({ inputSize: 4, seed: 3, layers });
    const { outcome, best } = await run({}, model);
    expect(outcome).toMatchObject({ epochs: 60, bestEpoch: best });
    expect(model.getWeights().map(({ name }) => name)).toContain('batchNormalization1.movingVariance');
  });

  describe('one description', () => {
    const description = earlyStopping({ patience: 2 });
    const options = { epochs: 40, optimizer: sgd({ learningRate: 0.5 }), validationData };
    /** What a fit of a model of its own leaves behind. */
    const alone = async (seed: number) => {
      using model = make(seed);
      const history = await model.fit(train, { ...options, callbacks: [earlyStopping({ patience: 2 })] });
      return { history, weights: arrays(model) };
    };

    test('can be used again', async () => {
      const first = make();
      const history = await first.fit(train, { ...options, callbacks: [description] });
      const weights = arrays(first);
      first.dispose();
      using second = make();
      expect(await second.fit(train, { ...options, callbacks: [description] })).toEqual(history);
      expect(arrays(second)).toEqual(weights);
    });

    test('serves two fits that overlap', async () => {
      using a = make(3);
      using b = make(4);
      const order: Sequential[] = [];
      const fit = (model: Sequential) =>
        model.fit(train, { ...options, callbacks: [description], onEpochEnd: () => void order.push(model) });
      const [first, second] = await Promise.all([fit(a), fit(b)]);
      expect(order.slice(0, 4)).toEqual([a, b, a, b]);
      expect({ history: first, weights: arrays(a) }).toEqual(await alone(3));
      expect({ history: second, weights: arrays(b) }).toEqual(await alone(4));
      expect(first.valLoss).not.toEqual(second.valLoss);
    });

    test('writes nothing of a model that was disposed of to the next one', async () => {
      const old = make(4);
      const ended = old.fit(train, {
        ...options,
        callbacks: [description],
        onEpochEnd: ({ epoch }) => void (epoch === 2 && old.dispose()),
      });
      await expect(ended).rejects.toThrow(DisposedError);
      using model = make(3);
      const history = await model.fit(train, { ...options, callbacks: [description] });
      expect({ history, weights: arrays(model) }).toEqual(await alone(3));
    });

    test('restores although the end of another callback fails', async () => {
      using model = make();
      const weights: Float32Array[][] = [];
      const losses: number[] = [];
      const failing: Callback = {
        onEpochEnd({ valLoss }, context) {
          weights.push(arrays(context.model as Sequential));
          losses.push(valLoss as number);
        },
        onTrainEnd() {
          throw new Error('mine');
        },
      };
      const fit = model.fit(train, { ...options, callbacks: [failing, description] });
      await expect(fit).rejects.toThrow('mine');
      expect(arrays(model)).toEqual(weights[losses.indexOf(Math.min(...losses))]);
      expect(losses.at(-1)).toBeGreaterThan(Math.min(...losses));
    });
  });
});

test.each([
  [{ patience: -1 }, /'patience' parameter of earlyStopping must be an integer in the range \[0, inf\)\. Got -1/],
  [{ patience: 1.5 }, /patience.*Got 1.5/],
  [{ minDelta: -0.1 }, /'minDelta'.*\[0, inf\)\. Got -0\.1/],
  [{ minDelta: Number.NaN }, /minDelta.*Got NaN/],
  [{ monitor: 3 }, /'monitor' parameter of earlyStopping must be a text\. Got 3/],
  [{ patince: 3 }, /Unknown option 'patince' of earlyStopping\. Did you mean 'patience'/],
  [{ restoreBestWeights: 1 }, /restoreBestWeights.*true or false.*Got 1/],
])('rejects %o', (options, message) => {
  expect(() => earlyStopping(options as never)).toThrow(ParameterError);
  expect(() => earlyStopping(options as never)).toThrow(message);
});

test('what is watched must be recorded', async () => {
  using model = sequential({ inputSize: 4, layers: [dense(2)] });
  const data = toyData(8);
  const fit = (monitor?: string, validationData?: typeof data) =>
    model.fit(data, {
      epochs: 1,
      ...(validationData && { validationData }),
      callbacks: [earlyStopping(monitor === undefined ? {} : { monitor })],
    });
  const before = model.getWeights();
  await expect(fit()).rejects.toThrow(ParameterError);
  await expect(fit()).rejects.toThrow(
    "The 'monitor' parameter of earlyStopping must be recorded by this fit (trainLoss, trainDataLoss, trainAccuracy). " +
      "Got \"valLoss\" instead. Give fit 'validationData', or monitor 'trainLoss'.",
  );
  await expect(fit('val_loss', data)).rejects.toThrow(/Got "val_loss" instead\. Did you mean 'valLoss'\?/);
  await expect(fit('valMacroF1', data)).rejects.toThrow(
    /must be recorded by this fit \(trainLoss, .*, valAccuracy\)\. Got "valMacroF1"/,
  );
  expect(model.getWeights()).toEqual(before);
});
