// parseTable: CSV, TSV, JSON or rows of objects become a table of typed columns.
import { type Column, type ColumnType, checkTable, makeTable, type Row, type Table } from '../data/index.ts';
import { CsvReader, csvOptions, delimiterRule } from '../datasets/index.ts';
import {
  checkOption,
  checkOptionsObject,
  didYouMean,
  fail,
  list,
  oneOf,
  ParameterError,
  record,
  resolveOptions,
  text,
} from '../errors/index.ts';
import { type Cell, cleaned, inferType, readColumn, usualMissing, withPoints } from './columns.ts';
import {
  type Cells,
  checkDifferent,
  hasDecimalCommas,
  isJson,
  likelyDelimiter,
  readRows,
  rowsOfJson,
} from './raw-rows.ts';

/** The types of columns that are not to be inferred, by name. */
export type ColumnTypes = Readonly<Record<string, ColumnType>> | ReadonlyMap<string, ColumnType>;

/** Options of {@link parseTable}. */
export interface ParseTableOptions {
  /** Types of columns by name: `'number'`, `'boolean'`, `'date'`, `'category'` or `'text'`; those of others are inferred. */
  readonly columns?: ColumnTypes | undefined;
  /** Spellings of a missing value; by default those of pandas, and `?`. */
  readonly missingValues?: readonly string[] | undefined;
  /** The character between the fields of a text; by default whichever of comma, tab, semicolon and bar the first line has most of. */
  readonly delimiter?: string | undefined;
  /** Whether the first row of a text has the names of the columns, default true. */
  readonly header?: boolean | undefined;
}

/** The rule of a column's type. */
export const columnType = oneOf(['number', 'boolean', 'date', 'category', 'text']);

/**
 * The rules of the options.
 *
 * @hidden
 */
export const tableRules = {
  columns: record(columnType, { optional: true }),
  missingValues: list(text(), { default: usualMissing }),
  delimiter: text({ ...delimiterRule, optional: true }),
  header: csvOptions.header,
};

/**
 * Reads a table from CSV or TSV text, from a JSON text with an array of objects, or from rows of objects.
 *
 * The type of each column is inferred from all of its values: `'boolean'` (true, false), `'number'`, `'date'` (ISO 8601; days since 1970,
 * in UTC where no zone is named), otherwise `'category'`, or `'text'` where more than 20 values and more than half of them are
 * different. Whole numbers beyond ±2⁵³ are names. Where semicolons are between the fields, numbers may be written `1,5`. `describeTable` prints the types; `columns` overrides them.
 *
 * @throws ParameterError for text that is not CSV or JSON, names of columns that occur twice, and values that are not of the
 * type that `columns` gives
 * @example
 * ```js
 * import { describeTable, parseTable } from 'regulus/tables';
 *
 * const table = parseTable('city,rooms,sold\nOslo,3,true\nBergen,NA,false\n', { columns: { rooms: 'number' } });
 * console.log(describeTable(table));
 * console.log(table.columns[1].values); // [3, NaN]
 * ```
 */
export function parseTable(input: string | readonly Row[], options: ParseTableOptions = {}): Table {
  const where = 'parseTable';
  checkOptionsObject(where, options);
  // Checked apart, because they may be a Map.
  const { columns: types, ...plain } = options;
  const { missingValues, delimiter, header } = resolveOptions(where, plain, tableRules);
  const { names, cells, decimalCommas } =
    typeof input === 'string' ? readText(where, input, delimiter, header) : readRows(where, input);
  const given = columnTypes(where, types, names);
  const missing = new Set(missingValues);
  return makeTable(
    names.map((name, j): Column => {
      let values: readonly Cell[] = cleaned(cells[j], missing);
      const type = given.get(name);
      if (decimalCommas && (type ?? 'number') === 'number') values = withPoints(values);
      const remedy = "Correct it, name it in 'missingValues', or give the column another type in 'columns'.";
      return readColumn(where, name, values, type ?? inferType(values), undefined, remedy);
    }),
  );
}

/** The types that a user gives, checked. A Map, because names are the user's. */
function columnTypes(where: string, types: ColumnTypes | undefined, names: readonly string[]): Map<string, ColumnType> {
  if (types === undefined) return new Map();
  if (typeof types !== 'object' || types === null) fail(where, 'columns', 'an object of types by name', types);
  const given = new Map(types instanceof Map ? types : Object.entries(types)) as Map<string, ColumnType>;
  for (const [name, type] of given) {
    if (!names.includes(name)) {
      throw new ParameterError(
        `The 'columns' of ${where} name '${name}', which is no column. ${didYouMean(name, names)}`.trim(),
      );
    }
    checkOption(where, `columns['${name}']`, type, columnType);
  }
  return given;
}

function readText(where: string, input: string, delimiter: string | undefined, header: boolean): Cells {
  if (isJson(input) && delimiter === undefined) return readRows(where, rowsOfJson(where, input));
  const character = delimiter ?? likelyDelimiter(input);
  const rows = new CsvReader(where, character).read(input, true);
  const count = rows.lines.length;
  if (count === 0) fail(where, 'text', 'a table with at least one row', input);
  const names = rows.fields(0).map((name, j) => (header && name) || `Column ${j + 1}`);
  checkDifferent(where, names);
  const cells = names.map((_, j) => rows.texts(j, Number(header)));
  return { names, cells, decimalCommas: hasDecimalCommas(character) };
}

/**
 * The columns of a table as text: name, type, missing values, different values, and the first of them.
 *
 * @example
 * ```js
 * import { describeTable, parseTable } from 'regulus/tables';
 * console.log(describeTable(parseTable([{ city: 'Oslo', rooms: 3 }, { city: null, rooms: 4 }])));
 * ```
 */
export function describeTable(table: Table): string {
  const {
    columns,
    shape: [rows],
  } = checkTable('describeTable', table);
  const lines = columns.map(({ name, type, values }) => {
    const given = Array.from<unknown>(values).filter((value) => value !== null && !Number.isNaN(value));
    const different = [...new Set(given)];
    const examples = different.slice(0, 3).map((value) => shown(value, type));
    return [name, type, String(rows - given.length), String(different.length), examples.join(', ')];
  });
  const all = [['column', 'type', 'missing', 'different', 'values'], ...lines];
  const widths = all[0].map((_, j) => all.reduce((most, line) => Math.max(most, line[j].length), 0));
  return all
    .map((line) =>
      line
        .map((cell, j) => cell.padEnd(widths[j]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function shown(value: unknown, type: ColumnType): string {
  if (type === 'boolean') return value === 1 ? 'true' : 'false';
  if (type === 'date') return new Date((value as number) * 86_400_000).toISOString().replace('T00:00:00.000Z', '');
  const text = String(value);
  return text.length > 20 ? `${text.slice(0, 20)}…` : text;
}
