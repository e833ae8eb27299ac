// Every kind against values that this project did not compute: PyTorch's, scikit-learn's, Keras' formulas.
import { afterAll, describe, expect, test } from 'vitest';
import { Memory } from '../../src/backend/index.ts';
import { definitionOf, fromJson } from '../../src/errors/index.ts';
import { accuracy, macroF1 } from '../../src/metrics/index.ts';
import {
  binaryCrossEntropy,
  type ConstraintDefinition,
  defineLayer,
  defineLoss,
  dense,
  Network,
  type RegularizerDefinition,
  softmaxCrossEntropy,
} from '../../src/nn/index.ts';
import { type ScheduleDefinition, sgd, startOptimizer } from '../../src/optim/index.ts';
import { sequential } from '../../src/train/index.ts';
import { catalog } from '../catalog.ts';
import kinds from '../golden/pytorch/kinds.json' with { type: 'json' };
import methods from '../golden/pytorch/methods.json' with { type: 'json' };
import embeddings from '../golden/pytorch/tables.json' with { type: 'json' };
import trajectories from '../golden/pytorch/trajectories.json' with { type: 'json' };
import scores from '../golden/sklearn/macro-f1.json' with { type: 'json' };
import functions from '../golden/sklearn/metrics.json' with { type: 'json' };
import { isClose } from '../reference/close.ts';
import { eachEngine } from './engines.ts';
import type { Kind } from './samples.ts';
import { startLoss } from './training.ts';

const golden = { ...kinds, layers: [...kinds.layers, ...embeddings.layers] };

/** Types without golden values, and why. */
const without: Partial<Record<Kind, Record<string, string>>> = {
  schedule: {
    flatCosine: 'Neither Keras nor PyTorch has it; test/contracts/values.test.ts has the formula of the paper.',
    cosineCycles: 'Neither Keras nor PyTorch has it; test/contracts/values.test.ts has the formula of the paper.',
  },
  layer: {
    dropout: 'masks are of our own; test/golden/pytorch/trajectories.py draws them in NumPy and trains with them',
    alphaDropout: 'masks are of our own; its formula is in reference/layer.ts',
    gaussianNoise: 'draws of our own; their distribution is checked in test/backend/conformance.test.ts',
    gaussianDropout: 'draws of our own; their distribution is checked in test/backend/conformance.test.ts',
  },
  initializer: {
    heNormal: 'draws from our own stream; the distribution is checked in values.test.ts',
    glorotUniform: 'draws from our own stream; the distribution is checked in values.test.ts',
    ...Object.fromEntries(
      [
        'heUniform',
        'glorotNormal',
        'lecunNormal',
        'lecunUniform',
        'orthogonal',
        'truncatedNormal',
        'randomUniform',
      ].map((type) => [type, 'draws from our own stream; the distribution is checked in values.test.ts']),
    ),
    zeros: 'nothing to compute',
    constant: 'nothing to compute',
  },
  augmentation: Object.fromEntries(
    ['mixup', 'cutmix', 'cutout', 'inputNoise'].map((type) => [
      type,
      'draws are of our own; what is made of them is checked in augmentations.test.ts',
    ]),
  ),
  callback: {
    earlyStopping: 'its state diagram is written out in test/train/early-stopping.test.ts',
    reduceLROnPlateau: "Keras' rules are written out in reference/callback.ts",
    snapshotEnsemble: 'a schedule that has golden values, and the weights at its ends (values.test.ts)',
  },
};

/** The metric that a function computes. */
const metricOf = (name: string) => name.replace(/Score$|ScoreLoss$/, (end) => (end === 'ScoreLoss' ? 'Score' : ''));

const named = (list: { type: string }[]) => new Set(list.map(({ type }) => type));
/** What test/train/methods.test.ts checks. */
const ofMethods = (option: 'optimizer' | 'callbacks' | 'augment'): string[] =>
  methods.runs.flatMap(({ fit }) => [fit[option] ?? []].flat().map(({ type }: { type: string }) => type));
const covered: Record<Kind, Set<string>> = {
  layer: named(golden.layers),
  loss: named(golden.losses),
  regularizer: named(golden.regularizers),
  constraint: named(golden.constraints),
  schedule: named(golden.schedules),
  // Metrics are functions of regulus/metrics over a pass (reference/metric.ts), which test/metrics/functions.test.ts checks
  // against scikit-learn's values: their names are these, some with Score or Loss at their end.
  metric: new Set([...Object.keys(scores[0]), ...functions.cases.map(({ name }) => metricOf(name))]),
  optimizer: new Set([
    'sgd',
    ...named(golden.optimizers),
    ...trajectories.trajectories.map(({ optimizer }) => optimizer.name),
    ...ofMethods('optimizer'),
  ]),
  initializer: new Set(),
  callback: new Set(ofMethods('callbacks')),
  augmentation: new Set(ofMethods('augment')),
};

test.each(Object.keys(catalog) as Kind[])('every %s has golden values, or a reason why not', (kind) => {
  const types = catalog[kind]?.map(({ definition }) => definition.type) ?? [];
  const reasons = without[kind] ?? {};
  expect(types.filter((type) => !covered[kind].has(type) && !reasons[type])).toEqual([]);
  expect(Object.keys(reasons).filter((type) => covered[kind].has(type) || !types.includes(type))).toEqual([]);
});

const worst = new Map<string, number>();

/** Within `tolerance` of the greatest expected value; keeps the worst that was seen. */
function expectNear(type: string, actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const scale = Array.from(expected).reduce((greatest, value) => Math.max(greatest, Math.abs(value)), 1e-30);
  for (let i = 0; i < expected.length; i++) {
    worst.set(type, Math.max(worst.get(type) ?? 0, Math.abs(actual[i] - expected[i]) / scale));
    if (!isClose(actual[i], expected[i], { atol: tolerance * scale })) {
      expect.fail(`${type}: element ${i} is ${actual[i]} instead of ${expected[i]}`);
    }
  }
}

// For the table in docs/numerics.md: REPORT=1 npx vitest run test/contracts/golden.test.ts
afterAll(() => {
  if (process.env.REPORT)
    console.log([...worst].map(([type, error]) => `${type} ${error.toExponential(1)}`).join('\n'));
});

const described = <K extends Kind>(kind: K, type: string, options: object) =>
  fromJson(kind, { type, ...options }, catalog);

describe.each(eachEngine)('on %s', (engineName, engine) => {
  const { backend } = engine;
  const title = (type: string) => `${type} (${engineName})`;

  test.each(golden.layers)(
    'layer $type $options',
    ({ type, options, rows, x, y, dy, dx, arrays, gradients, ...rest }) => {
      /** Passes its input on, and keeps the gradient that comes back. */
      const probe = defineLayer({
        type: 'probe',
        options: {},
        build(_, { size, parameter }) {
          const seen = parameter('seen', [rows * size]);
          return {
            outputSize: size,
            needsInput: true,
            forward: ({ data: to }, { data: from }) => void to.set(from),
            backward: (_dx, dOutput) => void seen.gradient.data.set(dOutput.data),
          };
        },
      });
      /** A loss with a given gradient. */
      const given = defineLoss({
        type: 'given',
        options: {},
        targets: 'values',
        outputs: () => 1,
        build: (_, { outputSize }) => ({
          task: 'regression',
          targetSize: outputSize,
          value({ data: dOutput }) {
            dOutput.set(dy);
            return 0;
          },
        }),
      });
      const layers = [probe(), described('layer', type, options)];
      const network = new Network(x.length / rows, layers, given(), 0, backend);
      network.reserveTraining(rows);
      const own = new Map(network.arrays.map((array) => [array.name.replace(`${type}1.`, ''), array]));
      own.delete('probe1.seen');
      expect([...own.keys()].sort()).toEqual(Object.keys(arrays).sort());
      for (const [name, values] of Object.entries(arrays)) own.get(name)?.value.data.set(values);
      network.input.set(x);
      network.forward(rows);
      expectNear(title(type), network.output.data, rest.inference, 1e-6);
      network.forward(rows, 0);
      expectNear(title(type), network.output.data, y, 1e-6);
      network.lossSum(rows);
      network.backward(rows, 0);
      const [seen, ...parameters] = network.parameters;
      expectNear(title(type), seen.gradient.data, dx, 1e-6);
      expect(parameters).toHaveLength(Object.keys(gradients).length);
      for (const { name, gradient } of parameters) {
        expectNear(
          title(type),
          gradient.data,
          (gradients as Record<string, number[]>)[name.replace(`${type}1.`, '')],
          1e-6,
        );
      }
      const { after = {} } = rest as { after?: Record<string, number[]> };
      for (const [name, values] of Object.entries(after)) {
        expectNear(title(type), own.get(name)?.value.data as Float32Array, values, 2e-7);
      }
      network.free();
    },
  );

  test.each(golden.losses)(
    'loss $type $options',
    ({ type, options, rows, output, targets, value, gradient, ...rest }) => {
      const memory = new Memory(backend);
      const loss = startLoss(described('loss', type, options), output.length / rows, engine);
      const outputs = memory.float32(output.length);
      const given = loss.integerTargets ? memory.int32(targets.length) : memory.float32(targets.length);
      const dOutput = memory.float32(output.length);
      outputs.data.set(output);
      given.data.set(targets);
      expectNear(title(type), [loss.value(dOutput, outputs, given, rows) / rows], [value], 5e-7);
      expectNear(title(type), dOutput.data, gradient, 5e-7);
      const { probabilities, values } = rest as { probabilities?: number[]; values?: number[] };
      if (values) {
        const predicted = memory.float32(values.length);
        loss.values?.(predicted, outputs, rows);
        expectNear(title(type), predicted.data, values, 5e-7);
      }
      if (probabilities) {
        const p = memory.float32(probabilities.length);
        loss.probabilities?.(p, outputs, rows);
        expectNear(title(type), p.data, probabilities, 5e-7);
      }
      memory.free();
    },
  );

  test.each(golden.regularizers)('regularizer $type', ({ type, options, w, value, gradient }) => {
    const memory = new Memory(backend);
    const array = memory.float32(w.length);
    array.data.set(w);
    const shape = [4, 6];
    const regularizer = described('regularizer', type, options);
    const started = definitionOf<RegularizerDefinition>('regularizer', 't', 'r', regularizer);
    const running = started.definition.build(started.options, { shape, backend });
    const { l1 = 0, l2 = 0 } = running;
    expectNear(
      title(type),
      [backend.penalty(array, w.length, l1, l2) + (running.penalty?.(array) ?? 0)],
      [value],
      1e-11,
    );
    const parameter = { shape, value: array, gradient: memory.float32(w.length), regularizer: running };
    startOptimizer(sgd({ learningRate: 1 }), [parameter], backend, memory).update();
    // Read off weights of order 1, which rounds once more.
    expectNear(
      title(type),
      w.map((before, i) => before - array.data[i]),
      gradient,
      5e-6,
    );
    memory.free();
  });

  test.each(golden.constraints)('constraint $type $options', ({ type, options, shape, w, constrained }) => {
    const memory = new Memory(backend);
    const array = memory.float32(w.length);
    array.data.set(w);
    const started = definitionOf<ConstraintDefinition>('constraint', 't', 'c', described('constraint', type, options));
    started.definition.build(started.options, { shape, backend })(array);
    // torch.renorm adds 1e-7 to the norm.
    expectNear(title(type), array.data, constrained, 3e-7);
    memory.free();
  });

  test.each(golden.optimizers)('optimizer $type $options', ({ type, options, start, gradients, end }) => {
    const memory = new Memory(backend);
    const [value, gradient] = [memory.float32(start.length), memory.float32(start.length)];
    value.data.set(start);
    const parameter = { shape: [3, 4], value, gradient };
    const running = startOptimizer(described('optimizer', type, options), [parameter], backend, memory);
    for (const step of gradients) {
      gradient.data.set(step);
      running.update();
    }
    running.useAverages(true);
    expectNear(title(type), value.data, end, 1e-6);
    memory.free();
  });

  test.each(scores.map((score, i) => ({ ...score, i })))('macroF1 and accuracy of $task, case $i', (score) => {
    const [rows, columns] = score.shape;
    const isClasses = score.task === 'classes';
    using model = sequential({
      inputSize: columns,
      layers: [dense(columns, { useBias: false })],
      loss: isClasses ? softmaxCrossEntropy() : binaryCrossEntropy(),
      engine,
    });
    const identity = Array.from({ length: columns ** 2 }, (_, i) => (i % (columns + 1) === 0 ? 1 : 0));
    model.setWeights([{ shape: [columns, columns], data: identity }]);
    const x = { data: Float64Array.from(score.logits), shape: [rows, columns] as [number, number] };
    const y = isClasses ? Int32Array.from(score.targets) : { data: Float64Array.from(score.targets), shape: x.shape };
    const evaluation = model.evaluate({ x, y }, { metrics: [macroF1(), accuracy()] });
    expectNear('macroF1', [evaluation.macroF1], [score.macroF1], 1e-14);
    expect(evaluation.accuracy).toBe(score.accuracy);
  });
});

test.each(golden.schedules)('schedule $type $options', ({ type, options, rates }) => {
  const started = definitionOf<ScheduleDefinition>('schedule', 't', 's', described('schedule', type, options));
  expectNear(
    type,
    rates.map((_, step) => started.definition.rate(step, started.options)),
    rates,
    2e-15,
  );
});
