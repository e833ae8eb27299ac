// Networks by name: layers, the last of them, and how they are trained, for tables of any size.
import {
  checkOption,
  checkOptionsObject,
  type Description,
  integer,
  list,
  number,
  oneOf,
  optionsOf,
  resolveOptions,
} from '../errors/index.ts';
import {
  batchEnsemble,
  batchNormalization,
  type DenseOptions,
  dense,
  dropout,
  featureScale,
  lecunNormal,
  memberDense,
  mish,
  periodicEmbedding,
  relu,
  residual,
  selu,
  type Task,
  zeros,
} from '../nn/index.ts';
import { adamW, cosineCycles, cosineDecay, flatCosine } from '../optim/index.ts';

/** What a preset is told. */
interface PresetFacts {
  readonly task: Task;
  /** Units of each hidden layer. */
  readonly hiddenUnits: readonly number[];
  /** Share of units dropped after each of them. */
  readonly dropout: number;
  /** How many networks there are in one, for `tabm`. */
  readonly members?: number | undefined;
  /** How many of the first inputs are numbers, not 0 and 1 alone; all by default. */
  readonly numbers?: number | undefined;
  /** Steps of the training, where they are known. */
  readonly totalSteps?: number | undefined;
}

interface Preset {
  /** By default. */
  readonly hiddenUnits: readonly number[];
  readonly dropout: number;
  /** All layers but the last. */
  layers(facts: PresetFacts): Description<'layer'>[];
  /** Options of the last layer. */
  readonly output: DenseOptions;
  optimizer(facts: { task: Task; hiddenUnits: readonly number[]; totalSteps: number }): Description<'optimizer'>;
}

/** Units between the blocks of a resnet. */
const WIDTH = 128;

/** In NTK parametrization, biases at a tenth of the rate. */
const ntk = { parametrization: 'ntk', biasLearningRateFactor: 0.1 } as const;

const decaying = (initialLearningRate: number, decaySteps: number) =>
  adamW({ learningRate: cosineDecay({ initialLearningRate, decaySteps }), weightDecay: 0.01 });

export const presets = {
  // Hidden layers of ReLU, as anyone would begin. Without any, it is a linear model, which learns faster.
  mlp: {
    hiddenUnits: [128, 128],
    dropout: 0.2,
    layers: ({ hiddenUnits, dropout: rate }) => hiddenUnits.flatMap((units) => [dense(units), relu(), ...drop(rate)]),
    output: { kernelInitializer: zeros() },
    optimizer: ({ hiddenUnits, totalSteps }) => decaying(hiddenUnits.length > 0 ? 0.005 : 0.02, totalSteps),
  },
  // Holzmüller et al. 2024, "Better by Default", in a smaller form with more regularization.
  realmlp: {
    hiddenUnits: [128, 128, 128],
    dropout: 0.15,
    layers({ task, hiddenUnits, dropout: share, numbers, totalSteps }) {
      const activation = task === 'regression' ? mish : selu;
      const rate = share > 0 && totalSteps ? flatCosine({ initialLearningRate: share, totalSteps }) : share;
      return [
        ...(numbers === 0 ? [] : [periodicEmbedding({ features: numbers, biasLearningRateFactor: 0.1 })]),
        featureScale({ learningRateFactor: 6 }),
        ...hiddenUnits.flatMap((units) => [
          dense(units, { kernelInitializer: lecunNormal(), ...ntk }),
          activation(),
          ...drop(rate),
        ]),
      ];
    },
    output: { kernelInitializer: zeros(), ...ntk },
    optimizer: ({ task, totalSteps }) =>
      adamW({
        learningRate: cosineCycles({ max: task === 'regression' ? 0.07 : 0.04, totalSteps }),
        beta2: 0.95,
        weightDecay: flatCosine({ initialLearningRate: 0.02, totalSteps }),
      }),
  },
  // Gorishniy et al. 2021, "Revisiting Deep Learning Models for Tabular Data": a block for each entry of hiddenUnits.
  resnet: {
    hiddenUnits: [256, 256],
    dropout: 0.2,
    layers: ({ hiddenUnits, dropout: rate }) => [
      dense(WIDTH),
      ...hiddenUnits.map((units) =>
        residual([batchNormalization(), dense(units), relu(), ...drop(rate), dense(WIDTH)]),
      ),
      batchNormalization(),
      relu(),
    ],
    output: { kernelInitializer: zeros() },
    optimizer: ({ totalSteps }) => decaying(0.002, totalSteps),
  },
  // Gorishniy et al. 2025, "TabM": 32 networks that share their kernels, in one.
  tabm: {
    hiddenUnits: [128, 128],
    dropout: 0.1,
    layers: ({ hiddenUnits, dropout: rate, members }) =>
      hiddenUnits.flatMap((units, i) => [
        batchEnsemble({ units, ...(members && { members }), ...(i === 0 && { repeats: true }) }),
        relu(),
        ...drop(rate),
      ]),
    output: {},
    optimizer: ({ totalSteps }) => decaying(0.005, totalSteps),
  },
} as const satisfies Record<string, Preset>;

/** What is trained where nothing else is asked for: they err in different ways. */
export const together = [{ preset: 'realmlp' }, { preset: 'mlp' }, { preset: 'mlp', hiddenUnits: [] }] as const;

/** The name of a network that comes with its layers and the way to train it. @useDeclaredType */
export type PresetName = keyof typeof presets;

const drop = (rate: number | Description<'schedule'>) => (rate === 0 ? [] : [dropout(rate as number)]);

/**
 * The last layer behind others: `dense`, or behind `batchEnsemble` a `memberDense` of as many members.
 *
 * @hidden
 */
export function lastLayer(
  layers: readonly Description<'layer'>[],
  outputs: number,
  options: DenseOptions = {},
): Description<'layer'> {
  const ensemble = layers.find(({ type }) => type === 'batchEnsemble');
  if (!ensemble) return dense(outputs, options);
  const { members } = optionsOf(ensemble, batchEnsemble.definition);
  return memberDense(outputs, { members });
}

/** The rule of a preset's name. @hidden */
export const presetRule = oneOf(Object.keys(presets) as PresetName[], {
  default: 'realmlp',
  describe: 'A network for tables',
});

/** The rules of what a preset can be told. @hidden */
export const presetRules = {
  hiddenUnits: list(integer(1), { optional: true, describe: "Units of each hidden layer, by default the preset's" }),
  dropout: number('[0, 1)', { optional: true, describe: "Share of units dropped, by default the preset's" }),
  members: integer(1, { optional: true, describe: "How many networks 'tabm' has in one, by default 32" }),
};

/** Options of {@link presetLayers}. */
export interface PresetOptions {
  /** What is predicted; default classification. */
  readonly task?: Task;
  /** Units of each hidden layer, or inside each block of `'resnet'`; by default the preset's. */
  readonly hiddenUnits?: readonly number[] | undefined;
  /** Share of units dropped; by default the preset's. */
  readonly dropout?: number | undefined;
  /** For `'tabm'`: how many networks there are in one; default 32. */
  readonly members?: number | undefined;
}

/** The layers of a preset, all but the last; options that are left out are its own. */
export function hiddenLayers(
  preset: PresetName,
  { hiddenUnits, dropout, ...facts }: Omit<PresetFacts, 'hiddenUnits' | 'dropout'> & Omit<PresetOptions, 'task'>,
): Description<'layer'>[] {
  const own = presets[preset];
  return own.layers({ ...facts, hiddenUnits: hiddenUnits ?? own.hiddenUnits, dropout: dropout ?? own.dropout });
}

/**
 * The layers of a network for tables, all but the last: `'realmlp'` (Holzmüller et al. 2024, all inputs embedded), `'mlp'`, `'resnet'`
 * (Gorishniy et al. 2021) or `'tabm'` (Gorishniy et al. 2025: 32 networks in one, whose last layer is `memberDense`). `fitTable` and specs take
 * the names themselves: `network: { preset: 'resnet' }`.
 *
 * @throws ParameterError for an unknown name, and for a bad value
 * @example
 * ```js
 * import { dense, makeMoons, sequential } from 'regulus';
 * import { presetLayers } from 'regulus/tables';
 *
 * const layers = [...presetLayers('resnet', { hiddenUnits: [64] }), dense(2)];
 * const model = sequential({ inputSize: 2, layers });
 * await model.fit(makeMoons(), { epochs: 2 });
 * console.log(model.summary());
 * ```
 */
export function presetLayers(preset: PresetName, options: PresetOptions = {}): Description<'layer'>[] {
  const where = 'presetLayers';
  checkOption(where, 'preset', preset, presetRule);
  checkOptionsObject(where, options);
  const { task = 'classification', ...others } = options;
  return hiddenLayers(preset, { task, ...resolveOptions(where, others, presetRules) });
}
