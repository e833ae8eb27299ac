// Makes a trial's data from its spec: load, split twice, scale.

import { catalog as builtIn } from '../catalog/index.ts';
import {
  type ClassDataset,
  type Dataset,
  isTable,
  KFold,
  type Matrix,
  matrixFromTable,
  StratifiedKFold,
  type Table,
  takeRows,
  takeTableRows,
  trainTestSplit,
} from '../data/index.ts';
import { type Catalog, checkParts, factoryOf, isTypedArray, optionsOf } from '../errors/index.ts';
import { type AnyTransformer, MinMaxScaler, StandardScaler, type Transformer } from '../preprocessing/index.ts';
import { type ClassValue, type ColumnSchema, tableRules, tableTransformer, usableColumns } from '../tables/index.ts';
import type { ReadFile } from './data-files.ts';
import { kindOf, type NamedKind } from './kinds.ts';
import { type LoadedDataset, loadDataset } from './load-dataset.ts';
import { type ExperimentSpec, type FoldSpec, filled, type SplitSpec, validation } from './spec.ts';
import { lossOf } from './task.ts';

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
  /** By their indices, where classes have names. */
  classNames: readonly string[] | undefined;
  /** The columns that `preprocessing` was fitted on. */
  inputs: readonly ColumnSchema[];
  /** The target, or several, as columns of a table, the classes, and the spellings of missing values, for predictions. */
  target: ColumnSchema | readonly ColumnSchema[];
  targetClasses: readonly ClassValue[] | undefined;
  missingValues: readonly string[];
  /** What has been done to the features, fitted on the training part: one transformer after the other. */
  preprocessing: readonly Transformer[];
  /** Names of the first two features. */
  featureNames: [string, string];
  /** Whether maps over the first two features mean something, which they do not when features are pixels. */
  mappable: boolean;
  /** Which rows and columns were left out, in sentences. */
  warnings: readonly string[];
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
const scalers: Record<ExperimentSpec['scaling'], () => Transformer | null> = {
  standard: () => new StandardScaler(),
  minmax: () => new MinMaxScaler(),
  none: () => null,
};

/** {@link prepareData} of a dataset that has been loaded. */
export function splitData(
  { x, y, featureNames, classNames, targetName = 'target', table, mappable }: LoadedDataset,
  spec: DataSpec,
  catalog: Catalog = builtIn,
): PreparedData {
  const { preprocessing = [], scaling, fold } = spec;
  const split = filled(validation, spec.split) as Required<SplitSpec>;
  const { validationSize, randomState, stratify } = split;
  const outer = testSplit({ x, y }, split, fold);
  const inner = trainTestSplit(outer.train, { testSize: validationSize, stratify, randomState });
  const own = preprocessing.map((json) => transformerOf(json, catalog));
  const scaler = scalers[scaling]();
  // Categories stay 0 and 1: in a table without preprocessing of its own, only numbers are scaled.
  const transformers = table && own.length === 0 ? [tableTransformer(scaler)] : [...own, ...(scaler ? [scaler] : [])];
  const sets = { train: inner.train, validation: inner.test, test: outer.test };
  let features = mapped(sets, ({ x }): Matrix | Table => x);
  const warnings = [...(table?.warnings ?? [])];
  if (table) {
    const rows = (x: Matrix) => Int32Array.from(x.data);
    const columns = usableColumns(table.features, rows(sets.train.x), warnings);
    features = mapped(sets, ({ x }) => takeTableRows(columns, rows(x)));
  }
  const inputs = isTable(features.train)
    ? features.train.columns.map(({ name, type }) => ({ name, type }))
    : numberColumns(features.train.shape[1], featureNames);
  for (const transformer of transformers) {
    transformer.fit(features.train);
    features = mapped(features, (part) => transformer.transform(part));
  }
  const names = table ? (transformers.at(-1) as Transformer).getFeatureNamesOut() : (featureNames ?? []);
  const parts = mapped(sets, (set, part) => {
    const x = features[part];
    return { ...set, x: isTable(x) ? matrixFromTable('splitData', x) : x };
  });
  return {
    ...parts,
    inputs,
    target: table?.target ?? targetColumns(y, targetName),
    targetClasses: table ? table.classes : isClasses(y) ? namesOf(y, classNames) : undefined,
    missingValues: table?.missingValues ?? (tableRules.missingValues.default as readonly string[]),
    preprocessing: transformers,
    classNames: classNames?.every((name, k) => name === String(k)) ? undefined : classNames,
    classes: isClasses(y) ? countOf(y) : undefined,
    columns: isClasses(y) ? undefined : 'data' in y ? y.shape[1] : 1,
    featureNames: [names[0] ?? 'Feature 1', names[1] ?? 'Feature 2'] as [string, string],
    mappable,
    warnings,
  };
}

type Parts<T> = Record<'train' | 'validation' | 'test', T>;

function mapped<T, R>({ train, validation, test }: Parts<T>, map: (value: T, part: keyof Parts<T>) => R): Parts<R> {
  return { train: map(train, 'train'), validation: map(validation, 'validation'), test: map(test, 'test') };
}

const countOf = (y: Int32Array) => y.reduce((most, label) => Math.max(most, label), 0) + 1;

const namesOf = (y: Int32Array, names: readonly string[] = []): string[] =>
  Array.from({ length: countOf(y) }, (_, k) => names[k] ?? String(k));

const numberColumns = (count: number, names: readonly string[] = []): ColumnSchema[] =>
  Array.from({ length: count }, (_, j) => ({ name: names[j] ?? `Feature ${j + 1}`, type: 'number' }));

/** The columns of targets that do not come from a table. */
function targetColumns(y: Dataset['y'], name: string): ColumnSchema | ColumnSchema[] {
  if (isClasses(y)) return { name, type: 'category' };
  if (!('data' in y)) return { name, type: 'number' };
  return Array.from({ length: y.shape[1] }, (_, k) => ({ name: `${name} ${k + 1}`, type: 'number' }));
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
