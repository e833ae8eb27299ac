// Real targets scaled for training, so that those of any unit train alike; the last layer then gives them in their own unit.
import type { Dataset } from '../data/index.ts';
import { type Description, factoryOf, optionsOf } from '../errors/index.ts';
import { StandardScaler } from '../preprocessing/index.ts';
import { meanOf, type TargetScaling, type Weights } from '../train/index.ts';

/** How targets are scaled for training, and with which loss. */
export interface ScaledTraining extends TargetScaling {
  /** On scaled targets; `lossFactor` is its factor to that in the targets' own unit. */
  readonly loss: Description<'loss'>;
}

const linear = (deviation: number) => deviation;
const quadratic = (deviation: number) => deviation * deviation;

/** What a loss on scaled targets is multiplied by. Those of others, such as Poisson's, mean something for one unit alone. */
const factors: Readonly<Record<string, (deviation: number) => number>> = {
  meanSquaredError: quadratic,
  huber: quadratic,
  meanAbsoluteError: linear,
  quantile: linear,
};

/**
 * Whether targets can be scaled for a loss.
 *
 * @hidden
 */
export const canScaleTargets = ({ type }: { readonly type: string }): boolean => Object.hasOwn(factors, type);

/**
 * The scaling of the training targets: by the mean of each column, and one standard deviation for all, because a loss is a mean over
 * columns. Undefined for a loss that has none.
 *
 * @hidden
 */
export function scalingOf(y: Dataset['y'], loss: Description<'loss'>): ScaledTraining | undefined {
  if (!canScaleTargets(loss)) return undefined;
  const { mean, scale } = new StandardScaler().fit(
    'data' in y ? y : { data: Float64Array.from(y), shape: [y.length, 1] },
  );
  const deviation = Math.sqrt(scale.reduce((sum, value) => sum + value * value, 0) / scale.length);
  return { mean: [...mean], deviation, lossFactor: factors[loss.type](deviation), loss: scaledLoss(loss, deviation) };
}

/** δ of Huber's loss is in the unit of the target. */
function scaledLoss(loss: Description<'loss'>, deviation: number): Description<'loss'> {
  if (loss.type !== 'huber') return loss;
  const factory = factoryOf(loss) as NonNullable<ReturnType<typeof factoryOf>>;
  const { delta, ...options } = optionsOf(loss, factory.definition) as { delta: number };
  return factory({ ...options, delta: delta / deviation }) as Description<'loss'>;
}

/**
 * A dataset with scaled targets.
 *
 * @hidden
 */
export function scaled(dataset: Dataset, scaling: TargetScaling | undefined): Dataset {
  if (!scaling) return dataset;
  const { mean, deviation } = scaling;
  const change = (value: number, i: number) => (value - mean[i % mean.length]) / deviation;
  const { y } = dataset;
  return { ...dataset, y: 'data' in y ? { ...y, data: y.data.map(change) } : Float64Array.from(y, change) };
}

/**
 * The weights of a network, whose last layer is dense, with its outputs in the targets' own unit, or divided by a `temperature`. Of a network
 * with members, each of them has so many `outputs`.
 *
 * @hidden
 */
export function inTargetUnit(
  weights: Weights,
  { mean, deviation }: Pick<TargetScaling, 'mean' | 'deviation'> = { mean: [0], deviation: 1 },
  { temperature = 1, outputs }: { temperature?: number | undefined; outputs?: number | undefined } = {},
): Weights {
  const [kernel, bias] = weights.slice(-2);
  const factor = deviation / temperature;
  const columns = outputs ?? bias.data.length;
  return [
    ...weights.slice(0, -2),
    { ...kernel, data: kernel.data.map((value) => value * factor) },
    { ...bias, data: bias.data.map((value, i) => value * factor + meanOf(mean, i % columns, columns)) },
  ];
}
