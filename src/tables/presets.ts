// Networks by name: layers, the last of them, and how they are trained, for tables of any size.
import { type Description, oneOf } from '../errors/index.ts';
import { dense, dropout, featureScale, lecunNormal, mish, periodicEmbedding, relu, selu, zeros } from '../nn/index.ts';
import { adamW, cosineCycles, cosineDecay, flatCosine } from '../optim/index.ts';
import type { TableTask } from './targets.ts';

/** What a preset is told. */
export interface PresetFacts {
  readonly task: TableTask;
  /** Units of each hidden layer. */
  readonly hiddenUnits: readonly number[];
  /** Share of units dropped after each of them. */
  readonly dropout: number;
  /** How many of the first inputs are numbers, not 0 and 1 alone. */
  readonly numbers: number;
  /** Steps of the training, where they are known. */
  readonly totalSteps?: number;
}

interface Preset {
  /** By default. */
  readonly hiddenUnits: readonly number[];
  readonly dropout: number;
  /** All layers but the last. */
  layers(facts: PresetFacts): Description<'layer'>[];
  /** The last layer. */
  output(outputs: number): Description<'layer'>;
  optimizer(facts: { task: TableTask; hiddenUnits: readonly number[]; totalSteps: number }): Description<'optimizer'>;
}

/** In NTK parametrization, biases at a tenth of the rate. */
const ntk = { parametrization: 'ntk', biasLearningRateFactor: 0.1 } as const;

export const presets = {
  // Hidden layers of ReLU, as anyone would begin. Without any, it is a linear model, which learns faster.
  mlp: {
    hiddenUnits: [256, 256],
    dropout: 0.2,
    layers: ({ hiddenUnits, dropout: rate }) => hiddenUnits.flatMap((units) => [dense(units), relu(), ...drop(rate)]),
    output: (outputs) => dense(outputs, { kernelInitializer: zeros() }),
    optimizer: ({ hiddenUnits, totalSteps }) =>
      adamW({
        learningRate: cosineDecay({ initial: hiddenUnits.length > 0 ? 0.002 : 0.02, decaySteps: totalSteps }),
        weightDecay: 0.01,
      }),
  },
  // Holzmüller et al. 2024, "Better by Default", in a smaller form with more regularization.
  realmlp: {
    hiddenUnits: [128, 128, 128],
    dropout: 0.15,
    layers({ task, hiddenUnits, dropout: initial, numbers, totalSteps }) {
      const activation = task === 'classification' ? selu : mish;
      const rate = initial > 0 && totalSteps ? flatCosine({ initial, totalSteps }) : initial;
      return [
        ...(numbers > 0 ? [periodicEmbedding({ features: numbers, biasLearningRateFactor: 0.1 })] : []),
        featureScale({ learningRateFactor: 6 }),
        ...hiddenUnits.flatMap((units) => [
          dense(units, { kernelInitializer: lecunNormal(), ...ntk }),
          activation(),
          ...drop(rate),
        ]),
      ];
    },
    output: (outputs) => dense(outputs, { kernelInitializer: zeros(), ...ntk }),
    optimizer: ({ task, totalSteps }) =>
      adamW({
        learningRate: cosineCycles({ max: task === 'classification' ? 0.04 : 0.07, totalSteps }),
        beta2: 0.95,
        weightDecay: flatCosine({ initial: 0.02, totalSteps }),
      }),
  },
} as const satisfies Record<string, Preset>;

/** What is trained where nothing else is asked for: they err in different ways. */
export const together = [{ preset: 'realmlp' }, { preset: 'mlp' }, { preset: 'mlp', hiddenUnits: [] }] as const;

/** The name of a network that comes with its layers and the way to train it. */
export type PresetName = keyof typeof presets;

const drop = (rate: number | Description<'schedule'>) => (rate === 0 ? [] : [dropout(rate as number)]);

export const presetRule = oneOf(Object.keys(presets) as PresetName[], { default: 'realmlp' });
