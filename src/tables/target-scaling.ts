// A target scaled for training: numbers of any unit train alike, and losses and predictions are in the target's own unit.
import type { Dataset } from '../data/index.ts';
import { type Description, factoryOf, optionsOf } from '../errors/index.ts';
import type { MetricDefinition } from '../metrics/index.ts';
import { StandardScaler } from '../preprocessing/index.ts';
import type { FitOptions, History, Series } from '../train/index.ts';

/** How a target is scaled for training. */
export interface TargetScaling {
  readonly mean: number;
  readonly deviation: number;
  /** The loss on scaled targets, and its factor to that on targets in their own unit. */
  readonly loss: Description<'loss'>;
  readonly factor: number;
}

/** The scaling of the training targets; undefined where a loss has a meaning of its own for the unit, as Poisson's. */
export function scalingOf(y: Float64Array, loss: Description<'loss'>): TargetScaling | undefined {
  const { mean, scale } = new StandardScaler().fit({ data: y, shape: [y.length, 1] });
  const [deviation] = scale;
  const facts = { mean: mean[0], deviation };
  switch (loss.type) {
    case 'meanSquaredError':
      return { ...facts, loss, factor: deviation * deviation };
    case 'meanAbsoluteError':
    case 'quantile':
      return { ...facts, loss, factor: deviation };
    case 'huber': {
      // δ is in the unit of the target.
      const factory = factoryOf(loss) as NonNullable<ReturnType<typeof factoryOf>>;
      const { type, ...options } = { ...optionsOf(loss, factory.definition), ...loss } as Record<string, unknown>;
      const scaledLoss = factory({ ...options, delta: (options.delta as number) / deviation });
      return { ...facts, loss: scaledLoss as Description<'loss'>, factor: deviation * deviation };
    }
    default:
      return undefined;
  }
}

export function scaled({ x, y }: Dataset, scaling: TargetScaling | undefined): Dataset {
  if (!scaling) return { x, y };
  return { x, y: (y as Float64Array).map((value) => (value - scaling.mean) / scaling.deviation) };
}

/** Turns losses, and metrics in the unit of the target, from multiples of its deviation into its unit. */
export function toOwnUnit(
  history: History,
  factor: number,
  deviation: number,
  metrics: FitOptions['metrics'] = [],
): void {
  const units = new Map<string, number>([
    ['Loss', factor],
    ['DataLoss', factor],
  ]);
  for (const metric of metrics) {
    const definition = factoryOf(metric)?.definition as MetricDefinition | undefined;
    if (definition?.unit !== 'target') continue;
    const { type } = definition;
    units.set(type.slice(0, 1).toUpperCase() + type.slice(1), deviation);
  }
  for (const part of ['train', 'val'] as const) {
    for (const [name, times] of units) {
      const series = `${part}${name}` as Series;
      history[series] = history[series].map((value) => value * times);
    }
  }
}
