// Selecting rows of datasets by index.
import { fail, isTypedArray } from '../errors/index.ts';
import { checkDataset, type Dataset, emptyLike, type Matrix, type Targets } from './dataset.ts';

/**
 * A new dataset of the rows `indices` of `dataset`, in that order; an index may occur more than once.
 *
 * @param indices - Integers from 0 to rows − 1, in an array or a typed array
 * @returns copies: x [indices.length, features] and targets of the same kind
 * @throws ParameterError for an index that is no row of `dataset`
 * @example
 * ```js
 * import { makeBlobs, takeRows } from 'regulus';
 *
 * const first = takeRows(makeBlobs({ nSamples: 10 }), [0, 1, 2]);
 * console.log(first.x.shape); // [3, 2]
 * ```
 */
export function takeRows<Y extends Targets>(dataset: Dataset<Y>, indices: ArrayLike<number>): Dataset<Y> {
  const rows = checkDataset('takeRows', 'dataset', dataset, { allowEmpty: true }).x.shape[0];
  if (!Array.isArray(indices) && !isTypedArray(indices))
    fail('takeRows', 'indices', 'an array of row indices', indices);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i];
    if (!Number.isInteger(index) || index < 0 || index >= rows) {
      fail('takeRows', `indices[${i}]`, `a row index, an integer in the range [0, ${rows - 1}]`, index);
    }
  }
  return selectRows(dataset, indices);
}

/** {@link takeRows} for rows that are known to exist. */
export function selectRows<Y extends Targets>(
  { x, y, sampleWeight }: Dataset<Y>,
  indices: ArrayLike<number>,
): Dataset<Y> {
  return {
    x: selectMatrixRows(x, indices),
    y: selectTargets(y, indices),
    ...(sampleWeight && { sampleWeight: selectTargets(sampleWeight, indices) }),
  };
}

function selectTargets<Y extends Targets>(y: Y, indices: ArrayLike<number>): Y;
function selectTargets(y: Targets, indices: ArrayLike<number>): Targets {
  if ('data' in y) return selectMatrixRows(y, indices);
  const selected = isTypedArray(y, 'Int32Array') ? new Int32Array(indices.length) : new Float64Array(indices.length);
  for (let i = 0; i < indices.length; i++) selected[i] = y[indices[i]];
  return selected;
}

function selectMatrixRows({ data, shape: [, columns] }: Matrix, indices: ArrayLike<number>): Matrix {
  const selected = emptyLike(data, indices.length * columns);
  for (let i = 0; i < indices.length; i++) {
    selected.set(data.subarray(indices[i] * columns, (indices[i] + 1) * columns), i * columns);
  }
  return { data: selected, shape: [indices.length, columns] };
}

/** The rows of each class that occurs in `y`, classes in order of appearance. */
export function rowsOfClasses(y: Int32Array): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  y.forEach((label, row) => {
    const group = groups.get(label);
    if (group) group.push(row);
    else groups.set(label, [row]);
  });
  return groups;
}

/** `total` in `parts` parts that differ by one at most, the larger ones first. */
export function shareOut(total: number, parts: number): number[] {
  return Array.from({ length: parts }, (_, i) => Math.floor(total / parts) + (i < total % parts ? 1 : 0));
}
