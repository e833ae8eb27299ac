// Models in a worker: the same results and errors as in this thread.
import { expect, test, vi } from 'vitest';
import { createEngine } from '../../src/backend/index.ts';
import { AbortError, type Description, EnvironmentError, ParameterError, WorkerError } from '../../src/errors/index.ts';
import { macroF1 } from '../../src/metrics/index.ts';
import { dense, dropout, l1l2, relu } from '../../src/nn/index.ts';
import { adam, adamW, sgd } from '../../src/optim/index.ts';
import { type FitState, sequential as local, earlyStopping as stopping } from '../../src/train/index.ts';
import { earlyStopping, sequential, type WorkerSequential } from '../../src/worker/index.ts';
import { toyData } from '../train/data.ts';
import { threadlessWorker } from './thread.ts';

const train = toyData(96);
const validationData = toyData(40, 4, 7);
const layers = (): Description<'layer'>[] => [
  dense(12, { kernelRegularizer: l1l2({ l1: 1e-3, l2: 1e-3 }), kernelInitializer: 'glorotUniform' }),
  relu(),
  dropout(0.25),
  dense(2, { useBias: false }),
];
const remote = (): Promise<WorkerSequential> =>
  sequential({ inputSize: 4, seed: 5, layers: layers(), worker: threadlessWorker });
const here = () => local({ inputSize: 4, seed: 5, layers: layers() });

test('takes lists and labels as models of this thread do', async () => {
  const x = Array.from({ length: 96 }, (_, i) => [...train.x.data.subarray(4 * i, 4 * i + 4)]);
  const samples = { x, y: Array.from(train.y, (k) => ['no', 'yes'][k]) };
  const [a, b] = [
    here(),
    await sequential<string[]>({ inputSize: 4, seed: 5, layers: layers(), worker: threadlessWorker }),
  ];
  expect(await b.fit(samples, { epochs: 2 })).toEqual(await a.fit(samples, { epochs: 2 }));
  expect(await b.predict(x)).toEqual(a.predict(x));
  expect(await b.predict(x[0])).toEqual(a.predict([x[0]]));
  expect(await b.evaluate(samples)).toEqual(a.evaluate(samples));
  b.dispose();
});

test.each<[string, () => Description<'optimizer'>]>([
  ['adam', () => adam({ learningRate: 0.01, proximal: true })],
  ['adamW', () => adamW({ weightDecay: 0.1 })],
  ['sgd', () => sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true })],
])('the same bits as without a worker, with %s', async (_, optimizer) => {
  const options = { epochs: 8, batchSize: 16, validationData };
  const a = here();
  const b = await remote();
  const expected = await a.fit(train, { ...options, optimizer: optimizer(), callbacks: [stopping({ patience: 1 })] });
  const history = await b.fit(train, {
    ...options,
    optimizer: optimizer(),
    callbacks: [earlyStopping({ patience: 1 })],
  });
  expect(history).toEqual(expected);
  expect(await b.getWeights()).toEqual(a.getWeights());
  expect(await b.evaluate(train)).toEqual(a.evaluate(train));
  expect(await b.predict(train.x)).toEqual(a.predict(train.x));
  expect(await b.predictProbabilities(train.x)).toEqual(a.predictProbabilities(train.x));
  expect(await b.summary()).toBe(a.summary());
  expect([b.inputSize, b.outputSize, b.parameterCount, b.engine]).toEqual([4, 2, a.parameterCount, a.engine]);
  b.dispose();
});

test('metrics are described again in the worker, for fit and for evaluate', async () => {
  using a = here();
  using b = await remote();
  const options = { epochs: 2, metrics: [macroF1()] };
  expect(await b.fit(train, options)).toEqual(await a.fit(train, options));
  expect(await b.evaluate(train, { metrics: [macroF1()] })).toEqual(a.evaluate(train, { metrics: [macroF1()] }));
  expect(await b.evaluate(train, { metrics: [] })).toEqual(a.evaluate(train, { metrics: [] }));
  for (const bad of [null, { metrics: 3 }, { metrics: [{}] }, { metric: [] }, { metrics: [{ type: 'f2' }] }]) {
    await expect(b.evaluate(train, bad as never)).rejects.toThrow(ParameterError);
    expect(() => a.evaluate(train, bad as never)).toThrow(ParameterError);
  }
});

test('what is no error is passed on from a callback in the worker, too', async () => {
  using model = await remote();
  const callback = { onEpochEnd: () => Promise.reject(null) };
  await expect(model.fit(train, { epochs: 2, callbacks: [callback] })).rejects.toBe(null);
});

test('a trained model goes there, and trains on as it would here', async () => {
  using a = here();
  await a.fit(train, { epochs: 2 });
  using b = await sequential({ ...a.toJSON(), weights: a.getWeights(), worker: threadlessWorker });
  expect(await b.fit(train, { epochs: 2 })).toEqual(await a.fit(train, { epochs: 2 }));
  expect(await b.getWeights()).toEqual(a.getWeights());
});

test('weights go there and back, and the data stay usable', async () => {
  using a = here();
  using b = await remote();
  const weights = a.getWeights().map((array) => ({ ...array, data: array.data.map((value) => value / 2) }));
  await b.setWeights(weights);
  expect(await b.getWeights()).toEqual(weights);
  expect(weights[0].data.length).toBe(48);
  expect(train.x.data.length).toBe(96 * 4);
});

test('callbacks on the page see what callbacks in the thread see, in the same order', async () => {
  const record = async (run: (callbacks: never[]) => Promise<unknown>) => {
    const log: unknown[] = [];
    const note = (name: string) => ({
      onTrainBegin: ({ history, hasValidationData }: { history: object; hasValidationData: boolean }) =>
        void log.push([name, 'begin', structuredClone(history), hasValidationData]),
      onBatchEnd: (batch: unknown) => void log.push([name, batch]),
      onEpochEnd: async (epoch: { epoch: number }, context: { history: object; stop(): void }) => {
        await null;
        log.push([name, epoch, structuredClone(context.history)]);
        if (epoch.epoch === 3) context.stop();
      },
      onTrainEnd: ({ history }: { history: object }) => void log.push([name, 'end', structuredClone(history)]),
    });
    log.push(await run([note('first'), stopping(), note('second')] as never[]));
    return log;
  };
  const options = { epochs: 9, validationData };
  const model = await remote();
  const log = await record((callbacks) => model.fit(train, { ...options, callbacks }));
  const expected = await record((callbacks) => here().fit(train, { ...options, callbacks }));
  expect(log).toEqual(expected);
});

test('a callback may use the model while training waits', async () => {
  using model = await remote();
  const norms: number[] = [];
  await model.fit(train, {
    epochs: 2,
    onEpochEnd: async (_, context) => {
      const [kernel] = await context.model.getWeights();
      norms.push(kernel.data.reduce((sum, w) => sum + Math.abs(w), 0));
    },
  });
  expect(norms).toHaveLength(2);
  expect(norms[0]).not.toBe(norms[1]);
});

test('a stop in onBatchEnd ends training with the epoch', async () => {
  using model = await remote();
  const history = await model.fit(train, {
    epochs: 50,
    callbacks: [{ onBatchEnd: ({ step }, { stop }) => void (step === 4 && stop()) }],
  });
  expect(history).toMatchObject({ epochs: 2, stopReason: 'stopped' });
});

test.each(['onTrainBegin', 'onBatchEnd', 'onEpochEnd', 'onTrainEnd'])(
  'an error in %s is passed on as it is',
  async (hook) => {
    using model = await remote();
    const error = new TypeError('mine');
    const callback = {
      [hook]: () => {
        throw error;
      },
    };
    await expect(model.fit(train, { epochs: 3, callbacks: [callback] })).rejects.toBe(error);
    expect((await model.fit(train, { epochs: 1 })).epochs).toBe(1);
  },
);

test('the signal aborts, before and during', async () => {
  using model = await remote();
  await expect(model.fit(train, { epochs: 1, signal: AbortSignal.abort('why') })).rejects.toMatchObject({
    name: 'AbortError',
    cause: 'why',
    history: { epochs: 0, stopReason: 'aborted' },
  });
  const controller = new AbortController();
  const fit = model.fit(train, {
    epochs: 1e6,
    signal: controller.signal,
    onEpochEnd({ epoch }) {
      if (epoch === 3) controller.abort();
    },
  });
  const error = await fit.catch((reason) => reason);
  expect(error).toBeInstanceOf(AbortError);
  expect(error.history.epochs).toBeGreaterThanOrEqual(3);
});

test('checkpoints are saved on the page, and resumed from', async () => {
  const states: FitState[] = [];
  const callbacks = () => [
    earlyStopping(),
    {
      seen: 0,
      onEpochEnd() {
        this.seen += 1;
      },
      getState() {
        return this.seen;
      },
      setState(state: unknown) {
        this.seen = state as number;
      },
    },
  ];
  const options = { epochs: 6, validationData };
  using first = await remote();
  const expected = await first.fit(train, {
    ...options,
    callbacks: callbacks(),
    checkpoint: { every: 2, save: (state) => void states.push(state) },
  });
  expect(states.map(({ callbacks: [, seen] }) => seen)).toEqual([2, 4, 6]);
  using second = await remote();
  const resumed = callbacks();
  expect(await second.fit(train, { ...options, callbacks: resumed, resume: states[0] })).toEqual(expected);
  expect(await second.getWeights()).toEqual(await first.getWeights());
  expect(resumed[1]).toMatchObject({ seen: 6 });
});

test('the worker finds what is wrong with the arguments', async () => {
  const worker = threadlessWorker;
  await expect(sequential({ inputSize: 0, layers: [dense(2)], worker })).rejects.toThrow(
    /'inputSize' parameter of sequential/,
  );
  await expect(sequential({ inputSize: 2, layers: [], worker })).rejects.toThrow(ParameterError);
  await expect(sequential({ inputSize: 2, layers: [dense(2), {}] as never, worker })).rejects.toThrow(
    /'layers\[1\]' parameter of sequential must be a layer/,
  );
  await expect(sequential({ inputSize: 2, layers: [{ type: 'dens' }] as never, worker })).rejects.toThrow(
    /Unknown layer 'dens' of sequential's layers\[0\]\. Did you mean 'dense'/,
  );
  await expect(sequential({ inputSize: 2, layers: [dense(2)], loss: 0 as never, worker })).rejects.toThrow(
    /'loss' parameter of sequential must be a loss/,
  );
  await expect(sequential({ inputSize: 2, layers: [dense(2)], sede: 1, worker } as never)).rejects.toThrow(/'seed'/);
  using model = await remote();
  await expect(model.fit(train, { epochs: 0 })).rejects.toThrow(/'epochs' parameter of Sequential.fit/);
  await expect(model.fit(train, { epochs: 1, batchsize: 3 } as never)).rejects.toThrow(/'batchSize'/);
  await expect(model.fit(train, { epochs: 1, shuffle: (() => 1) as never })).rejects.toThrow(/plain data/);
  await expect(model.fit(train, { epochs: 1, optimizer: {} as never })).rejects.toThrow(/'optimizer' parameter/);
  await expect(model.fit(train, undefined as never)).rejects.toThrow(/options of Sequential\.fit must be an object/);
  await expect(model.fit(train, { epochs: 1, metrics: [{}] as never })).rejects.toThrow(/'metrics\[0\]' parameter/);
  await expect(model.fit(train, { epochs: 1, callbacks: [1] as never })).rejects.toThrow(/'callbacks\[0\]' parameter/);
  await expect(model.fit(train, { epochs: 1, callbacks: [earlyStopping()] })).rejects.toThrow(/'monitor' parameter/);
  await expect(model.predict({ data: new Float32Array(3), shape: [1, 3] })).rejects.toThrow(ParameterError);
  const controller = new AbortController();
  const first = model.fit(train, { epochs: 1e6, signal: controller.signal });
  await expect(model.fit(train, { epochs: 1 })).rejects.toThrow(/being trained already/);
  controller.abort();
  await expect(first).rejects.toThrow(AbortError);
});

test.each(['in a worker', 'in this thread'])(
  '%s, a changed copy of early stopping is refused: it stops nothing',
  async (where) => {
    using model = where === 'in a worker' ? await remote() : here();
    const onEpochEnd = () => {};
    const callbacks = [{}, { ...earlyStopping(), onEpochEnd }];
    const fit = model.fit(train, { epochs: 1, validationData, callbacks: callbacks as never });
    await expect(fit).rejects.toThrow(ParameterError);
    await expect(fit).rejects.toThrow(
      "The 'callbacks[1]' parameter of Sequential.fit must be a description or an object with hooks. " +
        'Got { type: "earlyStopping", … } instead.',
    );
    const both = [earlyStopping(), { onEpochEnd }];
    expect(await model.fit(train, { epochs: 1, validationData, callbacks: both as never })).toMatchObject({
      epochs: 1,
    });
  },
);

test.each<[string, unknown, RegExp]>([
  [
    'a misspelt hook',
    [{ onEpochend() {} }],
    /Unknown option 'onEpochend' of callbacks\[0\].*Did you mean 'onEpochEnd'/,
  ],
  [
    'a hook that is no function',
    [{}, { onBatchEnd: 3 }],
    /'onBatchEnd' parameter of callbacks\[1\] .*a function\. Got 3/,
  ],
  ['bare JSON', [{ type: 'earlyStopping' }], /'callbacks\[0\]'.*bare JSON: give it to callbackFromJson\(\) first/],
  ['a layer', [relu()], /'callbacks\[0\]'.*must be a callback.*relu\(\) makes a layer/],
  ['null', [null], /'callbacks\[0\]' parameter.*must be a callback\. Got null/],
])('the page and the thread refuse %s for a callback with the same words', async (_what, callbacks, message) => {
  using model = await remote();
  using local = here();
  for (const fit of [
    model.fit(train, { epochs: 1, callbacks: callbacks as never }),
    local.fit(train, { epochs: 1, callbacks: callbacks as never }),
  ]) {
    await expect(fit).rejects.toThrow(ParameterError);
    await expect(fit).rejects.toThrow(message);
  }
});

test('an onBatchEnd that rejects on the page ends the fit with its error', async () => {
  using model = await remote();
  const error = new TypeError('mine');
  const onBatchEnd = async ({ step }: { step: number }) => {
    await null;
    if (step === 2) throw error;
  };
  await expect(model.fit(train, { epochs: 50, callbacks: [{ onBatchEnd }, {}] })).rejects.toBe(error);
  expect((await model.fit(train, { epochs: 1 })).epochs).toBe(1);
});

test('disposing ends the worker and rejects what was awaited', async () => {
  const worker = threadlessWorker();
  const model = await sequential({ inputSize: 4, layers: [dense(2)], worker: () => worker });
  const fit = model.fit(train, { epochs: 1e6 });
  model.dispose();
  await expect(fit).rejects.toMatchObject({ name: 'DisposedError' });
  await expect(model.getWeights()).rejects.toMatchObject({ name: 'DisposedError' });
  expect(worker.terminated).toBe(true);
});

test('a worker that crashes rejects what was awaited', async () => {
  const worker = threadlessWorker();
  const model = await sequential({ inputSize: 4, layers: [dense(2)], worker: () => worker });
  const fit = model.fit(train, { epochs: 1e6 });
  worker.fail('out of memory');
  await expect(fit).rejects.toThrow(WorkerError);
  await expect(model.predict(train.x)).rejects.toThrow(/out of memory/);
});

test('Node is told what to use instead', async () => {
  await expect(sequential({ inputSize: 2, layers: [dense(2)] })).rejects.toThrow(EnvironmentError);
  await expect(sequential({ inputSize: 2, layers: [dense(2)] })).rejects.toThrow(/node:worker_threads/);
});

test('a state that cannot be sent ends the fit, and says whose it is', async () => {
  using model = await remote();
  const callback = { onEpochEnd() {}, getState: () => () => 1, setState() {} };
  const fit = model.fit(train, { epochs: 2, callbacks: [{}, callback] });
  await expect(fit).rejects.toThrow(/What 'getState' of callbacks\[1\] returns must be plain data/);
  expect((await model.fit(train, { epochs: 1 })).epochs).toBe(1);
});

test('the batches before an end by error are seen, too', async () => {
  using model = await remote();
  const steps: number[] = [];
  const onBatchEnd = ({ step }: { step: number }) => void steps.push(step);
  const optimizer = sgd({ learningRate: 1e30 });
  const error = await model
    .fit(train, { epochs: 9, batchSize: 8, optimizer, callbacks: [{ onBatchEnd }] })
    .catch(String);
  const last = Number(/\(step (\d+)\)/.exec(error as string)![1]);
  expect(last).toBeGreaterThan(1);
  expect(steps).toEqual(Array.from({ length: last - 1 }, (_, i) => i + 1));
});

test('options that only a worker has are checked', async () => {
  const options = { inputSize: 4, layers: layers() };
  const worker = threadlessWorker;
  const of = (more: object) => sequential({ ...options, worker, ...more });
  for (const wrong of [3, () => undefined, async () => threadlessWorker()]) {
    await expect(of({ worker: wrong })).rejects.toThrow(
      /'worker' parameter of sequential must be a function that returns/,
    );
  }
  await expect(of({ engine: createEngine() })).rejects.toThrow(/'engine' parameter .* must be options of createEngine/);
  await expect(of({ modules: ['./missing.mjs'] })).rejects.toMatchObject({
    name: 'ParameterError',
    code: 'ERR_MODULE',
    message: expect.stringContaining("The module ./missing.mjs of 'modules' cannot be loaded: "),
  });
  vi.stubGlobal('location', { href: 'http://localhost/page' });
  await expect(of({ modules: ['./a.mjs', 'http://'] })).rejects.toThrow(
    /'modules\[1\]' parameter of sequential must be an address/,
  );
  vi.unstubAllGlobals();
});
