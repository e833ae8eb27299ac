// What the optimizers do beyond the trajectories of test/train: decoupled decay, momenta, proximal steps, and their errors.

import { describe, expect, test } from 'vitest';
import { createEngine, type Engine, Memory, type Tensor } from '../../src/backend/index.ts';
import { type Description, ParameterError } from '../../src/errors/index.ts';
import { dense, l1 } from '../../src/nn/index.ts';
import {
  adagrad,
  adam,
  adamW,
  defineOptimizer,
  lion,
  nadam,
  rmsprop,
  type SgdOptions,
  sgd,
  startOptimizer,
} from '../../src/optim/index.ts';
import { sequential } from '../../src/train/index.ts';
import linear from '../golden/sklearn/linear.json' with { type: 'json' };
import { expectClose } from '../reference/close.ts';
import { values } from '../reference/operations.ts';
import { toyData } from '../train/data.ts';

const engines = {
  'wasm reproducible': createEngine(),
  'wasm fast': createEngine({ numerics: 'fast' }),
  js: createEngine({ backend: 'js' }),
};

/** Runs `steps` of an optimizer with constant gradients on a kernel [3, 5] and a bias [5]. */
function run(
  { backend }: Engine,
  optimizer: Description<'optimizer'>,
  steps: number,
  penalty = { l1: 0, l2: 0 },
  slope = 0,
) {
  const memory = new Memory(backend);
  const parameters = [[3, 5], [5]].map((shape, i) => {
    const length = shape.reduce((a, b) => a * b);
    const value = memory.float32(length);
    const gradient = memory.float32(length);
    value.data.set(values(length, i));
    return { shape, value, gradient, ...(i === 0 ? { regularizer: penalty } : {}) };
  });
  const { update } = startOptimizer(optimizer, parameters, backend, memory);
  for (let step = 0; step < steps; step++) {
    parameters.forEach(({ gradient }, i) => {
      gradient.data.set(values(gradient.length, i + 2).map((g) => g * slope));
    });
    update();
  }
  const [kernel, bias] = parameters.map(({ value }) => value.data.slice());
  memory.free();
  return { kernel, bias };
}

describe.each(Object.entries(engines))('on %s', (_name, engine) => {
  const start = run(engine, sgd(), 0);

  test('adamW decays kernels by learningRate · weightDecay a step, and biases never', () => {
    const { kernel, bias } = run(engine, adamW({ learningRate: 0.1, weightDecay: 0.2 }), 50);
    expectClose(
      kernel,
      start.kernel.map((w) => w * 0.98 ** 50),
      { rtol: 1e-5 },
    );
    expect(bias).toEqual(start.bias);
  });

  test('a decay too small for 1 − decay in float32 still adds up', () => {
    // 1e-3 · 1e-4 = 1e-7, and 1 − 1e-7 is 1 − 1.2e-7 in float32.
    const { kernel } = run(engine, adamW({ learningRate: 1e-3, weightDecay: 1e-4 }), 1);
    const whole = start.kernel.map((w, i) => (w - kernel[i]) / w);
    const mean = whole.reduce((sum, x) => sum + x, 0) / whole.length;
    expectClose([mean], [1e-7], { rtol: 0.35 }); // single weights move by 0 or a unit in the last place
  });

  test.each([
    ['sgd', sgd, 0.1],
    ['rmsprop', rmsprop, 0.05],
    ['adam', adam, 0.05],
  ] as const)(
    '%s decays kernels by learningRate · weightDecay a step, and biases never',
    (_optimizer, make, learningRate) => {
      const { kernel, bias } = run(engine, make({ learningRate, weightDecay: 0.2 }), 50);
      expectClose(
        kernel,
        start.kernel.map((w) => w * (1 - 0.2 * learningRate) ** 50),
        { rtol: 1e-5 },
      );
      expect(bias).toEqual(start.bias);
    },
  );

  test('decay comes with the step, of the gradient where it was taken, penalties included', () => {
    const penalty = { l1: 0.1, l2: 0.3 };
    const { kernel, bias } = run(engine, sgd({ learningRate: 0.1, weightDecay: 0.5 }), 1, penalty, 1);
    const { kernel: free, bias: freeBias } = run(engine, sgd({ learningRate: 0.1 }), 1, penalty, 1);
    expectClose(
      kernel,
      free.map((w, i) => w - 0.05 * start.kernel[i]),
      { atol: 2e-7 },
    );
    expect(bias).toEqual(freeBias);
  });

  test('adam with decay is adamW, bit for bit', () => {
    const options = { learningRate: 0.01, weightDecay: 0.1 };
    expect(run(engine, adam(options), 10, undefined, 1)).toEqual(run(engine, adamW(options), 10, undefined, 1));
  });

  test('limits of gradients count the penalties, and change nothing that is within them', () => {
    const penalty = { l1: 0.5, l2: 0.25 };
    const taken = (options: SgdOptions) => {
      const { kernel, bias } = run(engine, sgd({ learningRate: 1, ...options }), 1, penalty, 0.25);
      return [start.kernel.map((w, i) => w - kernel[i]), start.bias.map((w, i) => w - bias[i])];
    };
    const free = taken({});
    const norm = (...arrays: Float32Array[]) => Math.hypot(...arrays.flatMap((array) => [...array]));
    const [kernel, bias] = taken({ clipValue: 0.3 });
    expectClose(
      kernel,
      free[0].map((g) => Math.min(Math.max(g, -0.3), 0.3)),
      { atol: 2e-7 },
    );
    expectClose(bias, free[1], { atol: 1e-7 });
    expect(free[0].some((g) => Math.abs(g) > 0.3)).toBe(true);
    const each = taken({ clipNorm: 1 });
    expect(norm(free[0])).toBeGreaterThan(1);
    expect(norm(free[1])).toBeLessThan(1);
    expectClose(
      each[0],
      free[0].map((g) => g / norm(free[0])),
      { atol: 2e-7 },
    );
    expectClose(each[1], free[1], { atol: 1e-7 });
    const together = taken({ globalClipNorm: 1 });
    for (const k of [0, 1]) {
      expectClose(
        together[k],
        free[k].map((g) => g / norm(...free)),
        { atol: 2e-7 },
      );
    }
    const wide = taken({ clipValue: 100, clipNorm: 100, globalClipNorm: 100 });
    for (const k of [0, 1]) expectClose(wide[k], free[k], { atol: 2e-7 });
  });

  test('a gradient that is not finite is not hidden by a limit', () => {
    for (const options of [{ clipNorm: 1 }, { globalClipNorm: 1 }, { clipValue: 1 }]) {
      const { kernel } = run(engine, sgd(options), 1, undefined, Number.NaN);
      expect(kernel.every(Number.isNaN)).toBe(true);
    }
  });

  test('a penalty with a gradient of its own is added before any limit', () => {
    const memory = new Memory(engine.backend);
    const [value, gradient] = [memory.float32(6), memory.float32(6)];
    const l4 = {
      addGradient: ({ data: g }: Tensor, { data: w }: Tensor) => {
        for (let i = 0; i < g.length; i++) g[i] += 4 * w[i] ** 3;
      },
    };
    for (const options of [{}, { clipValue: 0.5 }, { weightDecay: 0.1 }]) {
      const w = values(6, 4);
      value.data.set(w);
      gradient.data.set(values(6, 5));
      const g = gradient.data.map((own, i) => own + 4 * w[i] ** 3);
      const limited = 'clipValue' in options ? g.map((own) => Math.min(Math.max(own, -0.5), 0.5)) : g;
      const decay = 'weightDecay' in options ? 0.1 : 0;
      const parameter = { shape: [2, 3], value, gradient, regularizer: l4 };
      startOptimizer(sgd({ learningRate: 1, ...options }), [parameter], engine.backend, memory).update();
      expectClose(
        value.data,
        w.map((own, i) => own - limited[i] - decay * own),
        { atol: 5e-7 },
      );
    }
    memory.free();
  });

  test('adamW without decay is adam, bit for bit', () => {
    const options = { learningRate: 0.01, beta1: 0.8, beta2: 0.99, epsilon: 1e-6 };
    const penalty = { l1: 0.01, l2: 0.02 };
    expect(run(engine, adamW({ ...options, weightDecay: 0 }), 10, penalty, 1)).toEqual(
      run(engine, adam(options), 10, penalty, 1),
    );
  });

  test('with adam, an L2 penalty moves all weights alike at first; decay moves them in proportion', () => {
    const l2 = run(engine, adam({ learningRate: 0.01 }), 1, { l1: 0, l2: 0.5 });
    const decay = run(engine, adamW({ learningRate: 0.01, weightDecay: 1 }), 1);
    for (const [i, w] of start.kernel.entries()) {
      expectClose([w - l2.kernel[i]], [0.01 * Math.sign(w)], { atol: 1e-6 });
      expectClose([w - decay.kernel[i]], [0.01 * w], { atol: 1e-6 });
    }
  });

  test("nesterov's first step is 1 + momentum as long as that of heavy-ball momentum", () => {
    const step = (optimizer: Description<'optimizer'>) =>
      run(engine, optimizer, 1, undefined, 1).kernel.map((w, i) => start.kernel[i] - w);
    const heavy = step(sgd({ learningRate: 0.1, momentum: 0.9 }));
    expectClose(
      step(sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true })),
      heavy.map((d) => 1.9 * d),
      { atol: 2e-7 },
    );
  });

  test.each<[string, (proximal: boolean) => Description<'optimizer'>]>([
    ['sgd', (proximal) => sgd({ proximal })],
    ['momentum', (proximal) => sgd({ momentum: 0.9, proximal })],
    ['nesterov', (proximal) => sgd({ momentum: 0.9, nesterov: true, proximal })],
    ['adam', (proximal) => adam({ proximal })],
    ['adamW', (proximal) => adamW({ proximal })],
    ['rmsprop', (proximal) => rmsprop({ proximal })],
    ['rmsprop with momentum', (proximal) => rmsprop({ momentum: 0.5, proximal })],
  ])('proximal %s: the same without L1; with it, exact zeros that stay', (_optimizer, make) => {
    const l2 = { l1: 0, l2: 0.1 };
    expect(run(engine, make(true), 5, l2, 1)).toEqual(run(engine, make(false), 5, l2, 1));
    const many = run(engine, make(true), 2000, { l1: 0.1, l2: 0 }, 0.05);
    expect([...many.kernel]).toEqual(new Array(15).fill(0)); // |g| ≤ 0.05 < l1: the minimum is 0
    const few = run(engine, make(false), 2000, { l1: 0.1, l2: 0 }, 0.05);
    expect(few.kernel.filter((w) => w === 0).length).toBeLessThan(5);
  });
});

interface Logistic {
  shape: [rows: number, features: number];
  x: number[];
  y: number[];
  solutions: { strength: number; kernel: number[]; loss: number }[];
}
const { logistic } = linear as unknown as { logistic: Logistic };

// The problem is convex, so that scikit-learn's solver, another algorithm in float64, must find the same minimum, and
// the same weights at exactly 0.
describe('L1 logistic regression has the zeros of scikit-learn', () => {
  async function train(strength: number, optimizer: Description<'optimizer'>) {
    const [rows, features] = logistic.shape;
    using model = sequential({ inputSize: features, layers: [dense(3, { kernelRegularizer: l1(strength) })] });
    const data = { x: { data: Float64Array.from(logistic.x), shape: logistic.shape }, y: Int32Array.from(logistic.y) };
    await model.fit(data, { epochs: 4000, batchSize: rows, shuffle: false, optimizer });
    return { loss: model.evaluate(data).loss, kernel: model.getWeights()[0].data };
  }

  test.each<[string, (proximal: boolean) => Description<'optimizer'>]>([
    ['sgd', (proximal) => sgd({ learningRate: 2, proximal })],
    ['momentum', (proximal) => sgd({ learningRate: 0.1, momentum: 0.9, proximal })],
    ['nesterov', (proximal) => sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true, proximal })],
    ['adam', (proximal) => adam({ learningRate: 0.02, proximal })],
  ])('%s', async (_name, make) => {
    for (const { strength, kernel, loss } of logistic.solutions) {
      const found = await train(strength, make(true));
      expect(Array.from(found.kernel, (w) => w === 0)).toEqual(kernel.map((w) => w === 0));
      expectClose(found.kernel, kernel, { atol: 1e-5 });
      expectClose([found.loss], [loss], { rtol: 1e-7 });
      const subgradient = await train(strength, make(false));
      expect(subgradient.kernel.filter((w) => w === 0)).toHaveLength(0);
    }
  });
});

test.each<[string, () => Description<'optimizer'>, RegExp]>([
  [
    'nesterov without momentum',
    () => sgd({ nesterov: true }),
    /'momentum' parameter of sgd must be above 0 with nesterov\. Got 0.*momentum: 0\.9/,
  ],
  ['nesterov', () => sgd({ momentum: 0.5, nesterov: 1 as never }), /'nesterov'.*true or false.*Got 1/],
  ['proximal', () => adam({ proximal: 'yes' as never }), /'proximal' parameter of adam must be true or false.*"yes"/],
  ['weightDecay of adam', () => adam({ weightDecay: -0.1 }), /'weightDecay' parameter of adam must be .*Got -0\.1/],
  ['weightDecay −1', () => adamW({ weightDecay: -1 }), /'weightDecay' parameter of adamW.*\[0, inf\)\. Got -1/],
  ['weightDecay NaN', () => adamW({ weightDecay: Number.NaN }), /'weightDecay'.*Got NaN/],
  [
    'weight_decay',
    () => adamW({ weight_decay: 0.1 } as never),
    /Unknown option 'weight_decay' of adamW\. Did you mean 'weightDecay'/,
  ],
  ['learning rate of adamW', () => adamW({ learningRate: 0 }), /'learningRate' parameter of adamW.*Got 0/],
])('rejects a bad %s', (_what, make, message) => {
  expect(make).toThrow(ParameterError);
  expect(make).toThrow(message);
});

describe('an optimizer of a user', () => {
  const plain = defineOptimizer({
    type: 'plain',
    options: {},
    build: () => ({
      slots: 0,
      update: ({ data: w }, { data: g }, _slots, rate) => {
        for (let i = 0; i < w.length; i++) w[i] -= rate * g[i];
      },
    }),
  });

  test('gets the options and the work that all share: penalties, limits, decay', () => {
    const options = { learningRate: 0.1, weightDecay: 0.1, clipNorm: 0.5 };
    expect(plain(options)).toEqual({ type: 'plain', ...options });
    for (const given of [{ learningRate: 0.1 }, options]) {
      for (const engine of Object.values(engines)) {
        const penalty = { l1: 0.2, l2: 0.3 };
        const [own, ours] = [plain(given), sgd(given)].map((optimizer) => run(engine, optimizer, 10, penalty, 1));
        expectClose(own.kernel, ours.kernel, { atol: 1e-6 });
        expectClose(own.bias, ours.bias, { atol: 1e-6 });
      }
    }
  });

  test('refuses the proximal step that it does not have', async () => {
    using model = sequential({ inputSize: 4, layers: [dense(2)] });
    const fit = (proximal: boolean) => model.fit(toyData(8), { epochs: 1, optimizer: plain({ proximal }) });
    await fit(false);
    await expect(fit(true)).rejects.toThrow(
      "The 'proximal' parameter of plain must be false. Got true instead. This optimizer has no proximal step.",
    );
  });
});

describe.each(Object.entries(engines))('rates of single arrays on %s', (_, { backend }) => {
  /** Where an optimizer takes an array of ones in three steps; the last has no gradient. */
  const trajectory = (optimizer: Description<'optimizer'>, learningRateFactor?: number) => {
    const memory = new Memory(backend);
    const value = memory.float32(6);
    const gradient = memory.float32(6);
    value.data.fill(1);
    const { update } = startOptimizer(
      optimizer,
      [{ shape: [2, 3], value, gradient, learningRateFactor }],
      backend,
      memory,
    );
    for (let step = 0; step < 3; step++) {
      gradient.data.set([0.1, -0.2, 0.3, -0.4, 0.5, 0]);
      update();
    }
    const end = value.data.slice();
    memory.free();
    return end;
  };

  test.each([adam, nadam, sgd, rmsprop, lion, adagrad])('%o multiplies its learning rate', (optimizer) => {
    expect(trajectory(optimizer({ learningRate: 0.02 }), 0.5)).toEqual(trajectory(optimizer({ learningRate: 0.01 })));
  });

  test('weight decay is not multiplied', () => {
    const [factored, plain] = [0.5, 1].map((factor) =>
      trajectory(adamW({ learningRate: 0.02, weightDecay: 0.1 }), factor),
    );
    // The gradient of the last is 0: it decays alone.
    expect(factored[5]).toBe(plain[5]);
    expect(factored[5]).toBeCloseTo((1 - 0.02 * 0.1) ** 3, 6);
    expect(factored[0]).not.toBe(plain[0]);
  });
});

test("with parametrization 'ntk', Adam trains x·kernel / √inputs + bias", async () => {
  const { x, y } = toyData(40);
  const inputs = x.shape[1];
  const fit = { epochs: 4, optimizer: adam({ learningRate: 0.05, epsilon: 1e-30 }) };
  using model = sequential({ inputSize: inputs, layers: [dense(2, { parametrization: 'ntk' })] });
  const [kernel] = model.getWeights();
  await model.fit({ x, y }, fit);
  // x·kernel' / √inputs with kernel' = √inputs·kernel, by dividing the features instead.
  const root = Math.sqrt(inputs);
  using scaled = sequential({ inputSize: inputs, layers: [dense(2)] });
  scaled.setWeights([
    { ...kernel, data: kernel.data.map((w) => w * root) },
    { shape: [2], data: [0, 0] },
  ]);
  const data = { data: Float64Array.from(x.data, (value) => value / root), shape: x.shape };
  await scaled.fit({ x: data, y }, fit);
  expectClose(model.predictProbabilities(x).data, scaled.predictProbabilities(data).data, { atol: 2e-6 });
});
