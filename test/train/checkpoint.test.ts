// Checkpoints: a fit that is interrupted and resumed gives the same bits as one that is not.
import { deserialize, serialize } from 'node:v8';
import { describe, expect, test } from 'vitest';
import { createEngine } from '../../src/backend/index.ts';
import { AbortError, type Description, ParameterError } from '../../src/errors/index.ts';
import { dense, dropout, l1l2, relu } from '../../src/nn/index.ts';
import { adam, adamW, cosineDecay, rmsprop, sgd } from '../../src/optim/index.ts';
import {
  defineCallback,
  type EpochEnd,
  earlyStopping,
  type FitOptions,
  type FitState,
  type RunContext,
  type Sequential,
  sequential,
} from '../../src/train/index.ts';
import { toyData } from './data.ts';

const optimizers: Record<string, () => Description<'optimizer'>> = {
  sgd: () => sgd({ learningRate: 0.1 }),
  'sgd, proximal': () => sgd({ learningRate: 0.1, proximal: true }),
  momentum: () => sgd({ learningRate: 0.05, momentum: 0.9 }),
  'momentum, proximal': () => sgd({ learningRate: 0.05, momentum: 0.9, proximal: true }),
  nesterov: () => sgd({ learningRate: 0.05, momentum: 0.9, nesterov: true }),
  'nesterov, proximal': () => sgd({ learningRate: 0.05, momentum: 0.9, nesterov: true, proximal: true }),
  adam: () => adam({ learningRate: 0.02 }),
  'adam, proximal': () => adam({ learningRate: 0.02, proximal: true }),
  adamW: () => adamW({ learningRate: 0.02, weightDecay: 0.1 }),
  rmsprop: () => rmsprop({ learningRate: 0.01 }),
  'rmsprop, proximal': () => rmsprop({ learningRate: 0.01, proximal: true }),
  'rmsprop with momentum': () => rmsprop({ learningRate: 0.01, momentum: 0.5, weightDecay: 0.01 }),
  'sgd, scheduled and clipped': () =>
    sgd({
      learningRate: cosineDecay({ initialLearningRate: 0.1, decaySteps: 50 }),
      momentum: 0.5,
      globalClipNorm: 0.5,
    }),
  'adamW, proximal': () => adamW({ learningRate: 0.02, weightDecay: 0.1, proximal: true }),
};

const train = toyData(70);
const validationData = toyData(50, 4, 50);
const epochs = 12;

function makeModel(backend: 'wasm' | 'js' = 'wasm'): Sequential {
  const kernelRegularizer = l1l2({ l1: 1e-3, l2: 1e-3 });
  const layers = [dense(16, { kernelRegularizer }), relu(), dropout(0.3), dense(2)];
  return sequential({ inputSize: 4, seed: 5, layers, engine: createEngine({ backend }) });
}

const options = (optimizer: Description<'optimizer'>, patience = 3): FitOptions => ({
  epochs,
  batchSize: 16,
  optimizer,
  validationData,
  callbacks: [earlyStopping({ patience, minDelta: 1e-3 })],
});

/** Everything a fit leaves behind, and the states that it saved. */
async function run(model: Sequential, fit: FitOptions) {
  const states: FitState[] = [];
  const seen: EpochEnd[] = [];
  const history = await model.fit(train, {
    ...fit,
    onEpochEnd: (epoch) => void seen.push(epoch),
    checkpoint: { save: (state) => void states.push(deserialize(serialize(state))) },
  });
  return { history, weights: model.getWeights(), evaluation: model.evaluate(validationData), states, seen };
}

describe('resuming gives the bits of a fit that was not interrupted', () => {
  describe.each(['wasm', 'js'] as const)('on %s', (backend) => {
    test.each(Object.entries(optimizers))('%s, after every epoch', async (_, optimizer) => {
      const whole = await run(makeModel(backend), options(optimizer()));
      expect(whole.states.length).toBeGreaterThan(2);
      for (const [i, state] of whole.states.entries()) {
        const resumed = await run(makeModel(backend), { ...options(optimizer()), resume: state });
        expect(resumed.history).toEqual(whole.history);
        expect(resumed.weights).toEqual(whole.weights);
        expect(resumed.evaluation).toEqual(whole.evaluation);
        expect(resumed.seen).toEqual(whole.seen.slice(i + 1));
        expect(serialize(resumed.states).equals(serialize(whole.states.slice(i + 1)))).toBe(true);
      }
    });
  });

  test('interrupted in the middle of an epoch, several times', async () => {
    const whole = await run(makeModel(), options(adam(), 100));
    let last: FitState | undefined;
    let finished = false;
    for (let attempt = 1; !finished; attempt++) {
      const controller = new AbortController();
      let steps = 0;
      const running = makeModel().fit(train, {
        ...options(adam(), 100),
        callbacks: [
          earlyStopping({ patience: 100, minDelta: 1e-3 }),
          { onBatchEnd: () => void (++steps === 13 && controller.abort()) },
        ],
        signal: controller.signal,
        checkpoint: {
          every: 2,
          save: (state) => {
            last = state;
          },
        },
        ...(last && { resume: last }),
      });
      const history = await running.catch((error: unknown) => {
        expect(error).toBeInstanceOf(AbortError);
      });
      if (history) {
        expect(history).toEqual(whole.history);
        expect(attempt).toBeGreaterThan(3);
        finished = true;
      }
    }
  });

  test('extends a fit, and goes on in the second fit of a model', async () => {
    const whole = makeModel();
    await whole.fit(train, { epochs: 2 });
    const { history } = await run(whole, options(adam(), 100));
    const short = makeModel();
    await short.fit(train, { epochs: 2 });
    const { states } = await run(short, { ...options(adam(), 100), epochs: 5 });
    const resumed = makeModel();
    await resumed.fit(train, { epochs: 2 });
    expect((await run(resumed, { ...options(adam(), 100), resume: states.at(-1)! })).history).toEqual(history);
    const fresh = makeModel();
    expect((await run(fresh, { ...options(adam(), 100), resume: states.at(-1)! })).history).toEqual(history);
  });
});

test('what callbacks do before the first epoch is done once', async () => {
  const warm = defineCallback({
    type: 'warm',
    options: {},
    start: () => ({
      onTrainBegin(context) {
        (context as RunContext).scaleLearningRate(0.5);
        context.model.setWeights(makeModel().getWeights());
      },
    }),
  });
  const own = { ...options(adam()), callbacks: [warm()] };
  const whole = makeModel();
  const { history, states } = await run(whole, own);
  const resumed = makeModel();
  expect((await run(resumed, { ...own, resume: states[1] })).history).toEqual(history);
  expect(resumed.getWeights()).toEqual(whole.getWeights());
});

test('saves after every k-th epoch, but not where training was stopped', async () => {
  const epochsSaved = async (every: number, stopAt = 0) => {
    const saved: number[] = [];
    await makeModel().fit(train, {
      epochs: 7,
      checkpoint: { every, save: ({ history }) => void saved.push(history.epochs) },
      callbacks: [{ onEpochEnd: ({ epoch }, { stop }) => void (epoch === stopAt && stop()) }],
    });
    return saved;
  };
  expect(await epochsSaved(3)).toEqual([3, 6]);
  expect(await epochsSaved(1)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(await epochsSaved(3, 6)).toEqual([3]);
});

test('a state is a copy', async () => {
  const { states } = await run(makeModel(), options(adam(), 100));
  const kept = serialize(states);
  await run(makeModel(), { ...options(adam(), 100), resume: states[2] });
  expect(serialize(states).equals(kept)).toBe(true);
});

test('a fit with validation data is not resumed without them, and the other way round: its lists would not fit together', async () => {
  for (const [first, then] of [
    [{}, { validationData: train }],
    [{ validationData: train }, {}],
  ]) {
    let state!: FitState;
    const save = (own: FitState) => {
      state = own;
    };
    await makeModel().fit(train, { epochs: 1, checkpoint: { save }, ...first });
    await expect(makeModel().fit(train, { epochs: 2, resume: state, ...then })).rejects.toThrow(
      "The 'resume' parameter of Sequential.fit must be a state of a fit with the same layers and options.",
    );
    const history = await makeModel().fit(train, { epochs: 2, resume: state, ...first });
    expect(history.trainLoss).toHaveLength(2);
  }
});

test('a state of something else is refused, and nothing is changed', async () => {
  const [state] = (await run(makeModel(), options(adam()))).states;
  const refused = async (fit: Partial<FitOptions>, model = makeModel()) => {
    const before = model.getWeights();
    await expect(model.fit(train, { ...options(adam()), ...fit })).rejects.toThrow(ParameterError);
    expect(model.getWeights()).toEqual(before);
  };
  await refused({ resume: state, optimizer: sgd() });
  await refused({ resume: state, callbacks: [] });
  await refused({ resume: state, metrics: [] });
  await refused({ resume: state }, sequential({ inputSize: 4, layers: [dense(2)] }));
  await refused({ resume: {} as FitState });
  await refused({ resume: null as unknown as FitState });
  await refused({ checkpoint: { every: 0, save: () => {} } });
  await refused({ checkpoint: { save: 'here' as unknown as () => void } });
  await refused({ checkpoint: { evry: 2, save: () => {} } as FitOptions['checkpoint'] & object });
});
