// Makes or reads the dataset that a spec names.
import {
  appendNoiseFeatures,
  type Column,
  type Dataset,
  generators,
  isNumeric,
  type Matrix,
  makeTable,
  type Table,
  type TargetKind,
} from '../data/index.ts';
import {
  CsvReader,
  decodeUtf8,
  loadBreastCancer,
  loadDiabetes,
  loadDigits,
  loadIris,
  loadWine,
  type NpyArray,
  parseCsv,
  parseNpy,
  parseNpz,
  toDataset,
} from '../datasets/index.ts';
import {
  checkKeys,
  checkOption,
  checkParts,
  isTypedArray,
  oneOf,
  ParameterError,
  RegulusError,
  type ResolvedOptions,
  show,
} from '../errors/index.ts';
import { type ClassValue, type ColumnSchema, parseTable, splitTarget, tableRules } from '../tables/index.ts';
import { dataFiles, type ReadFile, readDataFiles } from './data-files.ts';
import {
  type BuiltInSpec,
  csvRules,
  type DatasetSpec,
  filled,
  type GeneratorSpec,
  type NpzSpec,
  noise,
  npzRules,
} from './spec.ts';

/** Raw columns, which become features after the split. */
export interface RawTable {
  /** `x` of the dataset holds the indices of its rows. */
  features: Table;
  target: ColumnSchema;
  classes: readonly ClassValue[] | undefined;
  missingValues: readonly string[];
  /** What was left out, in sentences. */
  warnings: readonly string[];
}

/** A dataset, and what is known about its features. */
export interface LoadedDataset extends Dataset {
  /** One a column, where they have names. */
  featureNames?: string[];
  /** By their indices, where classes have names. */
  classNames?: readonly string[];
  /** What the target is called, where it has a name. */
  targetName?: string | undefined;
  /** Only for a table with columns that are no numbers, or with missing values. */
  table?: RawTable;
  /** Whether maps over the first two features mean something, which they do not when features are pixels. */
  mappable: boolean;
}

const builtIns: Record<BuiltInSpec['builtin'], () => LoadedDataset> = {
  digits: () => ({ ...loadDigits(), mappable: false }),
  breast_cancer: () => ({ ...loadBreastCancer(), mappable: true }),
  wine: () => ({ ...loadWine(), mappable: true }),
  iris: () => ({ ...loadIris(), mappable: true }),
  diabetes: () => ({ ...loadDiabetes(), mappable: true }),
};

const builtInNames = Object.keys(builtIns) as BuiltInSpec['builtin'][];

const targetRule = oneOf(['classes', 'values']);

/** Options of {@link loadDataset}. */
export interface LoadOptions {
  /** Needed for data from files. */
  readFile?: ReadFile | undefined;
  /** Whether targets are classes, the default, or numbers. */
  targets?: TargetKind;
}

/**
 * Makes or reads the dataset of a spec.
 *
 * @throws RegulusError that names the file, for files that hold no dataset, or one of less than two classes; ParameterError
 * where numbers are wanted of a source of classes, or the reverse.
 * @example
 * ```js
 * import { loadDataset } from 'regulus/experiment';
 *
 * const { x, featureNames } = loadDataset({ builtin: 'wine' });
 * console.log(x.shape, featureNames[0]); // [178, 13] alcohol
 * ```
 */
export function loadDataset(spec: DatasetSpec, options: LoadOptions = {}): LoadedDataset {
  checkKeys('loadDataset', options, ['readFile', 'targets']);
  checkParts('loadDataset', 'dataset', spec);
  const { readFile } = options;
  const targets = checkOption('loadDataset', 'targets', options.targets ?? 'classes', targetRule);
  const { x, y, table, ...facts } = source(spec, targets, readFile);
  const { noiseFeatures: count, noiseRandomState: randomState } = filled(noise, spec);
  const data = count !== 0 ? appendNoiseFeatures({ x, y }, { count, randomState }) : { x, y };
  if (!table) return { ...facts, ...data };
  return { ...facts, x, y, table: { ...table, features: withNoise(table.features, data.x) } };
}

function source(spec: DatasetSpec, targets: TargetKind, readFile: ReadFile | undefined): LoadedDataset {
  if ('generator' in spec) return checked(generated(spec as GeneratorSpec), targets, spec.generator);
  if ('builtin' in spec) {
    const name = checkOption('loadDataset', 'dataset.builtin', spec.builtin, oneOf(builtInNames));
    return checked(builtIns[name](), targets, name);
  }
  const files = readDataFiles(spec, readFile);
  try {
    const dataset =
      'csv' in spec ? readCsv(files[0], filled(csvRules, spec), targets) : readArrays(files, spec, targets);
    const { y } = dataset;
    if (isTypedArray(y, 'Int32Array') && y.every((label, _, [first]) => label === first)) {
      throw new ParameterError('All samples are of one class. Give samples of two classes at least.');
    }
    return dataset;
  } catch (error) {
    if (error instanceof RegulusError) error.message = `In ${dataFiles(spec).join(' and ')}: ${error.message}`;
    throw error;
  }
}

/** A dataset whose targets are of the kind that the loss takes; a matrix may hold labels, for losses of classes, or numbers. */
function checked(dataset: LoadedDataset, targets: TargetKind, name: string): LoadedDataset {
  const { y } = dataset;
  const own = isTypedArray(y, 'Int32Array') ? 'classes' : isTypedArray(y, 'Float64Array') ? 'values' : targets;
  if (own === targets) return dataset;
  const words = { classes: ['classes', 'softmaxCrossEntropy'], values: ['numbers', 'meanSquaredError'] };
  const [[is, loss], [wanted]] = [words[own], words[targets]];
  throw new ParameterError(
    `The targets of ${name} are ${is}, and the loss is for ${wanted}. Take a loss for ${is}, such as '${loss}'.`,
  );
}

function generated({ generator, parameters = {} }: GeneratorSpec): LoadedDataset {
  const generate = generators.find(({ definition }) => definition.type === generator);
  if (!generate) throw new ParameterError(`There is no generator ${show(generator)}.`);
  const data = generate(parameters);
  return { ...data, mappable: data.x.shape[1] > 1 };
}

/** A CSV file, with its defaults. */
type FilledCsv = ResolvedOptions<typeof csvRules>;

function readCsv(bytes: Uint8Array, spec: FilledCsv, targets: TargetKind): LoadedDataset {
  const text = decodeUtf8(bytes);
  if (spec.columns || spec.missingValues) return fromTable(parsed(text, spec), spec, targets);
  const { target, header, delimiter } = spec;
  try {
    const dataset = parseCsv(text, { target, header, delimiter, targets });
    return { ...dataset, targetName: targetName(text, spec), mappable: dataset.x.shape[1] > 1 };
  } catch (error) {
    if (!(error instanceof ParameterError && error.code === 'ERR_FORMAT')) throw error;
    // What is wrong with numbers is told with its place; a table is what is not numbers alone.
    return fromTable(tableOrError(error, text, spec), spec, targets);
  }
}

/** The table, where a file is one and `error` only says that it does not hold numbers. */
function tableOrError(error: ParameterError, text: string, spec: FilledCsv): Table {
  let table: Table;
  try {
    table = parsed(text, spec);
  } catch {
    throw error;
  }
  const target = targetOf(table, spec);
  const isPlain = ({ type, values }: Column) => type === 'number' && !values.some(Number.isNaN as () => boolean);
  if (table.columns.every((column) => column.name === target || isPlain(column))) throw error;
  return table;
}

/** The name of the target in the first line. */
function targetName(text: string, { target, header, delimiter }: FilledCsv): string | undefined {
  if (typeof target === 'string') return target;
  return header ? new CsvReader('parseCsv', delimiter).read(text, true).fields(0).at(target) : undefined;
}

/** Columns of any type. */
const parsed = (text: string, { header, delimiter, columns, missingValues }: FilledCsv): Table =>
  parseTable(text, { header, delimiter, columns, missingValues });

/** The name of a table's target. */
function targetOf({ columns }: Table, { target }: FilledCsv): string {
  return typeof target === 'number' ? (columns.at(target)?.name ?? '') : String(target);
}

function fromTable(table: Table, spec: FilledCsv, targets: TargetKind): LoadedDataset {
  const { missingValues } = spec;
  const task = targets === 'classes' ? 'classification' : 'regression';
  const { features, column, classes, y, warnings } = splitTarget(table, targetOf(table, spec), task);
  if (classes?.some((value) => typeof value === 'number' && !Number.isInteger(value))) {
    const remedy =
      "Take a loss for numbers, such as 'meanSquaredError', or say in 'columns' that they are a 'category'.";
    throw new ParameterError(
      `The numbers of the target '${column.name}' are not whole: they are no classes. ${remedy}`,
    );
  }
  const rows = features.shape[0];
  return {
    x: { data: Float64Array.from({ length: rows }, (_, i) => i), shape: [rows, 1] },
    y,
    mappable: features.columns.filter(isNumeric).length > 1,
    ...(classes && { classNames: classes.map(String) }),
    table: {
      features,
      target: { name: column.name, type: column.type },
      classes,
      missingValues: missingValues ?? (tableRules.missingValues.default as readonly string[]),
      warnings,
    },
  };
}

/** The columns of a table, and those of `x` behind its first as columns of numbers. */
function withNoise({ columns, shape }: Table, { data, shape: [, width] }: Matrix): Table {
  const noise = Array.from({ length: width - 1 }, (_, j): Column => {
    const values = Float64Array.from({ length: shape[0] }, (_, i) => data[i * width + j + 1]);
    return { name: `Noise ${j + 1}`, type: 'number', values };
  });
  return makeTable([...columns, ...noise], shape[0]);
}

function readArrays(files: Uint8Array[], spec: DatasetSpec, targets: TargetKind): LoadedDataset {
  const [x, y] = 'npz' in spec ? readArchive(files[0], spec as NpzSpec) : files.map(parseNpy);
  // Several columns of targets are labels, 0 and 1, where the loss is not for numbers.
  const kind = y?.shape?.length === 2 && y.shape[1] > 1 ? 'values' : targets;
  // Samples of more than one dimension are images and the like.
  return { ...toDataset(x, y, { targets: kind }), mappable: x.shape.length === 2 && x.shape[1] > 1 };
}

function readArchive(bytes: Uint8Array, spec: NpzSpec): NpyArray[] {
  const { x, y } = filled(npzRules, spec);
  const arrays = parseNpz(bytes, { arrays: [x, y] });
  return [arrays[x], arrays[y]];
}
