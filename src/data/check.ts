// Checks of matrices, labels and datasets where they enter the library; messages name the place of a bad element.
import { fail, NumericError } from '../errors/index.ts';
import type { Dataset, Matrix } from './types.ts';

export interface MatrixRules {
  /** The number of columns required. */
  features?: number;
  /** Whether zero rows are allowed; default false. */
  allowEmpty?: boolean;
}

export interface DatasetRules extends MatrixRules {
  /** Labels must be below this number of classes. */
  classes?: number;
}

/** Checks that `value` is a {@link Matrix} of finite numbers and returns it. */
export function checkMatrix(
  where: string,
  name: string,
  value: unknown,
  { features, allowEmpty = false }: MatrixRules = {},
): Matrix {
  const { data, shape } = checkObject(where, name, value, '{ data, shape }') as Partial<Matrix>;
  if (!(data instanceof Float64Array || data instanceof Float32Array)) {
    fail(where, `${name}.data`, 'a Float64Array or a Float32Array', data);
  }
  if (!Array.isArray(shape) || shape.length !== 2 || !shape.every((size) => Number.isInteger(size) && size >= 0)) {
    fail(where, `${name}.shape`, 'two integers [rows, columns], none negative', shape);
  }
  const [rows, columns] = shape;
  if (data.length !== rows * columns) {
    fail(where, `${name}.data`, `as long as its shape ${rows} × ${columns} says (${rows * columns})`, data);
  }
  if (features !== undefined && columns !== features) {
    fail(where, `${name}.shape`, `[rows, ${features}]`, shape, `Give every sample ${features} features.`);
  }
  if (columns === 0) fail(where, `${name}.shape`, 'at least one column wide', shape);
  if (rows === 0 && !allowEmpty)
    fail(where, `${name}.shape`, 'at least one row long', shape, 'Give at least one sample.');
  checkFinite(where, name, data, columns);
  return value as Matrix;
}

/** Checks that `y` holds one class index per row, each at least 0 and (where `classes` is given) below `classes`. */
export function checkLabels(where: string, y: unknown, rows: number, classes?: number): Int32Array {
  if (!(y instanceof Int32Array))
    fail(where, 'y', 'an Int32Array of class indices', y, 'Int32Array.from(…) makes one.');
  if (y.length !== rows) fail(where, 'y', `as long as x has rows (${rows})`, y);
  const limit = classes ?? Number.POSITIVE_INFINITY;
  for (let i = 0; i < y.length; i++) {
    if (y[i] < 0 || y[i] >= limit) {
      const range = classes === undefined ? '[0, inf)' : `[0, ${classes - 1}]`;
      fail(where, `y[${i}]`, `a class index in the range ${range}`, y[i], 'Number the classes from 0.');
    }
  }
  return y;
}

/** Checks that `value` is a {@link Dataset}: a finite matrix and a valid label for every row. Returns it. */
export function checkDataset(where: string, name: string, value: unknown, rules: DatasetRules = {}): Dataset {
  const { x, y } = checkObject(where, name, value, '{ x, y }') as Partial<Dataset>;
  const matrix = checkMatrix(where, `${name}.x`, x, rules);
  checkLabels(where, y, matrix.shape[0], rules.classes);
  return value as Dataset;
}

function checkObject(where: string, name: string, value: unknown, form: string): object {
  if (typeof value !== 'object' || value === null) fail(where, name, `an object ${form}`, value);
  return value;
}

function checkFinite(where: string, name: string, data: Float64Array | Float32Array, columns: number): void {
  // 0 · x is 0 for finite x and NaN otherwise; four sums that do not wait for each other.
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = data.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    a += 0 * data[i];
    b += 0 * data[i + 1];
    c += 0 * data[i + 2];
    d += 0 * data[i + 3];
  }
  for (let i = whole; i < data.length; i++) a += 0 * data[i];
  if (a + b + c + d === 0) return;
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i])) {
      throw new NumericError(
        `The '${name}' parameter of ${where} must hold finite numbers only. Got ${data[i]} at row ${Math.floor(i / columns)}, column ${i % columns} instead. Remove or replace such samples first.`,
      );
    }
  }
}
