// What a dataset is, plain typed arrays without a backend, and the checks where one enters the library; messages name the
// place of a bad element.
import { fail, isRecord, isTypedArray, NumericError } from '../errors/index.ts';
import { checkMemory, memoryError } from './memory.ts';

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
 * Samples, one a row of `x`, their {@link Targets}, and perhaps weights.
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
export type Dataset<Y extends Targets = Targets> = {
  x: Matrix;
  y: Y;
  /** How much each sample counts in losses and metrics, none negative; all the same by default. */
  sampleWeight?: Float64Array;
};

/** A {@link Dataset} whose targets are class indices: 0 … classes − 1. */
export type ClassDataset = Dataset<Int32Array>;

export interface MatrixRules {
  /** The number of columns required. */
  features?: number;
  /** Whether zero rows are allowed; default false. */
  allowEmpty?: boolean;
  /** Whether the numbers must stay finite when a network rounds them to float32; default false. */
  float32?: boolean;
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
  /** As for a matrix. */
  float32?: boolean;
}

export interface DatasetRules<K extends TargetKind = TargetKind> extends MatrixRules, TargetRules<K> {}

/** Checks that `value` is a {@link Matrix} of finite numbers and returns it. */
export function checkMatrix(
  where: string,
  name: string,
  value: unknown,
  { features, allowEmpty = false, float32 = false, missing = false }: MatrixRules = {},
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
  checkFinite(`The '${name}' parameter of ${where}`, data, { columns, float32, missing });
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
  { targets, classes, outputs, remedy, float32 = false }: TargetRules<K> = {},
): TargetsByKind[K] {
  if (isTypedArray(y, 'Int32Array') && targets !== 'values') {
    checkLength(where, name, y, rows);
    checkClassIndices(where, name, y, classes);
  } else if (isTypedArray(y, 'Float64Array') && targets !== 'classes' && (outputs ?? 1) === 1) {
    checkLength(where, name, y, rows);
    checkFinite(`The '${name}' parameter of ${where}`, y, { float32 });
  } else if (typeof y === 'object' && y !== null && 'data' in y && targets !== 'classes') {
    const { shape } = checkMatrix(where, name, y, { allowEmpty: true, float32 });
    if (shape[0] !== rows) fail(where, `${name}.shape`, `[${rows}, targets], with as many rows as x`, shape);
    if (outputs !== undefined && shape[1] !== outputs) {
      fail(where, `${name}.shape`, `[rows, ${outputs}]`, shape, `Give every sample ${outputs} targets.`);
    }
  } else {
    const several = targets === 'values' && (outputs ?? 1) > 1;
    const values = several ? severalForm : 'a Float64Array of numbers';
    const forms = { classes: 'an Int32Array of class indices', values };
    const form = targets ? forms[targets] : `${forms.classes}, ${values} or ${severalForm}`;
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
  const { x, y, sampleWeight } = checkObject(where, name, value, '{ x, y }') as Partial<Dataset>;
  const { shape } = checkMatrix(where, `${name}.x`, x, rules);
  checkTargets(where, `${name}.y`, y, shape[0], rules);
  if (sampleWeight !== undefined) checkWeights(where, `${name}.sampleWeight`, sampleWeight, shape[0]);
  return value as Dataset<TargetsByKind[K]>;
}

function checkWeights(where: string, name: string, weights: unknown, rows: number): void {
  if (!isTypedArray(weights, 'Float64Array')) {
    fail(where, name, 'a Float64Array of numbers', weights, 'Float64Array.from(…) makes one.');
  }
  checkLength(where, name, weights, rows);
  checkFinite(`The '${name}' parameter of ${where}`, weights);
  const negative = weights.findIndex((weight) => weight < 0);
  if (negative >= 0) fail(where, `${name}[${negative}]`, 'a number in the range [0, inf)', weights[negative]);
  if (rows > 0 && weights.every((weight) => weight === 0))
    fail(where, name, 'above 0 for one sample at least', weights);
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
  const count = rows * columns;
  checkMemory(where, count, like.BYTES_PER_ELEMENT);
  try {
    return { data: emptyLike(like, count), shape: [rows, columns] };
  } catch {
    throw memoryError(where, count, count * like.BYTES_PER_ELEMENT);
  }
}

/** Numbers from here on, in size, round to Infinity in float32. */
const BEYOND_FLOAT32 = 2 ** 128 - 2 ** 103;

function checkObject(where: string, name: string, value: unknown, form: string): object {
  if (!isRecord(value)) fail(where, name, `an object ${form}`, value);
  return value;
}

function checkLength(where: string, name: string, y: Int32Array | Float64Array, rows: number): void {
  if (y.length !== rows) fail(where, name, `as long as x has rows (${rows})`, y);
}

function checkClassIndices(where: string, name: string, y: Int32Array, classes = Number.POSITIVE_INFINITY): void {
  for (let i = 0; i < y.length; i++) {
    if (y[i] < 0 || y[i] >= classes) {
      const range = classes === Number.POSITIVE_INFINITY ? '[0, inf)' : `[0, ${classes - 1}]`;
      const remedy = 'Number the classes from 0; softmaxCrossEntropy has an output for each.';
      fail(where, `${name}[${i}]`, `a class index in the range ${range}`, y[i], remedy);
    }
  }
}

export interface FiniteRules {
  /** Of the matrix that `data` belongs to, to name row and column. */
  columns?: number;
  float32?: boolean;
  missing?: boolean;
  remedy?: string;
}

/** Checks that `data`, which an error calls `what`, has neither NaN nor Infinity, nor with `float32` what becomes it there. */
export function checkFinite(
  what: string,
  data: Float64Array | Float32Array,
  { columns, float32 = false, missing = false, remedy = 'Remove or replace such samples first.' }: FiniteRules = {},
): void {
  const limit = float32 ? BEYOND_FLOAT32 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < data.length; i++) {
    // NaN is not below the limit either.
    if (Math.abs(data[i]) < limit || (missing && Number.isNaN(data[i]))) continue;
    const place = columns === undefined ? `element ${i}` : `row ${Math.floor(i / columns)}, column ${i % columns}`;
    const [rule, advice] = Number.isFinite(data[i])
      ? ['numbers below 3.4e38 in size, which float32 can hold', 'Scale them first.']
      : ['finite numbers only', remedy];
    throw new NumericError(`${what} must hold ${rule}. Got ${data[i]} at ${place} instead. ${advice}`);
  }
}
