// Settings in plain text, as tables and facts show them.
import { type DatasetSpec, type NetworkSpec, type SplitSpec, type SweepPoint, shortPath } from '../experiment/index.ts';
import { percent } from './runs.ts';

/** `{ a: 1, b: { c: 2 } }` as `a 1, b c 2`. */
export function describe(value: object): string {
  return Object.entries(value)
    .map(([key, entry]) =>
      typeof entry === 'object' && entry !== null && !Array.isArray(entry)
        ? `${key} ${describe(entry)}`
        : `${key} ${typeof entry === 'string' ? entry : JSON.stringify(entry).replaceAll(',', ', ')}`,
    )
    .join(', ');
}

/** A point of a sweep by the last words of its paths: `l2 0.001, learningRate 0.01`. */
export function describePoint(point: SweepPoint): string {
  return Object.entries(point)
    .map(([path, value]) => `${shortPath(path)} ${value}`)
    .join(', ');
}

export function describeNetwork(network: Partial<NetworkSpec>): string {
  if (!('layers' in network) || !network.layers) return describe(network);
  return network.layers.map(({ type, ...options }) => [type, describe(options)].join(' ').trim()).join(' → ');
}

export function describeSplit(split: SplitSpec): string {
  const outer =
    'folds' in split
      ? `${split.folds}-fold cross-validation: each fold is the test part once`
      : `${percent(split.testSize, 0)} for testing`;
  const stratified = split.stratify ? ', with the class shares kept' : '';
  return `${outer}; of the rest, ${percent(split.validationSize, 0)} for validation (randomState ${split.randomState}${stratified})`;
}

export function describeDataset(dataset: DatasetSpec): string {
  const noise = dataset.noiseFeatures ? `, with ${dataset.noiseFeatures} features of pure noise added` : '';
  return source(dataset) + noise;
}

function source(dataset: DatasetSpec): string {
  if ('builtin' in dataset) return `${dataset.builtin} (real data that come with Regulus)`;
  if ('generator' in dataset) return `${dataset.generator} (${describe(dataset.parameters ?? {})})`;
  if ('csv' in dataset) return dataset.csv;
  return 'npz' in dataset ? dataset.npz : `${dataset.npy.x} and ${dataset.npy.y}`;
}

/** Whether the data are in files that a spec only names. */
export const isFromFile = (dataset: DatasetSpec): boolean => 'csv' in dataset || 'npz' in dataset || 'npy' in dataset;
