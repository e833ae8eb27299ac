// What the optimizers do beyond the trajectories of test/train: decoupled decay, momenta, proximal steps, and their errors.

import { describe, expect, test } from 'vitest';
import { createEngine, type Engine, Memory } from '../../src/backend/index.ts';
import { ParameterError } from '../../src/errors/index.ts';
import { dense, l1 } from '../../src/nn/index.ts';
import { adam, adamW, type Optimizer, sgd } from '../../src/optim/index.ts';
import { sequential } from '../../src/train/index.ts';
import linear from '../golden/sklearn/linear.json' with { type: 'json' };
import { expectClose } from '../reference/close.ts';
import { values } from '../reference/operations.ts';

const engines = {
  'wasm reproducible': createEngine(),
  'wasm fast': createEngine({ numerics: 'fast' }),
  js: createEngine({ backend: 'js' }),
};

/** Runs `steps` of an optimizer with constant gradients on a kernel [3, 5] and a bias [5]. */
function run({ backend }: Engine, optimizer: Optimizer, steps: number, penalty = { l1: 0, l2: 0 }, slope = 0) {
  const memory = new Memory(backend);
  const parameters = [[3, 5], [5]].map((shape, i) => {
    const length = shape.reduce((a, b) => a * b);
    const value = memory.float32(length);
    const gradient = memory.float32(length);
    value.data.set(values(length, i));
    gradient.data.set(values(length, i + 2).map((g) => g * slope));
    return { shape, value, gradient, ...(i === 0 ? penalty : { l1: 0, l2: 0 }) };
  });
  const { update } = optimizer.init(parameters, backend, memory);
  for (let step = 0; step < steps; step++) update();
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
    const step = (optimizer: Optimizer) =>
      run(engine, optimizer, 1, undefined, 1).kernel.map((w, i) => start.kernel[i] - w);
    const heavy = step(sgd({ learningRate: 0.1, momentum: 0.9 }));
    expectClose(
      step(sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true })),
      heavy.map((d) => 1.9 * d),
      { atol: 2e-7 },
    );
  });

  test.each<[string, (proximal: boolean) => Optimizer]>([
    ['sgd', (proximal) => sgd({ proximal })],
    ['momentum', (proximal) => sgd({ momentum: 0.9, proximal })],
    ['nesterov', (proximal) => sgd({ momentum: 0.9, nesterov: true, proximal })],
    ['adam', (proximal) => adam({ proximal })],
    ['adamW', (proximal) => adamW({ proximal })],
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
  async function train(strength: number, optimizer: Optimizer) {
    const [rows, features] = logistic.shape;
    using model = sequential({ inputSize: features, layers: [dense(3, { kernelRegularizer: l1(strength) })] });
    const data = { x: { data: Float64Array.from(logistic.x), shape: logistic.shape }, y: Int32Array.from(logistic.y) };
    await model.fit(data, { epochs: 4000, batchSize: rows, shuffle: false, optimizer });
    return { loss: model.evaluate(data).loss, kernel: model.getWeights()[0].data };
  }

  test.each<[string, (proximal: boolean) => Optimizer]>([
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

test.each<[string, () => Optimizer, RegExp]>([
  [
    'nesterov without momentum',
    () => sgd({ nesterov: true }),
    /'momentum' parameter of sgd must be above 0 with nesterov\. Got 0.*momentum: 0\.9/,
  ],
  ['nesterov', () => sgd({ momentum: 0.5, nesterov: 1 as never }), /'nesterov'.*true or false.*Got 1/],
  ['proximal', () => adam({ proximal: 'yes' as never }), /'proximal' parameter of adam must be true or false.*"yes"/],
  ['weightDecay of adam', () => adam({ weightDecay: 0.1 } as never), /Unknown option 'weightDecay' of adam/],
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
