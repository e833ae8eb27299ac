// Makes a trial's data from its spec: load, split twice, scale.
import {
  type Dataset,
  KFold,
  MinMaxScaler,
  StandardScaler,
  StratifiedKFold,
  takeRows,
  trainTestSplit,
} from '../data/index.ts';
import type { ReadFile } from './data-files.ts';
import { type LoadedDataset, loadDataset } from './load-dataset.ts';
import type { FoldSpec, SplitSpec, Trial } from './spec.ts';

/** What {@link prepareData} returns. */
export interface PreparedData {
  train: Dataset;
  validation: Dataset;
  test: Dataset;
  classes: number;
  /** Names of the first two features. */
  featureNames: [string, string];
  /** Whether maps over the first two features mean something, which they do not when features are pixels. */
  mappable: boolean;
}

/**
 * The three parts, scaled. A pure function of the trial (and of the files it names, which `readFile` gives). Without
 * `fold`, a k-fold split tests on its first fold. `loaded` is the trial's dataset, where that has been loaded before.
 */
export function prepareData(
  { dataset, split, scaling, fold }: Pick<Trial, 'dataset' | 'split' | 'scaling' | 'fold'>,
  readFile?: ReadFile,
  loaded: LoadedDataset = loadDataset(dataset, readFile),
): PreparedData {
  const { x, y, featureNames = [], mappable } = loaded;
  const { validationSize, randomState, stratify = false } = split;
  const outer = testSplit({ x, y }, split, fold);
  const inner = trainTestSplit(outer.train, { testSize: validationSize, stratify, randomState });
  const parts = { train: inner.train, validation: inner.test, test: outer.test };
  const facts = {
    classes: y.reduce((most, label) => Math.max(most, label), 0) + 1,
    featureNames: [featureNames[0] ?? 'Feature 1', featureNames[1] ?? 'Feature 2'] as [string, string],
    mappable,
  };
  if (scaling === 'none') return { ...parts, ...facts };
  const scaler = (scaling === 'minmax' ? new MinMaxScaler() : new StandardScaler()).fit(parts.train.x);
  const scaled = ({ x, y }: Dataset): Dataset => ({ x: scaler.transform(x), y });
  return { train: scaled(parts.train), validation: scaled(parts.validation), test: scaled(parts.test), ...facts };
}

function testSplit(data: Dataset, split: SplitSpec, fold?: FoldSpec): { train: Dataset; test: Dataset } {
  const { randomState, stratify = false } = split;
  if ('testSize' in split) return trainTestSplit(data, { testSize: split.testSize, stratify, randomState });
  const options = { nSplits: split.folds, shuffle: true, randomState };
  const folds = (stratify ? new StratifiedKFold(options) : new KFold(options)).split(data);
  const { trainIndices, testIndices } = folds[fold?.index ?? 0];
  return { train: takeRows(data, trainIndices), test: takeRows(data, testIndices) };
}
