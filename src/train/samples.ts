// Samples as people have them, lists of rows and labels, made into a dataset.
import type { Dataset, Matrix, Targets } from '../data/index.ts';
import { fail, isTypedArray } from '../errors/index.ts';
import type { RunningLoss } from '../nn/index.ts';

/** What `predict` can return: class indices, labels by name, or a matrix. */
export type Predictions = Int32Array | Matrix | string[];

/** Rows of numbers. */
export type Rows = readonly ArrayLike<number>[];

/** One row of numbers, which `predict` takes as it is. */
export type OneRow = readonly number[] | Float32Array | Float64Array;

/** A `Dataset`, or lists of it: rows of numbers, and for each a number, several, or the name of a class. */
export interface Samples {
  readonly x: Matrix | Rows;
  readonly y: Targets | readonly (number | string)[] | Rows;
  readonly sampleWeight?: ArrayLike<number>;
}

/** What `predict` is given, as {@link rowsToMatrix}; a flat list of numbers is one row. */
export function inputToMatrix(where: string, x: unknown): Matrix {
  const isRow = (Array.isArray(x) || isTypedArray(x)) && typeof x[0] === 'number';
  return rowsToMatrix(where, 'x', isRow ? [x] : x);
}

/** A matrix of rows; what is no list is left to the checks of matrices. */
export function rowsToMatrix(where: string, name: string, x: unknown): Matrix {
  if (!Array.isArray(x)) return x as Matrix;
  const columns = x[0]?.length ?? 0;
  const data = new Float64Array(x.length * columns);
  x.forEach((row, i) => {
    const isRow = Array.isArray(row) || isTypedArray(row);
    if (!isRow || row.length !== columns) {
      const remedy = isRow ? '' : 'fitTable takes rows of objects.';
      fail(where, `${name}[${i}]`, `a row of ${columns || 'some'} numbers`, row, remedy);
    }
    for (let j = 0; j < columns; j++) {
      if (typeof row[j] !== 'number') fail(where, `${name}[${i}][${j}]`, 'a number', row[j]);
      data[i * columns + j] = row[j];
    }
  });
  return { data, shape: [x.length, columns] };
}

/** The different labels of `y`, sorted; undefined where they are no strings. */
export function labelsOf(y: unknown): readonly string[] | undefined {
  return Array.isArray(y) && y.length > 0 && y.every((label) => typeof label === 'string')
    ? [...new Set(y)].sort()
    : undefined;
}

/** The dataset of samples; `classes` are the labels by their index. Arrays are left as they are. */
export function toDataset(
  where: string,
  name: string,
  given: Samples,
  { task }: RunningLoss,
  classes: readonly string[] | undefined,
): Dataset {
  const { x, y, sampleWeight } = (given ?? {}) as Samples;
  if (!Array.isArray(x) && !Array.isArray(y) && !Array.isArray(sampleWeight)) return given as Dataset;
  return {
    x: rowsToMatrix(where, `${name}.x`, x),
    y: Array.isArray(y) ? targets(where, `${name}.y`, y, task, classes) : (y as Targets),
    ...(sampleWeight && { sampleWeight: Float64Array.from(sampleWeight) }),
  };
}

function targets(where: string, name: string, y: unknown[], task: string, classes: readonly string[] = []): Targets {
  if (typeof y[0] === 'object') return rowsToMatrix(where, name, y);
  const areClasses = task === 'classification';
  const label = classes.length > 0 ? `one of the labels ${classes.join(', ')}` : 'a number, as others';
  const numbers = y.map((value, i): number => {
    const index = areClasses ? classes.indexOf(value as string) : -1;
    const number = index >= 0 ? index : value;
    if (typeof number !== 'number') {
      fail(where, `${name}[${i}]`, areClasses && typeof value === 'string' ? label : 'a number', value);
    }
    if (areClasses && !Number.isInteger(number)) fail(where, `${name}[${i}]`, 'a class index', value);
    return number;
  });
  return areClasses ? Int32Array.from(numbers) : Float64Array.from(numbers);
}
