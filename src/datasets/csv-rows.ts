// Splits CSV text into rows of fields that know their line, and names the line where the text is not CSV.
import { CsvError, parse } from 'csv-parse/browser/esm/sync';
import { fail, ParameterError } from '../errors/index.ts';

export interface CsvRow {
  /** Line on which the row starts, counted from 1. */
  line: number;
  fields: string[];
}

/**
 * What a delimiter may be.
 *
 * @hidden
 */
export const delimiterRule = { pattern: /^[^"\r\n]$/u, rule: 'one character, neither a quote nor a line end' };

/**
 * The rows of `text`, which all have as many fields as the first one. Blank lines and a byte order mark are skipped;
 * lines end in LF, CRLF or CR. Fields lose the spaces around them, unless those are quoted.
 *
 * @throws ParameterError for ragged rows and for quotes that do not pair
 * @hidden
 */
export function csvRows(where: string, text: string, delimiter: string): CsvRow[] {
  const rows: CsvRow[] = [];
  let nextLine = 1;
  const collect = (fields: string[], { lines }: { lines: number }) => {
    // The parser counts to the end of a row, and quoted fields may hold line ends.
    rows.push({ line: lines - fields.reduce((count, field) => count + field.split('\n').length - 1, 0), fields });
    nextLine = lines + 1;
    return null;
  };
  try {
    // One kind of line end, because the parser counts CR LF inside quotes twice.
    parse(text.replace(/\r\n?/g, '\n'), {
      bom: true,
      delimiter,
      record_delimiter: '\n',
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      on_record: collect,
    });
  } catch (error) {
    throw error instanceof CsvError ? csvError(where, error, nextLine) : error;
  }
  for (const { line, fields } of rows) {
    if (fields.length !== rows[0].fields.length) {
      const rule = `CSV with ${rows[0].fields.length} fields at line ${line}, as at line ${rows[0].line}`;
      fail(where, 'text', rule, fields.length, `Quote fields that hold '${delimiter}'.`);
    }
  }
  return rows;
}

/** What the parser's errors mean, by code. */
const problems: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED: 'opens a quoted field that never ends',
  CSV_INVALID_CLOSING_QUOTE: 'has text after the closing quote of a field',
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: 'has text after the closing quote of a field',
  INVALID_OPENING_QUOTE: 'has a quote inside a field that does not start with one',
};

function csvError(where: string, error: CsvError, line: number): ParameterError {
  const problem = problems[error.code] ?? `cannot be read (${error.message})`;
  return new ParameterError(
    `The 'text' parameter of ${where} must be CSV. The row that starts at line ${line} ${problem}. Write "" for a quote inside a quoted field.`,
    { code: 'ERR_FORMAT' },
  );
}

/**
 * The text of a file.
 *
 * @throws ParameterError for bytes that are no UTF-8.
 * @hidden
 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ParameterError('This is not UTF-8 text. Save the file in UTF-8.', { code: 'ERR_FORMAT' });
  }
}
