// A small two-class problem for the tests of training: the sign of the first feature, blurred by noise.
import type { ClassDataset } from '../../src/data/index.ts';
import { values } from '../reference/operations.ts';

export function toyData(rows: number, features = 4, salt = 0): ClassDataset {
  const data = Float64Array.from(values(rows * features, salt));
  const noise = values(rows, salt + 100);
  const y = Int32Array.from({ length: rows }, (_, i) => (data[i * features] + 0.5 * noise[i] > 0 ? 1 : 0));
  return { x: { data, shape: [rows, features] }, y };
}
