// What each augmentation does to a batch, and the loss of mixed targets, against float64.
import { describe, expect, test } from 'vitest';
import { Memory } from '../../src/backend/index.ts';
import { type Description, definitionOf, ParameterError } from '../../src/errors/index.ts';
import { binaryCrossEntropy, dense, meanSquaredError, Network, softmaxCrossEntropy } from '../../src/nn/index.ts';
import { counterWord, stepKey } from '../../src/random/index.ts';
import { Augmenter, symmetricBeta } from '../../src/train/augmentations/augmentation.ts';
import { cutmix, mixup, sequential } from '../../src/train/index.ts';
import { expectClose } from '../reference/close.ts';
import { values } from '../reference/operations.ts';
import { toyData } from '../train/data.ts';
import { eachEngine } from './engines.ts';
import { references, shifted } from './reference/augmentation.ts';
import { rowLosses } from './reference/network.ts';
import { eachSample } from './samples.ts';
import { targets } from './training.ts';

const [SEED, ROWS, SIZE] = [5, 9, 7];

describe.each(eachEngine)('on %s', (_name, { backend }) => {
  describe.each(eachSample('augmentation'))('%s', (_title, augmentation) => {
    test.each([
      ['classes', softmaxCrossEntropy(), 3],
      ['labels', binaryCrossEntropy(), 3],
      ['numbers', meanSquaredError(), 2],
    ] as const)('of samples with %s, in several steps, with and without weights', (_, loss, outputs) => {
      const network = new Network(SIZE, [dense(outputs)], loss, 0, backend);
      network.reserveTraining(ROWS);
      const memory = new Memory(backend);
      // The second of its type, to see that ordinals count.
      const augmenter = new Augmenter('test', [augmentation], network, SEED, ROWS, memory);
      const { options } = definitionOf('augmentation', 't', 'a', augmentation);
      const { targetSize, task } = network.loss;
      for (const [step, rows] of [ROWS, ROWS, 4, 2].entries()) {
        const x = values(rows * SIZE, step);
        const y = targets(network.loss, rows, step + 9);
        const own = Float64Array.from(ArrayBuffer.isView(y) ? y : y.data, Math.fround);
        const weights = step % 2 === 0 ? undefined : Float64Array.from(values(rows, step), (v) => v + 1.5);
        network.input.set(x);
        network.targets.data.set(own);
        const key = (half: 0 | 1) => stepKey(SEED, augmentation.type, 0, step, half);
        let drawn = 0;
        const next = () => (counterWord(drawn++, key(0), key(1)) >>> 0) / 2 ** 32;
        const expected = references[augmentation.type](Float64Array.from(x), {
          rows,
          size: SIZE,
          options: options as never,
          next,
          key,
        });
        const { shift = 0, share = 0 } = expected;
        const before = weights ? Float64Array.from(weights) : new Float64Array(rows).fill(1);
        augmenter.apply(rows, step, weights);
        expectClose(network.input.subarray(0, rows * SIZE), expected.x, { atol: 2e-6 });
        network.forward(rows, step);
        const z = Float64Array.from(network.output.data.subarray(0, rows * outputs));
        const others = shifted(own, targetSize, shift);
        const isNumbers = task === 'regression';
        const otherWeights = shifted(before, 1, shift);
        const mixedWeights = before.map((w, i) => w + share * (otherWeights[i] - w));
        const [ownShares, otherShares] = isNumbers
          ? [mixedWeights, new Float64Array(rows)]
          : [before.map((w) => (1 - share) * w), otherWeights.map((w) => share * w)];
        const mixed = own.map((value, i) => (1 - share) * value + share * others[i]);
        const first = rowLosses(loss, z, isNumbers ? mixed : own, rows);
        const second = rowLosses(loss, z, isNumbers ? mixed : others, rows);
        const sum = first.reduce((all, row, i) => all + ownShares[i] * row + otherShares[i] * second[i], 0);
        expectClose([augmenter.lossSum(rows)], [sum], { rtol: 2e-6 });
        if (weights) expectClose(weights, isNumbers ? mixedWeights : before, { rtol: 1e-12 });
        // The gradient of the bias is the sum of those of the outputs.
        network.backward(rows, step);
        const total = mixedWeights.reduce((all, w) => all + w, 0);
        const mean = (moved: Float64Array) => {
          const [a, b] = [own, others].map((t) => rowLosses(loss, moved, isNumbers ? mixed : t, rows));
          return a.reduce((all, row, i) => all + (ownShares[i] * row + otherShares[i] * b[i]) / total, 0);
        };
        const gradient = Array.from({ length: outputs }, (_, j) => {
          const at = (delta: number) => mean(z.map((value, i) => (i % outputs === j ? value + delta : value)));
          return (at(1e-4) - at(-1e-4)) / 2e-4;
        });
        expectClose(network.parameters[1].gradient.data.subarray(0, outputs), gradient, { atol: 2e-6 });
      }
      memory.free();
      network.free();
    });
  });
});

test('the shares of mixup have the variance of the Beta distribution', () => {
  for (const alpha of [0.01, 0.2, 1]) {
    let i = 0;
    const next = () => (counterWord(i++, 3, 4) >>> 0) / 2 ** 32;
    const all = Array.from({ length: 40_000 }, () => symmetricBeta(alpha, next));
    const mean = all.reduce((sum, share) => sum + share, 0) / all.length;
    const variance = all.reduce((sum, share) => sum + (share - mean) ** 2, 0) / all.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.01);
    expectClose([variance], [1 / (4 * (2 * alpha + 1))], { rtol: 0.03 });
  }
});

test('two that mix targets are refused, and what is no augmentation', async () => {
  const fit = (augment: readonly unknown[]) => {
    using model = sequential({ inputSize: 4, layers: [dense(2)] });
    return model.fit(toyData(20), { epochs: 1, augment: augment as Description<'augmentation'>[] });
  };
  await expect(fit([mixup(), cutmix()])).rejects.toThrow(ParameterError);
  await expect(fit([dense(2)])).rejects.toThrow("The 'augment[0]' parameter of Sequential.fit must be an augmentation");
  await expect(fit('mixup' as never)).rejects.toThrow(ParameterError);
});
