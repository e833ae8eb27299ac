// What optimizers, constraints, initializers, metrics, schedules and callbacks compute, against references in float64.
import { describe, expect, test } from 'vitest';
import { Memory } from '../../src/backend/index.ts';
import { type Description, definitionOf } from '../../src/errors/index.ts';
import type { MetricDefinition } from '../../src/metrics/index.ts';
import {
  binaryCrossEntropy,
  type ConstraintDefinition,
  defineLoss,
  dense,
  type InitializerDefinition,
  l1l2,
  meanSquaredError,
  Network,
  relu,
  softmaxCrossEntropy,
  zeros,
} from '../../src/nn/index.ts';
import {
  cosineRestarts,
  piecewiseConstant,
  type ScheduleDefinition,
  sgd,
  startOptimizer,
} from '../../src/optim/index.ts';
import { RandomState } from '../../src/random/index.ts';
import { sequential } from '../../src/train/index.ts';
import { expectClose } from '../reference/close.ts';
import { values } from '../reference/operations.ts';
import { toyData } from '../train/data.ts';
import { eachEngine } from './engines.ts';
import { references as callbacks, reducedRates } from './reference/callback.ts';
import { columnNorms, references as constraints } from './reference/constraint.ts';
import { references as initializers } from './reference/initializer.ts';
import { references as metrics, type Pass } from './reference/metric.ts';
import { optimizeReference } from './reference/optimizer.ts';
import { references as schedules } from './reference/schedule.ts';
import { eachSample } from './samples.ts';

describe.each(eachEngine)('on %s', (_engine, engine) => {
  const { backend } = engine;

  describe.each(eachSample('optimizer'))('%s', (_title, optimizer) => {
    const STEPS = 25;
    test.each([
      { l1: 0, l2: 0 },
      { l1: 0.02, l2: 0.03 },
    ])('%o', (strengths) => {
      const memory = new Memory(backend);
      const shapes = [[3, 5], [5], [6, 2]];
      const parameters = shapes.map((shape, k) => {
        const length = shape.reduce((product, size) => product * size);
        const [value, gradient] = [memory.float32(length), memory.float32(length)];
        value.data.set(values(length, k));
        const isKernel = shape.length > 1;
        return { shape, value, gradient, regularizer: isKernel ? strengths : undefined, isKernel };
      });
      const gradients = Array.from({ length: STEPS }, (_, step) =>
        parameters.map(({ value }, k) =>
          Float64Array.from(values(value.length, 10 + 3 * step + k), (g) => g / 4 + 0.05),
        ),
      );
      const expected = parameters.map(({ value, isKernel }) => {
        return { w: Float64Array.from(value.data), isKernel, ...(isKernel ? strengths : { l1: 0, l2: 0 }) };
      });
      optimizeReference(optimizer, expected, gradients);
      const running = startOptimizer(optimizer, parameters, backend, memory);
      for (const all of gradients) {
        parameters.forEach(({ gradient }, k) => {
          gradient.data.set(all[k]);
        });
        running.update();
      }
      running.useAverages(true);
      for (const [k, { value }] of parameters.entries()) {
        // Each of 25 updates rounds a weight of order 1 by 6e-8, and its step by a share of that.
        expectClose(value.data, expected[k].w, { atol: 2e-6, rtol: 2e-6 });
        // Where a proximal step gives a zero, it is exact.
        expect(Array.from(value.data, (w) => w === 0)).toEqual(Array.from(expected[k].w, (w) => w === 0));
      }
      memory.free();
    });
  });

  describe.each(eachSample('constraint'))('%s', (_title, constraint) => {
    test.each([[[4, 7]], [[1, 3]], [[9, 1]]] as [[number, number]][])('of a kernel %j', (shape) => {
      const memory = new Memory(backend);
      const { definition, options } = definitionOf<ConstraintDefinition>('constraint', 't', 'c', constraint);
      const value = memory.float32(shape[0] * shape[1]);
      value.data.set(values(value.length, 3).map((w, i) => (i % shape[1] === 0 ? w / 100 : 2 * w)));
      const expected = constraints[constraint.type](Float64Array.from(value.data), shape, options as never);
      const running = definition.build(options, { shape, backend });
      running(value);
      expectClose(value.data, expected, { rtol: 3e-7 });
      const once = value.data.slice();
      running(value);
      expectClose(value.data, once, { rtol: 2e-7 });
      memory.free();
    });

    test('holds after every step of training', async () => {
      using model = sequential({
        inputSize: 4,
        engine,
        layers: [dense(8, { kernelConstraint: constraint }), relu(), dense(2)],
      });
      let steps = 0;
      await model.fit(toyData(40), {
        epochs: 5,
        optimizer: sgd({ learningRate: 2 }),
        callbacks: [
          {
            onBatchEnd() {
              const { data } = model.getWeights()[0];
              const { options } = definitionOf('constraint', 't', 'c', constraint);
              expectClose(data, constraints[constraint.type](Float64Array.from(data), [4, 8], options as never), {
                rtol: 3e-7,
              });
              steps++;
            },
          },
        ],
      });
      expect(steps).toBe(10);
      expect(Math.max(...columnNorms(model.getWeights()[0].data, 8))).toBeGreaterThan(0);
    });
  });

  describe.each(eachSample('metric'))('%s', (_title, metric) => {
    const { definition, options } = definitionOf<MetricDefinition>('metric', 't', 'm', metric);
    const cases = [
      ['three classes', softmaxCrossEntropy(), 3],
      ['seven classes of which few are there', softmaxCrossEntropy(), 7],
      ['two classes', softmaxCrossEntropy(), 2],
      ['two classes with one output', binaryCrossEntropy(), 1],
      ['four labels', binaryCrossEntropy(), 4],
      ['a real target', meanSquaredError(), 1],
      ['three real targets', meanSquaredError(), 3],
    ] as const;

    test.each(cases)('of %s, over several batches, without and with weights', (_name, loss, outputs) => {
      const network = new Network(outputs, [dense(outputs, { useBias: false })], loss, 0, backend);
      const { targetSize, task, classes } = network.loss;
      if (!definition.tasks.includes(task)) return;
      const identity = network.arrays[0].value.data;
      for (let i = 0; i < outputs ** 2; i++) identity[i] = i % (outputs + 1) === 0 ? 1 : 0;
      for (const isWeighted of [false, true]) {
        const running = definition.start(options, { task, classes, outputs, targets: targetSize });
        const pass: Pass = { task, classes, predicted: [], probabilities: [], values: [], targets: [] };
        const weights: number[] = [];
        for (const [batch, rows] of [5, 8, 3].entries()) {
          network.reserve(rows);
          // Steps of a half, so that there are ties; the first three classes or labels alone are ever right.
          const logits = values(rows * outputs, batch).map((v) => Math.round(2 * v) / 2);
          const y = Array.from(values(rows * targetSize, batch + 9), (v, i) => {
            if (task === 'classification') return Math.floor((v + 1) * 1.5) % (classes as number);
            if (task === 'regression') return Math.fround(v);
            return i % targetSize < 3 && v > 0 ? 1 : 0;
          });
          network.input.set(logits);
          network.targets.data.set(y);
          network.forward(rows);
          const own = values(rows, batch + 20).map((v) => v + 1);
          network.sampleWeight = isWeighted ? Float64Array.from(own) : undefined;
          weights.push(...own);
          running.add(network);
          const p = task === 'regression' ? [] : [...network.probabilities()];
          for (let i = 0; i < rows; i++) {
            const row = [...logits.subarray(i * outputs, (i + 1) * outputs)];
            const positive = row.map((z) => Number(z > 0));
            pass.predicted.push(task === 'multiLabel' || outputs === 1 ? positive : [row.indexOf(Math.max(...row))]);
            pass.probabilities.push(p.slice((i * p.length) / rows, ((i + 1) * p.length) / rows));
            pass.values.push(row);
            pass.targets.push(y.slice(i * targetSize, (i + 1) * targetSize));
          }
        }
        const reference = () => metrics[metric.type](pass, options as never, isWeighted ? weights : undefined);
        let expected: number;
        try {
          expected = reference();
        } catch (error) {
          const [rule] = (error as Error).message.split(' Got ');
          expect(() => running.value()).toThrow(rule);
          continue;
        }
        expectClose([running.value()], [expected], { rtol: 1e-14 });
      }
      network.free();
    });
  });

  describe.each(eachSample('callback'))('%s', (_title, callback) => {
    test('ends a fit and leaves the weights that it says', async () => {
      const model = () => sequential({ inputSize: 4, seed: 3, engine, layers: [dense(16), relu(), dense(2)] });
      const validationData = toyData(64, 4, 50);
      const fit = { epochs: 40, batchSize: 8, optimizer: sgd({ learningRate: 0.5 }), validationData };
      using alone = model();
      const weights: Float32Array[][] = [];
      const read = (of: typeof alone) => of.getWeights().map(({ data }) => data);
      const onEpochEnd = () => void weights.push(read(alone));
      const whole = await alone.fit(toyData(64), { ...fit, onEpochEnd });
      using model2 = model();
      const history = await model2.fit(toyData(64), { ...fit, callbacks: [callback] });
      const { options } = definitionOf('callback', 't', 'c', callback);
      const reference = callbacks[callback.type];
      /** The weights after each epoch of a fit with these learning rates, and its history. */
      const scheduled = async (learningRate: Description<'schedule'>) => {
        using other = model();
        const kept: Float32Array[][] = [];
        const keep = () => void kept.push(read(other));
        return {
          kept,
          ...(await other.fit(toyData(64), { ...fit, optimizer: sgd({ learningRate }), onEpochEnd: keep })),
        };
      };
      const constant = (rates: readonly number[]) => {
        expect(new Set(rates).size).toBeGreaterThan(1);
        return piecewiseConstant({ boundaries: rates.slice(1).map((_, i) => 8 * (i + 1) - 1), values: rates });
      };
      if (reference === 'rates') {
        const { valLoss } = await scheduled(constant(reducedRates(history, 0.5, options as never)));
        expectClose(valLoss, history.valLoss, { rtol: 1e-6 });
        return;
      }
      if (reference === 'means') {
        const { start, every, learningRate = 0.5 + 1e-12 } = options as unknown as Record<string, number>;
        const first = start < 1 ? start * 40 + 1 : start;
        const rates = Array.from({ length: 40 }, (_, i) => (i + 1 < first ? 0.5 : learningRate));
        const { kept } = await scheduled(constant(rates));
        const counted = kept.filter((_, i) => i + 1 >= first && (i + 1 - first) % every === 0);
        const means = counted[0].map((array, k) =>
          Float64Array.from(array, (_, j) => counted.reduce((sum, each) => sum + each[k][j], 0) / counted.length),
        );
        for (const [k, array] of read(model2).entries()) expectClose(array, means[k], { atol: 1e-5, rtol: 1e-5 });
        return;
      }
      if (reference === 'snapshots') {
        const { cycles } = options as unknown as { cycles: number };
        const each = 40 / cycles;
        const { kept } = await scheduled(
          cosineRestarts({ initialLearningRate: 0.5, firstDecaySteps: 8 * each, tMul: 1 }),
        );
        const snapshots = model2.getSnapshots().map((arrays) => arrays.map(({ data }) => data));
        expect(snapshots).toHaveLength(cycles);
        for (const [k, arrays] of snapshots.entries()) {
          for (const [j, array] of arrays.entries()) {
            expectClose(array, kept[each * (k + 1) - 1][j], { atol: 1e-4, rtol: 1e-4 });
          }
        }
        expect(read(model2)).toEqual(snapshots[cycles - 1]);
        return;
      }
      const expected = reference(whole, options as never);
      expect(history).toMatchObject({ epochs: expected.epochs, bestEpoch: expected.bestEpoch });
      expect(history.valLoss).toEqual(whole.valLoss.slice(0, expected.epochs));
      expect(read(model2)).toEqual(weights[expected.weightsOf - 1]);
    });
  });
});

describe.each(eachSample('schedule'))('%s', (_title, schedule) => {
  const { definition, options } = definitionOf<ScheduleDefinition>('schedule', 't', 's', schedule);
  const reference = schedules[schedule.type];

  test('gives the rate of every step', () => {
    for (const step of [0, 1, 2, 3, 4, 5, 6, 7, 8, 100, 1e6]) {
      expectClose([definition.rate(step, options)], [reference(step, options as never)], { rtol: 1e-14, atol: 1e-17 });
    }
  });

  test('is asked for the step of the fit, from 0, over its epochs', async () => {
    // The sum of the outputs, whose gradient is the same at every step: the updates show the rates.
    const sum = defineLoss({
      type: 'sum',
      options: {},
      targets: 'values',
      outputs: () => 1,
      build: () => ({
        task: 'regression',
        targetSize: 1,
        value({ data: dOutput }, { data: output }, _targets, rows) {
          dOutput.fill(1 / rows, 0, rows);
          return output.slice(0, rows).reduce((total, y) => total + y, 0);
        },
      }),
    });
    using model = sequential({
      inputSize: 1,
      layers: [dense(1, { kernelInitializer: zeros(), useBias: false })],
      loss: sum(),
    });
    const weights = [0];
    const data = { x: { data: Float64Array.of(1, 1, 1), shape: [3, 1] as [number, number] }, y: new Float64Array(3) };
    const onBatchEnd = () => void weights.push(model.getWeights()[0].data[0]);
    await model.fit(data, {
      epochs: 5,
      batchSize: 2,
      optimizer: sgd({ learningRate: schedule }),
      callbacks: [{ onBatchEnd }],
    });
    const rates = weights.slice(1).map((w, i) => weights[i] - w);
    expect(rates).toHaveLength(10);
    expectClose(
      rates,
      rates.map((_, step) => reference(step, options as never)),
      { atol: 1e-6 * Math.abs(weights[10]) },
    );
  });
});

describe.each(eachSample('initializer'))('%s', (_title, initializer) => {
  const { definition, options } = definitionOf<InitializerDefinition>('initializer', 't', 'i', initializer);
  const draw = (inputs: number, outputs: number, seed = 1) => {
    const data = new Float32Array(inputs * outputs);
    definition.fill(data, { shape: [inputs, outputs], inputs, outputs, random: new RandomState(seed) }, options);
    return Float64Array.from(data);
  };

  test.each([
    [300, 200],
    [50, 1000],
  ])('has the moments of its distribution, %i × %i', (inputs, outputs) => {
    const { variance, bound, kurtosis, mean: center = 0 } = initializers[initializer.type];
    const data = draw(inputs, outputs).map((w) => w - center);
    const mean = (f: (w: number) => number) => data.reduce((sum, w) => sum + f(w), 0) / data.length;
    const expected = variance(inputs, outputs);
    const error = Math.sqrt(expected / data.length);
    expect(Math.abs(mean((w) => w))).toBeLessThanOrEqual(4 * error);
    expect(Math.abs(mean((w) => w * w) - expected)).toBeLessThanOrEqual(
      4 * expected * Math.sqrt((kurtosis - 1) / data.length) || 0,
    );
    const fourth = mean((w) => w ** 4) / expected ** 2;
    if (expected > 0) expectClose([fourth], [kurtosis], { rtol: 0.05 });
    const greatest = data.reduce((most, w) => Math.max(most, Math.abs(w)), 0);
    if (bound) {
      expect(greatest).toBeLessThanOrEqual(bound(inputs, outputs) * (1 + 2 ** -22));
      expect(greatest).toBeGreaterThanOrEqual(0.999 * bound(inputs, outputs));
    }
  });

  test('draws from the stream that it is given', () => {
    expect(draw(20, 30)).toEqual(draw(20, 30));
    if (initializers[initializer.type].variance(20, 30) > 0) expect(draw(20, 30, 2)).not.toEqual(draw(20, 30));
  });
});

test('penalties of a network are the sum of those of its arrays', () => {
  using model = sequential({
    inputSize: 3,
    layers: [
      dense(4, { kernelRegularizer: l1l2({ l1: 0.1, l2: 0 }), biasRegularizer: l1l2({ l1: 0, l2: 2 }) }),
      dense(2),
    ],
  });
  const [kernel, bias, ...rest] = model.getWeights();
  model.setWeights([kernel, { ...bias, data: bias.data.fill(0.5) }, ...rest]);
  const absolute = kernel.data.reduce((sum, w) => sum + Math.abs(w), 0);
  expectClose([model.evaluate(toyData(5, 3)).penalty], [0.1 * absolute + 2 * 4 * 0.25], { rtol: 1e-12 });
});
