// What scores take: labels, probabilities or numbers in arrays of any kind, weights of the samples, and how each is checked.
import type { Matrix } from '../../data/index.ts';
import {
  anyOf,
  checkOptionsObject,
  fail,
  isTypedArray,
  list,
  number,
  type OptionRules,
  type ResolvedOptions,
  resolveOptions,
  text,
} from '../../errors/index.ts';

/** A class: a number or a text. */
export type Label = number | string;
/** The class of each sample: all numbers, all texts, or true and false for 1 and 0. */
export type Labels = ArrayLike<Label | boolean>;
/** Several numbers for each sample: a matrix, or a list of rows. */
export type Rows = Matrix | readonly ArrayLike<number>[];
/** One number or several for each sample. */
export type Values = ArrayLike<number> | Rows;

/** The option that all scores have. */
export interface Weighted {
  /** How much each sample counts, none negative; all the same by default. */
  readonly sampleWeight?: ArrayLike<number> | undefined;
}

/** The class of one sample, as an option. */
export const labelRule = anyOf([number('(-inf, inf)'), text()]);
/** The classes in the order of columns, as an option. */
export const labelsRule = list(labelRule, { optional: true, minLength: 1, describe: 'All classes, in order' });

/** A matrix of numbers whose shape is known to be right. */
export interface Table {
  readonly data: ArrayLike<number>;
  readonly rows: number;
  readonly columns: number;
}

const isList = (value: unknown): value is ArrayLike<unknown> => Array.isArray(value) || isTypedArray(value);

/** Whether `value` has several numbers for each sample. */
export const hasRows = (value: unknown): value is Rows =>
  (typeof value === 'object' && value !== null && 'data' in value) || (Array.isArray(value) && isList(value[0]));

/** Checks that there are as many samples as `rows` says, and one at least. */
function checkCount(where: string, name: string, count: number, rows: number | undefined, value: unknown): void {
  if (count === 0) fail(where, name, 'at least one sample long', value);
  if (rows !== undefined && count !== rows) fail(where, name, `as long as the other arrays (${rows} samples)`, value);
}

/** The numbers of `value`, one column for a flat array. */
export function tableOf(where: string, name: string, value: unknown, rows?: number): Table {
  let table: Table;
  if (!hasRows(value)) {
    if (!isList(value)) fail(where, name, 'an array, a list of rows or { data, shape }', value);
    table = { data: value as ArrayLike<number>, rows: value.length, columns: 1 };
  } else if ('data' in value) {
    const { data, shape } = value;
    const isShape = Array.isArray(shape) && shape.length === 2 && shape.every(Number.isInteger);
    if (!isShape || data?.length !== shape[0] * shape[1]) fail(where, name, 'a matrix { data, shape }', value);
    table = { data, rows: shape[0], columns: shape[1] };
  } else {
    const columns = value[0].length;
    const wrong = value.findIndex((row) => row?.length !== columns);
    if (wrong >= 0) fail(where, `${name}[${wrong}]`, `as long as the first row (${columns})`, value[wrong]);
    table = { data: value.flatMap((row) => Array.from(row)), rows: value.length, columns };
  }
  checkCount(where, name, table.rows, rows, value);
  return checkEach(where, name, table, 'finite', Number.isFinite);
}

/** Checks each number of a table. */
function checkEach(
  where: string,
  name: string,
  table: Table,
  rule: string,
  isRight: (value: number) => boolean,
): Table {
  const { data, columns } = table;
  for (let i = 0; i < data.length; i++) {
    if (!isRight(data[i])) fail(where, `${name}[${Math.floor(i / columns)}]`, rule, data[i]);
  }
  return table;
}

/** As {@link tableOf}, for shares in [0, 1]. */
export function probabilitiesOf(where: string, name: string, value: unknown, rows: number): Table {
  const table = tableOf(where, name, value, rows);
  return checkEach(where, name, table, 'in the range [0, 1]', (share) => share >= 0 && share <= 1);
}

/** As {@link tableOf}, for labels that are there (1) or not (0). */
export function indicatorsOf(where: string, name: string, value: unknown, rows?: number): Table {
  const table = tableOf(where, name, value, rows);
  return checkEach(where, name, table, '0 or 1 for each label', (label) => label === 0 || label === 1);
}

/** Targets and predictions as tables of the same size, as `read` reads them; `what` are the columns. */
export function tablesOf(where: string, yTrue: unknown, yPred: unknown, read: typeof tableOf, what: string): Table[] {
  const right = read(where, 'yTrue', yTrue);
  const predicted = read(where, 'yPred', yPred, right.rows);
  if (predicted.columns !== right.columns) fail(where, 'yPred', `rows of ${right.columns} ${what}, as in yTrue`, yPred);
  return [right, predicted];
}

/** One column of a table. */
export const columnOf = ({ data, rows, columns }: Table, j: number): Float64Array =>
  Float64Array.from({ length: rows }, (_, i) => data[i * columns + j]);

/** Checks that `y` has a class for each sample: finite numbers, texts, or booleans, which become 1 and 0. */
export function checkLabels(where: string, name: string, y: unknown, rows?: number): ArrayLike<Label> {
  if (!isList(y) || hasRows(y)) fail(where, name, 'an array of numbers or of texts', y);
  checkCount(where, name, y.length, rows, y);
  const type = typeof y[0];
  const isKnown = ['number', 'string', 'boolean'].includes(type);
  for (let i = 0; i < y.length; i++) {
    const good = isKnown && typeof y[i] === type && (type !== 'number' || Number.isFinite(y[i]));
    if (!good) fail(where, `${name}[${i}]`, 'a finite number, or a text or boolean where the others are', y[i]);
  }
  return type === 'boolean' ? Array.from(y, Number) : (y as ArrayLike<Label>);
}

/** The classes of samples, and those that were predicted, as {@link checkLabels} checks them. */
export function labelsOf(where: string, yTrue: unknown, yPred: unknown): ArrayLike<Label>[] {
  const right = checkLabels(where, 'yTrue', yTrue);
  return [right, checkLabels(where, 'yPred', yPred, right.length)];
}

/** The different labels of all `lists`, in ascending order. */
export function classesOf(...lists: readonly ArrayLike<Label>[]): Label[] {
  const seen = new Set<Label>();
  for (const labels of lists) for (let i = 0; i < labels.length; i++) seen.add(labels[i]);
  return [...seen].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** The place of each label in `classes`; −1 for others. */
export function placesOf(y: ArrayLike<Label>, classes: readonly Label[]): Int32Array {
  const places = new Map(classes.map((label, i) => [label, i]));
  return Int32Array.from({ length: y.length }, (_, i) => places.get(y[i]) ?? -1);
}

/** As {@link placesOf}, of labels that all have to be among `classes`. */
export function knownPlacesOf(where: string, y: ArrayLike<Label>, classes: readonly Label[]): Int32Array {
  const places = placesOf(y, classes);
  const other = places.indexOf(-1);
  if (other >= 0) fail(where, `yTrue[${other}]`, `one of 'labels' (${classes.join(', ')})`, y[other]);
  return places;
}

/** Which samples are positive: 1 for those of `posLabel`, else 0. Without it, labels are 0, 1 and −1, and 1 is positive. */
export function positivesOf(where: string, y: ArrayLike<Label>, posLabel: Label | undefined): Uint8Array {
  const usual = posLabel ?? 1;
  for (let i = 0; posLabel === undefined && i < y.length; i++) {
    if (y[i] !== 0 && y[i] !== 1 && y[i] !== -1)
      fail(where, 'posLabel', 'given where labels are other than 0, 1 and -1', posLabel, `There is ${y[i]}.`);
  }
  return Uint8Array.from({ length: y.length }, (_, i) => Number(y[i] === usual));
}

/** The weight of each of `rows` samples; undefined where none are given. */
export function weightsOf(
  where: string,
  sampleWeight: ArrayLike<number> | undefined,
  rows: number,
): ArrayLike<number> | undefined {
  if (sampleWeight === undefined) return undefined;
  if (!isList(sampleWeight)) fail(where, 'sampleWeight', 'an array of numbers', sampleWeight);
  checkCount(where, 'sampleWeight', sampleWeight.length, rows, sampleWeight);
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    const weight = sampleWeight[i];
    if (typeof weight !== 'number' || !(weight >= 0 && weight < Infinity))
      fail(where, `sampleWeight[${i}]`, 'a number in the range [0, inf)', weight);
    sum += weight;
  }
  if (sum === 0) fail(where, 'sampleWeight', 'above 0 for one sample at least', sampleWeight);
  return sampleWeight;
}

/** The options of a score of `rows` samples, checked, with their defaults. */
export function scoreOptions<const R extends OptionRules>(
  where: string,
  options: Weighted,
  rules: R,
  rows: number,
): ResolvedOptions<R> & Weighted {
  checkOptionsObject(where, options);
  const { sampleWeight, ...rest } = options;
  return { ...resolveOptions(where, rest, rules), sampleWeight: weightsOf(where, sampleWeight, rows) };
}

/** The mean of `value(0)` … `value(rows − 1)`, weighted where there are weights; with `normalize` false their sum. */
export function meanOf(
  rows: number,
  value: (i: number) => number,
  weights?: ArrayLike<number>,
  normalize = true,
): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const weight = weights ? weights[i] : 1;
    sum += weight * value(i);
    total += weight;
  }
  return normalize ? sum / total : sum;
}
