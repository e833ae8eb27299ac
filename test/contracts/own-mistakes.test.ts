// Mistakes in kinds of one's own are told by name, when they are defined, built or first used; nothing wrong is trained.
import { describe, expect, test } from 'vitest';
import {
  type Callback,
  defineAugmentation,
  defineCallback,
  defineConstraint,
  defineGenerator,
  defineInitializer,
  defineLayer,
  defineLoss,
  defineMetric,
  defineOptimizer,
  defineRegularizer,
  defineSchedule,
  defineTransformer,
  dense,
  type FitOptions,
  type Layer,
  number,
  type RunningLoss,
  randomUniform,
  sequential,
  sgd,
} from '../../src/index.ts';
import { toyData } from '../train/data.ts';

const empty = { type: 'own', options: {} };

test.each<[string, (definition: never) => unknown, object, string]>([
  ['layer', defineLayer, {}, 'build'],
  ['loss', defineLoss, { targets: 'values', build() {} }, 'outputs'],
  ['metric', defineMetric, { better: 'higher', unit: 'none', tasks: [] }, 'start'],
  ['regularizer', defineRegularizer, {}, 'build'],
  ['constraint', defineConstraint, {}, 'build'],
  ['optimizer', defineOptimizer, {}, 'build'],
  ['schedule', defineSchedule, {}, 'rate'],
  ['initializer', defineInitializer, {}, 'fill'],
  ['callback', defineCallback, {}, 'start'],
  ['augmentation', defineAugmentation, {}, 'build'],
  ['generator', defineGenerator, {}, 'generate'],
  ['transformer', defineTransformer, { state: {}, fit() {} }, 'transform'],
])('a %s without what it does is refused where it is defined', (kind, define, rest, method) => {
  expect(() => define({ ...empty, ...rest } as never)).toThrow(
    `The '${method}' parameter of define ${kind} must be a function. Got undefined instead.`,
  );
});

const identity: Layer = {
  outputSize: 3,
  forward: (y, x, rows) => y.data.set(x.data.subarray(0, rows * 3)),
  backward: (dx, dy, _x, _y, rows) => dx?.data.set(dy.data.subarray(0, rows * 3)),
};
const layer = (own: Partial<Layer>) => defineLayer({ ...empty, build: () => ({ ...identity, ...own }) })();
const build = (own: Partial<Layer>) => sequential({ inputSize: 4, layers: [dense(3), layer(own), dense(2)] });
const fit = async (options: Partial<FitOptions>, middle: Partial<Layer> = {}) =>
  (await build(middle).fit(toyData(20), { epochs: 1, batchSize: 20, ...options })).trainLoss;

describe('what a definition builds', () => {
  test.each<[Partial<Layer>, string]>([
    [{ forward: undefined as never }, "'forward' parameter of own must be a function"],
    [{ backward: undefined as never }, "'backward' parameter of own must be a function"],
    [{ outputSize: 1.5 }, "'outputSize' parameter of own must be an integer in the range [1, inf)"],
  ])('as a layer is checked: %j', (own, message) => {
    expect(() => build(own)).toThrow(message);
  });

  test('as a layer has no two arrays of one name', () => {
    const twice = defineLayer({
      ...empty,
      build(_, { parameter, state }) {
        parameter('w', [2]);
        state('w', [2], 0);
        return identity;
      },
    });
    expect(() => sequential({ inputSize: 3, layers: [twice()] })).toThrow(
      'The \'name\' parameter of own must be a new one. Got "w" instead.',
    );
  });

  test('as a loss, an optimizer, a penalty and a callback are checked', async () => {
    const loss = defineLoss({ ...empty, targets: 'values', outputs: () => 2, build: () => ({}) as RunningLoss });
    expect(() => sequential({ inputSize: 3, layers: [dense(2)], loss: loss() })).toThrow("'value' parameter of own");
    const penalty = defineRegularizer({ ...empty, build: () => ({ penalty: () => 1 }) });
    expect(() => sequential({ inputSize: 3, layers: [dense(2, { kernelRegularizer: penalty() })] })).toThrow(
      "'addGradient' parameter of own must be a function",
    );
    const optimizer = defineOptimizer({ ...empty, build: () => ({ slots: 0 }) as never });
    await expect(fit({ optimizer: optimizer() })).rejects.toThrow("'update' parameter of own must be a function");
    const hooks = { onEpochend() {} } as Callback;
    const callback = defineCallback({ ...empty, start: () => hooks });
    await expect(fit({ callbacks: [callback()] })).rejects.toThrow(
      "Unknown option 'onEpochend' of own. Did you mean 'onEpochEnd'?",
    );
  });
});

test.each([Number.NaN, -0.1, Number.POSITIVE_INFINITY])(
  'a schedule that gives %d is refused at its step',
  async (bad) => {
    const learningRate = defineSchedule({ ...empty, rate: (step) => (step < 2 ? 0.1 : bad) })();
    await expect(fit({ epochs: 2, optimizer: sgd({ learningRate }) })).resolves.toHaveLength(2);
    await expect(fit({ epochs: 3, optimizer: sgd({ learningRate }) })).rejects.toThrow(
      /'learningRate' parameter of sgd must be in the range \[0, Infinity\) at step 2\. Got (NaN|-0\.1|Infinity) instead/,
    );
  },
);

test('weights that are not finite after the last step are an error, as no loss has seen them', async () => {
  const backward: Layer['backward'] = (dx) => dx?.data.fill(Number.NaN);
  await expect(fit({}, { backward })).rejects.toThrow(
    'The loss must be finite. Got NaN in the weights at the end of epoch 1 (step 1).',
  );
  await expect(fit({})).resolves.toEqual([expect.any(Number)]);
});

test('options that each are right can be wrong together', () => {
  expect(() => randomUniform({ minval: 1 })).toThrow("The 'minval' parameter of randomUniform must be at most maxval.");
  expect(randomUniform({ minval: 1, maxval: 1 })).toMatchObject({ minval: 1 });
});

test('an interval may be written without a space', () => {
  const own = defineSchedule({ ...empty, options: { rate: number('[0,1)' as never) }, rate: (_, { rate }) => rate });
  expect(own({ rate: 0.5 })).toEqual({ type: 'own', rate: 0.5 });
  expect(() => own({ rate: 1 })).toThrow('[0,1)');
});
