// Makes or reads the dataset that a spec names.
import {
  appendNoiseFeatures,
  type Dataset,
  makeBlobs,
  makeCircles,
  makeClassification,
  makeMoons,
} from '../data/index.ts';
import {
  loadBreastCancer,
  loadDigits,
  loadWine,
  type NpyArray,
  parseCsv,
  parseNpy,
  parseNpz,
  toDataset,
} from '../datasets/index.ts';
import { didYouMean, ParameterError, RegulusError } from '../errors/index.ts';
import { dataFiles, type ReadFile, readDataFiles } from './data-files.ts';
import type { BuiltInName, CsvSpec, DatasetSpec, GeneratorName, NpzSpec } from './spec.ts';

/** A dataset, and what is known about its features. */
export interface LoadedDataset extends Dataset {
  /** One a column, where they have names. */
  featureNames?: string[];
  /** Whether maps over the first two features mean something, which they do not when features are pixels. */
  mappable: boolean;
}

const generators: Record<GeneratorName, (parameters: object) => Dataset> = {
  makeMoons,
  makeCircles,
  makeBlobs,
  makeClassification,
};

const builtIns: Record<BuiltInName, () => LoadedDataset> = {
  digits: () => ({ ...loadDigits(), mappable: false }),
  breast_cancer: () => ({ ...loadBreastCancer(), mappable: true }),
  wine: () => ({ ...loadWine(), mappable: true }),
};

/** @throws RegulusError that names the file, for files that hold no dataset of two classes or more. */
export function loadDataset(spec: DatasetSpec, readFile?: ReadFile): LoadedDataset {
  const { x, y, ...facts } = source(spec, readFile);
  const { noiseFeatures: count = 0, noiseRandomState: randomState = 0 } = spec;
  const data = count > 0 ? appendNoiseFeatures({ x, y }, { count, randomState }) : { x, y };
  return { ...facts, ...data };
}

function source(spec: DatasetSpec, readFile: ReadFile | undefined): LoadedDataset {
  if ('generator' in spec)
    return { ...generators[spec.generator]({ randomState: 0, ...spec.parameters }), mappable: true };
  if ('builtin' in spec) return builtIns[spec.builtin]();
  const files = readDataFiles(spec, readFile);
  try {
    const dataset = 'csv' in spec ? readCsv(files[0], spec) : readArrays(files, spec);
    if (dataset.y.every((label) => label === dataset.y[0])) {
      throw new ParameterError('All samples are of one class. Give samples of two classes at least.');
    }
    return dataset;
  } catch (error) {
    if (error instanceof RegulusError) error.message = `In ${dataFiles(spec).join(' and ')}: ${error.message}`;
    throw error;
  }
}

function readCsv(bytes: Uint8Array, { target, header, delimiter }: CsvSpec): LoadedDataset {
  const text = decodeUtf8(bytes);
  const given = { target, header, delimiter };
  const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const dataset = parseCsv(text, options);
  return { ...dataset, mappable: dataset.x.shape[1] > 1 };
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ParameterError('This is not UTF-8 text. Save the file in UTF-8.');
  }
}

function readArrays(files: Uint8Array[], spec: DatasetSpec): LoadedDataset {
  const [x, y] = 'npz' in spec ? readArchive(files[0], spec) : files.map(parseNpy);
  // Samples of more than one dimension are images and the like.
  return { ...toDataset(x, y), mappable: x.shape.length === 2 && x.shape[1] > 1 };
}

function readArchive(bytes: Uint8Array, { x = 'x', y = 'y' }: NpzSpec): NpyArray[] {
  const arrays = parseNpz(bytes);
  return [x, y].map((name) => {
    if (Object.hasOwn(arrays, name)) return arrays[name];
    const names = Object.keys(arrays);
    const hint = didYouMean(name, names) || `Arrays: ${names.join(', ')}.`;
    throw new ParameterError(`There is no array '${name}'. ${hint} Name the arrays with 'x' and 'y' of the dataset.`);
  });
}
