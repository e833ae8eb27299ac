// What fitTable does by default. The choices were measured on a dozen public tables that are not in this repository.
import { type Description, fail, integer, list, type ResolvedOptions, resolveOptions } from '../errors/index.ts';
import { dense, dropout, lecunNormal, mish, selu } from '../nn/index.ts';
import { adamW, cosineCycles } from '../optim/index.ts';
import type { TableTask } from './targets.ts';

/** The hidden layers: sizes, or all of them. */
export interface TableNetwork {
  /** Units of each hidden layer, default [128, 128, 128]. */
  readonly hiddenUnits?: readonly number[];
  /** Share of units dropped after each of them, default 0.15. */
  readonly dropout?: number;
  /** All layers but the last, a dense layer for the target, instead of these two. */
  readonly layers?: readonly Description<'layer'>[];
}

const networkRules = {
  hiddenUnits: list(integer(1), { default: [128, 128, 128] }),
  dropout: dropout.definition.options.rate,
};

/** How much a fit is worth: folds, and how often the rows are divided into them. */
export const efforts = {
  quick: { folds: 1, repeats: 1 },
  default: { folds: 5, repeats: 1 },
  best: { folds: 5, repeats: 3 },
} as const;

export type Effort = keyof typeof efforts;

/** SELU for classes and mish for numbers, with the initial weights that keep the variance. */
export function hiddenLayers(
  where: string,
  task: TableTask,
  network: TableNetwork = {},
): readonly Description<'layer'>[] {
  const { layers, ...short } = network;
  const options = { dropout: 0.15, ...short } as Partial<ResolvedOptions<typeof networkRules>>;
  const { hiddenUnits, dropout: rate } = resolveOptions(`${where}'s network`, options, networkRules);
  if (layers === undefined) {
    const activation = task === 'classification' ? selu : mish;
    return hiddenUnits.flatMap((units) => [
      dense(units, { kernelInitializer: lecunNormal() }),
      activation(),
      ...(rate !== 0 ? [dropout(rate)] : []),
    ]);
  }
  if (Object.keys(short).length > 0) fail(where, 'network', 'either layers, or hiddenUnits and dropout', network);
  return layers;
}

/** A power of two near a sixteenth of the rows, from 32 to 256. */
export function defaultBatchSize(rows: number): number {
  let size = 32;
  while (size < 256 && size * 32 <= rows) size *= 2;
  return size;
}

/** About 1,000 steps, and 20 epochs at least. */
export const defaultEpochs = (stepsPerEpoch: number) => Math.max(20, Math.round(1000 / stepsPerEpoch));

/**
 * AdamW over four cycles of the learning rate. Rates and decay are those of networks whose kernels are divided by the square root of
 * their inputs (NTK parametrization) with 128 of them: 0.04 / √128, or 0.07 / √128 for numbers, and 0.02 · √128.
 */
export function defaultOptimizer(task: TableTask, totalSteps: number): Description<'optimizer'> {
  const max = task === 'classification' ? 0.0035 : 0.006;
  const learningRate = cosineCycles({ max, totalSteps });
  return adamW({ learningRate, beta2: 0.95, weightDecay: 0.2 });
}
