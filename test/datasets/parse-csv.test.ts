// parseCsv: texts that are read, texts that are refused with their place, and what is written comes back.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ParseCsvOptions, parseCsv } from '../../src/datasets/index.ts';
import { ParameterError } from '../../src/errors/index.ts';

const flowers = 'length,width,species\n5.1,3.5,setosa\n7,3.2,versicolor\n4.9,3,setosa\n';

function errorOf(text: unknown, options?: unknown): string {
  try {
    parseCsv(text as string, options as ParseCsvOptions);
  } catch (error) {
    expect(error).toBeInstanceOf(ParameterError);
    return (error as Error).message;
  }
  return '(read)';
}

describe('parseCsv reads', () => {
  it('a header, numbers and named classes', () => {
    expect(parseCsv(flowers)).toEqual({
      x: { data: Float64Array.of(5.1, 3.5, 7, 3.2, 4.9, 3), shape: [3, 2] },
      y: Int32Array.of(0, 1, 0),
      featureNames: ['length', 'width'],
      classNames: ['setosa', 'versicolor'],
    });
  });

  it.each<[string, string, ParseCsvOptions]>([
    ['a byte order mark', `\uFEFF${flowers}`, {}],
    ['CRLF', flowers.replaceAll('\n', '\r\n'), {}],
    ['CR', flowers.replaceAll('\n', '\r'), {}],
    ['mixed line ends', flowers.replace('\n', '\r\n'), {}],
    ['no line end at the end', flowers.trimEnd(), {}],
    ['blank lines', flowers.replaceAll('\n', '\n\n  \n'), {}],
    ['spaces around fields', flowers.replaceAll(',', ' , '), {}],
    ['quoted fields', flowers.replaceAll(/[^,\n]+/g, '"$&"'), {}],
    ['a quoted byte order mark', `\uFEFF"length"${flowers.slice(6)}`, {}],
    ['semicolons', flowers.replaceAll(',', ';'), { delimiter: ';' }],
    ['tabs', flowers.replaceAll(',', '\t'), { delimiter: '\t' }],
    ['other ways to write numbers', flowers.replace('5.1', '+51e-1').replace('3.5', '.35E1').replace('7', '7.'), {}],
    ['the target by name', flowers, { target: 'species' }],
    ['the target by index', flowers, { target: 2 }],
    ['the target by index from the end', flowers, { target: -1 }],
    ['classes given', flowers, { classNames: ['setosa', 'versicolor'] }],
  ])('%s', (_, text, options) => {
    expect(parseCsv(text, options)).toEqual(parseCsv(flowers));
  });

  it('a target in the first or a middle column', () => {
    const first = parseCsv('c,a,b\nx,1,2\ny,3,4\n', { target: 0 });
    const middle = parseCsv('a,c,b\n1,x,2\n3,y,4\n', { target: 'c' });
    expect(middle).toEqual(first);
    expect(middle).toEqual(parseCsv('a,c,b\n1,x,2\n3,y,4\n', { target: -2 }));
    expect(middle.featureNames).toEqual(['a', 'b']);
  });

  it('text without a header', () => {
    const { x, featureNames } = parseCsv('1,2,a\n3,4,b\n', { header: false });
    expect(x).toEqual({ data: Float64Array.of(1, 2, 3, 4), shape: [2, 2] });
    expect(featureNames).toEqual(['Feature 1', 'Feature 2']);
  });

  it('fields with delimiters, quotes and line ends in quotes', () => {
    const { classNames, y } = parseCsv('"a, ""1""",c\n1,"x, y"\n2,"say ""hi"""\n3,"two\r\nlines"\n4," spaced "\n');
    expect(classNames).toEqual([' spaced ', 'say "hi"', 'two\nlines', 'x, y']);
    expect(Array.from(y)).toEqual([3, 1, 2, 0]);
  });
});

describe('classes', () => {
  const classesOf = (labels: string[], options?: ParseCsvOptions) => {
    const { classNames, y } = parseCsv(`x,c\n${labels.map((label) => `1,${label}\n`).join('')}`, options);
    return [classNames, Array.from(y)];
  };

  it.each<[string[], string[], number[]]>([
    [
      ['b', 'a', 'b'],
      ['a', 'b'],
      [1, 0, 1],
    ],
    [
      ['0', '1', '0'],
      ['0', '1'],
      [0, 1, 0],
    ],
    [
      ['-1', '1'],
      ['-1', '1'],
      [0, 1],
    ],
    [
      ['10', '9', '9.0', '1e1'],
      ['9', '10'],
      [1, 0, 0, 1],
    ],
    [
      ['1', 'a', '1.0', '0.5'],
      ['0.5', '1', '1.0', 'a'],
      [1, 3, 2, 0],
    ],
    [
      ['b', 'B', 'Ä'],
      ['B', 'b', 'Ä'],
      [1, 0, 2],
    ],
    [['only', 'only'], ['only'], [0, 0]],
  ])('%j are named %j', (labels, names, y) => {
    expect(classesOf(labels)).toEqual([names, y]);
  });

  it('do not depend on the order of rows', () => {
    expect(classesOf(['b', 'c', 'a'])[0]).toEqual(classesOf(['a', 'b', 'c'])[0]);
  });

  it('keep the indices of classNames, even of classes that do not occur', () => {
    expect(classesOf(['c', 'a'], { classNames: ['c', 'b', 'a'] })).toEqual([
      ['c', 'b', 'a'],
      [0, 2],
    ]);
    expect(classesOf(['2', '1.0'], { classNames: ['3', '2', '1'] })[1]).toEqual([1, 2]);
    expect(classesOf(['NA', '0.5'], { classNames: ['NA', '0.5'] })[1]).toEqual([0, 1]);
  });
});

describe('labels of more digits than a double has', () => {
  const labelsOf = (...labels: string[]) => {
    const { classNames, y } = parseCsv(`x,c\n${labels.map((label) => `1,${label}\n`).join('')}`);
    return [classNames, Array.from(y)];
  };

  it('are classes of their own, sorted as numbers', () => {
    expect(parseCsv('a,y\n1,208310224003697457\n2,208310224003697458\n').y).toEqual(Int32Array.of(0, 1));
    expect(labelsOf('208310224003697458', '9', '208310224003697457', '-208310224003697457')).toEqual([
      ['-208310224003697457', '9', '208310224003697457', '208310224003697458'],
      [3, 1, 2, 0],
    ]);
    expect(labelsOf('9007199254740993.0', '9007199254740992', '+09007199254740993', '9007199254740993e0')).toEqual([
      ['9007199254740992', '9007199254740993'],
      [1, 0, 1, 1],
    ]);
    expect(labelsOf('1e300', '1e299', `1${'0'.repeat(300)}`)[1]).toEqual([1, 0, 1]);
  });

  it('are found again among given classNames', () => {
    const classNames = ['208310224003697458', '208310224003697457'];
    expect(parseCsv('a,y\n1,208310224003697457\n', { classNames }).y).toEqual(Int32Array.of(1));
    expect(errorOf('a,y\n1,208310224003697459\n', { classNames })).toContain('one of the given classNames at line 2');
  });

  it('are zero in every spelling', () => {
    expect(labelsOf('0', '-0', '0.00', '.0', '0e5', '0e999999999', '-0E-999999999')).toEqual([
      ['0'],
      [0, 0, 0, 0, 0, 0, 0],
    ]);
  });

  it('beyond the largest double are names like others', () => {
    expect(labelsOf('1e400', '2')).toEqual([
      ['1e400', '2'],
      [0, 1],
    ]);
  });
});

describe('numbers to predict', () => {
  it('are read as they are written', () => {
    const { x, y, ...names } = parseCsv('price,area\n210.5,60\n-3e2,90\n', { target: 'price', targets: 'values' });
    expect(x).toEqual({ data: Float64Array.of(60, 90), shape: [2, 1] });
    expect(y).toEqual(Float64Array.of(210.5, -300));
    expect(names).toEqual({ featureNames: ['area'] });
    const classes: Int32Array = parseCsv('a,c\n1,2\n', { targets: 'classes' }).y;
    expect(classes).toEqual(Int32Array.of(0));
  });

  it.each([
    ['', 'a finite decimal number at line 2, column 2 (\'c\'). Got "" instead. Remove rows with missing values'],
    ['NaN', 'missing values'],
    ['red', 'Got "red" instead. Read names of classes with targets: \'classes\'.'],
    ['1e999', 'a finite decimal number'],
  ])('are not %j', (field, message) => {
    expect(errorOf(`a,c\n1,${field}\n`, { targets: 'values' })).toContain(message);
  });
});

it.each([
  ['a feature', (field: string) => `a,c\n${field},x\n`],
  ['a class', (field: string) => `a,c\n?,${field}\n`],
])('a long field that is %s is read in time linear in its length', (_, text) => {
  const seconds = (length: number) => {
    const start = performance.now();
    for (const field of [
      `${'1'.repeat(length)}x`,
      `${'0'.repeat(length)}1`,
      `0.${'0'.repeat(length)}x`,
      `1e${'1'.repeat(length)}x`,
    ]) {
      errorOf(text(field));
    }
    return performance.now() - start;
  };
  expect(seconds(100_000)).toBeLessThan(1000);
});

describe('parseCsv refuses', () => {
  it.each<[string, string, string]>([
    ['an empty text', '', 'at least one row'],
    ['blank lines alone', '\n \r\n', 'at least one row'],
    ['a byte order mark alone', '\uFEFF', 'at least one row'],
    ['a header alone', 'a,b\n', 'at least one row after its header'],
    ['one column', 'a\n1\n', "Give the delimiter when it is not ','."],
    [
      'a missing number',
      'a,b,c\n1,2,x\n3,,y\n',
      'number at line 3, column 2 (\'b\'). Got "" instead. Remove rows with',
    ],
    ['NA', 'a,b,c\n1,NA,x\n', 'at line 2, column 2 (\'b\'). Got "NA" instead. Remove rows with missing values'],
    ['NaN', 'a,c\nNaN,x\n', 'missing values'],
    ['a question mark', 'a,c\n?,x\n', 'missing values'],
    ['a word', 'a,b,c\n1,2,x\n3,red,y\n', 'at line 3, column 2 (\'b\'). Got "red" instead. Replace categories'],
    ['infinity', 'a,c\nInfinity,x\n', "line 2, column 1 ('a')"],
    ['a number too large', 'a,c\n1e999,x\n', 'finite decimal number'],
    ['a hexadecimal number', 'a,c\n0x10,x\n', '"0x10"'],
    ['a decimal comma', 'a;c\n1,5;x\n', 'CSV'],
    ['a thousands separator', 'a,c\n"1,000",x\n', '"1,000"'],
    ['a missing class', 'a,c\n1,x\n2,\n', 'must be CSV with a class at line 3, column 2 (\'c\'). Got "" instead.'],
    ['a class NaN among numbers', 'a,c\n1,0\n2,nan\n', "line 3, column 2 ('c')"],
    [
      'a real target',
      'a,c\n1,0\n2,2.5\n',
      "a class (a name or a whole number) at line 3, column 2 ('c'). Got \"2.5\" instead. Give targets: 'values' to predict",
    ],
    [
      'a real target that a double rounds to a whole number',
      'a,c\n1,0\n2,9007199254740993.5\n',
      "line 3, column 2 ('c')",
    ],
    ['a row too short', 'a,b,c\n1,2,x\n3,y\n', '3 fields at line 3, as at line 1. Got 2 instead.'],
    ['a row too long', 'a,b,c\n\n1,2,x,\n', '3 fields at line 3, as at line 1. Got 4 instead.'],
    ['a quote that stays open', 'a,c\n1,x\n2,"y\n3,z\n', 'starts at line 3 opens a quoted field that never ends'],
    ['text after a quote', 'a,c\n1,"x"y\n', 'starts at line 2 has text after the closing quote'],
    ['text after a quote and a space', 'a,b,c\n1,2,"x" y\n', 'starts at line 2 has text after the closing quote'],
    ['text after a quote of two lines', 'a,c\n1,"x\ny" z\n2,q\n', 'starts at line 2 has text after the closing quote'],
    ['a quote inside a field', 'a,c\n1,x"y\n', 'starts at line 2 has a quote inside a field'],
    ['a bad value after line ends in quotes', 'a,c\r\n1,"x\r\ny"\r\n\r\n?,z\r\n', "line 5, column 1 ('a')"],
    ['a bad value in a row of several lines', 'c,a\nx,1\n"two\nlines",?\n', "line 3, column 2 ('a')"],
  ])('%s', (_, text, message) => {
    expect(errorOf(text, text.startsWith('c') ? { target: 'c' } : {})).toContain(message);
  });

  it.each<[string, unknown, string]>([
    ['an unknown target', { target: 'specie' }, `Got "specie" instead. Did you mean 'species'?`],
    ['a target out of range', { target: 3 }, 'an integer in the range [-3, 2]. Got 3 instead.'],
    ['a target out of range', { target: -4 }, '[-3, 2]'],
    ['a broken index', { target: 1.5 }, "'target'"],
    ['no target', { target: null }, "'target'"],
    ['a name without header', { header: false, target: 'species' }, 'an index when header is false'],
    ['a delimiter of two characters', { delimiter: '::' }, "'delimiter'"],
    ['a quote as delimiter', { delimiter: '"' }, "'delimiter'"],
    ['a header that is no boolean', { header: 0 }, "'header'"],
    ['an unknown option', { targt: 1 }, "Did you mean 'target'?"],
    ['no class names', { classNames: [] }, "'classNames'"],
    ['class names that are none', { classNames: ['a', 1] }, "'classNames[1]' parameter of parseCsv must be a text"],
    ['a class without a name', { classNames: ['a', ''] }, 'a text that is not empty. Got "" instead.'],
    ['class names of numbers', { targets: 'values', classNames: ['1'] }, "left out with targets 'values'"],
    [
      'another kind of targets',
      { targets: 'class' },
      "one of 'classes', 'values'. Got \"class\" instead. Did you mean 'classes'?",
    ],
    ['equal class names', { classNames: ['1', '1.0'] }, 'different names. Got "1" instead.'],
    [
      'a class that is not given',
      { classNames: ['setosa'] },
      "one of the given classNames at line 3, column 3 ('species')",
    ],
  ])('%s', (_, options, message) => {
    expect(errorOf(flowers, options)).toContain(message);
  });

  it('a target name that two columns have', () => {
    expect(errorOf('a,c,c\n1,2,x\n', { target: 'c' })).toContain('the name of one column, not of several');
  });

  it('what is no text', () => {
    expect(errorOf(new Uint8Array(3))).toContain('Got Uint8Array(3) instead. Decode bytes with TextDecoder first.');
  });

  it('places without names when there is no header', () => {
    expect(errorOf('1,a\nx,b\n', { header: false })).toContain('at line 2, column 1. Got "x"');
  });
});

describe('what is written comes back', () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  const word = fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => `w${text.replaceAll('\r', '')}`);
  const table = fc
    .record({ columns: fc.integer({ min: 1, max: 5 }), rows: fc.integer({ min: 1, max: 8 }) })
    .chain(({ columns, rows }) =>
      fc.record({
        names: fc.uniqueArray(word, { minLength: columns + 1, maxLength: columns + 1 }),
        values: fc.array(fc.array(finite, { minLength: columns, maxLength: columns }), {
          minLength: rows,
          maxLength: rows,
        }),
        labels: fc.array(word, { minLength: rows, maxLength: rows }),
        at: fc.integer({ min: 0, max: columns }),
        delimiter: fc.constantFrom(',', ';', '\t', '|'),
        lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
        mark: fc.constantFrom('', '\uFEFF'),
      }),
    );

  it('values, names and classes', () => {
    fc.assert(
      fc.property(table, ({ names, values, labels, at, delimiter, lineEnd, mark }) => {
        const quote = (field: string | number) =>
          typeof field === 'number' ? String(field) : `"${field.replaceAll('"', '""')}"`;
        const rows = [names, ...values.map((row, i) => [...row.slice(0, at), labels[i], ...row.slice(at)])];
        const text = mark + rows.map((row) => row.map(quote).join(delimiter) + lineEnd).join('');
        const { x, y, featureNames, classNames } = parseCsv(text, { delimiter, target: names[at] });
        expect(Array.from(x.data)).toEqual(values.flat().map((value) => (Object.is(value, -0) ? 0 : value)));
        expect(x.shape).toEqual([values.length, values[0].length]);
        expect(featureNames).toEqual(names.filter((_, i) => i !== at));
        expect(Array.from(y, (index) => classNames[index])).toEqual(labels);
        expect(classNames).toEqual([...new Set(labels)].sort());
      }),
    );
  });
});
