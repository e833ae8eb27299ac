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

type Growing = Int32Array | Float32Array | Float64Array;

/** An array that grows. */
class Column<A extends Growing> {
  #data: A;
  #length = 0;

  constructor(empty: A) {
    this.#data = empty;
  }

  get data(): A {
    return this.#data.subarray(0, this.#length) as A;
  }

  append(values: ArrayLike<number>, count: number): void {
    const needed = this.#length + count;
    if (needed > this.#data.length) {
      const Type = this.#data.constructor as new (length: number) => A;
      const grown = new Type(Math.max(needed, 2 * this.#data.length));
      grown.set(this.#data);
      this.#data = grown;
    }
    for (let i = 0; i < count; i++) this.#data[this.#length + i] = values[i];
    this.#length = needed;
  }
}

/** A running metric that keeps what it reads of each batch, and gives all of it to `score`. */
export function collect(
  reading: Reading,
  { task, targets: targetSize }: MetricContext,
  score: (collected: Collected) => number,
): RunningMetric {
  const ofClasses = task === 'classification';
  const targets = new Column(ofClasses ? new Int32Array(0) : new Float64Array(0));
  const weights = new Column(new Float64Array(0));
  const predictions = new Column(
    reading === 'probabilities'
      ? new Float32Array(0)
      : reading === 'classes' && ofClasses
        ? new Int32Array(0)
        : new Float64Array(0),
  );
  let [rows, isWeighted] = [0, false];
  const shaped = <A extends Growing>(data: A) =>
    isTypedArray(data, 'Int32Array') ? data : { data, shape: [rows, data.length / rows] as [number, number] };
  return {
    add(batch: MetricBatch) {
      const predicted = batch[reading]();
      rows += batch.rows;
      targets.append(batch.targets.data, batch.rows * targetSize);
      predictions.append(predicted, predicted.length);
      isWeighted = batch.sampleWeight !== undefined;
      if (batch.sampleWeight) weights.append(batch.sampleWeight, batch.rows);
    },
    value: () =>
      score({
        targets: shaped(targets.data) as Collected['targets'],
        predictions: shaped(predictions.data) as Collected['predictions'],
        sampleWeight: isWeighted ? weights.data : undefined,
      }),
  };
}
