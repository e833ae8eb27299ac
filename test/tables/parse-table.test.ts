// Reading tables: types, missing values, formats, hostile names.
import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/errors/index.ts';
import { describeTable, parseTable } from '../../src/tables/index.ts';

const column = (table: ReturnType<typeof parseTable>, name: string) => {
  const found = table.columns.find((own) => own.name === name);
  return [found?.type, Array.from<unknown>(found?.values ?? [])];
};

describe('parseTable', () => {
  it('infers types from all values', () => {
    const table = parseTable(
      'n,b,d,c,id\n1.5,true,2020-01-01,x,9007199254740993\n-2e3,FALSE,1970-01-02T12:00,y,1\n.5,True,1969-12-31,3,2\n',
    );
    expect(column(table, 'n')).toEqual(['number', [1.5, -2000, 0.5]]);
    expect(column(table, 'b')).toEqual(['boolean', [1, 0, 1]]);
    expect(column(table, 'd')).toEqual(['date', [18262, 1.5, -1]]);
    expect(column(table, 'c')).toEqual(['category', ['x', 'y', '3']]);
    expect(column(table, 'id')).toEqual(['category', ['9007199254740993', '1', '2']]);
    expect(parseTable('d\n2021-02-29\n').columns[0].type).toBe('category');
    expect(table.shape).toEqual([3, 5]);
  });

  it("takes pandas' spellings of missing values, and others where they are given", () => {
    const spellings = [
      '',
      '#N/A',
      '-1.#IND',
      '-NaN',
      '<NA>',
      'N/A',
      'NA',
      'NULL',
      'NaN',
      'None',
      'n/a',
      'nan',
      'null',
      '?',
    ];
    const table = parseTable(`a,b\n${spellings.map((text) => `${text},x`).join('\n')}\n7,\n`);
    expect(column(table, 'a')).toEqual(['number', [...spellings.map(() => Number.NaN), 7]]);
    expect(column(table, 'b')[1]).toContain(null);
    expect(column(parseTable('a,b\nNA,-99\nx,1\n', { missingValues: ['-99'] }), 'a')[1]).toEqual(['NA', 'x']);
    expect(column(parseTable('a,b\nNA,-99\nx,1\n', { missingValues: ['-99'] }), 'b')[1]).toEqual([Number.NaN, 1]);
    // However the value is written.
    const rows = [
      { a: -99, b: true, c: -99n },
      { a: 1, b: false, c: 1n },
    ];
    const values = parseTable(rows as never, { missingValues: ['-99', 'false'] }).columns.map((own) => [...own.values]);
    expect(values).toEqual([
      [Number.NaN, 1],
      [1, Number.NaN],
      [Number.NaN, 1],
    ]);
  });

  it('takes numbers that are names for names, and large quantities for quantities', () => {
    expect(column(parseTable([{ id: 2 ** 53 }]), 'id')).toEqual(['category', ['9007199254740992']]);
    expect(column(parseTable([{ mass: 1e300 }, { mass: 2 }]), 'mass')).toEqual(['number', [1e300, 2]]);
  });

  it('calls a column of many different texts text', () => {
    const rows = Array.from({ length: 30 }, (_, i) => ({ note: `note ${i}`, kind: `k${i % 15}` }));
    expect(parseTable(rows).columns.map(({ type }) => type)).toEqual(['text', 'category']);
    expect(parseTable(rows, { columns: { note: 'category' } }).columns[0].type).toBe('category');
  });

  it('reads TSV, semicolons, JSON, rows with holes and tables without a header', () => {
    expect(column(parseTable('a\tb\n1\t"x, y"\n'), 'b')).toEqual(['category', ['x, y']]);
    expect(column(parseTable('a;b\n1;2\n'), 'b')).toEqual(['number', [2]]);
    expect(column(parseTable('[{"a": 1}, {"b": "x", "a": null}]'), 'b')).toEqual(['category', [null, 'x']]);
    expect(
      column(
        parseTable([
          { a: 1, when: new Date(0) },
          { a: undefined, when: null },
        ]),
        'when',
      ),
    ).toEqual(['date', [0, Number.NaN]]);
    const [numbers, names, both] = parseTable('a;b;c\n1,5;x, y;1.234\n-,25e1;2,5;1,5\nNA;z;1\n').columns;
    expect([...numbers.values]).toEqual([1.5, -2.5, Number.NaN]);
    expect([names.values[1], both.values[0]]).toEqual(['2,5', '1.234']);
    expect(column(parseTable('a\tb\n1,5\t1\n'), 'a')).toEqual(['category', ['1,5']]);
    const lines = parseTable('{"a": 1, "b": "x\\n{"}\r\n{"a": null}\n');
    expect(lines.columns.map(({ values }) => [...values])).toEqual([
      [1, Number.NaN],
      ['x\n{', null],
    ]);
    expect(parseTable('1,2\n3,4\n', { header: false }).columns.map(({ name }) => name)).toEqual([
      'Column 1',
      'Column 2',
    ]);
  });

  it('takes any name of a column', () => {
    const table = parseTable('__proto__,constructor,toString\n1,2,x\n3,4,y\n');
    expect(table.columns.map(({ name }) => name)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(column(parseTable('[{"__proto__": 5, "a": 1}]'), '__proto__')).toEqual(['number', [5]]);
    expect(({} as { a?: number }).a).toBeUndefined();
    expect(parseTable('__proto__\n1\n', { columns: new Map([['__proto__', 'category']]) }).columns[0].type).toBe(
      'category',
    );
  });

  it('says what is wrong, and where', () => {
    const wrong: [() => unknown, string][] = [
      [() => parseTable('a,a\n1,2\n'), 'columns have different names'],
      [() => parseTable('a,b\n1\n'), 'fields at line 2'],
      [() => parseTable(''), 'at least one row'],
      [() => parseTable('[{'), 'begins as JSON, but it is none'],
      [() => parseTable('{"a": 1} {"a": 2}'), 'begins as JSON, but it is none'],
      [
        () => parseTable('a\nx\n', { columns: { a: 'number' } }),
        '\'a\' of parseTable must hold finite numbers. Got "x" in row 0 instead. Correct it, name it in',
      ],
      [() => parseTable('size\n1\n', { columns: { siz: 'number' } }), "which is no column. Did you mean 'size'?"],
      [() => parseTable('a\n1\n', { columns: { a: 'int' as never } }), "one of 'number'"],
      [() => parseTable('a\n1\n', { delimeter: ';' } as never), "Unknown option 'delimeter'"],
      [() => parseTable(7 as never), 'CSV, JSON, or an array of objects'],
      [() => parseTable([7] as never), "'rows[0]'"],
      [() => parseTable([new Map([['a', 1]])] as never), "'rows[0]' parameter of parseTable must be an object"],
    ];
    for (const [run, message] of wrong) {
      expect(run).toThrow(ParameterError);
      expect(run).toThrow(message);
    }
  });
});

it('describeTable prints a line for each column', () => {
  expect(describeTable(parseTable('city,rooms,sold\nOslo,3,true\nRome,NA,false\n'))).toBe(
    [
      'column  type      missing  different  values',
      'city    category  0        2          Oslo, Rome',
      'rooms   number    1        1          3',
      'sold    boolean   0        2          true, false',
    ].join('\n'),
  );
});
