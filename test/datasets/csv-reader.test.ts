// CsvReader: a text in pieces that end anywhere has the rows of the whole text; other parsers agree.
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvReader } from '../../src/datasets/index.ts';

/** The rows of a text that comes in pieces, each with its line. */
function rowsOf(pieces: readonly string[], delimiter = ','): [number, string[]][] {
  const reader = new CsvReader('test', delimiter);
  return [...pieces, undefined].flatMap((piece) => {
    const rows = reader.read(piece ?? '', piece === undefined);
    return Array.from(rows.lines, (line, i): [number, string[]] => [line, rows.fields(i)]);
  });
}

/** The rows, or the error. */
function outcomeOf(read: () => unknown) {
  try {
    return read();
  } catch (error) {
    return (error as Error).message;
  }
}

const fragment = fc.constantFrom(
  '"',
  '""',
  ',',
  '\n',
  '\r\n',
  '\r',
  ' ',
  '\t',
  'a',
  '1.5',
  '\ufeff',
  'é',
  '"x, y"',
  '"b"',
  '"c\r\nd"',
);

describe('CsvReader', () => {
  it('reads the same rows, or refuses with the same message, wherever pieces end', () => {
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 30 }), fc.array(fc.nat(5), { minLength: 1 }), (fragments, sizes) => {
        const text = fragments.join('');
        const pieces: string[] = [];
        for (let at = 0, k = 0; at < text.length; k++) {
          pieces.push(text.slice(at, at + sizes[k % sizes.length] + 1));
          at += sizes[k % sizes.length] + 1;
        }
        expect(outcomeOf(() => rowsOf(pieces))).toEqual(outcomeOf(() => rowsOf([text])));
      }),
      { numRuns: 3000 },
    );
  });

  it('reads what csv-parse writes down as rows', () => {
    const field = fc
      .array(fc.constantFrom('a', '"', ',', '\n', ' ', '7', 'é'), { maxLength: 6 })
      .map((parts) => parts.join(''));
    const table = fc.array(fc.array(field, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(table, fc.constantFrom('\n', '\r\n'), (rows, lineEnd) => {
        const text = rows
          .map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(' , ') + lineEnd)
          .join('');
        expect(rowsOf([text]).map(([, fields]) => fields)).toEqual(parse(text, { trim: true }));
      }),
    );
  });

  it('knows lines behind blank ones and line ends in quotes', () => {
    expect(rowsOf(['a,b\n\n"1\n2\r', '\n3",x\r', '\n\r5,6'])).toEqual([
      [1, ['a', 'b']],
      [3, ['1\n2\n3', 'x']],
      [7, ['5', '6']],
    ]);
  });

  it('reads a row that is much longer than its pieces in linear time, and those behind it at once', () => {
    const reader = new CsvReader('test', ',');
    let looks = 0;
    for (let k = 0; k < 100_000; k++) looks += reader.read(k === 0 ? '"a' : 'bc', false).lines.length;
    expect(looks).toBe(0);
    expect(reader.read(`"\n${'1\n'.repeat(200_000)}`, false).lines).toHaveLength(200_001);
    expect(reader.read('2\n', false).lines).toHaveLength(1);
  });
});
