// Makes or reads the dataset that a spec names.
import { appendNoiseFeatures, type Dataset, generators, type TargetKind } from '../data/index.ts';
import {
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
  show,
} from '../errors/index.ts';
import { dataFiles, type ReadFile, readDataFiles } from './data-files.ts';
import {
  type BuiltInSpec,
  type CsvSpec,
  type DatasetSpec,
  filled,
  type GeneratorSpec,
  type NpzSpec,
  noise,
  npzRules,
} from './spec.ts';

/** A dataset, and what is known about its features. */
export interface LoadedDataset extends Dataset {
  /** One a column, where they have names. */
  featureNames?: string[];
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
  const { x, y, ...facts } = source(spec, targets, readFile);
  const { noiseFeatures: count, noiseRandomState: randomState } = filled(noise, spec);
  const data = count !== 0 ? appendNoiseFeatures({ x, y }, { count, randomState }) : { x, y };
  return { ...facts, ...data };
}

function source(spec: DatasetSpec, targets: TargetKind, readFile: ReadFile | undefined): LoadedDataset {
  if ('generator' in spec) return checked(generated(spec as GeneratorSpec), targets, spec.generator);
  if ('builtin' in spec) {
    const name = checkOption('loadDataset', 'dataset.builtin', spec.builtin, oneOf(builtInNames));
    return checked(builtIns[name](), targets, name);
  }
  const files = readDataFiles(spec, readFile);
  try {
    const dataset = 'csv' in spec ? readCsv(files[0], spec, targets) : readArrays(files, spec, targets);
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

function readCsv(bytes: Uint8Array, { target, header, delimiter }: CsvSpec, targets: TargetKind): LoadedDataset {
  const dataset = parseCsv(decodeUtf8(bytes), { target, header, delimiter, targets });
  return { ...dataset, mappable: dataset.x.shape[1] > 1 };
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
