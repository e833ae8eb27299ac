// The experiments that come with Regulus: the tutorial's two made data sets and real images with five variants each, and the tour.
import type { DatasetSpec, ExperimentSpec } from './spec.ts';
import { tours } from './tour.ts';

/** Five variants, two of which have a penalty of some strength. */
function tutorial(name: string, dataset: DatasetSpec, l1 = 0.001, l2 = 0.001): ExperimentSpec {
  return {
    name,
    dataset,
    split: { testSize: 0.2, validationSize: 0.2, randomState: 42 },
    scaling: 'standard',
    network: { hiddenUnits: [128, 64] },
    training: { epochs: 100, batchSize: 64, optimizer: { type: 'adam', learningRate: 0.001 } },
    variants: [
      { label: 'Baseline' },
      { label: 'L1 Regularization', network: { l1 } },
      { label: 'L2 Regularization', network: { l2 } },
      { label: 'Dropout', network: { dropout: 0.5 } },
      { label: 'Early Stopping', training: { earlyStopping: { patience: 10 } } },
    ],
    seeds: [42],
  };
}

// Sizes and strengths were chosen by validation loss and accuracy over six seeds, before the test part was looked at.
const digits: ExperimentSpec = {
  ...tutorial('digits', { builtin: 'digits' }, 0.00001, 0.00003),
  scaling: 'minmax',
  network: { hiddenUnits: [256, 128] },
  training: { epochs: 100, batchSize: 32, optimizer: { type: 'adam', learningRate: 0.001 } },
};

/**
 * Ready experiments by name.
 *
 * @example
 * ```js
 * import { presets } from 'regulus/experiment';
 * console.log(Object.keys(presets)); // ['moons', 'high-dimensional', 'digits', 'regularization-tour', …]
 * ```
 */
export const presets: Readonly<Record<string, ExperimentSpec>> = {
  moons: tutorial('moons', {
    generator: 'makeMoons',
    parameters: { nSamples: 2000, noise: 0.3, randomState: 42 },
    noiseFeatures: 18,
    // The published reference figures for this job were made with this stream.
    noiseRandomState: 42,
  }),
  'high-dimensional': tutorial('high-dimensional', {
    generator: 'makeClassification',
    parameters: {
      nSamples: 1000,
      nFeatures: 100,
      nInformative: 10,
      nRedundant: 40,
      nRepeated: 0,
      nClasses: 2,
      nClustersPerClass: 2,
      randomState: 42,
    },
  }),
  digits,
  ...tours,
};
