// Selecting rows of datasets by index.
import { fail } from '../errors/index.ts';
import { checkDataset } from './check.ts';
import type { Dataset, Matrix } from './types.ts';

/**
 * A new dataset of the rows `indices` of `dataset`, in that order; an index may occur more than once.
 *
 * @throws ParameterError for an index that is no row of `dataset`
 */
export function takeRows(dataset: Dataset, indices: ArrayLike<number>): Dataset {
  const { x, y } = checkDataset('takeRows', 'dataset', dataset, { allowEmpty: true });
  const rows = x.shape[0];
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i];
    if (!Number.isInteger(index) || index < 0 || index >= rows) {
      fail('takeRows', `indices[${i}]`, `a row index, an integer in the range [0, ${rows - 1}]`, index);
    }
  }
  return selectRows({ x, y }, indices);
}

/** {@link takeRows} for rows that are known to exist. */
export function selectRows({ x, y }: Dataset, indices: ArrayLike<number>): Dataset {
  const selectedY = new Int32Array(indices.length);
  for (let i = 0; i < indices.length; i++) selectedY[i] = y[indices[i]];
  return { x: selectMatrixRows(x, indices), y: selectedY };
}

function selectMatrixRows({ data, shape: [, columns] }: Matrix, indices: ArrayLike<number>): Matrix {
  const selected = emptyLike(data, indices.length * columns);
  for (let i = 0; i < indices.length; i++) {
    selected.set(data.subarray(indices[i] * columns, (indices[i] + 1) * columns), i * columns);
  }
  return { data: selected, shape: [indices.length, columns] };
}

/** A zeroed array of the same element type as `data`. */
export function emptyLike(data: Float64Array | Float32Array, length: number): Float64Array | Float32Array {
  return data instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);
}
