// What fitTable does by default: the network, how many of them, batches, epochs.
import type { Matrix } from '../data/index.ts';
import { checkOptionsObject, type Description, fail, resolveOptions } from '../errors/index.ts';
import { zeros } from '../nn/index.ts';
import { hiddenLayers, lastLayer, type PresetName, presetRule, presetRules, presets } from './presets.ts';
import type { TableTask } from './targets.ts';

/** The network: a preset, and what it should do otherwise; or layers. */
export interface TableNetwork {
  /**
   * `'realmlp'` (default): periodic embeddings of numbers, a trained scale of every feature, SELU (mish for numbers), after Holzmüller et
   * al. 2024. `'mlp'`: ReLU. `'resnet'`: residual blocks, after Gorishniy et al. 2021. `'tabm'`: 32 networks that share their kernels, after
   * Gorishniy et al. 2025.
   */
  readonly preset?: PresetName;
  /** Units of each hidden layer; or inside each block; by default [128, 128, 128] of realmlp, [256, 256] of resnet, [128, 128] of the others. */
  readonly hiddenUnits?: readonly number[];
  /** Share of units dropped after each of them; by default 0.15 of realmlp, 0.1 of tabm, 0.2 of the others. */
  readonly dropout?: number;
  /** For `'tabm'`: how many networks there are in one; default 32. */
  readonly members?: number;
  /** All layers but the last, a dense layer for the target (`memberDense` behind `batchEnsemble`), instead of these three. */
  readonly layers?: readonly Description<'layer'>[];
}

const networkRules = { preset: presetRule, ...presetRules };

/** How much a fit is worth: so many networks of each kind. */
export const efforts = { quick: 1, default: 5, best: 15 } as const;

/** How much a fit is worth: 1, 5 or 15 networks of each kind. @useDeclaredType */
export type Effort = keyof typeof efforts;

/** The network for a table: all layers, and the optimizer. */
export function tableNetwork(
  where: string,
  network: TableNetwork = {},
  { task, x, outputs, totalSteps }: { task: TableTask; x: Matrix; outputs: number; totalSteps: number },
): { layers: Description<'layer'>[]; optimizer: Description<'optimizer'> } {
  checkOptionsObject(`${where}'s network`, network);
  const { layers, ...short } = network;
  const options = resolveOptions(`${where}'s network`, short, networkRules);
  const preset = presets[layers ? 'mlp' : options.preset];
  const { preset: name, hiddenUnits = preset.hiddenUnits, members } = options;
  const optimizer = preset.optimizer({ task, hiddenUnits, totalSteps });
  if (layers === undefined) {
    if (members !== undefined && name !== 'tabm') {
      const remedy = "Several networks on parts of the rows are fitTable's own option 'members'.";
      fail(`${where}'s network`, 'members', "left out but for preset: 'tabm'", members, remedy);
    }
    const hidden = hiddenLayers(name, { ...options, task, numbers: leadingNumbers(x), totalSteps });
    return { layers: [...hidden, lastLayer(hidden, outputs, preset.output)], optimizer };
  }
  if (Object.keys(short).length > 0) {
    fail(where, 'network', 'either layers, or a preset, hiddenUnits, dropout and members', network);
  }
  return { layers: [...layers, lastLayer(layers, outputs, { kernelInitializer: zeros() })], optimizer };
}

/** How many columns there are up to the last that has more than two different values. */
function leadingNumbers({ data, shape: [rows, columns] }: Matrix): number {
  for (let j = columns - 1; j >= 0; j--) {
    const different = new Set<number>();
    for (let i = 0; i < rows && different.size < 3; i++) different.add(data[i * columns + j]);
    if (different.size > 2) return j + 1;
  }
  return 0;
}

/** A power of two near a sixteenth of the rows, from 32 to 256. */
export function defaultBatchSize(rows: number): number {
  let size = 32;
  while (size < 256 && size * 32 <= rows) size *= 2;
  return size;
}

/** About 1,000 steps, and 20 epochs at least. */
export const defaultEpochs = (stepsPerEpoch: number) => Math.max(20, Math.round(1000 / stepsPerEpoch));
