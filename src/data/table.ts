// A table: named columns of numbers or of texts, each with its missing values. What transformers take beside matrices.
import { fail, isTypedArray, ParameterError, shorten } from '../errors/index.ts';
import { checkMatrix, type Matrix } from './dataset.ts';

/**
 * What a column holds. Numbers, booleans (0 and 1) and dates (days since 1970-01-01 UTC) are stored as numbers; categories
 * and text as texts.
 */
export type ColumnType = 'number' | 'boolean' | 'date' | 'category' | 'text';

/** The types whose values are numbers. */
export const numericTypes: readonly ColumnType[] = ['number', 'boolean', 'date'];

/** One column of a {@link Table}; NaN and null stand for missing values. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly values: Float64Array | readonly (string | null)[];
}

/** Named columns of equal length. */
export interface Table {
  readonly columns: readonly Column[];
  readonly shape: readonly [rows: number, columns: number];
}

/** One row of raw data: values by the names of their columns, or in order. */
export type Row = Readonly<Record<string, unknown>> | readonly unknown[];

/** Whether a column holds numbers. */
export const isNumeric = (column: Column): column is Column & { readonly values: Float64Array } =>
  isTypedArray(column.values, 'Float64Array');

/** A table of `columns`, which have equal lengths. */
export function makeTable(columns: readonly Column[], rows = columns[0]?.values.length ?? 0): Table {
  return { columns, shape: [rows, columns.length] };
}

/** Whether `value` looks like a {@link Table}, and not like a matrix or rows. */
export function isTable(value: unknown): value is Table {
  return Array.isArray((value as Partial<Table> | null)?.columns);
}

/** Checks that `value` is a {@link Table} as `parseTable` makes it. */
export function checkTable(where: string, value: unknown): Table {
  const { columns, shape } = (value ?? {}) as Partial<Table>;
  const isColumn = (column: Partial<Column> | null): boolean =>
    typeof column?.name === 'string' &&
    (numericTypes.includes(column.type as ColumnType) ? isNumeric(column as Column) : Array.isArray(column.values)) &&
    column.values?.length === shape?.[0];
  if (isTable(value) && Array.isArray(shape) && shape[1] === columns?.length && columns?.every(isColumn)) return value;
  return fail(where, 'table', 'a table', value);
}

/** A matrix, whose columns are then called x0, x1 … as in scikit-learn, or a table, or rows of values, as a table. */
export function toTable(where: string, value: unknown): Table {
  if (isTable(value)) return checkTable(where, value);
  if (!Array.isArray(value))
    return tableFromMatrix(checkMatrix(where, 'x', value, { allowEmpty: true, missing: true }));
  const { names, cells } = cellsOf(where, value as Row[]);
  return makeTable(
    names.map((name, j) => plainColumn(where, name, cells[j])),
    value.length,
  );
}

/** The columns' names in the order of their first appearance, and their values, undefined where a row has none. */
export function cellsOf(where: string, rows: readonly Row[]): { names: string[]; cells: unknown[][] } {
  const columns = new Map<string, unknown[]>();
  rows.forEach((row, i) => {
    const isList = isTypedArray(row) || Array.isArray(row);
    // A Map has no properties: its values would be lost without a word.
    if (typeof row !== 'object' || row === null || (!isList && Symbol.iterator in row))
      fail(where, `rows[${i}]`, 'an object, or a list of values', row);
    const entries = isList ? Array.from(row as ArrayLike<unknown>, (v, j) => [`x${j}`, v]) : Object.entries(row);
    for (const [name, value] of entries as [string, unknown][]) {
      const cells = columns.get(name) ?? new Array<unknown>(rows.length).fill(undefined);
      cells[i] = value;
      columns.set(name, cells);
    }
  });
  return { names: [...columns.keys()], cells: [...columns.values()] };
}

const isMissing = (value: unknown) => value === null || value === undefined || Number.isNaN(value);

/** A column of values as they are: numbers where all are numbers or booleans, texts otherwise. */
function plainColumn(where: string, name: string, cells: readonly unknown[]): Column {
  const given = cells.filter((value) => !isMissing(value));
  const other = given.find((value) => !['number', 'boolean', 'string', 'bigint'].includes(typeof value));
  if (other !== undefined) fail(where, `column ${shorten(name)}`, 'made of numbers, texts, booleans and null', other);
  if (given.every((value) => typeof value === 'number' || typeof value === 'boolean')) {
    const type = given.length > 0 && given.every((value) => typeof value === 'boolean') ? 'boolean' : 'number';
    return { name, type, values: Float64Array.from(cells, (value) => (isMissing(value) ? Number.NaN : Number(value))) };
  }
  return { name, type: 'category', values: cells.map((value) => (isMissing(value) ? null : String(value))) };
}

export function tableFromMatrix({ data, shape: [rows, columns] }: Matrix, names?: readonly string[]): Table {
  const made = Array.from({ length: columns }, (_, j): Column => {
    const values = new Float64Array(rows);
    for (let i = 0; i < rows; i++) values[i] = data[i * columns + j];
    return { name: names?.[j] ?? `x${j}`, type: 'number', values };
  });
  return makeTable(made, rows);
}

/** The numbers of a table, whose columns must all hold numbers; missing ones are NaN. */
export function matrixFromTable(where: string, { columns, shape: [rows, width] }: Table): Matrix {
  const data = new Float64Array(rows * width);
  columns.forEach((column, j) => {
    const { name, type, values } = column;
    if (!isNumeric(column)) {
      const remedy = 'Encode it first, with OneHotEncoder or OrdinalEncoder.';
      throw new ParameterError(
        `${where} works on numbers, but the column '${name}' holds ${type === 'text' ? 'text' : 'categories'}. ${remedy}`,
      );
    }
    for (let i = 0; i < rows; i++) data[i * width + j] = values[i] as number;
  });
  return { data, shape: [rows, width] };
}

/** The columns `names` of a table, in this order. */
export function selectColumns(where: string, table: Table, names: readonly string[]): Table {
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const columns = names.map((name) => {
    const column = byName.get(name);
    if (column) return column;
    const known = [...byName.keys()].slice(0, 20).join(', ');
    throw new ParameterError(`${where} needs the column '${name}'. Columns: ${known}.`);
  });
  return makeTable(columns, table.shape[0]);
}

/** A table of the rows `indices`, in that order. */
export function takeTableRows(table: Table, indices: ArrayLike<number>): Table {
  const columns = table.columns.map((column): Column => {
    const { values } = column;
    const taken = isNumeric(column)
      ? Float64Array.from(indices, (i) => values[i] as number)
      : Array.from(indices, (i) => values[i] as string | null);
    return { ...column, values: taken };
  });
  return makeTable(columns, indices.length);
}
