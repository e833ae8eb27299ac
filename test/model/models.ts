// Models for the tests of files and exports.
import type { Engine } from '../../src/backend/index.ts';
import type { Matrix } from '../../src/data/index.ts';
import type { Description } from '../../src/errors/index.ts';
import { type AnySequential, ensemble } from '../../src/model/index.ts';
import {
  batchEnsemble,
  batchNormalization,
  dense,
  dropout,
  memberDense,
  relu,
  softmaxCrossEntropy,
  tanh,
} from '../../src/nn/index.ts';
import { RandomState } from '../../src/random/index.ts';
import { sequential } from '../../src/train/index.ts';

/** Layers of several types. */
export const someLayers = (outputs: number) => [
  dense(9),
  batchNormalization(),
  relu(),
  dropout(0.3),
  dense(5),
  tanh(),
  dense(outputs),
];

/** Those of an ensemble in one network. */
export const memberLayers = (outputs: number) => [
  dense(5),
  batchEnsemble(6, { members: 3, repeats: true }),
  relu(),
  dropout(0.3),
  batchEnsemble(4, { members: 3 }),
  tanh(),
  memberDense(outputs, { members: 3 }),
];

/** A model whose every array is random, moving variances positive. */
export function randomModel(
  layers: readonly Description<'layer'>[],
  { inputSize = 4, seed = 0, loss = softmaxCrossEntropy(), engine }: RandomModelOptions = {},
): AnySequential {
  const model: AnySequential = sequential({ inputSize, layers, seed, loss, ...(engine && { engine }) });
  const random = new RandomState(seed);
  const weights = model.getWeights().map(({ name, shape, data }) => ({
    name,
    shape,
    data: name.endsWith('Variance')
      ? Float32Array.from(random.uniform(0.3, 2, data.length))
      : Float32Array.from(random.randn(data.length), (value) => 0.7 * value),
  }));
  model.setWeights(weights);
  return model;
}

export interface RandomModelOptions {
  inputSize?: number;
  seed?: number;
  loss?: Description<'loss'>;
  engine?: Engine | undefined;
}

/** Three random models of the same layers. */
export const randomEnsemble = (
  layers: readonly Description<'layer'>[],
  options: RandomModelOptions = {},
  weights?: readonly number[],
) =>
  ensemble(
    [1, 2, 3].map((seed) => randomModel(layers, { ...options, seed })),
    { weights },
  );

/** Three random models, each of features of its own, some of them shared. */
export const ensembleOfFeatures = (layers: readonly Description<'layer'>[], options: RandomModelOptions = {}) =>
  ensemble(
    [2, 3, 2].map((inputSize, seed) => randomModel(layers, { ...options, inputSize, seed })),
    {
      features: [
        [0, 2],
        [1, 4],
        [2, 4],
      ],
    },
  );

/** Random samples. */
export function samples(rows: number, columns = 4, seed = 5): Matrix {
  return { data: Float32Array.from(new RandomState(seed).randn(rows * columns)), shape: [rows, columns] };
}
