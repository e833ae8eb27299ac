// Columns of raw values: what type they are, and how they are read as that type.
import type { Column, ColumnType } from '../data/index.ts';
import { numberOf } from '../datasets/index.ts';
import { ParameterError, show } from '../errors/index.ts';

/** What stands for a missing value: pandas' spellings, and the question mark of many public data sets. */
export const usualMissing: readonly string[] = [
  ...['', '#N/A', '#N/A N/A', '#NA', '-1.#IND', '-1.#QNAN', '-NaN', '-nan', '1.#IND', '1.#QNAN', '<NA>', 'N/A', 'NA'],
  ...['NULL', 'NaN', 'None', 'n/a', 'nan', 'null', '?'],
];

/** More different values than this, and more than half of all, are text and no categories. */
const MOST_CATEGORIES = 20;

const DAY = 86_400_000;
const isoDate = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;
const otherDate = /^(?:\d{1,2}([-./])\d{1,2}\1(?:\d\d|\d{4})|\d{4}([-./])\d{1,2}\2\d{1,2})(?:[ T].*)?$/;
const wholeNumber = /^[+-]?\d+$/;

/** A value of a cell, as text where it came from one; null for a missing one. */
export type Cell = string | number | boolean | Date | null;

/** Cells with null for each of the `missing` spellings, whatever they were. */
export function cleaned(cells: readonly unknown[], missing: ReadonlySet<string>): Cell[] {
  return cells.map((cell) => {
    if (cell === null || cell === undefined || Number.isNaN(cell)) return null;
    if (typeof cell === 'string') return missing.has(cell.trim()) ? null : cell.trim();
    if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? null : cell;
    if (typeof cell === 'number' || typeof cell === 'boolean') return missing.has(String(cell)) ? null : cell;
    if (typeof cell === 'bigint') return missing.has(String(cell)) ? null : String(cell);
    throw new ParameterError(
      `A cell of a table must be text, a number, true, false, a Date or null. Got ${show(cell)}.`,
    );
  });
}

const decimalComma = /^[+-]?\d*,\d+(?:e[+-]?\d+)?$/i;

/** `1.5` for `1,5`, as tables whose fields are divided by semicolons write it; other texts as they are. */
export const withPoint = (cell: Cell): Cell =>
  typeof cell === 'string' && decimalComma.test(cell) ? cell.replace(',', '.') : cell;

/** The cells of a column with points for decimal commas, where all of them are numbers then; with both there, `1.234` may be 1234. */
export function withPoints(cells: readonly Cell[]): readonly Cell[] {
  const read = cells.map(withPoint);
  const hasBoth = cells.some((cell, i) => cell !== read[i]) && cells.some((cell) => String(cell).includes('.'));
  return !hasBoth && read.every((cell) => cell === null || readers.number(cell) !== undefined) ? read : cells;
}

/** How a cell is read as a number of each type; undefined where it is none. */
const readers: Record<'number' | 'boolean' | 'date', (cell: Exclude<Cell, null>) => number | undefined> = {
  number(cell) {
    if (typeof cell === 'number' || typeof cell === 'boolean')
      return Number.isFinite(Number(cell)) ? Number(cell) : undefined;
    return typeof cell === 'string' ? numberOf(cell) : undefined;
  },
  boolean(cell) {
    if (typeof cell === 'boolean') return Number(cell);
    const text = String(cell).toLowerCase();
    return text === 'true' || text === '1' ? 1 : text === 'false' || text === '0' ? 0 : undefined;
  },
  date(cell) {
    if (cell instanceof Date) return cell.getTime() / DAY;
    if (typeof cell !== 'string' || !isoDate.test(cell)) return undefined;
    // Without a time zone, UTC everywhere: a date must not depend on where it is read.
    const [day, time = '00:00'] = cell.split(/[T ]/);
    const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(time) ? time : `${time}Z`;
    const value = Date.parse(`${day}T${zoned.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')}`);
    // Date.parse takes 30 February for a day of March.
    return Number.isNaN(value) || Number(day.slice(8)) > daysOf(day) ? undefined : value / DAY;
  },
};

const daysOf = (day: string) => new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 0)).getUTCDate();

/** A whole number, written with all its digits, that doubles cannot tell from its neighbours: a name rather than a quantity. */
const isTooLarge = (cell: Cell) => wholeNumber.test(String(cell)) && !Number.isSafeInteger(Number(cell));

/** The type of a column, by all of its values. */
export function inferType(cells: readonly Cell[]): ColumnType {
  const given = cells.filter((cell) => cell !== null);
  const all = (type: keyof typeof readers) => given.every((cell) => readers[type](cell) !== undefined);
  if (given.length === 0) return 'number';
  if (all('boolean') && given.every((cell) => !/^[01]$/.test(String(cell)))) return 'boolean';
  if (all('number') && !given.some(isTooLarge)) return 'number';
  if (all('date')) return 'date';
  const different = new Set(given.map(String)).size;
  return different > MOST_CATEGORIES && different > given.length / 2 ? 'text' : 'category';
}

/** The column of `cells`, read as `type`; `place` says in errors where a cell is. */
export function readColumn(
  where: string,
  name: string,
  cells: readonly Cell[],
  type: ColumnType,
  place: (i: number) => string = (i) => `row ${i}`,
  remedy = 'Correct it, or leave it out: models of tables take rows with holes.',
): Column {
  if (type === 'category' || type === 'text') {
    const values = cells.map((cell) =>
      cell instanceof Date ? cell.toISOString() : cell === null ? null : String(cell),
    );
    return { name, type, values };
  }
  const values = Float64Array.from(cells, (cell, i) => {
    if (cell === null) return Number.NaN;
    const value = readers[type](cell);
    if (value !== undefined) return value;
    throw new ParameterError(
      `The column '${name}' of ${where} must hold ${type === 'number' ? 'finite numbers' : `${type}s`}. Got ${show(cell)} in ${place(i)} instead. ${remedy}`,
    );
  });
  return { name, type, values };
}

/** Whether a column holds dates, but of a spelling such as 3/4/2024, which does not say whether it is in March. */
export const isOtherDate = ({ type, values }: Column): boolean =>
  (type === 'category' || type === 'text') &&
  (values as readonly (string | null)[]).every((value) => value === null || otherDate.test(value));

/** The values of a column of texts, nine in ten of which at least are numbers, and those that are not: one is enough to make texts of all. */
export function numbersAndTexts({ type, values }: Column): { numbers: number[]; texts: string } | undefined {
  if (type !== 'category' && type !== 'text') return undefined;
  const different = [...new Set(values as readonly (string | null)[])].filter((value) => value !== null);
  const texts = different.filter((value) => numberOf(value) === undefined);
  if (texts.length === 0 || texts.length > different.length / 10) return undefined;
  const numbers = different.map(numberOf).filter((value) => value !== undefined);
  const shown = texts.slice(0, 3).map((text) => show(text));
  return { numbers, texts: shown.join(', ') };
}
