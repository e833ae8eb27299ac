// Splits CSV text into rows of fields that know their line, all at once or a piece at a time, and names the line where the text
// is not CSV. Fields are places in the text, because to make a string of each takes longer than to find it.
import { fail, formatError } from '../errors/index.ts';
import { decimalAt } from './encode-classes.ts';

/**
 * What a delimiter may be.
 *
 * @hidden
 */
export const delimiterRule = { pattern: /^[^"\r\n]$/, rule: 'one character, neither a quote nor a line end' };

const [TAB, LF, VT, FF, CR, SPACE, QUOTE] = [9, 10, 11, 12, 13, 32, 34];

/** No row that comes in pieces is longer: a quote that stays open would gather the rest of a large file. */
const LONGEST_ROW = 1 << 27;

/**
 * Rows that have equally many fields.
 *
 * @hidden
 */
export class CsvRows {
  readonly columns: number;
  /** The line on which each row starts, counted from 1. */
  readonly lines: Int32Array;
  readonly #text: string;
  /** Start and end of each field, the end as its complement where the field holds doubled quotes or CR. */
  readonly #bounds: Int32Array;

  constructor(text: string, columns: number, lines: Int32Array, bounds: Int32Array) {
    this.#text = text;
    this.columns = columns;
    this.lines = lines;
    this.#bounds = bounds;
  }

  /** The text of a field. */
  field(row: number, column: number): string {
    const at = 2 * (row * this.columns + column);
    const start = this.#bounds[at];
    const end = this.#bounds[at + 1];
    if (end >= 0) return this.#text.slice(start, end);
    return this.#text.slice(start, ~end).replaceAll('""', '"').replace(/\r\n?/g, '\n');
  }

  /** The texts of a row. */
  fields(row: number): string[] {
    const fields: string[] = [];
    for (let column = 0; column < this.columns; column++) fields.push(this.field(row, column));
    return fields;
  }

  /** The texts of a column in the rows from `start`. */
  texts(column: number, start: number): string[] {
    return Array.from(this.lines.subarray(start), (_, i) => this.field(start + i, column));
  }

  /** The decimal numbers of a column in the rows from `start` to before `end`; NaN where a field holds none. */
  numbers(column: number, start: number, end: number): Float64Array {
    const [text, bounds] = [this.#text, this.#bounds];
    const values = new Float64Array(end - start);
    for (let i = 0; i < values.length; i++) {
      const at = 2 * ((start + i) * this.columns + column);
      values[i] = bounds[at + 1] >= 0 ? decimalAt(text, bounds[at], bounds[at + 1]) : Number.NaN;
    }
    return values;
  }
}

/**
 * Reads CSV (RFC 4180) in pieces of text that may end anywhere. Blank lines and a byte order mark are skipped; lines end in LF, CRLF
 * or CR. Fields lose the spaces around them, unless those are quoted.
 *
 * @hidden
 */
export class CsvReader {
  readonly #where: string;
  readonly #delimiter: number;
  #hasBegun = false;
  /** The beginning of a row that has not ended yet. */
  #rest = '';
  /** A row that is longer than a piece is not looked at again before its beginning has doubled. */
  #wanted = 0;
  #line = 1;
  #columns = 0;
  /** The line of the first row. */
  #firstLine = 0;
  /** Of the rows of the last call, whose arrays are used again. */
  #lines = new Int32Array(256);
  #bounds = new Int32Array(2048);
  #fields = 0;

  /** @param where - Whose text it is, for errors. */
  constructor(where: string, delimiter: string) {
    this.#where = where;
    this.#delimiter = delimiter.charCodeAt(0);
  }

  /**
   * The rows that are complete with this piece of the text; they can be read until the next call.
   *
   * @throws ParameterError for ragged rows and for quotes that do not pair
   */
  read(piece: string, isLast: boolean): CsvRows {
    const text = this.#rest + piece;
    let at = 0;
    let rows = 0;
    this.#fields = 0;
    if (!this.#hasBegun && text.length > 0) {
      this.#hasBegun = true;
      if (text.charCodeAt(0) === 0xfeff) at++;
    }
    while (at < text.length && (isLast || text.length >= this.#wanted)) {
      const [line, fields] = [this.#line, this.#fields];
      const end = this.#readRow(text, at, isLast);
      if (end < 0) {
        this.#line = line;
        this.#wanted = 2 * (text.length - at);
        if (this.#wanted > LONGEST_ROW) this.#failAt(line, 'is too long, or opens a quoted field that never ends');
        break;
      }
      at = end;
      this.#wanted = 0;
      const count = this.#fields - fields;
      if (count === 0) continue;
      if (this.#columns === 0) [this.#columns, this.#firstLine] = [count, line];
      if (count !== this.#columns) {
        const rule = `CSV with ${this.#columns} fields at line ${line}, as at line ${this.#firstLine}`;
        const remedy = `Quote fields that hold '${String.fromCharCode(this.#delimiter)}'.`;
        fail(this.#where, 'text', rule, count, remedy);
      }
      if (rows === this.#lines.length) this.#lines = twice(this.#lines);
      this.#lines[rows++] = line;
    }
    this.#rest = text.slice(at);
    return new CsvRows(text, this.#columns, this.#lines.subarray(0, rows), this.#bounds);
  }

  /** Finds the fields of a row, none in a blank line, and returns where the next one starts; −1 where the row does not end. */
  #readRow(text: string, start: number, isLast: boolean): number {
    const line = this.#line;
    const delimiter = this.#delimiter;
    const { length } = text;
    const isSpace = (at: number) => {
      const code = text.charCodeAt(at);
      return code <= SPACE && code !== delimiter && (code === SPACE || code === TAB || code === VT || code === FF);
    };
    for (let at = start, isFirst = true; ; at++, isFirst = false) {
      while (at < length && isSpace(at)) at++;
      const isQuoted = at < length && text.charCodeAt(at) === QUOTE;
      let from = at;
      let to: number;
      if (isQuoted) {
        from++;
        to = this.#quotedEnd(text, from);
        at = (to < 0 ? ~to : to) + 1;
        if (at > length) return isLast ? this.#failAt(line, 'opens a quoted field that never ends') : -1;
        while (at < length && isSpace(at)) at++;
      } else {
        for (; at < length; at++) {
          const code = text.charCodeAt(at);
          if (code === delimiter) break;
          // Most characters need no further look.
          if (code > QUOTE) continue;
          if (code === LF || code === CR) break;
          if (code === QUOTE) this.#failAt(line, 'has a quote inside a field that does not start with one');
        }
        for (to = at; to > from && isSpace(to - 1); ) to--;
      }
      // What follows CR must be known, whether LF or the next row.
      if (!isLast && (at === length || (at === length - 1 && text.charCodeAt(at) === CR))) return -1;
      const code = at < length ? text.charCodeAt(at) : LF;
      const isEnd = code === LF || code === CR;
      if (isQuoted && !isEnd && code !== delimiter) this.#failAt(line, 'has text after the closing quote of a field');
      const isBlank = isEnd && isFirst && !isQuoted && to === from;
      if (!isBlank) this.#keep(from, to);
      if (!isEnd) continue;
      this.#line++;
      return code === CR && at + 1 < length && text.charCodeAt(at + 1) === LF ? at + 2 : at + 1;
    }
  }

  /** Where the quoted field that begins at `from` ends, as its complement where it is not as it stands; the length where it does not end. */
  #quotedEnd(text: string, from: number): number {
    let asItStands = true;
    let at = from;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        if (at + 1 === text.length || text.charCodeAt(at + 1) !== QUOTE) break;
        at++;
        asItStands = false;
      } else if (code === CR) {
        this.#line++;
        asItStands = false;
      } else if (code === LF && text.charCodeAt(at - 1) !== CR) this.#line++;
    }
    return asItStands ? at : ~at;
  }

  #keep(from: number, to: number): void {
    const at = 2 * this.#fields++;
    if (at === this.#bounds.length) this.#bounds = twice(this.#bounds);
    this.#bounds[at] = from;
    this.#bounds[at + 1] = to;
  }

  #failAt(line: number, problem: string): never {
    throw formatError(
      `The 'text' parameter of ${this.#where} must be CSV. The row that starts at line ${line} ${problem}. Write "" for a quote inside a quoted field.`,
    );
  }
}

function twice(values: Int32Array): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(2 * values.length);
  longer.set(values);
  return longer;
}
