// Callbacks that fail, wait or meddle: what fit promises them, and what it promises others.
import { runInNewContext } from 'node:vm';
import { describe, expect, test, vi } from 'vitest';
import { createEngine } from '../../src/backend/index.ts';
import { AbortError, DisposedError, ParameterError } from '../../src/errors/index.ts';
import { dense, meanSquaredError, relu } from '../../src/nn/index.ts';
import { sgd } from '../../src/optim/index.ts';
import { type Callback, earlyStopping, type Sequential, sequential } from '../../src/train/index.ts';
import { toyData } from './data.ts';

const train = toyData(64);
const validationData = toyData(64, 4, 50);
const make = () => sequential({ inputSize: 4, seed: 3, layers: [dense(16), relu(), dense(2)] });
const arrays = (model: Sequential) => model.getWeights().map(({ data }) => data);

/** The error that a fit with these callbacks ends with. */
async function errorOf(callbacks: Callback[], model = make(), epochs = 3): Promise<Error> {
  try {
    await model.fit(train, { epochs, callbacks });
  } catch (error) {
    return error as Error;
  }
  throw new Error('fit did not fail');
}

const failing = (error: unknown) => () => {
  throw error;
};

describe('errors', () => {
  test('all ends are called, also after one that fails, and the best weights are restored', async () => {
    using model = make();
    const weights: Float32Array[][] = [];
    const losses: number[] = [];
    const ended: string[] = [];
    const recorder: Callback = {
      onEpochEnd({ valLoss }) {
        weights.push(arrays(model));
        losses.push(valLoss as number);
      },
      onTrainEnd() {
        ended.push('recorder');
        throw new Error('first');
      },
    };
    const later: Callback = {
      async onTrainEnd() {
        ended.push('later');
        await null;
        throw new TypeError('second');
      },
    };
    const fit = model.fit(train, {
      epochs: 40,
      optimizer: sgd({ learningRate: 0.5 }),
      validationData,
      callbacks: [recorder, later, earlyStopping({ patience: 100 })],
    });
    const error = await fit.catch((reason) => reason);
    expect(error).toMatchObject({ message: 'first', cause: { name: 'TypeError', message: 'second' } });
    expect(ended).toEqual(['recorder', 'later']);
    const best = losses.indexOf(Math.min(...losses));
    expect(best).toBeLessThan(losses.length - 1);
    expect(arrays(model)).toEqual(weights[best]);
  });

  test('the first error wins; later ones are its cause, several as an AggregateError', async () => {
    const [first, second, third] = [new Error('1'), new Error('2'), new Error('3')];
    expect(await errorOf([{ onEpochEnd: failing(first) }])).toBe(first);
    expect(first.cause).toBeUndefined();
    expect(await errorOf([{ onEpochEnd: failing(first), onTrainEnd: failing(second) }])).toBe(first);
    expect(first.cause).toBe(second);

    const another = new Error('another');
    const ends = [second, third].map((error) => ({ onTrainEnd: failing(error) }));
    expect(await errorOf([{ onBatchEnd: failing(another) }, ...ends])).toBe(another);
    expect(another.cause).toBeInstanceOf(AggregateError);
    expect((another.cause as AggregateError).errors).toEqual([second, third]);
  });

  test('an error that comes twice is not its own cause, and one with a cause keeps it', async () => {
    const twice = new Error('twice');
    expect(await errorOf([{ onEpochEnd: failing(twice), onTrainEnd: failing(twice) }])).toBe(twice);
    expect(twice.cause).toBeUndefined();
    const caused = new Error('caused', { cause: 'mine' });
    await errorOf([{ onEpochEnd: failing(caused), onTrainEnd: failing(twice) }]);
    expect(caused.cause).toBe('mine');
  });

  test('what is thrown need not be an error', async () => {
    expect(await errorOf([{ onEpochEnd: failing('text') }, { onTrainEnd: failing(new Error('later')) }])).toBe('text');
  });

  test('an abort keeps its reason and history when an end fails', async () => {
    using model = make();
    const controller = new AbortController();
    const fit = model.fit(train, {
      epochs: 9,
      signal: controller.signal,
      callbacks: [{ onEpochEnd: () => controller.abort('why'), onTrainEnd: failing(new Error('later')) }],
    });
    const error = await fit.catch((reason) => reason);
    expect(error).toBeInstanceOf(AbortError);
    expect(error).toMatchObject({ cause: 'why', history: { epochs: 1, stopReason: 'aborted' } });
  });

  test.each(['onTrainBegin', 'onBatchEnd', 'onEpochEnd', 'onTrainEnd'])(
    'a %s that throws or rejects ends the fit with its error; the model can be trained again',
    async (hook) => {
      using model = make();
      const error = new Error('mine');
      expect(await errorOf([{ [hook]: failing(error) }], model)).toBe(error);
      expect(await errorOf([{ [hook]: async () => failing(error)() }], model)).toBe(error);
      expect((await model.fit(train, { epochs: 1 })).epochs).toBe(1);
    },
  );
});

describe('a promise of onBatchEnd', () => {
  test('is awaited before the next batch, of every callback', async () => {
    using model = make();
    const log: string[] = [];
    const slow = (name: string): Callback => ({
      async onBatchEnd({ step }) {
        log.push(`${name} ${step}`);
        await new Promise((resolve) => setImmediate(resolve));
        log.push(`${name} ${step} done`);
      },
    });
    await model.fit(train, { epochs: 1, callbacks: [slow('a'), slow('b')] });
    const steps = [1, 2].flatMap((step) => [`a ${step}`, `b ${step}`, `a ${step} done`, `b ${step} done`]);
    expect(log).toEqual(steps);
  });

  test('that rejects ends the fit at that batch, and is never without a handler', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    try {
      let batches = 0;
      const error = new Error('mine');
      const rejecting: Callback = {
        async onBatchEnd({ step }) {
          batches++;
          await null;
          if (step === 2) throw error;
        },
      };
      expect(await errorOf([rejecting])).toBe(error);
      expect(batches).toBe(2);
      // Another callback throws before the promise is awaited: the later error is kept.
      const first = new Error('first');
      const both: Callback[] = [{ onBatchEnd: async () => failing(error)() }, { onBatchEnd: failing(first) }];
      expect(await errorOf(both)).toBe(first);
      expect(first.cause).toBe(error);
      // Both reject.
      first.cause = undefined;
      const rejections = [error, first].map((reason) => ({ onBatchEnd: async () => failing(reason)() }));
      expect(await errorOf(rejections)).toBe(error);
      expect(error.cause).toBe(first);
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off('unhandledRejection', note);
    }
    expect(unhandled).toEqual([]);
  });

  test('may be of another realm', async () => {
    const error = new Error('mine');
    const onBatchEnd = runInNewContext('(error) => () => Promise.reject(error)')(error);
    expect(onBatchEnd().catch(() => {})).not.toBeInstanceOf(Promise);
    expect(await errorOf([{ onBatchEnd }])).toBe(error);
  });
});

describe('data that change while they are trained on', () => {
  test('a class index out of range ends the fit at that batch; no other model on the engine is touched', async () => {
    const engine = createEngine();
    const others = [1, 2, 3].map((seed) => sequential({ inputSize: 4, seed, engine, layers: [dense(50), dense(2)] }));
    using model = sequential({ inputSize: 4, engine, layers: [dense(8), relu(), dense(2)] });
    const more = sequential({ inputSize: 4, seed: 4, engine, layers: [dense(50), dense(2)] });
    const before = [...others, more].map(arrays);
    for (const bad of [2, 3, 1_000_000, 2 ** 31 - 1, -1, -(2 ** 31)]) {
      const data = { x: train.x, y: train.y.slice() };
      let batches = 0;
      const onBatchEnd = () => {
        if (++batches === 3) data.y.fill(bad);
      };
      const fit = model.fit(data, { epochs: 5, batchSize: 16, callbacks: [{ onBatchEnd }] });
      await expect(fit).rejects.toThrow(ParameterError);
      await expect(fit).rejects.toThrow(
        `The class indices of a dataset must stay in the range [0, 1] while it is used. Got ${bad}. Give fit a copy of y.`,
      );
      expect(batches).toBe(3);
    }
    expect([...others, more].map(arrays)).toEqual(before);
    for (const array of arrays(model)) expect(array.every(Number.isFinite)).toBe(true);
    expect((await model.fit(train, { epochs: 1 })).epochs).toBe(1);
    for (const other of [...others, more]) other.dispose();
  });

  test('so does one of the validation data', async () => {
    using model = make();
    const held = { x: validationData.x, y: validationData.y.slice() };
    const onBatchEnd = () => void held.y.fill(9);
    const fit = model.fit(train, { epochs: 5, validationData: held, callbacks: [{ onBatchEnd }] });
    await expect(fit).rejects.toThrow(/must stay in the range \[0, 1\].*Got 9/);
  });

  test('real targets that become NaN end the fit with the step', async () => {
    using model = sequential({ inputSize: 4, layers: [dense(1)], loss: meanSquaredError() });
    const data = { x: train.x, y: Float64Array.from(train.y) };
    const before: Float32Array[][] = [];
    const onBatchEnd = () => {
      before.push(arrays(model));
      data.y.fill(Number.NaN);
    };
    const fit = model.fit(data, { epochs: 5, callbacks: [{ onBatchEnd }] });
    await expect(fit).rejects.toThrow(/The loss must be finite\. Got NaN in batch 2 of epoch 1 \(step 2\)/);
    expect(arrays(model)).toEqual(before[0]);
  });
});

test('validation lets others run between its chunks, who see the weights and may dispose of the model', async () => {
  // A clock on which everything takes long.
  let milliseconds = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (milliseconds += 100));
  const validationData = toyData(5 * 256);
  const model = sequential({ inputSize: 4, layers: [dense(2)] });
  const expected = sequential({ inputSize: 4, layers: [dense(2)] });
  let turns = 0;
  let inTraining = 0;
  const others = () => {
    turns++;
    model.predict(toyData(300).x);
    waiting = setImmediate(others);
  };
  let waiting = setImmediate(others);
  const options = { epochs: 1, batchSize: 16, validationData };
  const onBatchEnd = () => {
    inTraining = turns;
  };
  const history = await model.fit(toyData(16), { ...options, callbacks: [{ onBatchEnd }] });
  clearImmediate(waiting);
  expect(turns - inTraining).toBeGreaterThanOrEqual(5);
  expect(history).toEqual(await expected.fit(toyData(16), options));
  const disposed = expected.fit(toyData(16), {
    ...options,
    callbacks: [{ onBatchEnd: () => void setImmediate(() => expected.dispose()) }],
  });
  await expect(disposed).rejects.toThrow(DisposedError);
  clock.mockRestore();
});
