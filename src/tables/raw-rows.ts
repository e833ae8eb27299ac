// Raw rows, as people have them: CSV, JSON or objects. Where the columns are known, they are read a piece at a time.
import {
  type Column,
  type ColumnType,
  cellsOf,
  checkTable,
  isTable,
  makeTable,
  type Row,
  type Table,
} from '../data/index.ts';
import { CsvReader, type CsvRows, numberOf } from '../datasets/index.ts';
import { didYouMean, fail, ParameterError } from '../errors/index.ts';
import { type Cell, cleaned, readColumn, withPoint } from './columns.ts';

/** The name and the type of a column. */
export interface ColumnSchema {
  readonly name: string;
  readonly type: ColumnType;
}

/** A table, or what {@link parseTable} reads one from. */
export type TableInput = string | readonly Row[] | Table;

/** Values by the names of their columns. */
export interface Cells {
  names: string[];
  cells: unknown[][];
  /** Whether they are texts in which a comma may stand for the decimal point. */
  decimalCommas?: boolean;
}

/** Raw rows as the columns of another table, by their names: what a predictor does with new data. Other columns are left out. */
export function readAs(
  where: string,
  input: TableInput,
  columns: readonly ColumnSchema[],
  missing: readonly string[],
): Table {
  if (typeof input === 'string') {
    const [table] = new TableReader(where, columns, missing).read(input, true);
    return table;
  }
  if (!isTable(input)) return selectCells(where, readRows(where, input), input.length, columns, missing);
  checkTable(where, input);
  const names = input.columns.map(({ name }) => name);
  const cells = input.columns.map(({ values }) => Array.from<unknown>(values));
  // In a table, dates are numbers already.
  const reads = columns.map(({ name, type }) => ({ name, type: type === 'date' ? ('number' as const) : type }));
  const table = selectCells(where, { names, cells }, input.shape[0], reads, missing);
  return makeTable(
    table.columns.map((column, j) => ({ ...column, type: columns[j].type })),
    input.shape[0],
  );
}

function selectCells(
  where: string,
  { names, cells }: Cells,
  rows: number,
  columns: readonly ColumnSchema[],
  missing: readonly string[],
): Table {
  const known = new Set(missing);
  const selected = columns.map(({ name, type }) => {
    const j = names.indexOf(name);
    if (j < 0 && rows > 0) failMissing(where, name, names);
    return readColumn(where, name, cleaned(cells[j] ?? [], known), type);
  });
  return makeTable(selected, rows);
}

function failMissing(where: string, name: string, names: readonly string[]): never {
  throw new ParameterError(`The rows of ${where} have no column '${name}'. ${didYouMean(name, names)}`.trim());
}

/** Reads the text of a table with known columns in pieces: what follows the first piece of a CSV need not fit into memory. */
export class TableReader {
  readonly #where: string;
  readonly #columns: readonly ColumnSchema[];
  readonly #missing: ReadonlySet<string>;
  /** Whether some numbers stand for a missing value. */
  readonly #missingNumbers: boolean;
  /** The text, as long as nobody knows how to read it. */
  #text = '';
  #csv: CsvReader | undefined;
  #decimalCommas = false;
  #names: readonly string[] | undefined;
  /** Rows that have been read. */
  #rows = 0;

  constructor(where: string, columns: readonly ColumnSchema[], missing: readonly string[]) {
    this.#where = where;
    this.#columns = columns;
    this.#missing = new Set(missing);
    this.#missingNumbers = missing.some((spelling) => numberOf(spelling) !== undefined);
  }

  /** Tables of at most `most` rows, together those that are complete with this piece of the text; at least one with the last. */
  *read(piece: string, isLast: boolean, most = Number.POSITIVE_INFINITY): Generator<Table> {
    const where = this.#where;
    let text = piece;
    if (!this.#csv) {
      text = this.#text += piece;
      if (isJson(text)) {
        if (isLast) yield readAs(where, rowsOfJson(where, text), this.#columns, [...this.#missing]);
        return;
      }
      // The first line tells the delimiter.
      if (!isLast && !/\S.*[\r\n]/.test(text)) return;
      const delimiter = likelyDelimiter(text);
      this.#csv = new CsvReader(where, delimiter);
      this.#decimalCommas = hasDecimalCommas(delimiter);
      this.#text = '';
    }
    const rows = this.#csv.read(text, isLast);
    const count = rows.lines.length;
    let start = 0;
    if (!this.#names && count > 0) {
      this.#names = rows.fields(0).map((name, j) => name || `Column ${j + 1}`);
      checkDifferent(where, this.#names);
      start = 1;
    }
    if (!this.#names && isLast) fail(where, 'text', 'a table with at least one row', text);
    if (start === count && !isLast) return;
    do {
      const end = Math.min(start + most, count);
      yield makeTable(
        this.#columns.map((column) => this.#column(rows, column, start, end)),
        end - start,
      );
      this.#rows += end - start;
      start = end;
    } while (start < count);
  }

  #column(rows: CsvRows, { name, type }: ColumnSchema, start: number, end: number): Column {
    const where = this.#where;
    const names = this.#names ?? [];
    const j = names.indexOf(name);
    if (j < 0 && end > start) failMissing(where, name, names);
    const toPoint = type === 'number' && this.#decimalCommas ? withPoint : (cell: Cell) => cell;
    const cells = (from: number, to: number) => {
      const texts = Array.from({ length: to - from }, (_, i) => rows.field(from + i, j));
      return cleaned(texts, this.#missing).map(toPoint);
    };
    const place = (i: number) => `row ${this.#rows + i} (line ${rows.lines[start + i]})`;
    if (type !== 'number' || this.#missingNumbers) return readColumn(where, name, cells(start, end), type, place);
    const values = rows.numbers(j, start, end);
    for (let i = 0; i < values.length; i++) {
      if (!Number.isNaN(values[i])) continue;
      const read = readColumn(where, name, cells(start + i, start + i + 1), type, () => place(i));
      values[i] = read.values[0] as number;
    }
    return { name, type, values };
  }
}

const delimiters = [',', '\t', ';', '|'];

/**
 * The delimiter that the first line has most of, outside quotes.
 *
 * @hidden
 */
export function likelyDelimiter(input: string): string {
  const line = /^[^\r\n]*/.exec(input.trimStart())?.[0].replace(/"[^"]*"/g, '') ?? '';
  const counts = delimiters.map((delimiter) => line.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))];
}

/** Who divides fields by semicolons needs the comma for numbers. */
export const hasDecimalCommas = (delimiter: string): boolean => delimiter === ';';

export function checkDifferent(where: string, names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name))
      fail(where, 'text', 'a table whose columns have different names', name, 'Rename one of the two.');
    seen.add(name);
  }
}

/** Whether a text begins as a list in JSON, or as one object a line. */
export const isJson = (text: string): boolean => /^\uFEFF?\s*[[{]/.test(text);

/** The rows of a JSON text. */
export function rowsOfJson(where: string, text: string): Row[] {
  try {
    const json = text.replace(/^\uFEFF/, '').trim();
    // JSON Lines: strings hold no line ends, so that one in front of an object divides two.
    return JSON.parse(json.startsWith('{') ? `[${json.replace(/[\r\n]+\s*(?=\{)/g, ',')}]` : json);
  } catch (error) {
    throw new ParameterError(
      `The text of ${where} begins as JSON, but it is none: ${(error as Error).message}. Give the delimiter where it is CSV.`,
    );
  }
}

export function readRows(where: string, rows: readonly Row[]): Cells {
  if (!Array.isArray(rows)) fail(where, 'rows', 'CSV, JSON, or an array of objects', rows);
  return cellsOf(where, rows);
}
