// Early stopping: the state diagram (improve, wait, stop), restoring however training ends, and its errors.
import { describe, expect, test } from 'vitest';
import { NumericError, ParameterError } from '../../src/errors/index.ts';
import { dense, relu } from '../../src/nn/index.ts';
import { sgd } from '../../src/optim/index.ts';
import { type Callback, type EpochEnd, earlyStopping, sequential, type TrainContext } from '../../src/train/index.ts';
import { toyData } from './data.ts';

/** Feeds a sequence of validation losses and returns the epoch after which it stops (0: never) and the restored one. */
function simulate(losses: number[], options: Parameters<typeof earlyStopping>[0]) {
  const callback = earlyStopping(options);
  let current = -1;
  let restored: number | undefined;
  let stopped = 0;
  const context = {
    hasValidationData: true,
    history: { bestEpoch: 0 },
    model: {
      getWeights: () => [current],
      setWeights: ([epoch]: number[]) => {
        restored = epoch;
      },
    },
    stop() {
      stopped ||= current;
    },
  } as unknown as TrainContext;
  callback.onTrainBegin?.(context);
  for (const [i, loss] of losses.entries()) {
    current = i + 1;
    const valAccuracy = 1 - loss;
    callback.onEpochEnd?.(
      { epoch: i + 1, epochs: losses.length, trainLoss: loss, trainAccuracy: 0, valLoss: loss, valAccuracy },
      context,
    );
    if (stopped) break;
  }
  callback.onTrainEnd?.(context);
  return { stopped, restored, bestEpoch: context.history.bestEpoch };
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
  ] as const)('%s', (_name, losses, options, stopped, restored) => {
    expect(simulate([...losses], options)).toEqual({ stopped, restored, bestEpoch: restored });
  });

  test('without restoring, weights and bestEpoch are left alone', () => {
    expect(simulate([3, 2, 4], { patience: 5, restoreBestWeights: false })).toEqual({
      stopped: 0,
      restored: undefined,
      bestEpoch: 0,
    });
  });
});

describe('restores the best weights however training ends', () => {
  const train = toyData(64);
  const validationData = toyData(64, 4, 50);
  const make = () => sequential({ inputSize: 4, seed: 3, layers: [dense(16), relu(), dense(2)] });

  /** Overfits (large rate), so that the best epoch is not the last, and records the weights of every epoch. */
  async function run(ending: Callback & { signal?: AbortSignal }) {
    const model = make();
    const weights: Float32Array[] = [];
    const losses: number[] = [];
    const recorder: Callback = {
      onEpochEnd({ valLoss }: EpochEnd, context) {
        weights.push(context.model.getWeights()[0].data);
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
    expect(model.getWeights()[0].data).toEqual(weights[best]);
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
    let first: Float32Array | undefined;
    const poison: Callback = {
      onEpochEnd({ epoch }, context) {
        if (epoch === 1) first = context.model.getWeights()[0].data;
        const weights = context.model.getWeights();
        if (epoch === 2) context.model.setWeights(weights.map((array) => ({ ...array, data: array.data.fill(1e30) })));
      },
    };
    const training = model.fit(train, { epochs: 5, validationData, callbacks: [earlyStopping(), poison] });
    await expect(training).rejects.toThrow(NumericError);
    await expect(training).rejects.toThrow(/Got (NaN|Infinity|-Infinity) in batch 1 of epoch 3.*learningRate/);
    expect(first).toBeDefined();
    for (const value of model.getWeights()[0].data) expect(Math.abs(value)).toBeLessThan(1e3);
  });

  test('and the callback can be used again', async () => {
    const callback = earlyStopping({ patience: 2 });
    const training = () =>
      make().fit(train, { epochs: 40, optimizer: sgd({ learningRate: 0.5 }), validationData, callbacks: [callback] });
    expect(await training()).toEqual(await training());
  });
});

test.each([
  [{ patience: -1 }, /'patience' parameter of earlyStopping must be an integer in the range \[0, inf\)\. Got -1/],
  [{ patience: 1.5 }, /patience.*Got 1.5/],
  [{ minDelta: -0.1 }, /'minDelta'.*\[0, inf\)\. Got -0\.1/],
  [{ minDelta: Number.NaN }, /minDelta.*Got NaN/],
  [{ monitor: 'val_loss' }, /'monitor'.*one of 'trainLoss'.*Got "val_loss".*Did you mean 'valLoss'/],
  [{ patince: 3 }, /Unknown option 'patince' of earlyStopping\. Did you mean 'patience'/],
  [{ restoreBestWeights: 1 }, /restoreBestWeights.*true or false.*Got 1/],
])('rejects %o', (options, message) => {
  expect(() => earlyStopping(options as never)).toThrow(ParameterError);
  expect(() => earlyStopping(options as never)).toThrow(message);
});

test('a validation metric needs validation data', async () => {
  const model = sequential({ inputSize: 4, layers: [dense(2)] });
  const training = model.fit(toyData(8), { epochs: 1, callbacks: [earlyStopping()] });
  await expect(training).rejects.toThrow(ParameterError);
  await expect(training).rejects.toThrow(/'monitor'.*Got "valLoss".*validationData/);
});
