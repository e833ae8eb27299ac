// Makes a built-in dataset of its CSV, which is known to be good and whose last column holds class indices.
import type { LabeledDataset } from './labeled-dataset.ts';

/** A real dataset that comes with Regulus. */
export interface BuiltInDataset extends LabeledDataset {
  /** What the data are, where they come from and under which licence. */
  description: string;
}

export function readBuiltIn(csv: string, classNames: string[], description: string): BuiltInDataset {
  const [header, ...lines] = csv.trim().split('\n');
  const featureNames = header.split(',').slice(0, -1);
  const columns = featureNames.length;
  const data = new Float64Array(lines.length * columns);
  const y = new Int32Array(lines.length);
  for (const [i, line] of lines.entries()) {
    const values = line.split(',').map(Number);
    y[i] = values.pop()!;
    data.set(values, i * columns);
  }
  return { x: { data, shape: [lines.length, columns] }, y, featureNames, classNames, description };
}
