// What a training run leaves behind.
import { type Description, definitionOf, fail, ParameterError } from '../errors/index.ts';
import { accuracy, type MetricContext, type MetricDefinition, type RunningMetric } from '../metrics/index.ts';
import type { Network } from '../nn/index.ts';

/** The name of something that is recorded each epoch: `train` or `val`, then `Loss`, `DataLoss` or a metric. */
export type Series = `train${string}` | `val${string}`;

/**
 * The record of one `fit`. Each list has one number per trained epoch; those of validation are empty without validation
 * data. Beside the losses there is a list of each metric: `trainAccuracy` and `valAccuracy`, for example.
 */
export interface History {
  [series: Series]: number[];
  /** Mean loss over the epoch's samples while they were trained on: dropout on, penalty included, as in Keras. */
  trainLoss: number[];
  /** The same without penalty: what can be compared between penalties. */
  trainDataLoss: number[];
  /** Loss on the validation data after the epoch: dropout off, penalty included. */
  valLoss: number[];
  /** The same without penalty. */
  valDataLoss: number[];
  /** How many epochs were trained. */
  epochs: number;
  /**
   * The epoch (counted from 1) of the weights that early stopping restored; otherwise the epoch with the lowest
   * valDataLoss, or trainDataLoss where there is no validation data. 0 when no epoch was finished.
   */
  bestEpoch: number;
  /** Why training ended. */
  stopReason: 'completed' | 'stopped' | 'aborted';
}

/** A metric that is recorded: its name, its lists, its direction, and how a pass over data starts it. */
export interface RecordedMetric {
  readonly name: string;
  readonly trainSeries: Series;
  readonly valSeries: Series;
  readonly better: 'higher' | 'lower';
  start(): RunningMetric;
}

/**
 * The metrics to record: `given`, or accuracy where there is a right and a wrong.
 *
 * @throws ParameterError for what is no list of metrics, or none for the network's task.
 */
export function recordedMetrics(where: string, network: Network, given: unknown): RecordedMetric[] {
  const { task, classes, targetSize: targets } = network.loss;
  const descriptions = given ?? (task === 'regression' ? [] : [accuracy()]);
  if (!Array.isArray(descriptions))
    fail(where, 'metrics', 'a list of metrics', given, 'Use [accuracy()], for example.');
  const context: MetricContext = { task, classes, outputs: network.outputSize, targets };
  const used = ['valPenalty', 'valLoss', 'valDataLoss'];
  return Array.from(descriptions, (metric: Description<'metric'>, i) => {
    const { definition, options } = definitionOf<MetricDefinition>('metric', where, `metrics[${i}]`, metric);
    const { type: name, better, tasks } = definition;
    if (!tasks?.includes(task))
      fail(where, `metrics[${i}]`, `a metric for ${task}`, metric, `${name} is for ${tasks}.`);
    const valSeries = seriesName('val', name);
    if (used.includes(valSeries)) {
      throw new ParameterError(`The name '${name}' of a metric of ${where} is used already. Give each metric once.`);
    }
    used.push(valSeries);
    const trainSeries = seriesName('train', name);
    const start = () => definition.start(options, context);
    // What a metric refuses is told before anything is trained.
    start();
    return { name, trainSeries, valSeries, better, start };
  });
}

/** `trainAccuracy` for `train` and `accuracy`. */
export function seriesName<P extends string>(part: P, name: string): `${P}${string}` {
  return `${part}${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}

/** The lists that a fit records, of the losses and of the metrics `names`. */
export function recordedSeries(names: readonly string[], hasValidation: boolean): Series[] {
  const parts = hasValidation ? (['train', 'val'] as const) : (['train'] as const);
  return parts.flatMap((part) => [
    ...losses.map((loss) => loss[`${part}Series`]),
    ...names.map((name) => seriesName(part, name)),
  ]);
}

/** An empty history with a list for each metric, and which direction of each list is better. */
export function emptyHistory(metrics: readonly RecordedMetric[]) {
  const lists: Record<Series, number[]> = {};
  const better: Record<Series, 'higher' | 'lower'> = {};
  for (const part of ['train', 'val'] as const) {
    for (const { better: direction, ...metric } of [...losses, ...metrics]) {
      const series = metric[`${part}Series`];
      lists[series] = [];
      better[series] = direction;
    }
  }
  const history = { ...lists, epochs: 0, bestEpoch: 0, stopReason: 'completed' } as History;
  return { history, better };
}

const losses = [
  { trainSeries: 'trainLoss', valSeries: 'valLoss', better: 'lower' },
  { trainSeries: 'trainDataLoss', valSeries: 'valDataLoss', better: 'lower' },
] as const;
