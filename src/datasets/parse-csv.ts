// parseCsv: CSV text with one target column becomes a dataset.
import type { ClassDataset, Dataset, Matrix, TargetKind } from '../data/index.ts';
import {
  anyOf,
  boolean,
  didYouMean,
  fail,
  type GivenOptions,
  integer,
  list,
  resolveOptions,
  shorten,
  text,
} from '../errors/index.ts';
import { CsvReader, delimiterRule } from './csv-rows.ts';
import { encodeClasses, numberOf, wholeNumberOf } from './encode-classes.ts';
import { targetsRule } from './to-dataset.ts';

const WHERE = 'parseCsv';

/**
 * The rules of {@link parseCsv}'s options.
 *
 * @hidden
 */
export const csvOptions = {
  header: boolean({ default: true, describe: 'Whether the first row holds the names of the columns' }),
  target: anyOf([text(), integer(Number.NEGATIVE_INFINITY)], {
    default: -1,
    describe: 'The target column: its name, or its index from 0, or from the end when negative',
  }),
  targets: targetsRule,
  delimiter: text({
    ...delimiterRule,
    default: ',',
    describe: 'The character between fields',
  }),
  classNames: list(text({ pattern: /./s, rule: 'a text that is not empty' }), {
    minLength: 1,
    optional: true,
    describe: 'The classes in the order of their indices; by default all that occur, sorted',
  }),
};

/**
 * Options of {@link parseCsv}. `header`: whether the first row holds the names of the columns, default true. `target`: the
 * target column, by its name, or by its index from 0, or from the end when negative; default −1, the last. `targets`:
 * `'classes'` (the default), or `'values'` for numbers to predict. `delimiter`: the character between fields, default a
 * comma. `classNames`: the classes in the order of their indices, default all that occur, sorted; give the training file's
 * here when you read another file of the same kind, which may lack a class.
 */
export type ParseCsvOptions<K extends TargetKind = 'classes'> = Omit<GivenOptions<typeof csvOptions>, 'targets'> & {
  readonly targets?: K | undefined;
};

/** A dataset of classes that knows what its numbers are called. */
export interface LabeledDataset extends ClassDataset {
  /** One a column of `x`. */
  featureNames: string[];
  /** The name of class index k is `classNames[k]`. */
  classNames: string[];
}

/** A dataset of numbers to predict that knows what its features are called. */
export interface RegressionDataset extends Dataset<Float64Array> {
  /** One a column of `x`. */
  featureNames: string[];
}

/** What {@link parseCsv} returns, by the kind of the targets. */
export interface CsvDatasets {
  classes: LabeledDataset;
  values: RegressionDataset;
}

/**
 * Reads a dataset from CSV text (RFC 4180): one column is the target, all others hold numbers.
 *
 * Class names are sorted, as numbers when all of them are numbers and by code unit otherwise, and numbered from 0 in
 * that order; so an order of rows does not change labels. Whole numbers are compared exactly, however many digits they
 * have. Columns without a header are named `Feature 1`, `Feature 2` …. A byte order mark, any line ends, blank lines and
 * spaces around fields are allowed. Missing are empty fields and, but for classes that `classNames` lists, NA, N/A, NaN,
 * null and ? in any case.
 *
 * @returns `x` in float64 (rows, columns − 1), `y` (class indices, or float64 with `targets: 'values'`), and the names of
 * features and classes.
 * @throws ParameterError that names line and column (both from 1), for missing values, values that are not finite
 * decimal numbers, classes that are not whole numbers or names, rows of unequal length, unpaired quotes and text
 * without rows
 * @example
 * ```js
 * import { parseCsv } from 'regulus/datasets';
 *
 * const flowers = parseCsv('length,width,species\n5.1,3.5,setosa\n7,3.2,versicolor\n');
 * console.log(flowers.y, flowers.classNames); // [0, 1] ['setosa', 'versicolor']
 * const houses = parseCsv('price,area\n210.5,60\n340,90\n', { target: 'price', targets: 'values' });
 * console.log(houses.x.data, houses.y); // [60, 90] [210.5, 340]
 * ```
 */
export function parseCsv<K extends TargetKind = 'classes'>(
  text: string,
  options: ParseCsvOptions<K> = {},
): CsvDatasets[K] {
  if (typeof text !== 'string') fail(WHERE, 'text', 'a string of CSV', text, 'Decode bytes with TextDecoder first.');
  const { header, target, targets, delimiter, classNames } = resolveOptions(WHERE, options, csvOptions, (given) =>
    given.targets === 'values' && given.classNames !== undefined
      ? { option: 'classNames', rule: "left out with targets 'values'" }
      : undefined,
  );
  checkDifferent(classNames);

  const table = readTable(text, delimiter, header);
  const targetColumn = findTarget(target, table);
  const featureColumns = [...table.rows[0].fields.keys()].filter((column) => column !== targetColumn);
  const samples = {
    x: readNumbers(table, featureColumns, 'Replace categories by numbers first.'),
    featureNames: featureColumns.map((column, j) => table.names?.[column] ?? `Feature ${j + 1}`),
  };
  const dataset: LabeledDataset | RegressionDataset =
    targets === 'values'
      ? { ...samples, y: readNumbers(table, [targetColumn], "Read names of classes with targets: 'classes'.").data }
      : { ...samples, ...readLabels(table, targetColumn, classNames) };
  return dataset as CsvDatasets[K];
}

interface Table {
  /** The fields of each row, and the line on which it starts. */
  rows: { line: number; fields: string[] }[];
  /** Of the columns, when the text has a header. */
  names: string[] | undefined;
}

function readTable(text: string, delimiter: string, header: boolean): Table {
  const read = new CsvReader(WHERE, delimiter).read(text, true);
  const rows = Array.from(read.lines, (line, i) => ({ line, fields: read.fields(i) }));
  if (rows.length === 0) fail(WHERE, 'text', 'CSV with at least one row', text);
  const [{ fields: first }] = rows;
  if (first.length < 2) {
    const rule = 'CSV with a target column and at least one other';
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
  const name = names ? ` ('${shorten(names[column])}')` : '';
  fail(
    WHERE,
    'text',
    `CSV with ${rule} at line ${line}, column ${column + 1}${name}`,
    fields[column],
    remedy,
    'ERR_FORMAT',
  );
}

const missing = /^(\?|n\/?a|nan|null)?$/i;
const missingRemedy = 'Remove rows with missing values, or fill them in first.';

function readNumbers(table: Table, columns: readonly number[], remedy: string): Matrix & { data: Float64Array } {
  const data = new Float64Array(table.rows.length * columns.length);
  for (const [i, { fields }] of table.rows.entries()) {
    for (const [j, column] of columns.entries()) {
      const value = numberOf(fields[column]);
      if (value === undefined) {
        failAt(table, i, column, 'a finite decimal number', missing.test(fields[column]) ? missingRemedy : remedy);
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
  if (given === undefined) checkClasses(table, column, fields);
  const { classNames, indexOf } = encodeClasses(fields, given);
  const y = Int32Array.from(fields, (field, i) => {
    return indexOf(field) ?? failAt(table, i, column, 'one of the given classNames');
  });
  return { y, classNames };
}

/** Classes that are found have to be there, and are whole where all are numbers. */
function checkClasses(table: Table, column: number, fields: readonly string[]): void {
  const unknown = fields.findIndex((field) => missing.test(field));
  if (unknown >= 0) failAt(table, unknown, column, 'a class', missingRemedy);
  if (!fields.every((field) => numberOf(field) !== undefined)) return;
  const real = fields.findIndex((field) => wholeNumberOf(field) === undefined);
  if (real < 0) return;
  const remedy = "Give targets: 'values' to predict numbers, or choose another target column.";
  failAt(table, real, column, 'a class (a name or a whole number)', remedy);
}

function checkDifferent(names: readonly string[] | undefined): void {
  if (names === undefined) return;
  const seen = new Set<string>();
  for (const name of encodeClasses(names, names).classNames) {
    if (seen.has(name)) fail(WHERE, 'classNames', 'a list of different names', name);
    seen.add(name);
  }
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
