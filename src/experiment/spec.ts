// What an experiment is: the JSON a person writes (spec) and the JSON one training run needs (trial).
import type { EngineInfo } from '../backend/index.ts';

/** How an engine rounds: the same bits everywhere, or as fast as the machine can. */
export type Numerics = EngineInfo['numerics'];

/** The seeded generators that a spec can name. */
export type GeneratorName = 'makeMoons' | 'makeCircles' | 'makeBlobs' | 'makeClassification';

/** The real datasets that a spec can name. */
export type BuiltInName = 'digits' | 'breast_cancer' | 'wine';

/** Made data. `parameters` are the generator's own, as documented in the data room. */
export interface GeneratorSpec {
  generator: GeneratorName;
  parameters?: Record<string, unknown>;
}

/** Real data that come with Regulus. */
export interface BuiltInSpec {
  builtin: BuiltInName;
}

/** Identity of a data file. */
export interface FileSpec {
  /** SHA-256 of the file's bytes (of npy: of those of x and then y), in hex. Filled in when the file is first read. */
  sha256?: string;
}

/** A CSV file (UTF-8) with one column of classes; all others hold numbers. Its path is relative to the spec's file. */
export interface CsvSpec extends FileSpec {
  csv: string;
  /** The column of classes: its name, or its index from 0, or from the end when negative. Default −1, the last. */
  target?: string | number;
  /** Whether the first row holds the names of the columns. Default true. */
  header?: boolean;
  /** The character between fields. Default a comma. */
  delimiter?: string;
}

/** NumPy files: samples, and class indices from 0. Their paths are relative to the spec's file. */
export interface NpySpec extends FileSpec {
  npy: { x: string; y: string };
}

/** An archive of NumPy arrays: samples, and class indices from 0. Its path is relative to the spec's file. */
export interface NpzSpec extends FileSpec {
  npz: string;
  /** Name of the array of samples. Default `'x'`. */
  x?: string;
  /** Name of the array of class indices. Default `'y'`. */
  y?: string;
}

/** Features of pure noise beside the data's own. */
export interface NoiseSpec {
  /** Number of standard-normal columns appended to the features. Default 0. */
  noiseFeatures?: number;
  /** Seed of the noise columns; needed with `noiseFeatures`. Take another one than the generator's: equal seeds give equal streams. */
  noiseRandomState?: number;
}

/** Where the data come from. */
export type DatasetSpec = (GeneratorSpec | BuiltInSpec | CsvSpec | NpySpec | NpzSpec) & NoiseSpec;

/** What both ways of splitting share: the validation part is taken from what the test part has left. */
export interface ValidationSpec {
  /** Share of what the test part left, in (0, 1). */
  validationSize: number;
  /** Seed of the order in which samples are dealt. */
  randomState: number;
  /** Keep the class shares in every part. Default false. */
  stratify?: boolean;
}

/** One test part, the same for all trials. */
export interface HoldOutSpec extends ValidationSpec {
  /** Share of all samples, in (0, 1). */
  testSize: number;
}

/** K-fold cross-validation: each fold is the test part once. Rows are dealt to the folds at random. */
export interface KFoldSpec extends ValidationSpec {
  /** Number of folds, at least 2. */
  folds: number;
}

/** Which samples train, validate and test. */
export type SplitSpec = HoldOutSpec | KFoldSpec;

/** A multilayer perceptron: dense-relu[-dropout] for each hidden size, then dense(classes). */
export interface PerceptronSpec {
  hiddenUnits: number[];
  /** Strength of L1 on every kernel, λΣ|w|. Default 0. */
  l1?: number;
  /** Strength of L2 on every kernel, λΣw². Default 0. */
  l2?: number;
  /** Rate of dropped units after every hidden layer, in [0, 1). Default 0. */
  dropout?: number;
}

/** One layer of a {@link LayersSpec}; `l1` and `l2` are strengths on the kernel. */
export type NetworkLayerSpec =
  | { type: 'dense'; units: number; l1?: number; l2?: number }
  | { type: 'relu' }
  | { type: 'dropout'; rate: number };

/** Layer by layer; dense(classes) without a penalty is appended. */
export interface LayersSpec {
  layers: NetworkLayerSpec[];
}

/** The network, short or layer by layer. */
export type NetworkSpec = PerceptronSpec | LayersSpec;

/** The optimizer of `regulus` that `type` names, and its options. */
export interface OptimizerSpec {
  type: 'adam' | 'adamW' | 'sgd';
  /** Default 0.001, for `sgd` 0.01. */
  learningRate?: number;
  /** For `sgd` only. */
  momentum?: number;
  /** For `sgd` with momentum only. */
  nesterov?: boolean;
  /** For `adamW` only. */
  weightDecay?: number;
  /** Whether L1 makes weights exactly 0, by soft thresholds. */
  proximal?: boolean;
}

/** Stops when the validation loss has not improved for `patience` epochs, and restores the best weights. */
export interface EarlyStoppingSpec {
  patience: number;
  /** An improvement is more than this below the best loss so far. Default 0. */
  minDelta?: number;
}

/** How a network is trained. */
export interface TrainingSpec {
  epochs: number;
  batchSize: number;
  optimizer: OptimizerSpec;
  earlyStopping?: EarlyStoppingSpec;
}

/**
 * One thing to compare. Its keys of `network` and `training` replace the experiment's keys of the same name; a network of
 * the other kind (`layers` instead of `hiddenUnits`, or the reverse) replaces the experiment's as a whole.
 */
export interface VariantSpec {
  label: string;
  network?: Partial<PerceptronSpec> | Partial<LayersSpec>;
  training?: Partial<TrainingSpec>;
}

/** Equal steps from `from` to `to`, both included, of the value or (`scale: 'log'`) of its logarithm. Default linear. */
export interface GridRange {
  from: number;
  to: number;
  count: number;
  scale?: 'linear' | 'log';
}

/** Uniform between `from` and `to`, in the value or (`scale: 'log'`) in its logarithm. Default linear. */
export type RandomRange = Omit<GridRange, 'count'>;

/** Every combination of the values; the last parameter changes first. */
export interface GridSweep {
  type: 'grid';
  /** By path, such as `'network.l2'`. Ranges of integer parameters are rounded. */
  parameters: Record<string, (number | string)[] | GridRange>;
}

/** Independent draws of every parameter; from lists and integers alone, no combination is drawn twice. */
export interface RandomSweep {
  type: 'random';
  /** Number of points. */
  samples: number;
  /** Of the draws. Default 0. */
  seed?: number;
  parameters: Record<string, (number | string)[] | RandomRange>;
}

/** Settings to try on every variant. */
export type SweepSpec = GridSweep | RandomSweep;

/** The seeds `start`, `start` + 1 … */
export interface SeedRange {
  /** Default 0. */
  start?: number;
  count: number;
}

/** A comparison of variants on one data set: plain JSON. */
export interface ExperimentSpec {
  /** Where editors find the JSON Schema; ignored otherwise. */
  $schema?: string;
  /** Also the default name of the output folder. */
  name: string;
  dataset: DatasetSpec;
  split: SplitSpec;
  /** `'standard'`: zero mean and unit variance; `'minmax'`: from 0 to 1. Both are fitted on the training part alone. */
  scaling: 'standard' | 'minmax' | 'none';
  network: NetworkSpec;
  training: TrainingSpec;
  variants: VariantSpec[];
  /** Each variant is trained once with each seed; the seed feeds initialization, shuffling and dropout. */
  seeds: number[] | SeedRange;
  /** Every variant is trained at every point; a point's values replace the variant's. */
  sweep?: SweepSpec;
}

/** Values of the swept parameters, by path: `{ 'network.l2': 0.001 }`. */
export type SweepPoint = Record<string, number | string>;

/** One fold of {@link KFoldSpec}; `index` counts from 0. */
export interface FoldSpec {
  index: number;
  of: number;
}

/** One training run, fully resolved: everything {@link runTrial} needs, as plain JSON. */
export interface Trial {
  variant: string;
  /** Only with a sweep; its values are in the other keys already. */
  point?: SweepPoint;
  /** Only with k-fold cross-validation: the fold to test on. */
  fold?: FoldSpec;
  seed: number;
  dataset: DatasetSpec;
  split: SplitSpec;
  scaling: ExperimentSpec['scaling'];
  network: NetworkSpec;
  training: TrainingSpec;
  numerics: Numerics;
  /** Whether to return what the figures need, too. */
  figures: boolean;
}
