// Metrics, numbers and settings in words, as tables, figures and sentences write them. Plain text.
import {
  type DatasetSpec,
  type Estimate,
  type MetricFacts,
  type NetworkSpec,
  type SplitSpec,
  type SweepPoint,
  settingsOf,
  shortPath,
} from '../experiment/index.ts';

/** How one metric and its values are written. */
export interface MetricWords {
  /** Where it is in a `Score`. */
  name: string;
  /** What readers call it: `accuracy`, `macro F1`, `loss`. */
  label: string;
  isShare: boolean;
  /** What the best value is among several. */
  best: 'highest' | 'lowest';
  isBetter(a: number, b: number): boolean;
  /** `81.60 %`, `0.4125`. */
  value(value: number): string;
  /** A difference with its sign; of shares in percentage points. */
  difference(difference: number): string;
  /** ` ± 0.50`: half of an interval, as it follows a value or a difference; empty without one. */
  margin(interval: readonly [number, number] | null): string;
  /** `80.10 % to 83.00 %`. */
  interval(interval: readonly [number, number]): string;
  /** An interval of values, or with `least` -1 of differences, cut where none can be. */
  bounded(interval: readonly [number, number], least?: 0 | -1): [number, number];
}

/** The words for the metric `name`; the size of what the `estimates` hold decides how many digits values get. */
export function metricWords(
  name: string,
  { better, unit }: MetricFacts,
  estimates: readonly Pick<Estimate, 'mean'>[],
): MetricWords {
  const isShare = unit === 'share';
  const number = isShare ? (value: number) => value.toFixed(2) : numberFormat(estimates.map(({ mean }) => mean));
  const scale = isShare ? 100 : 1;
  const value = (value: number) => (isShare ? percent(value) : minus(number(value)));
  const bounded = ([low, high]: readonly [number, number], least = 0): [number, number] =>
    isShare ? [Math.max(least, low), Math.min(1, high)] : [low, high];
  return {
    name,
    label: metricLabel(name),
    isShare,
    best: better === 'higher' ? 'highest' : 'lowest',
    isBetter: better === 'higher' ? (a, b) => a > b : (a, b) => a < b,
    value,
    difference(difference) {
      const size = number(Math.abs(difference) * scale);
      return Number(size) === 0 ? size : `${difference < 0 ? '−' : '+'}${size}`;
    },
    margin: (interval) => (interval ? ` ± ${number(((interval[1] - interval[0]) / 2) * scale)}` : ''),
    interval: (interval) => bounded(interval).map(value).join(' to '),
    bounded,
  };
}

/** The loss that can be compared is the one that people mean. Other names are split: `macroF1` is `macro F1`. */
export function metricLabel(name: string): string {
  if (name === 'dataLoss') return 'loss';
  if (name === 'loss') return 'loss with penalty';
  return name.replace(/(?<=[a-z\d])(?=[A-Z])/g, ' ').replace(/(?<= )[A-Z][a-z]+/g, (word) => word.toLowerCase());
}

/** Four digits of what is typical among `values`, so that they line up in a column and can be compared; with powers of ten for tiny and huge ones. */
function numberFormat(values: readonly number[]): (value: number) => string {
  const sizes = values.map(Math.abs).sort((a, b) => a - b);
  const typical = sizes[Math.floor((sizes.length - 1) / 2)] || 1;
  const exponent = Number(typical.toExponential().split('e')[1]);
  return exponent < -3 || exponent > 6
    ? (value) => value.toExponential(3)
    : (value) => value.toFixed(Math.max(0, 3 - exponent));
}

const minus = (text: string): string => text.replace(/^-/, '−');

/** Two digits, which is exact for test sets whose size divides 10 000. */
export const percent = (share: number, digits = 2): string => `${(share * 100).toFixed(digits)} %`;

/** `a`, `a and b`, `a, b and c`. */
export function joinNames(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** The names of variants, as {@link joinNames} joins them. */
export const variantNames = (list: readonly { variant: string }[]): string =>
  joinNames(list.map(({ variant }) => variant));

/** Those of `sentences` that apply. */
export const applicable = (...sentences: (string | false)[]): string[] => sentences.flatMap((text) => text || []);

/** `name` with a capital, for the start of a sentence or of a column. */
export const capitalized = (name: string): string => name.slice(0, 1).toUpperCase() + name.slice(1);

/** `{ a: 1, b: { c: 2 } }` as `a 1, b c 2`, and `{ type: 'adam', learningRate: 0.01 }` as `adam learningRate 0.01`. */
export function describe(value: object): string {
  const { type = '', ...options } = value as { type?: string };
  return `${type} ${Object.entries(options)
    .map(([key, entry]) => `${key} ${valueText(entry)}`)
    .join(', ')}`.trim();
}

/** One setting. */
export function valueText(value: unknown): string {
  // Left out, which for an activation is not none, but the default.
  if (value === null) return 'unset';
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  return typeof value === 'object' ? describe(value) : String(value);
}

/** The values of a point by the last words of their paths, or where these are the same by the whole paths. */
export function pointEntries(point: SweepPoint): [name: string, value: unknown][] {
  const paths = Object.keys(point);
  const name = new Set(paths.map(shortPath)).size === paths.length ? shortPath : String;
  return settingsOf(point).map(([path, value]) => [name(path), value]);
}

/** A point of a sweep: `l2 0.001`. */
export const describePoint = (point: SweepPoint): string => describe(Object.fromEntries(pointEntries(point)));

/** The keys of a network, or its layers in order. */
export function describeNetwork(network: Partial<NetworkSpec>): string {
  return 'layers' in network && network.layers ? network.layers.map(valueText).join(' → ') : describe(network);
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
  if ('builtin' in dataset) return `${dataset.builtin} (real data that come with Regulus)${noise}`;
  if ('generator' in dataset) return `${dataset.generator} (${describe(dataset.parameters ?? {})})${noise}`;
  if ('csv' in dataset) return dataset.csv + noise;
  return ('npz' in dataset ? dataset.npz : `${dataset.npy.x} and ${dataset.npy.y}`) + noise;
}
