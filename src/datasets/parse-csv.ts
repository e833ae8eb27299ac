// parseCsv: CSV text with one column of classes becomes a dataset.
import { checkBoolean, checkKeys, didYouMean, fail } from '../errors/index.ts';
import { type CsvRow, csvRows } from './csv-rows.ts';
import { encodeClasses, numberOf } from './encode-classes.ts';
import type { LabeledDataset } from './labeled-dataset.ts';

const WHERE = 'parseCsv';

/** Options of {@link parseCsv}. */
export interface ParseCsvOptions {
  /** Whether the first row holds the names of the columns; default true. */
  header?: boolean;
  /** The column of classes: its name, or its index from 0, or from the end when negative. Default −1, the last. */
  target?: string | number;
  /** The character between fields; default a comma. */
  delimiter?: string;
  /**
   * The classes in the order of their indices; default all that occur, sorted. Give the training file's here when you
   * read another file of the same kind, which may lack a class.
   */
  classNames?: readonly string[];
}

/**
 * Reads a dataset from CSV text (RFC 4180): one column holds classes, all others hold numbers.
 *
 * Class names are sorted, as numbers when all of them are numbers and by code unit otherwise, and numbered from 0 in
 * that order; so an order of rows does not change labels. Columns without a header are named `Feature 1`, `Feature 2` ….
 * A byte order mark, any line ends, blank lines and spaces around fields are allowed. Missing are empty fields and, but
 * for classes that `classNames` lists, NA, N/A, NaN, null and ? in any case.
 *
 * @returns `x` in float64, `y`, and the names of both.
 * @throws ParameterError that names line and column (both from 1), for missing values, values that are not finite
 * decimal numbers, classes that are not whole numbers or names, rows of unequal length, unpaired quotes and text
 * without rows
 */
export function parseCsv(text: string, options: ParseCsvOptions = {}): LabeledDataset {
  checkKeys(WHERE, options, ['header', 'target', 'delimiter', 'classNames']);
  const { header = true, target = -1, delimiter = ',', classNames: given } = options;
  if (typeof text !== 'string') fail(WHERE, 'text', 'a string of CSV', text, 'Decode bytes with TextDecoder first.');
  checkBoolean(WHERE, 'header', header);
  if (typeof delimiter !== 'string' || !/^[^"\r\n]$/u.test(delimiter)) {
    fail(WHERE, 'delimiter', 'one character, neither a quote nor a line end', delimiter);
  }
  checkClassNames(given);

  const table = readTable(text, delimiter, header);
  const targetColumn = findTarget(target, table);
  const featureColumns = [...table.rows[0].fields.keys()].filter((column) => column !== targetColumn);
  return {
    x: readFeatures(table, featureColumns),
    featureNames: featureColumns.map((column, j) => table.names?.[column] ?? `Feature ${j + 1}`),
    ...readLabels(table, targetColumn, given),
  };
}

interface Table {
  rows: CsvRow[];
  /** Of the columns, when the text has a header. */
  names: string[] | undefined;
}

function readTable(text: string, delimiter: string, header: boolean): Table {
  const rows = csvRows(WHERE, text, delimiter);
  if (rows.length === 0) fail(WHERE, 'text', 'CSV with at least one row', text);
  const [{ fields: first }] = rows;
  if (first.length < 2) {
    const rule = 'CSV with a column of classes and at least one other';
    fail(WHERE, 'text', rule, first[0], `Give the delimiter when it is not '${delimiter}'.`);
  }
  const names = header ? first : undefined;
  if (header) rows.shift();
  if (rows.length === 0) fail(WHERE, 'text', 'CSV with at least one row after its header', text);
  return { rows, names };
}

/** Throws the error for a field, naming its place. */
function failAt({ rows, names }: Table, i: number, column: number, rule: string, remedy = ''): never {
  const { line, fields } = rows[i];
  const name = names ? ` ('${names[column]}')` : '';
  fail(WHERE, 'text', `CSV with ${rule} at line ${line}, column ${column + 1}${name}`, fields[column], remedy);
}

const missing = /^(\?|n\/?a|nan|null)?$/i;
const missingRemedy = 'Remove rows with missing values, or fill them in first.';

function readFeatures(table: Table, columns: readonly number[]): LabeledDataset['x'] {
  const data = new Float64Array(table.rows.length * columns.length);
  for (const [i, { fields }] of table.rows.entries()) {
    for (const [j, column] of columns.entries()) {
      const value = numberOf(fields[column]);
      if (value === undefined) {
        const remedy = missing.test(fields[column]) ? missingRemedy : 'Replace categories by numbers first.';
        failAt(table, i, column, 'a finite decimal number', remedy);
      }
      data[i * columns.length + j] = value;
    }
  }
  return { data, shape: [table.rows.length, columns.length] };
}

function readLabels(
  table: Table,
  column: number,
  given: readonly string[] | undefined,
): Pick<LabeledDataset, 'y' | 'classNames'> {
  const fields = table.rows.map((row) => row.fields[column]);
  const unknown = given ? -1 : fields.findIndex((field) => missing.test(field));
  if (unknown >= 0) failAt(table, unknown, column, 'a class', missingRemedy);
  const { classNames, nameOf, numeric } = encodeClasses(fields, given);
  const real = numeric && !given ? fields.findIndex((field) => !Number.isInteger(numberOf(field))) : -1;
  if (real >= 0) failAt(table, real, column, 'a class (a name or a whole number)', 'Choose another target column.');
  const indices = new Map(classNames.map((name, index) => [name, index]));
  const y = Int32Array.from(fields, (field, i) => {
    return indices.get(nameOf(field)) ?? failAt(table, i, column, 'one of the given classNames');
  });
  return { y, classNames };
}

function checkClassNames(names: unknown): void {
  if (names === undefined) return;
  if (!Array.isArray(names) || names.length === 0 || !names.every((name) => typeof name === 'string' && name !== '')) {
    fail(WHERE, 'classNames', 'a list of strings that are not empty', names);
  }
  const { classNames } = encodeClasses(names, names);
  const twice = classNames.find((name, index) => classNames.indexOf(name) !== index);
  if (twice !== undefined) fail(WHERE, 'classNames', 'a list of different names', twice);
}

/** The column index that `target` means. */
function findTarget(target: string | number, { rows, names }: Table): number {
  const columns = rows[0].fields.length;
  if (typeof target === 'string') {
    if (!names) fail(WHERE, 'target', 'an index when header is false', target);
    const index = names.indexOf(target);
    if (index < 0) fail(WHERE, 'target', 'the name of a column', target, didYouMean(target, names));
    if (names.lastIndexOf(target) !== index) fail(WHERE, 'target', 'the name of one column, not of several', target);
    return index;
  }
  if (!Number.isInteger(target) || target < -columns || target >= columns) {
    fail(WHERE, 'target', `the name of a column or an integer in the range [${-columns}, ${columns - 1}]`, target);
  }
  return target < 0 ? columns + target : target;
}
