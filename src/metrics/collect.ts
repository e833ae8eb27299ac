// Metrics that no sum over batches gives: they keep the predictions of a pass, and are computed by one function at its end.
import { isTypedArray } from '../errors/index.ts';
import type { MetricBatch, MetricContext, RunningMetric } from './metric.ts';

/** What of a prediction a metric reads: the classes or labels, their probabilities, or the numbers of real targets. */
export type Reading = 'classes' | 'probabilities' | 'values';

/** Row-major numbers, of which a metric may get one column as a plain array. */
interface Numbers<A> {
  data: A;
  shape: [rows: number, columns: number];
}

/** The predictions of a pass. */
export interface Collected {
  /** Class indices; for labels or real targets (rows, targets). */
  readonly targets: Int32Array | Numbers<Float64Array>;
  /** Class indices; for labels, probabilities and numbers (rows, columns). */
  readonly predictions: Int32Array | Numbers<Float64Array | Float32Array>;
  readonly sampleWeight: Float64Array | undefined;
}

type Numeric = Int32Array | Float32Array | Float64Array;
type NumericType<A = Numeric> = new (length: number) => A;

/** The numbers of all `parts` as one array. */
function joined<A extends Numeric>(Type: NumericType<A>, parts: readonly Numeric[]): A {
  const all = new Type(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A running metric that keeps what it reads of each batch, and gives all of it to `score`. */
export function collect(
  reading: Reading,
  { task, targets: targetSize }: MetricContext,
  score: (collected: Collected) => number,
): RunningMetric {
  const Targets: NumericType = task === 'classification' ? Int32Array : Float64Array;
  const Predictions: NumericType =
    reading === 'classes' ? Targets : reading === 'probabilities' ? Float32Array : Float64Array;
  const [targets, predictions, weights]: Numeric[][] = [[], [], []];
  let [rows, isWeighted] = [0, false];
  const shaped = (data: Numeric) =>
    isTypedArray(data, 'Int32Array') ? data : { data, shape: [rows, data.length / rows] as [number, number] };
  return {
    add(batch: MetricBatch) {
      // Copies: the next batch overwrites what these are views of.
      predictions.push(batch[reading]().slice());
      rows += batch.rows;
      targets.push(batch.targets.data.slice(0, batch.rows * targetSize));
      isWeighted = batch.sampleWeight !== undefined;
      if (batch.sampleWeight) weights.push(batch.sampleWeight.slice(0, batch.rows));
    },
    value: () =>
      score({
        targets: shaped(joined(Targets, targets)) as Collected['targets'],
        predictions: shaped(joined(Predictions, predictions)) as Collected['predictions'],
        sampleWeight: isWeighted ? joined(Float64Array, weights) : undefined,
      }),
  };
}
