// What an experiment is: the JSON a person writes (spec) and the JSON one training run needs (trial).
import type { EngineInfo } from '../backend/index.ts';

/** How an engine rounds: the same bits everywhere, or as fast as the machine can. */
export type Numerics = EngineInfo['numerics'];

/** The seeded generators that a spec can name. */
export type GeneratorName = 'makeMoons' | 'makeCircles' | 'makeBlobs' | 'makeClassification';

/** Where the data comes from. `parameters` are the generator's own, as documented in the data room. */
export interface DatasetSpec {
  generator: GeneratorName;
  parameters?: Record<string, unknown>;
  /** Number of standard-normal columns appended to the generator's features. Default 0. */
  noiseFeatures?: number;
  /** Seed of the noise columns; needed with `noiseFeatures`. Take another one than the generator's: equal seeds give equal streams. */
  noiseRandomState?: number;
}

/** Two splits: first the test part, then the validation part from what is left. Shares lie in (0, 1). */
export interface SplitSpec {
  testSize: number;
  /** Share of what the test split left. */
  validationSize: number;
  randomState: number;
  /** Keep the class shares in every part. Default false. */
  stratify?: boolean;
}

/** A multilayer perceptron: dense-relu[-dropout] for each hidden size, then dense(classes). */
export interface NetworkSpec {
  hiddenUnits: number[];
  /** Strength of L1 on every kernel, λΣ|w|. Default 0. */
  l1?: number;
  /** Strength of L2 on every kernel, λΣw². Default 0. */
  l2?: number;
  /** Rate of dropped units after every hidden layer, in [0, 1). Default 0. */
  dropout?: number;
}

export interface OptimizerSpec {
  type: 'adam' | 'sgd';
  learningRate?: number;
  /** For `sgd` only. */
  momentum?: number;
}

/** Stops when the validation loss has not improved for `patience` epochs, and restores the best weights. */
export interface EarlyStoppingSpec {
  patience: number;
  minDelta?: number;
}

export interface TrainingSpec {
  epochs: number;
  batchSize: number;
  optimizer: OptimizerSpec;
  earlyStopping?: EarlyStoppingSpec;
}

/** One thing to compare. Its keys of `network` and `training` replace the experiment's keys of the same name. */
export interface VariantSpec {
  label: string;
  network?: Partial<NetworkSpec>;
  training?: Partial<TrainingSpec>;
}

/** A comparison of variants on one data set: plain JSON. */
export interface ExperimentSpec {
  /** Also the default name of the output folder. */
  name: string;
  dataset: DatasetSpec;
  split: SplitSpec;
  /** `'standard'`: zero mean and unit variance, fitted on the training part alone. */
  scaling: 'standard' | 'none';
  network: NetworkSpec;
  training: TrainingSpec;
  variants: VariantSpec[];
  /** Each variant is trained once with each seed; the seed feeds initialization, shuffling and dropout. */
  seeds: number[];
}

/** One training run, fully resolved: everything {@link runTrial} needs, as plain JSON. */
export interface Trial {
  variant: string;
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
