// What each layer, loss and regularizer computes, and its gradient, against central differences of its float64 reference.
import { describe, expect, test } from 'vitest';
import { Memory } from '../../src/backend/index.ts';
import { type Description, definitionOf } from '../../src/errors/index.ts';
import { dense, meanSquaredError, type RegularizerDefinition, softmaxCrossEntropy } from '../../src/nn/index.ts';
import { sgd, startOptimizer } from '../../src/optim/index.ts';
import { catalog } from '../catalog.ts';
import { expectClose } from '../reference/close.ts';
import { centralDifferences } from '../reference/network.ts';
import { values } from '../reference/operations.ts';
import { eachEngine } from './engines.ts';
import { checkNetwork } from './gradients.ts';
import { references as losses } from './reference/loss.ts';
import { rowLosses } from './reference/network.ts';
import { references as regularizers } from './reference/regularizer.ts';
import { eachSample } from './samples.ts';
import { lossSizes, startLoss, targets } from './training.ts';

const shapes = [
  { inputSize: 1, rows: 1 },
  { inputSize: 3, rows: 5 },
  { inputSize: 7, rows: 4 },
  { inputSize: 8, rows: 16 },
];

describe.each(eachEngine)('on %s', (_engine, engine) => {
  describe.each(eachSample('layer'))('%s', (_title, layer) => {
    test.each(shapes)('alone, $rows × $inputSize', (shape) => {
      checkNetwork(engine, shape, [layer], meanSquaredError());
    });

    test.each(shapes)('between dense layers, $rows × $inputSize', (shape) => {
      for (const loss of [softmaxCrossEntropy(), meanSquaredError()]) {
        checkNetwork(engine, shape, [dense(6), layer, dense(3)], loss);
      }
    });
  });

  describe.each(eachSample('loss'))('%s', (_title, loss) => {
    test.each(lossSizes(loss))('of %i outputs', (outputs) => {
      const running = startLoss(loss, outputs, engine);
      const { targetSize, classes: count = outputs } = running;
      const memory = new Memory(engine.backend);
      const reference = losses[loss.type];
      for (const rows of [1, 2, 7, 33]) {
        const output = memory.float32(rows * outputs);
        const given = running.integerTargets ? memory.int32(rows * targetSize) : memory.float32(rows * targetSize);
        const y = targets(running, rows, rows);
        output.data.set(values(rows * outputs, rows).map((v) => 4 * v));
        given.data.set(ArrayBuffer.isView(y) ? y : y.data);
        const z = Float64Array.from(output.data);
        const t = Float64Array.from(given.data);
        const dOutput = memory.float32(rows * outputs);
        const sum = running.value(dOutput, output, given, rows);
        const expected = () => rowLosses(loss, z, t, rows).reduce((total, row) => total + row, 0);
        expectClose([sum], [expected()], { rtol: 2e-6 });
        expect([...output.data]).toEqual([...z]);
        const gradient = centralDifferences(() => expected() / rows, z);
        expectClose(dOutput.data, gradient, { rtol: 1e-6, atol: 2e-7 / rows });

        const inRows = Array.from({ length: rows }, (_, i) => [...z.subarray(i * outputs, (i + 1) * outputs)]);
        expect(running.values === undefined).toBe(reference.values === undefined);
        if (reference.values) {
          const predicted = memory.float32(rows * outputs);
          running.values?.(predicted, output, rows);
          expectClose(predicted.data, inRows.flatMap(reference.values), { rtol: 2e-7 });
        }
        expect(running.probabilities === undefined).toBe(reference.probabilities === undefined);
        expect(running.classify === undefined).toBe(reference.classify === undefined);
        if (!reference.probabilities || !reference.classify) continue;
        const p = memory.float32(rows * count);
        running.probabilities?.(p, output, rows);
        expectClose(p.data, inRows.flatMap(reference.probabilities), { rtol: 1e-6, atol: 1e-7 });
        const predicted = memory.int32(rows * targetSize);
        running.classify?.(predicted, output, rows);
        expect([...predicted.data]).toEqual(inRows.flatMap(reference.classify));
        const right = inRows.filter((row, i) => {
          const target = t.subarray(i * targetSize, (i + 1) * targetSize);
          return String(reference.classify?.(row)) === String([...target]);
        });
        if (running.countCorrect) expect(running.countCorrect(output, given, rows)).toBe(right.length);
      }
      memory.free();
    });
  });

  describe.each(eachSample('regularizer'))('%s', (_title, regularizer) => {
    test.each([[[3, 5]], [[17, 9]], [[7]]])('of an array %j', (shape) => {
      const { backend } = engine;
      const memory = new Memory(backend);
      const length = shape.reduce((product, size) => product * size);
      const { definition, options } = definitionOf<RegularizerDefinition>('regularizer', 't', 'r', regularizer);
      const running = definition.build(options, { shape, backend });
      const value = memory.float32(length);
      const gradient = memory.float32(length);
      // Zeros, too, where the gradient of |w| is 0, as the central difference is.
      value.data.set(values(length, 5).map((w, i) => (i % 4 === 3 ? 0 : w)));
      const w = Float64Array.from(value.data);
      const penalty = () => regularizers[regularizer.type](w, options as never, shape);
      const { l1 = 0, l2 = 0 } = running;
      const sum = backend.penalty(value, length, l1, l2) + (running.penalty?.(value) ?? 0);
      expectClose([sum], [penalty()], { rtol: 1e-12 });
      // With learning rate 1 and no gradient of the loss, plain SGD takes away the penalty's.
      startOptimizer(
        sgd({ learningRate: 1 }),
        [{ shape, value, gradient, regularizer: running }],
        backend,
        memory,
      ).update();
      const taken = w.map((before, i) => before - value.data[i]);
      expectClose(taken, centralDifferences(penalty, w), { atol: 1e-7, rtol: 1e-6 });
      memory.free();
    });
  });
});

test('what is checked here is all that is registered', () => {
  const types = (samples: [string, Description][]) => [...new Set(samples.map(([, { type }]) => type))].sort();
  for (const kind of ['layer', 'loss', 'regularizer'] as const) {
    expect(types(eachSample(kind))).toEqual(catalog[kind]?.map(({ definition }) => definition.type).sort());
  }
});
