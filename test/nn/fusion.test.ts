// A layer that is fused with the product before it, and optimizers that update several arrays as one, give the bits that they
// give apart.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Description } from '../../src/errors/index.ts';
import { defineLayer, dense, dropout, gelu, l2, relu } from '../../src/nn/index.ts';
import { adam, defineOptimizer, type OptimizerDefinition } from '../../src/optim/index.ts';
import { type SequentialOptions, sequential } from '../../src/train/index.ts';
import { eachEngine } from '../contracts/engines.ts';
import { values } from '../reference/operations.ts';

/** ReLU that declares no epilogue. */
const plainRelu = defineLayer({
  type: 'plainRelu',
  options: {},
  build: (_, { size, backend }) => ({
    outputSize: size,
    inPlace: true,
    needsOutput: 'positive',
    forward: (y, x, rows) => backend.relu(y, x, rows * size),
    backward: (dx, dy, _x, y, rows) => {
      if (dx) backend.reluBackward(dx, dy, y, rows * size);
    },
  }),
});

/** Adam that says nothing of updating element by element, so that each array is updated by itself. */
const { build } = adam.definition as unknown as OptimizerDefinition;
const plainAdam = defineOptimizer({
  type: 'plainAdam',
  options: adam.definition.options,
  build: (options, backend) => ({ ...build(options, backend), elementwise: false }),
});

describe.each(eachEngine)('on %s', (_name, engine) => {
  const train = async (
    options: Omit<SequentialOptions, 'engine'>,
    batchSize: number,
    optimizer: Description<'optimizer'>,
  ) => {
    using model = sequential({ ...options, engine });
    const x = { data: values(20 * options.inputSize, 5), shape: [20, options.inputSize] as [number, number] };
    const y = Int32Array.from(values(20, 6), (v) => Number(v > 0));
    let optimizerState: Float32Array[] = [];
    const save = ({ optimizer }: { optimizer: { tensors: Float32Array[] } }) => {
      optimizerState = optimizer.tensors;
    };
    const { trainLoss } = await model.fit(
      { x, y },
      { epochs: 3, batchSize, optimizer, checkpoint: { every: 3, save } },
    );
    return { trainLoss, optimizerState, weights: model.getWeights(), predictions: model.predictProbabilities(x) };
  };

  test('fused and unfused, in blocks and apart', () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 24 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom(0, 1e-2),
        fc.boolean(),
        async (inputSize, units, batchSize, penalty, useBias) => {
          const layers = (activation: Description<'layer'>) => [
            dense(units, { useBias, kernelRegularizer: l2(penalty) }),
            activation,
            dropout(0.3),
            dense(units),
            activation,
            gelu(),
            dense(2),
          ];
          const fused = await train({ inputSize, layers: layers(relu()) }, batchSize, adam());
          expect(await train({ inputSize, layers: layers(plainRelu()) }, batchSize, adam())).toEqual(fused);
          const apart = await train({ inputSize, layers: layers(relu()) }, batchSize, plainAdam());
          expect(apart).toEqual(fused);
        },
      ),
      { numRuns: 25 },
    ));
});
