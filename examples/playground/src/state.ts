// Everything that the page can be set to: what the URL holds, and what a spec is made of.
import { type TechniqueName, techniques } from './techniques.ts';

export const datasets = {
  moons: 'Moons',
  circles: 'Circles',
  blobs: 'Blobs',
  classification: 'Classification',
  digits: 'Digits (images)',
  csv: 'Your CSV file',
} as const;

export type DatasetName = keyof typeof datasets;

/** One network to train: the techniques that are on, with their values. */
export type Variant = { [Name in TechniqueName]?: number } & {
  /** Instead of the label that its techniques make. */
  label?: string;
};

export interface CsvFile {
  name: string;
  /** Missing when the URL names a file that was too large for it. */
  text?: string;
  target?: string | number;
  header?: boolean;
}

export interface State {
  data: DatasetName;
  csv?: CsvFile;
  samples: number;
  /** In tenths of its range: each generator has a scale of its own. */
  noise: number;
  /** Columns of noise beside the data's own. */
  extra: number;
  dataSeed: number;
  /** One more than `dataSeed` by default. */
  noiseSeed?: number | undefined;
  /** `dataSeed` by default. */
  splitSeed?: number | undefined;
  testSize: number;
  validationSize: number;
  scaling: 'standard' | 'minmax' | 'none';
  hidden: number[];
  optimizer: Optimizer;
  learningRate: number;
  batchSize: number;
  epochs: number;
  seed: number;
  variants: Variant[];
  /** Epochs per second; 0 for as many as the machine can. */
  speed: number;
  metric: Metric;
}

export const metrics = ['accuracy', 'loss'] as const;
export type Metric = (typeof metrics)[number];

export const optimizers = { adam: 'Adam', adamW: 'AdamW', rmsprop: 'RMSprop', sgd: 'SGD' } as const;
export type Optimizer = keyof typeof optimizers;

export const speeds = [5, 15, 30, 60, 0] as const;

export const limits = {
  samples: [50, 2000],
  noise: [0, 1],
  extra: [0, 30],
  dataSeed: [0, 4294967295],
  noiseSeed: [0, 4294967295],
  splitSeed: [0, 4294967295],
  testSize: [0.1, 0.8],
  validationSize: [0.05, 0.5],
  learningRate: [1e-5, 1],
  batchSize: [1, 1024],
  epochs: [1, 5000],
  seed: [0, 4294967295],
} as const satisfies Partial<Record<keyof State, readonly [number, number]>>;

export const learningRates = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1];
export const mostVariants = 6;
export const mostLayers = 4;
export const mostUnits = 256;

/** Few samples, much noise and a large network: what overfits visibly. */
export const initialState: State = {
  data: 'circles',
  samples: 300,
  noise: 0.5,
  extra: 0,
  dataSeed: 5,
  testSize: 0.5,
  validationSize: 0.25,
  scaling: 'standard',
  hidden: [128, 64],
  optimizer: 'adam',
  learningRate: 0.01,
  batchSize: 32,
  epochs: 300,
  seed: 42,
  variants: [{}, { l1: 2e-3 }, { l2: 5e-3 }, { dropout: 0.5 }, { patience: 15 }],
  speed: 30,
  metric: 'accuracy',
};

/** The labels of variants, made unique by numbers. */
export function labels(variants: readonly Variant[]): string[] {
  const taken = new Set<string>();
  return variants.map((variant) => {
    const own = variant.label ?? automaticLabel(variant);
    let label = own;
    for (let n = 2; taken.has(label); n++) label = `${own} ${n}`;
    taken.add(label);
    return label;
  });
}

function automaticLabel(variant: Variant): string {
  const on = techniques.filter(({ name }) => variant[name] !== undefined);
  return on.map(({ title }) => title).join(' + ') || 'No regularization';
}
