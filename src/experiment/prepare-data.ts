// Makes a trial's data from its spec: load, split twice, scale.

import { catalog as builtIn } from '../catalog/index.ts';
import {
  type ClassDataset,
  type Dataset,
  KFold,
  type Matrix,
  StratifiedKFold,
  takeRows,
  trainTestSplit,
} from '../data/index.ts';
import { type Catalog, checkParts, factoryOf, isTypedArray, optionsOf } from '../errors/index.ts';
import { type AnyTransformer, MinMaxScaler, StandardScaler, type Transformer } from '../preprocessing/index.ts';
import type { ReadFile } from './data-files.ts';
import { type LoadedDataset, loadDataset } from './load-dataset.ts';
import { type ExperimentSpec, type FoldSpec, filled, type SplitSpec, validation } from './spec.ts';
import { kindOf, lossOf, type NamedKind } from './task.ts';

/** What of a spec, or of a trial, decides on its data. */
export interface DataSpec extends Pick<ExperimentSpec, 'dataset' | 'split' | 'scaling'> {
  /** Transformers of the features before their scaling. */
  preprocessing?: readonly NamedKind[] | undefined;
  /** Without it, a k-fold split tests on its first fold. */
  fold?: FoldSpec;
  /** Its loss says whether targets are classes, which they are by default. */
  training?: { readonly loss?: NamedKind | undefined };
}

/** What {@link prepareData} returns. */
export interface PreparedData {
  train: Dataset;
  validation: Dataset;
  test: Dataset;
  /** The number of classes, where targets are class indices. */
  classes: number | undefined;
  /** Numbers of a sample's target, where they are not. */
  columns: number | undefined;
  /** Names of the first two features. */
  featureNames: [string, string];
  /** Whether maps over the first two features mean something, which they do not when features are pixels. */
  mappable: boolean;
}

/**
 * The three parts of the dataset of a spec or of a trial, scaled: a pure function of it, and of the files it names.
 *
 * @throws ParameterError for data that cannot be split so, and what `readFile` throws.
 * @example
 * ```js
 * import { prepareData, presets } from 'regulus/experiment';
 *
 * const { train, validation, test } = prepareData(presets.moons);
 * console.log(train.x.shape, validation.x.shape, test.x.shape); // [1280, 20] [320, 20] [400, 20]
 * ```
 */
export function prepareData(spec: DataSpec, readFile?: ReadFile, catalog: Catalog = builtIn): PreparedData {
  checkParts('prepareData', 'spec', spec, { dataset: 'object', split: 'object' });
  const { targets } = lossOf(spec.training ?? {}, catalog);
  return splitData(loadDataset(spec.dataset, { readFile, targets }), spec, catalog);
}

/** What `scaling` is short for. */
const scalers: Record<ExperimentSpec['scaling'], () => Transformer[]> = {
  standard: () => [new StandardScaler()],
  minmax: () => [new MinMaxScaler()],
  none: () => [],
};

/** {@link prepareData} of a dataset that has been loaded. */
export function splitData(
  { x, y, featureNames = [], mappable }: LoadedDataset,
  spec: DataSpec,
  catalog: Catalog = builtIn,
): PreparedData {
  const { preprocessing = [], scaling, fold } = spec;
  const split = filled(validation, spec.split) as Required<SplitSpec>;
  const { validationSize, randomState, stratify } = split;
  const outer = testSplit({ x, y }, split, fold);
  const inner = trainTestSplit(outer.train, { testSize: validationSize, stratify, randomState });
  const transformers = [...preprocessing.map((own) => transformerOf(own, catalog)), ...scalers[scaling]()];
  const parts = { train: inner.train, validation: inner.test, test: outer.test };
  for (const transformer of transformers) {
    transformer.fit(parts.train.x);
    for (const part of Object.keys(parts) as (keyof typeof parts)[]) {
      parts[part] = { ...parts[part], x: transformer.transform(parts[part].x) as Matrix };
    }
  }
  return {
    ...parts,
    classes: isClasses(y) ? y.reduce((most, label) => Math.max(most, label), 0) + 1 : undefined,
    columns: isClasses(y) ? undefined : 'data' in y ? y.shape[1] : 1,
    featureNames: [featureNames[0] ?? 'Feature 1', featureNames[1] ?? 'Feature 2'] as [string, string],
    mappable,
  };
}

/** The transformer that a spec or a trial describes. */
function transformerOf(json: NamedKind, catalog: Catalog): Transformer {
  const description = kindOf('transformer', json, catalog);
  const Made = factoryOf(description) as unknown as AnyTransformer;
  return new Made(optionsOf(description, Made.definition));
}

const isClasses = (y: Dataset['y']): y is Int32Array => isTypedArray(y, 'Int32Array');

function testSplit(
  data: Dataset,
  split: Required<SplitSpec>,
  fold: FoldSpec | undefined,
): { train: Dataset; test: Dataset } {
  const { randomState, stratify } = split;
  if ('testSize' in split) return trainTestSplit(data, { testSize: split.testSize, stratify, randomState });
  const options = { nSplits: split.folds, shuffle: true, randomState };
  const folds = stratify ? new StratifiedKFold(options).split(data as ClassDataset) : new KFold(options).split(data);
  const { trainIndices, testIndices } = folds[fold?.index ?? 0];
  return { train: takeRows(data, trainIndices), test: takeRows(data, testIndices) };
}
