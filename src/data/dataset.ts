// What a dataset is, plain typed arrays without a backend, and the checks where one enters the library; messages name the
// place of a bad element.
import { EnvironmentError, fail, isTypedArray, NumericError } from '../errors/index.ts';

/**
 * A row-major matrix: element (i, j) is `data[i * columns + j]`.
 *
 * @example
 * ```js
 * import { StandardScaler } from 'regulus';
 *
 * const x = { data: Float64Array.of(1, 10, 3, 20), shape: [2, 2] }; // rows [1, 10] and [3, 20]
 * console.log(new StandardScaler().fitTransform(x).data); // [-1, -1, 1, 1]
 * ```
 */
export type Matrix = { data: Float64Array | Float32Array; shape: [rows: number, columns: number] };

/**
 * What is to be predicted, one entry for each sample: class indices from 0 (`Int32Array`), real numbers (`Float64Array`),
 * or several numbers for each sample, real or 0 and 1 (`Matrix`).
 */
export type Targets = Int32Array | Float64Array | Matrix;

/**
 * Samples, one a row of `x`, and their {@link Targets}.
 *
 * @example
 * ```js
 * import { trainTestSplit } from 'regulus';
 *
 * const houses = { x: { data: Float64Array.of(60, 2, 90, 3, 120, 4, 75, 3), shape: [4, 2] }, y: Float64Array.of(210, 340, 450, 280) };
 * const { train, test } = trainTestSplit(houses, { testSize: 1 });
 * console.log(train.x.shape, test.y); // [3, 2] and one price
 * ```
 */
export type Dataset<Y extends Targets = Targets> = { x: Matrix; y: Y };

/** A {@link Dataset} whose targets are class indices: 0 … classes − 1. */
export type ClassDataset = Dataset<Int32Array>;

export interface MatrixRules {
  /** The number of columns required. */
  features?: number;
  /** Whether zero rows are allowed; default false. */
  allowEmpty?: boolean;
  /** Whether NaN is allowed, for a missing value; default false. */
  missing?: boolean;
}

/** The kinds of targets by name. */
export interface TargetsByKind {
  classes: Int32Array;
  values: Float64Array | Matrix;
}

/** `'classes'` for class indices, `'values'` for numbers to predict. */
export type TargetKind = keyof TargetsByKind;

export interface TargetRules<K extends TargetKind = TargetKind> {
  /** `'classes'` for class indices, `'values'` for numbers; either by default. */
  targets?: K;
  /** Class indices must be below this number of classes. */
  classes?: number;
  /** How many numbers each sample must have. */
  outputs?: number;
  /** What to do about targets of the wrong kind: the sentence that their error ends with. */
  remedy?: string;
}

export interface DatasetRules<K extends TargetKind = TargetKind> extends MatrixRules, TargetRules<K> {}

/** Checks that `value` is a {@link Matrix} of finite numbers and returns it. */
export function checkMatrix(
  where: string,
  name: string,
  value: unknown,
  { features, allowEmpty = false, missing = false }: MatrixRules = {},
): Matrix {
  const { data, shape } = checkObject(where, name, value, '{ data, shape }') as Partial<Matrix>;
  if (!isTypedArray(data, 'Float64Array', 'Float32Array')) {
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
  if (!missing || data.some((value) => Math.abs(value) === Number.POSITIVE_INFINITY)) {
    checkFinite(
      `The '${name}' parameter of ${where}`,
      missing ? data.map((value) => (Number.isNaN(value) ? 0 : value)) : data,
      columns,
    );
  }
  return value as Matrix;
}

/**
 * Checks that `y` holds a valid target for each of `rows` samples, of the kind that `rules` ask for, and returns it.
 *
 * @throws ParameterError for targets of another kind or length and for what is no class index; NumericError for NaN and
 * Infinity
 */
export function checkTargets<K extends TargetKind = TargetKind>(
  where: string,
  name: string,
  y: unknown,
  rows: number,
  { targets, classes, outputs, remedy }: TargetRules<K> = {},
): TargetsByKind[K] {
  if (isTypedArray(y, 'Int32Array') && targets !== 'values') {
    checkLength(where, name, y, rows);
    checkClassIndices(where, name, y, classes);
  } else if (isTypedArray(y, 'Float64Array') && targets !== 'classes' && (outputs ?? 1) === 1) {
    checkLength(where, name, y, rows);
    checkFinite(`The '${name}' parameter of ${where}`, y);
  } else if (typeof y === 'object' && y !== null && 'data' in y && targets !== 'classes') {
    const { shape } = checkMatrix(where, name, y, { allowEmpty: true });
    if (shape[0] !== rows) fail(where, `${name}.shape`, `[${rows}, targets], with as many rows as x`, shape);
    if (outputs !== undefined && shape[1] !== outputs) {
      fail(where, `${name}.shape`, `[rows, ${outputs}]`, shape, `Give every sample ${outputs} targets.`);
    }
  } else {
    const several = targets === 'values' && (outputs ?? 1) > 1;
    const forms = { classes: 'an Int32Array of class indices', values: 'a Float64Array of numbers' };
    const form = several
      ? severalForm
      : targets
        ? forms[targets]
        : `${forms.classes}, ${forms.values} or ${severalForm}`;
    const array = targets === 'classes' ? 'Int32Array' : 'Float64Array';
    const usual = several ? 'Give { data, shape: [rows, targets] }.' : `${array}.from(…) makes one.`;
    fail(where, name, form, y, remedy ?? usual);
  }
  return y as TargetsByKind[K];
}

const severalForm = 'a matrix of several numbers per row';

/** Checks that `value` is a {@link Dataset}: a finite matrix and a valid target for every row. Returns it. */
export function checkDataset<K extends TargetKind = TargetKind>(
  where: string,
  name: string,
  value: unknown,
  rules: DatasetRules<K> = {},
): Dataset<TargetsByKind[K]> {
  const { x, y } = checkObject(where, name, value, '{ x, y }') as Partial<Dataset>;
  const { shape } = checkMatrix(where, `${name}.x`, x, rules);
  checkTargets(where, `${name}.y`, y, shape[0], rules);
  return value as Dataset<TargetsByKind[K]>;
}

/** A zeroed array of the same element type as `data`. */
export function emptyLike(data: Matrix['data'], length: number): Matrix['data'] {
  return isTypedArray(data, 'Float64Array') ? new Float64Array(length) : new Float32Array(length);
}

/**
 * A matrix of zeros, of the element type of `like`, or float64.
 *
 * @throws EnvironmentError where there is no memory for it
 */
export function zeroMatrix(
  where: string,
  rows: number,
  columns: number,
  like = new Float64Array() as Matrix['data'],
): Matrix {
  try {
    return { data: emptyLike(like, rows * columns), shape: [rows, columns] };
  } catch {
    const size = `${rows} × ${columns} numbers (${Number(((rows * columns) / 2 ** 27).toPrecision(3))} GiB)`;
    throw new EnvironmentError(`${where} found no memory for ${size}. Ask for fewer samples or features.`, {
      code: 'ERR_MEMORY',
    });
  }
}

/** Where the first NaN or Infinity of `data` is; −1 where all numbers are finite. */
function firstNotFinite(data: Float64Array | Float32Array): number {
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
  return a + b + c + d === 0 ? -1 : data.findIndex((value) => !Number.isFinite(value));
}

function checkObject(where: string, name: string, value: unknown, form: string): object {
  if (typeof value !== 'object' || value === null) fail(where, name, `an object ${form}`, value);
  return value;
}

function checkLength(where: string, name: string, y: Int32Array | Float64Array, rows: number): void {
  if (y.length !== rows) fail(where, name, `as long as x has rows (${rows})`, y);
}

function checkClassIndices(where: string, name: string, y: Int32Array, classes = Number.POSITIVE_INFINITY): void {
  for (let i = 0; i < y.length; i++) {
    if (y[i] < 0 || y[i] >= classes) {
      const range = classes === Number.POSITIVE_INFINITY ? '[0, inf)' : `[0, ${classes - 1}]`;
      fail(where, `${name}[${i}]`, `a class index in the range ${range}`, y[i], 'Number the classes from 0.');
    }
  }
}

/** Checks that `data`, which an error calls `what`, has neither NaN nor Infinity. */
export function checkFinite(
  what: string,
  data: Float64Array | Float32Array,
  columns?: number,
  remedy = 'Remove or replace such samples first.',
): void {
  const i = firstNotFinite(data);
  if (i < 0) return;
  const place = columns === undefined ? `element ${i}` : `row ${Math.floor(i / columns)}, column ${i % columns}`;
  throw new NumericError(`${what} must hold finite numbers only. Got ${data[i]} at ${place} instead. ${remedy}`);
}
