// What the scalers have in common: statistics that exist after `fit`, and a map over a matrix by column.
import { ParameterError } from '../errors/index.ts';
import { emptyLike } from './take-rows.ts';
import type { Matrix } from './types.ts';

/** The statistics, or the error for a scaler that has none yet. */
export function fitted<T>(where: string, statistics: T | undefined): T {
  if (statistics === undefined) {
    throw new ParameterError(`${where} needs a fitted scaler. Call fit or fitTransform with training data first.`);
  }
  return statistics;
}

/** A new matrix of the same element type, `change` applied to every element and its column. */
export function mapColumns(
  { data, shape: [rows, columns] }: Matrix,
  change: (value: number, j: number) => number,
): Matrix {
  const mapped = emptyLike(data, data.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) mapped[i * columns + j] = change(data[i * columns + j], j);
  }
  return { data: mapped, shape: [rows, columns] };
}
