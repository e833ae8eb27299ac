// Targets that were scaled before training: what is reported is in their own unit all the same.
import type { MetricBatch } from '../metrics/index.ts';
import type { Network } from '../nn/index.ts';

/** How targets were scaled: target = mean + deviation · what the network is given. */
export interface TargetScaling {
  /** One for each number of a target. */
  readonly mean: readonly number[];
  readonly deviation: number;
  /** What the loss is multiplied by: a squared error has the square of the deviation. */
  readonly lossFactor: number;
}

/**
 * The mean for an output, one of `outputs`: several may belong to one number of the target, such as its quantiles.
 *
 * @hidden
 */
export const meanOf = (mean: readonly number[], output: number, outputs: number): number =>
  mean[Math.floor((output * mean.length) / outputs)];

/** The predictions of a network in the targets' own unit, for metrics. */
export function inOwnUnit(network: Network, scaling: TargetScaling | undefined): MetricBatch {
  if (!scaling) return network;
  const { mean, deviation } = scaling;
  const own = (values: ArrayLike<number>, rows: number) => {
    const columns = values.length / rows;
    return Float32Array.from(values, (value, i) => value * deviation + meanOf(mean, i % columns, columns));
  };
  return {
    get rows() {
      return network.rows;
    },
    get output() {
      return network.output;
    },
    get targets() {
      const { rows, targets } = network;
      return { ...targets, data: own(targets.data.subarray(0, rows * mean.length), rows) };
    },
    get sampleWeight() {
      return network.sampleWeight;
    },
    values: () => own(network.values(), network.rows),
    classes: () => network.classes(),
    probabilities: () => network.probabilities(),
    countCorrect: () => network.countCorrect(),
  };
}
