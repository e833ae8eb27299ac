// What each metric is, for predictions beside their targets; columns are labels, and classes where there is one column.

/** Rows of predicted and of right targets: one class each, or 0 and 1 for each label. */
export type MetricReference = (predicted: number[][], targets: number[][]) => number;

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** F1 of one class: 2·TP / (2·TP + FP + FN), 0 where nothing is predicted and nothing is there. */
function f1(predicted: boolean[], right: boolean[]): number {
  const both = predicted.filter((value, i) => value && right[i]).length;
  const mentioned = predicted.filter(Boolean).length + right.filter(Boolean).length;
  return mentioned === 0 ? 0 : (2 * both) / mentioned;
}

export const references: Record<string, MetricReference> = {
  accuracy: (predicted, targets) => mean(predicted.map((row, i) => Number(String(row) === String(targets[i])))),
  macroF1(predicted, targets) {
    const labels = targets[0].length;
    if (labels > 1) {
      const column = (rows: number[][], j: number) => rows.map((row) => row[j] === 1);
      return mean(Array.from({ length: labels }, (_, j) => f1(column(predicted, j), column(targets, j))));
    }
    const present = [...new Set([...predicted, ...targets].flat())];
    const is = (rows: number[][], label: number) => rows.map(([value]) => value === label);
    return mean(present.map((label) => f1(is(predicted, label), is(targets, label))));
  },
};
