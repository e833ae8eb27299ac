// What an experiment is: the rules of the JSON that a person writes. Its types, its checks, its JSON Schema and the paths a
// sweep may change are all made from them.
import type { EngineInfo } from '../backend/index.ts';
import { generators } from '../data/index.ts';
import { csvOptions } from '../datasets/index.ts';
import {
  type AnyFactory,
  anyOf,
  boolean,
  type Description,
  defaultsOf,
  type GivenOptions,
  integer,
  kind,
  list,
  number,
  type OptionRule,
  type OptionRules,
  object,
  oneOf,
  optional,
  type ResolvedOptions,
  text,
  type ValueOf,
} from '../errors/index.ts';
import type { coreMetrics, metrics } from '../metrics/index.ts';
import {
  dense,
  dropout,
  l1,
  l2,
  type layers,
  type losses,
  maxNorm,
  relu,
  residual,
  softmaxCrossEntropy,
} from '../nn/index.ts';
import type { optimizers } from '../optim/index.ts';
import { seedRule as seed } from '../random/index.ts';
import { presetRule, presetRules, tableRules } from '../tables/index.ts';
import { type augmentations, type callbacks, earlyStopping, fitRules } from '../train/index.ts';

/** How an engine rounds: the same bits everywhere, or as fast as the machine can. */
export type Numerics = EngineInfo['numerics'];

/** The greatest number of trials, and of everything that multiplies them. */
export const MOST_TRIALS = 1_000_000;

/** `rule` with what it means here. */
const described = <R extends OptionRule>(rule: R, describe: string): R => ({ ...rule, describe });

/** `rule` for an option that may be left out. */
function defaulting<T>(rule: OptionRule<T>, value: NoInfer<T>, describe: string): OptionRule<T, 'default'> {
  return { ...rule, default: value, describe } as OptionRule<T, 'default'>;
}

/** A kind of the user's own, as JSON. */
export interface OwnKind {
  readonly type: string;
  readonly [option: string]: unknown;
}

/** A kind as JSON: one of a list of the package, or one of the user's own. */
type Json<F extends readonly AnyFactory[]> = ReturnType<F[number]> | OwnKind;
/** A layer as JSON, such as `{ type: 'dense', units: 64 }`. */
export type LayerJson = Json<typeof layers>;
/** A loss as JSON, such as `{ type: 'huber', delta: 2 }`. */
export type LossJson = Json<typeof losses>;
/** A metric as JSON, such as `{ type: 'macroF1' }`. */
export type MetricJson = Json<typeof coreMetrics | (typeof metrics)[keyof typeof metrics][]>;
/** An optimizer as JSON, such as `{ type: 'adam', learningRate: 0.01 }`. */
export type OptimizerJson = Json<typeof optimizers>;
/** An augmentation as JSON, such as `{ type: 'mixup', alpha: 0.4 }`. */
export type AugmentationJson = Json<typeof augmentations>;
/** A callback as JSON, such as `{ type: 'swa', start: 0.5 }`. */
export type CallbackJson = Json<typeof callbacks>;

/** The rule of an option that a spec has to give, although it has a default elsewhere. */
function required<T>(rule: OptionRule<T>): OptionRule<T, 'required'> {
  const { default: _, ...rest } = rule;
  return rest as OptionRule<T, 'required'>;
}

/** The rules, each for an option that may be absent. */
export const partial = (rules: OptionRules): OptionRules =>
  Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, optional(rule)]));

// Where the data come from.

export const noise = {
  noiseFeatures: integer(0, { default: 0, describe: 'Number of standard-normal columns appended to the features' }),
  noiseRandomState: optional(
    described(seed, "Seed of the noise columns. Take another than the generator's: equal seeds give equal streams"),
  ),
};

/** Features of pure noise beside the data's own. @interface */
export type NoiseSpec = GivenOptions<typeof noise>;

/** A source of data, to which columns of noise can be added. */
function source<const R extends OptionRules>(rules: R, describe: string) {
  return object(
    { ...rules, ...noise },
    {
      describe,
      check(options) {
        const { noiseFeatures, noiseRandomState } = options as NoiseSpec;
        return noiseFeatures && noiseRandomState === undefined
          ? { option: 'noiseRandomState', rule: 'given with dataset.noiseFeatures' }
          : undefined;
      },
    },
  );
}

const path = (describe: string) => text({ pattern: /\S/, rule: 'the path of a file', describe });
const relative = "relative to the spec's file";

const file = {
  sha256: text({
    pattern: /^[\da-f]{64}$/,
    rule: '64 hexadecimal digits',
    optional: true,
    describe: "SHA-256 of the files' bytes. Filled in when they are first read",
  }),
};

/** Made data; `parameters` are the generator's own options. */
export type GeneratorSpec = NoiseSpec & { readonly generator: string; readonly parameters?: Record<string, unknown> };

const generator = anyOf(
  generators.map(({ definition: { type, describe = type, options, check } }) => {
    const settings = { optional: true, describe: "The generator's options" } as const;
    const parameters = object(options, check ? { ...settings, check } : settings);
    return source({ generator: oneOf([type]), parameters }, describe);
  }),
) as OptionRule<GeneratorSpec, 'required'>;

const builtin = source(
  { builtin: oneOf(['digits', 'breast_cancer', 'wine', 'iris', 'diabetes'], { describe: 'Its name' }) },
  'Real data that come with Regulus',
);

const { target, header, delimiter } = csvOptions;

export const csvRules = {
  csv: path(`A CSV file (UTF-8) with one column of targets; the others hold numbers or are a table; ${relative}`),
  ...{ target, header, delimiter },
  columns: described(tableRules.columns, 'Types of columns by name, instead of those that are inferred'),
  missingValues: described(
    optional(tableRules.missingValues),
    "Spellings of a missing value. Default: those of pandas, and '?'",
  ),
  ...file,
};

const csv = source(csvRules, 'A CSV file');

const npy = source(
  {
    npy: object({ x: path(`Samples, ${relative}`), y: path(`Targets, ${relative}`) }, { describe: 'The two files' }),
    ...file,
  },
  'NumPy files',
);

export const npzRules = {
  npz: path(`An archive of NumPy arrays, ${relative}`),
  x: text({ default: 'x', describe: 'Name of the array of samples' }),
  y: text({ default: 'y', describe: 'Name of the array of targets' }),
  ...file,
};

const npz = source(npzRules, 'An archive of NumPy arrays');

const dataset = anyOf([generator, builtin, csv, npy, npz], { describe: 'Where the data come from' });

/** Real data that come with Regulus. @interface */
export type BuiltInSpec = ValueOf<typeof builtin>;
/** A CSV file, whose path is relative to the spec's file. @interface */
export type CsvSpec = ValueOf<typeof csv>;
/** Two NumPy files: samples (rows, features) and targets. @interface */
export type NpySpec = ValueOf<typeof npy>;
/** An archive of NumPy arrays, two of which are samples (rows, features) and targets. @interface */
export type NpzSpec = ValueOf<typeof npz>;
/** Where the data come from. */
export type DatasetSpec = GeneratorSpec | BuiltInSpec | CsvSpec | NpySpec | NpzSpec;

// Which samples train, validate and test.

export const validation = {
  validationSize: number('(0, 1)', {
    describe: 'Share of the samples outside the test part that is used for validation',
  }),
  randomState: described(seed, 'Seed of the random order of the samples'),
  stratify: boolean({ default: false, describe: 'Whether every part keeps the shares of the classes' }),
};

const holdOut = object(
  { testSize: number('(0, 1)', { describe: 'Share of all samples' }), ...validation },
  { describe: 'One test part, the same for all trials' },
);

const kFold = object(
  { folds: integer(2, { max: MOST_TRIALS, describe: 'Number of folds, each the test part once' }), ...validation },
  { describe: 'K-fold cross-validation' },
);

const split = anyOf([holdOut, kFold], { describe: 'Into training, validation and test part' });

/** One test part, the same for all trials. @interface */
export type HoldOutSpec = ValueOf<typeof holdOut>;
/** K-fold cross-validation: each of `folds` parts is the test part once. @interface */
export type KFoldSpec = ValueOf<typeof kFold>;
/** Which samples train, validate and test. */
export type SplitSpec = HoldOutSpec | KFoldSpec;

export const scalings = ['standard', 'minmax', 'none'] as const;
const scaling = oneOf(scalings, {
  describe: 'How features are scaled; fitted on the training part alone',
});

// The network.

export const perceptron = {
  hiddenUnits: list(integer(1), { describe: 'Units of each hidden layer' }),
  activation: kind('layer', {
    named: true,
    default: relu(),
    describe: 'The layer after each hidden dense layer, or its name',
  }) as OptionRule<string | LayerJson, 'default'>,
  l1: defaulting(l1.definition.options.l1, 0, 'Strength of L1 on every kernel, λΣ|w|'),
  l2: defaulting(l2.definition.options.l2, 0, 'Strength of L2 on every kernel, λΣw²'),
  dropout: defaulting(dropout.definition.options.rate, 0, 'Share of units dropped after every hidden layer'),
  dropConnect: defaulting(
    dense.definition.options.dropConnect,
    0,
    'Share of every hidden kernel that a step leaves out',
  ),
  batchNormalization: boolean({ default: false, describe: 'Whether it stands before every activation' }),
  maxNorm: described(optional(maxNorm.definition.options.maxValue), "Greatest norm of a hidden unit's weights"),
  residual: described(
    optional(residual.definition.options.survivalProbability),
    'Makes every hidden layer a residual block, which takes part in this share of the steps',
  ),
};

const layered = {
  layers: list(kind('layer') as OptionRule<LayerJson>, {
    describe: 'All layers but the last, a dense layer for the targets, which is appended',
  }),
};

const short = object(perceptron, {
  describe: 'A multilayer perceptron: dense, activation, dropout for each hidden layer',
});
/** A network by name. */
export const named = {
  preset: required(presetRule),
  ...presetRules,
};

const byName = object(named, { describe: 'A network by its name' });
const long = object(layered, { describe: 'Layer by layer' });
const network = anyOf([short, byName, long], { describe: 'The network' });

/** A multilayer perceptron: dense, activation and dropout for each hidden layer. @interface */
export type PerceptronSpec = ValueOf<typeof short>;
/** A network by its name. @interface */
export type PresetSpec = ValueOf<typeof byName>;
/** A network layer by layer, all but the last, which is appended. @interface */
export type LayersSpec = ValueOf<typeof long>;
/** The network: short, by name, or layer by layer. */
export type NetworkSpec = PerceptronSpec | PresetSpec | LayersSpec;

// How it is trained.

export const trainingRules = {
  epochs: fitRules.epochs,
  batchSize: required(fitRules.batchSize),
  classWeight: fitRules.classWeight,
  optimizer: kind('optimizer', { describe: 'How weights are changed' }) as OptionRule<OptimizerJson, 'required'>,
  loss: kind('loss', {
    named: true,
    default: softmaxCrossEntropy(),
    describe: 'What is minimized, or its name',
  }) as OptionRule<string | LossJson, 'default'>,
  scaleTarget: boolean({
    default: true,
    describe:
      'Whether numbers to predict are trained as multiples of their standard deviation, where the loss allows it',
  }),
  augment: list(kind('augmentation', { named: true }) as OptionRule<string | AugmentationJson>, {
    optional: true,
    describe: 'What is done to each batch before its step, in their order',
  }),
  earlyStopping: object(earlyStopping.definition.options, {
    optional: true,
    describe: 'Stops when training no longer improves, and restores the best weights',
  }),
  members: integer(2, {
    max: MOST_TRIALS,
    optional: true,
    describe:
      'Trains so many networks, each without another part of the training data, which chooses its best epoch, and averages what they predict',
  }),
  callbacks: list(kind('callback') as OptionRule<CallbackJson>, {
    default: [],
    describe: 'Further callbacks',
  }),
};

const training = object(trainingRules, { describe: 'How the network is trained' });

/** How a network is trained. @interface */
export type TrainingSpec = ValueOf<typeof training>;

const preprocessing = list(kind('transformer', { named: true }) as OptionRule<string | OwnKind>, {
  optional: true,
  describe: 'Transformers of the features before their scaling, one after the other; fitted on the training part alone',
});

/** What a variant takes from the spec, and a point of a sweep may change. */
export const settingRules = { preprocessing, scaling, network, training } as const;

const variant = object({
  label: text({
    pattern: /^(?! )[^\p{Cc}\p{Zl}\p{Zp}]{1,60}$(?<! )/u,
    rule: 'one line of 1 to 60 characters, without control characters, and without spaces around it',
    describe: 'Its name',
  }),
  network: object(partial({ ...named, ...perceptron, ...layered }), {
    optional: true,
    describe: "Replaces the experiment's keys of the same name",
  }) as OptionRule<Partial<NetworkSpec>, 'optional'>,
  training: object(partial(trainingRules), {
    optional: true,
    describe: "Replaces the experiment's keys of the same name",
  }) as OptionRule<Partial<TrainingSpec>, 'optional'>,
});

/**
 * One thing to compare. Its keys of `network` and `training` replace the experiment's keys of the same name; a network of
 * another kind (`layers`, a `preset`, or neither) replaces the experiment's as a whole.
 *
 * @interface
 */
export type VariantSpec = ValueOf<typeof variant>;

const seeds = anyOf(
  [
    list(seed, { minLength: 1 }),
    object(
      {
        start: defaulting(seed, 0, 'The first seed'),
        count: integer(1, { max: MOST_TRIALS, describe: 'How many' }),
      },
      {
        check({ start, count }) {
          const { max } = seed as { max: number };
          const rule = `such that the last seed is at most ${max}`;
          return start + count - 1 > max ? { option: 'count', rule } : undefined;
        },
      },
    ),
  ],
  { describe: 'Random seeds: each variant is trained once with each' },
);

const anyNumber = number('(-inf, inf)');

const rangeRules = {
  from: described(anyNumber, 'The lowest value'),
  to: described(anyNumber, 'The highest value'),
  scale: oneOf(['linear', 'log'], { default: 'linear', describe: 'Equal steps of the value, or of its logarithm' }),
};

/** The rules of a sweep's parts; which values `parameters` may hold depends on their paths, see schema.ts. */
export const sweepRules = {
  gridRange: {
    ...rangeRules,
    count: integer(2, { max: MOST_TRIALS, describe: 'Number of values, both ends included' }),
  },
  randomRange: rangeRules,
  random: {
    samples: integer(1, { max: MOST_TRIALS, describe: 'Number of points' }),
    seed: defaulting(seed, 0, 'Seed of the draws'),
  },
  space: { space: oneOf(['cocktail'], { describe: 'A space that has a name, instead of parameters' }) },
};

/** Equal steps from `from` to `to`, both included, of the value or (`scale: 'log'`) of its logarithm. @interface */
export type GridRange = GivenOptions<typeof sweepRules.gridRange>;

/** Uniform between `from` and `to`, in the value or (`scale: 'log'`) in its logarithm. @interface */
export type RandomRange = GivenOptions<typeof sweepRules.randomRange>;

/** Every combination of the values; the last parameter changes first. */
export interface GridSweep {
  type: 'grid';
  /** By path, such as `'network.l2'`: a list of what the key takes, with null to leave it out, or a range of numbers. */
  parameters: Record<string, unknown[] | GridRange>;
}

/** Independent draws of every parameter; no combination is drawn twice. */
export interface RandomSweep extends GivenOptions<typeof sweepRules.random> {
  type: 'random';
  /** By path, as those of a grid; numbers are rounded to six digits, those of integer keys to integers. */
  parameters: Record<string, unknown[] | RandomRange>;
}

/** Independent draws from a space that has a name: each of its settings is switched on in half of the points. */
export interface SpaceSweep extends GivenOptions<typeof sweepRules.random & typeof sweepRules.space> {
  type: 'random';
}

/** Settings to try on every variant. Where a variant has a value of its own, that stays. */
export type SweepSpec = GridSweep | RandomSweep | SpaceSweep;

/** The rules of a spec's own keys but `sweep`. */
export const specRules = {
  $schema: text({ optional: true, describe: 'Where editors find the JSON Schema; ignored otherwise' }),
  name: text({
    pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    rule: "1 to 64 letters, digits, '.', '_' or '-' that start with a letter or digit",
    describe: 'Also the default name of the output folder',
  }),
  modules: list(
    anyOf([
      path(`A module that defines kinds of your own, ${relative}`),
      object({ path: path('The module'), ...file }, { describe: 'The same with its hash' }),
    ]),
    { default: [], describe: 'Modules whose exports define kinds of your own' },
  ),
  dataset,
  split,
  preprocessing,
  scaling,
  network,
  training,
  metric: kind('metric', {
    named: ['dataLoss'],
    optional: true,
    describe:
      "The metric that decides. Default 'accuracy' for classes, otherwise 'dataLoss', the loss without penalty, or 'rootMeanSquaredError' where losses differ",
  }) as OptionRule<string | MetricJson, 'optional'>,
  metrics: list(kind('metric', { named: true }) as OptionRule<string | MetricJson>, {
    default: [],
    describe: 'Further metrics to record',
  }),
  variants: list(variant, { minLength: 1, describe: 'What to compare; the first is the baseline' }),
  seeds,
};

type Writable<T> = { -readonly [N in keyof T]: T[N] };

/** A comparison of variants on one data set: plain JSON. */
export interface ExperimentSpec extends Writable<GivenOptions<typeof specRules>> {
  /** Every variant is trained at every point that concerns it. */
  sweep?: SweepSpec;
}

/** Values of the swept parameters, by path: `{ 'network.l2': 0.001 }`. */
export type SweepPoint = Record<string, unknown>;

/** One fold of a k-fold split; `index` counts from 0. */
export interface FoldSpec {
  index: number;
  of: number;
}

/** A module with kinds of the user's own, and the hash of its content. */
export interface ModuleFile {
  readonly path: string;
  readonly sha256: string;
}

/** One training run, fully resolved: everything {@link runTrial} needs, as plain JSON. */
export interface Trial {
  variant: string;
  /** Only with a sweep: the values that concern this variant; they are in the other keys already. */
  point?: SweepPoint;
  /** Only with k-fold cross-validation: the fold to test on. */
  fold?: FoldSpec;
  seed: number;
  modules?: readonly ModuleFile[];
  dataset: DatasetSpec;
  split: SplitSpec;
  /** Only where the spec has it. */
  preprocessing?: Description<'transformer'>[];
  scaling: ExperimentSpec['scaling'];
  /** All layers but the last, and the penalty of the last. */
  network: { layers: Description<'layer'>[]; outputRegularizer?: Description<'regularizer'> };
  training: Omit<
    ValueOf<typeof training>,
    'optimizer' | 'loss' | 'scaleTarget' | 'augment' | 'earlyStopping' | 'callbacks'
  > & {
    optimizer: Description<'optimizer'>;
    loss: Description<'loss'>;
    /** Only where the loss allows it. */
    scaleTarget?: boolean;
    /** Only where the spec has it. */
    augment?: Description<'augmentation'>[];
    callbacks: Description<'callback'>[];
  };
  /** What is recorded beside the losses. */
  metrics: Description<'metric'>[];
  numerics: Numerics;
  /** Whether to return what the figures need, too. */
  figures: boolean;
}

/** `given` with the defaults of `rules`. */
export function filled<const R extends OptionRules>(rules: R, given: GivenOptions<R>): ResolvedOptions<R> {
  return { ...defaultsOf(rules), ...given } as ResolvedOptions<R>;
}

/** `value`, which follows `rule`, with all defaults, those of objects inside it too. Kinds stay as they are. */
export function completed(rule: OptionRule, value: unknown): unknown {
  if (rule.form === 'anyOf') {
    const own = rule.rules.find((choice) => isMeant(choice, value));
    return own ? completed(own, value) : value;
  }
  if (rule.form !== 'object') return value;
  const all = { ...defaultsOf(rule.rules), ...(value as object) } as Record<string, unknown>;
  return Object.fromEntries(Object.entries(all).map(([key, own]) => [key, completed(rule.rules[key], own)]));
}

/** Whether an object has all that `rule` demands, and nothing else, where one of several rules is meant. */
export function isMeant(rule: OptionRule, value: unknown): boolean {
  if (rule.form === 'anyOf') return rule.rules.some((choice) => isMeant(choice, value));
  if (rule.form !== 'object' || typeof value !== 'object' || value === null) return false;
  if (Object.keys(value).some((key) => !Object.hasOwn(rule.rules, key))) return false;
  return Object.entries(rule.rules).every(([key, own]) => {
    const item = (value as Record<string, unknown>)[key];
    if (item === undefined) return 'default' in own || own.optional;
    return own.form !== 'oneOf' || own.choices.includes(item as string);
  });
}
