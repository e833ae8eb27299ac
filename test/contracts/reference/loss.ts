// What each loss computes: the loss of a row, and what predictions it reads off the outputs, in float64.
import { crossEntropyRow, softmaxRow } from '../../reference/operations.ts';

export interface LossReference {
  /** The loss of one row: a mean over its outputs. */
  row(outputs: number[], targets: number[]): number;
  /** Probabilities of one row. */
  probabilities?(outputs: number[]): number[];
  /** The class of one row, or 0 and 1 for each label. */
  classify?(outputs: number[]): number[];
}

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

export const references: Record<string, LossReference> = {
  softmaxCrossEntropy: {
    row: (outputs, [label]) => crossEntropyRow(outputs, label),
    probabilities: softmaxRow,
    classify: (outputs) => [outputs.indexOf(Math.max(...outputs))],
  },
  binaryCrossEntropy: {
    row: (outputs, targets) =>
      mean(outputs.map((z, i) => -targets[i] * Math.log(sigmoid(z)) - (1 - targets[i]) * Math.log(1 - sigmoid(z)))),
    probabilities: (outputs) =>
      outputs.length === 1 ? [1 - sigmoid(outputs[0]), sigmoid(outputs[0])] : outputs.map(sigmoid),
    classify: (outputs) => outputs.map((z) => Number(z > 0)),
  },
  meanSquaredError: { row: (outputs, targets) => mean(outputs.map((y, i) => (y - targets[i]) ** 2)) },
};
