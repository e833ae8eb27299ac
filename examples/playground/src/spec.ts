// From the page's state to the spec of an experiment, which the command line can run too, and back.
import { optimizerFromJson } from 'regulus';
import {
  type DatasetSpec,
  type ExperimentSpec,
  expand,
  type NetworkSpec,
  seedList,
  type TrainingSpec,
  type VariantSpec,
  withDefaults,
} from 'regulus/experiment';
import { initialState, labels, mostVariants, type Optimizer, optimizers, type State, type Variant } from './state.ts';

/** The noise of each generator at 1 on the page's slider: its own unit is a distance or a share. */
const noiseScale = { moons: 1, circles: 0.5, blobs: 8, classification: 0.5 };

const rounded = (value: number) => Number(value.toPrecision(6));

export function toSpec(state: State): ExperimentSpec {
  const { hidden, optimizer, learningRate, epochs, batchSize, testSize, validationSize, seed } = state;
  const names = labels(state.variants);
  return {
    name: state.data,
    dataset: { ...dataset(state), ...noiseColumns(state) },
    split: { testSize, validationSize, randomState: state.splitSeed ?? state.dataSeed },
    scaling: state.scaling,
    network: { hiddenUnits: hidden },
    training: { epochs, batchSize, optimizer: { type: optimizer, learningRate } },
    variants: state.variants.map((variant, i) => toVariant(variant, names[i])),
    seeds: [seed],
  };
}

function dataset({ data, csv, samples: nSamples, noise, dataSeed: randomState }: State): DatasetSpec {
  switch (data) {
    case 'moons':
      return {
        generator: 'makeMoons',
        parameters: { nSamples, noise: rounded(noise * noiseScale.moons), randomState },
      };
    case 'circles':
      return {
        generator: 'makeCircles',
        parameters: { nSamples, noise: rounded(noise * noiseScale.circles), factor: 0.5, randomState },
      };
    case 'blobs':
      return {
        generator: 'makeBlobs',
        parameters: { nSamples, nFeatures: 2, centers: 4, clusterStd: rounded(noise * noiseScale.blobs), randomState },
      };
    case 'classification':
      return {
        generator: 'makeClassification',
        parameters: {
          nSamples,
          nFeatures: 2,
          nInformative: 2,
          nRedundant: 0,
          flipY: rounded(noise * noiseScale.classification),
          randomState,
        },
      };
    case 'digits':
      return { builtin: 'digits' };
    case 'csv':
      return {
        csv: csv?.name ?? '',
        ...(csv?.target !== undefined && { target: csv.target }),
        ...(csv?.header === false && { header: false }),
      };
  }
}

function noiseColumns({ extra, noiseSeed, dataSeed }: State): Pick<DatasetSpec, 'noiseFeatures' | 'noiseRandomState'> {
  // Another seed than the data's: equal seeds give equal streams.
  return extra > 0 ? { noiseFeatures: extra, noiseRandomState: noiseSeed ?? (dataSeed + 1) % 2 ** 32 } : {};
}

function toVariant({ l1, l2, dropout, patience }: Variant, label: string): VariantSpec {
  const network = { ...(l1 && { l1 }), ...(l2 && { l2 }), ...(dropout && { dropout }) };
  return {
    label,
    ...(Object.keys(network).length > 0 && { network }),
    ...(patience && { training: { earlyStopping: { patience } } }),
  };
}

/** A state whose spec is `spec`, as far as the page can show it, and what it cannot. */
export function fromSpec(spec: ExperimentSpec): { state: State; differences: string[] } {
  const { split, scaling, network, training, variants, seeds } = spec;
  const { type, learningRate } = resolved(training.optimizer);
  const state: State = {
    ...structuredClone(initialState),
    ...fromDataset(spec.dataset),
    splitSeed: split.randomState,
    validationSize: split.validationSize,
    ...('testSize' in split && { testSize: split.testSize }),
    scaling,
    ...('hiddenUnits' in network && !('preset' in network) && { hidden: [...network.hiddenUnits] }),
    ...(Object.hasOwn(optimizers, type) && { optimizer: type as Optimizer }),
    ...(typeof learningRate === 'number' && { learningRate }),
    batchSize: training.batchSize,
    epochs: training.epochs,
    seed: seedList(seeds)[0],
    variants: variants.slice(0, mostVariants).map((variant) => fromVariant(variant, network, training)),
  };
  const names = labels(state.variants.map(({ label, ...variant }) => variant));
  for (const [i, variant] of state.variants.entries()) if (variant.label === names[i]) delete variant.label;
  return { state, differences: differences(spec, toSpec(state)) };
}

function fromDataset(dataset: DatasetSpec): Partial<State> {
  const extra = dataset.noiseFeatures ?? 0;
  const noise = { extra, ...(dataset.noiseRandomState !== undefined && { noiseSeed: dataset.noiseRandomState }) };
  if ('builtin' in dataset) return { ...noise, data: dataset.builtin === 'digits' ? 'digits' : initialState.data };
  if ('csv' in dataset) {
    const { csv: name, target, header } = dataset;
    return {
      ...noise,
      data: 'csv',
      csv: { name, ...(target !== undefined && { target }), ...(header !== undefined && { header }) },
    };
  }
  if (!('generator' in dataset)) return noise;
  const {
    nSamples = 100,
    noise: own = 0,
    clusterStd = 1,
    flipY = 0.01,
    randomState = 0,
  } = (dataset.parameters ?? {}) as Record<string, number>;
  const common = { ...noise, samples: nSamples, dataSeed: randomState };
  switch (dataset.generator) {
    case 'makeMoons':
      return { ...common, data: 'moons', noise: rounded(own / noiseScale.moons) };
    case 'makeCircles':
      return { ...common, data: 'circles', noise: rounded(own / noiseScale.circles) };
    case 'makeBlobs':
      return { ...common, data: 'blobs', noise: rounded(clusterStd / noiseScale.blobs) };
    case 'makeClassification':
      return { ...common, data: 'classification', noise: rounded(flipY / noiseScale.classification) };
    default:
      return common;
  }
}

interface Penalties {
  l1?: number;
  l2?: number;
  dropout?: number;
}

/** The variant with what the experiment sets for all. */
function fromVariant({ label, network, training }: VariantSpec, common: NetworkSpec, training0: TrainingSpec): Variant {
  const { l1, l2, dropout } = { ...(common as Penalties), ...(network as Penalties) };
  const patience = { ...training0, ...training }.earlyStopping?.patience;
  return { ...(l1 && { l1 }), ...(l2 && { l2 }), ...(dropout && { dropout }), ...(patience && { patience }), label };
}

/**
 * What differs between two specs, by name, and in which variants where not in all. Names, labels and further seeds do not
 * count.
 */
function differences(a: ExperimentSpec, b: ExperimentSpec): string[] {
  const parts = ['dataset', 'split', 'scaling'] as const;
  const found: string[] = parts.filter((part) => differs(data(a)[part], data(b)[part]));
  const [first, second] = [settings(a), settings(b)];
  for (const key of new Set([...first, ...second].flatMap(Object.keys))) {
    const different = a.variants.filter((_, i) => i < second.length && differs(first[i][key], second[i][key]));
    if (different.length === second.length) found.push(key);
    else if (different.length > 0) found.push(`${key} (${different.map(({ label }) => label).join(', ')})`);
  }
  if (a.variants.length !== b.variants.length) found.push('variants');
  if (a.sweep) found.push('sweep');
  return found;
}

const differs = (x: unknown, y: unknown) => JSON.stringify(sorted(x)) !== JSON.stringify(sorted(y));

/** The data of a spec with what it has by default. */
function data({ dataset, split, scaling }: ExperimentSpec) {
  const { sha256, ...rest } = dataset as { sha256?: string };
  return { dataset: rest, split: { stratify: false, ...split }, scaling };
}

/** What each variant is trained with; the plan fills in what it has by default. */
function settings({ sweep, ...spec }: ExperimentSpec): Record<string, unknown>[] {
  return spec.variants.map((variant) => {
    const [{ network, training, metrics }] = expand({ ...spec, variants: [variant], seeds: [0] });
    const { callbacks: earlyStopping, ...rest } = training;
    return { network, metrics, earlyStopping, ...rest };
  });
}

/** An optimizer with its defaults. */
const resolved = (optimizer: TrainingSpec['optimizer']) =>
  withDefaults(optimizerFromJson(optimizer)) as { type: string; learningRate?: unknown };

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
