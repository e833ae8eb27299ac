// What each loss computes: the loss of a row, and what predictions it reads off the outputs, in float64.
import { crossEntropyRow, softmaxRow } from '../../reference/operations.ts';

/** Options with their defaults. */
type LossOptions = { labelSmoothing: number; delta: number; quantiles: number[] };

export interface LossReference {
  /** The loss of one row: a mean over its outputs. */
  row(outputs: number[], targets: number[], options: LossOptions): number;
  /** Probabilities of one row. */
  probabilities?(outputs: number[]): number[];
  /** The predicted numbers of one row, where they are not its outputs. */
  values?(outputs: number[]): number[];
  /** The class of one row, or 0 and 1 for each label. */
  classify?(outputs: number[]): number[];
}

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

export const references: Record<string, LossReference> = {
  softmaxCrossEntropy: {
    row: (outputs, [label], { labelSmoothing }) =>
      mean(
        outputs.map((_, j) => {
          const target = (j === label ? 1 - labelSmoothing : 0) + labelSmoothing / outputs.length;
          return outputs.length * target * crossEntropyRow(outputs, j);
        }),
      ),
    probabilities: softmaxRow,
    classify: (outputs) => [outputs.indexOf(Math.max(...outputs))],
  },
  binaryCrossEntropy: {
    row: (outputs, targets, { labelSmoothing }) =>
      mean(
        outputs.map((z, i) => {
          const target = targets[i] * (1 - labelSmoothing) + labelSmoothing / 2;
          return -target * Math.log(sigmoid(z)) - (1 - target) * Math.log(sigmoid(-z));
        }),
      ),
    probabilities: (outputs) =>
      outputs.length === 1 ? [1 - sigmoid(outputs[0]), sigmoid(outputs[0])] : outputs.map(sigmoid),
    classify: (outputs) => outputs.map((z) => Number(z > 0)),
  },
  meanAbsoluteError: { row: (outputs, targets) => mean(outputs.map((y, i) => Math.abs(y - targets[i]))) },
  huber: {
    row: (outputs, targets, { delta }) =>
      mean(
        outputs.map((y, i) => {
          const size = Math.abs(y - targets[i]);
          return size <= delta ? size ** 2 / 2 : delta * (size - delta / 2);
        }),
      ),
  },
  quantile: {
    row: (outputs, targets, { quantiles }) =>
      mean(
        outputs.map((y, i) => {
          const d = targets[Math.floor(i / quantiles.length)] - y;
          const q = quantiles[i % quantiles.length];
          return Math.max(q * d, (q - 1) * d);
        }),
      ),
  },
  poisson: {
    row: (outputs, targets) => mean(outputs.map((z, i) => Math.exp(z) - targets[i] * z)),
    values: (outputs) => outputs.map(Math.exp),
  },
  gaussianNll: {
    row: (outputs, targets) =>
      mean(
        targets.map((t, i) => {
          const variance = Math.exp(outputs[targets.length + i]) + 1e-6;
          return (Math.log(variance) + (t - outputs[i]) ** 2 / variance) / 2;
        }),
      ),
    values: (outputs) => outputs.map((z, i) => (i < outputs.length / 2 ? z : Math.exp(z) + 1e-6)),
  },
  meanSquaredError: { row: (outputs, targets) => mean(outputs.map((y, i) => (y - targets[i]) ** 2)) },
};
