// The tour of regularization: every method of the catalogue against the same network without it, on data where methods should help, few rows
// whose labels are noisy, and on data where there is nothing to mend, many rows without noise.
import type { DatasetSpec, ExperimentSpec, VariantSpec } from './spec.ts';

const units = 64;
const dense = (options: object = {}) => ({ type: 'dense', units, ...options });

/** Two hidden layers, with layers around and options of dense. */
const layers = (behind: object[], options: object = {}, before: object[] = []): VariantSpec['network'] => {
  const hidden = [dense(options), ...before, { type: 'relu' }, ...behind] as { type: string }[];
  return { layers: [...hidden, ...hidden] };
};
const regularized = (type: string, options: object) => layers([], { kernelRegularizer: { type, ...options } });
const augmented = (augmentation: { type: string; [option: string]: unknown }) => ({ augment: [augmentation] });

/** Each method by itself, in the strength that papers or other libraries suggest; none was chosen on these data. */
const methods: Readonly<Record<string, Omit<VariantSpec, 'label'>>> = {
  Baseline: {},
  'L1 penalty': { network: { l1: 0.001 } },
  'L2 penalty': { network: { l2: 0.001 } },
  'L1 and L2 penalty': { network: { l1: 0.0005, l2: 0.0005 } },
  'Group lasso': { network: regularized('groupLasso', { strength: 0.001 }) },
  'Orthogonal penalty': { network: regularized('orthogonalRegularizer', { factor: 0.001 }) },
  'Max norm': { network: layers([], { kernelConstraint: { type: 'maxNorm', maxValue: 1 } }) },
  'Unit norm': { network: layers([], { kernelConstraint: { type: 'unitNorm' } }) },
  'Non-negative weights': { network: layers([], { kernelConstraint: { type: 'nonNegative' } }) },
  Dropout: { network: { dropout: 0.5 } },
  DropConnect: { network: layers([], { dropConnect: 0.5 }) },
  'Gaussian dropout': { network: layers([{ type: 'gaussianDropout', rate: 0.5 }]) },
  'Gaussian noise': { network: layers([{ type: 'gaussianNoise', stddev: 0.5 }]) },
  'Batch normalization': { network: layers([], {}, [{ type: 'batchNormalization' }]) },
  'Layer normalization': { network: layers([], {}, [{ type: 'layerNormalization' }]) },
  'Stochastic depth': {
    network: {
      layers: [
        { type: 'dense', units },
        { type: 'relu' },
        { type: 'residual', survivalProbability: 0.5, layers: [{ type: 'dense', units }, { type: 'relu' }] },
      ],
    },
  },
  'Label smoothing': { training: { loss: { type: 'softmaxCrossEntropy', labelSmoothing: 0.1 } } },
  Mixup: { training: augmented({ type: 'mixup', alpha: 0.4 }) },
  CutMix: { training: augmented({ type: 'cutmix', alpha: 1 }) },
  Cutout: { training: augmented({ type: 'cutout', share: 0.2 }) },
  'Input noise': { training: augmented({ type: 'inputNoise', stddev: 0.3 }) },
  'Adversarial training': { training: augmented({ type: 'adversarial', epsilon: 0.1 }) },
  'Weight decay': { training: { optimizer: { type: 'adamW', learningRate: 0.002, weightDecay: 0.5 } } },
  'Gradient clipping': { training: { optimizer: { type: 'adam', learningRate: 0.002, globalClipNorm: 0.5 } } },
  'Sharpness-aware minimization': {
    training: { optimizer: { type: 'sam', rho: 0.1, optimizer: { type: 'adam', learningRate: 0.002 } } },
  },
  'Average of weights (EMA)': { training: { optimizer: { type: 'adam', learningRate: 0.002, ema: 0.99 } } },
  'Average of weights (SWA)': { training: { callbacks: [{ type: 'swa', start: 0.5 }] } },
  'Snapshot ensemble': { training: { callbacks: [{ type: 'snapshotEnsemble', cycles: 5 }] } },
  'Reduced learning rate': { training: { callbacks: [{ type: 'reduceLROnPlateau', patience: 5 }] } },
  TabM: { network: { preset: 'tabm', hiddenUnits: [units, units], dropout: 0 } },
  'Early stopping': { training: { earlyStopping: { patience: 10 } } },
};

const tour = (name: string, dataset: DatasetSpec, testSize: number, epochs: number): ExperimentSpec => ({
  name,
  dataset,
  split: { testSize, validationSize: 0.3, randomState: 42 },
  scaling: 'standard',
  network: { hiddenUnits: [units, units] },
  training: { epochs, batchSize: 32, optimizer: { type: 'adam', learningRate: 0.002 } },
  variants: Object.entries(methods).map(([label, own]) => ({ label, ...own })),
  metric: 'logLoss',
  seeds: { start: 1, count: 8 },
});

const shape = { nFeatures: 30, nInformative: 8, nRedundant: 4, randomState: 42 };

export const tours = {
  'regularization-tour': tour(
    'regularization-tour',
    { generator: 'makeClassification', parameters: { ...shape, nSamples: 1500, flipY: 0.15 } },
    0.8,
    60,
  ),
  'regularization-tour-plenty': tour(
    'regularization-tour-plenty',
    { generator: 'makeClassification', parameters: { ...shape, nSamples: 6000, flipY: 0, classSep: 2 } },
    0.4,
    15,
  ),
};
