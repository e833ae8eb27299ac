// The values of scikit-learn, of every transformer and every option, with missing values, constants, ties and single rows.
import { describe, expect, it } from 'vitest';
import { isTable, type Matrix, type Table } from '../../src/data/index.ts';
import { ParameterError } from '../../src/errors/index.ts';
import {
  type AnyTransformer,
  ColumnTransformer,
  OneHotEncoder,
  OrdinalEncoder,
  Pipeline,
  SimpleImputer,
  StandardScaler,
  transformerFromJson,
  transformers,
} from '../../src/preprocessing/index.ts';
import golden from '../golden/sklearn/transformers.json' with { type: 'json' };
import { isClose } from '../reference/close.ts';

type Cells = (number | string | null)[][];

const matrix = (rows: Cells): Matrix => ({
  data: Float64Array.from(rows.flat(), (value) => (value === null ? Number.NaN : (value as number))),
  shape: [rows.length, rows[0].length],
});

/** Rows of cells, null for what is missing. */
function cells(result: Matrix | Table): Cells {
  const cell = (value: unknown) => (Number.isNaN(value) ? null : value) as string | number | null;
  if (isTable(result)) {
    return Array.from({ length: result.shape[0] }, (_, i) => result.columns.map(({ values }) => cell(values[i])));
  }
  const [rows, columns] = result.shape;
  return Array.from({ length: rows }, (_, i) => Array.from(result.data.subarray(i * columns, (i + 1) * columns), cell));
}

function expectCells(actual: Matrix | Table, expected: Cells, tolerance = { rtol: 1e-11, atol: 1e-12 }): void {
  const found = cells(actual);
  expect(found.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  found.flat().forEach((value, i) => {
    const wanted = expected.flat()[i];
    // A column that holds a text holds texts only.
    const same =
      typeof value !== 'object' && typeof wanted === 'number'
        ? isClose(Number(value), wanted, tolerance)
        : value === wanted;
    if (!same) expect.fail(`cell ${i}: ${value} is not ${wanted}`);
  });
}

const again = (transformer: { toJSON(): unknown }) => transformerFromJson(JSON.parse(JSON.stringify(transformer)));

describe.each(Object.entries(golden.numeric))('%s', (type, cases) => {
  const Made = transformers.find(({ definition }) => definition.type === type) as AnyTransformer;
  it.each(cases.map((entry, i) => [i, JSON.stringify(entry.options), entry] as const))(
    'case %i: %s',
    (_, __, entry) => {
      // The power is where a likelihood is greatest, which rounding blurs.
      const tolerance = type === 'PowerTransformer' ? { rtol: 1e-5, atol: 1e-6 } : { rtol: 1e-10, atol: 1e-11 };
      const made = new Made(entry.options);
      const train = made.fitTransform(matrix(entry.x)) as Matrix;
      expectCells(train, entry.train, tolerance);
      expectCells(
        made.inverseTransform(train),
        entry.back,
        type === 'PowerTransformer' ? tolerance : { rtol: 1e-8, atol: 1e-8 },
      );
      for (const fitted of [made, again(made)])
        expectCells(fitted.transform(matrix(entry.other)), entry.otherTransformed, tolerance);
      expect(made.getFeatureNamesOut()).toEqual(entry.x[0].map((_, j) => `x${j}`));
    },
  );
});

it.each(golden.imputers.map((entry, i) => [i, JSON.stringify(entry.options), entry] as const))(
  'SimpleImputer, case %i: %s',
  (_, __, entry) => {
    const numeric = (entry.x as Cells).flat().every((value) => typeof value !== 'string');
    const data = (rows: unknown) => (numeric ? matrix(rows as Cells) : (rows as Cells));
    const made = new SimpleImputer(entry.options as object);
    expectCells(made.fitTransform(data(entry.x)), entry.train as Cells);
    for (const fitted of [made, again(made)])
      expectCells(fitted.transform(data(entry.other)), entry.otherTransformed as Cells);
    expect(made.getFeatureNamesOut()).toEqual(entry.names);
  },
);

describe.each([
  ['OneHotEncoder', OneHotEncoder, golden.encoders.OneHotEncoder],
  ['OrdinalEncoder', OrdinalEncoder, golden.encoders.OrdinalEncoder],
] as const)('%s', (type, Made, cases) => {
  it.each(cases.map((entry, i) => [i, JSON.stringify(entry.options), entry] as const))(
    'case %i: %s',
    (_, __, entry) => {
      const made = new Made(entry.options as object);
      const train = made.fitTransform(entry.x as Cells);
      expectCells(train, entry.train as Cells);
      expectCells(made.inverseTransform(train), entry.back as Cells);
      for (const fitted of [made, again(made)])
        expectCells(fitted.transform(entry.other as Cells), entry.otherTransformed as Cells);
      if (type === 'OneHotEncoder')
        expect(made.getFeatureNamesOut().map((name) => name.replace(/\.0$/, ''))).toEqual(
          entry.names.map((name) => name.replace(/\.0$/, '')),
        );
      else expect(made.getFeatureNamesOut()).toEqual(entry.names);
    },
  );
});

it('ColumnTransformer and Pipeline', () => {
  const numbers = new Pipeline({
    steps: [
      ['fill', new SimpleImputer({ strategy: 'median', addIndicator: true })],
      ['scale', new StandardScaler()],
    ],
  });
  const texts = new Pipeline({
    steps: [
      ['fill', new SimpleImputer({ strategy: 'most_frequent' })],
      ['encode', new OneHotEncoder({ handleUnknown: 'ignore' })],
    ],
  });
  const { rows, train, other, otherTransformed, names } = golden.composed;
  const columns = new ColumnTransformer({
    transformers: [
      ['numbers', numbers, ['size']],
      ['texts', texts, { type: 'category' }],
    ],
    remainder: 'passthrough',
  });
  expectCells(columns.fitTransform(rows), train);
  // Columns are found by their names, in another order too.
  for (const fitted of [columns, again(columns)]) {
    expectCells(fitted.transform(other), otherTransformed);
    expect(fitted.getFeatureNamesOut()).toEqual(names);
  }
  expect(() => numbers.transform(rows)).toThrow(ParameterError);
  const unfitted = new ColumnTransformer({ transformers: [['all', 'passthrough', [0]]] });
  const message = 'ColumnTransformer.transform needs a fitted ColumnTransformer. Call fit or fitTransform first.';
  expect(() => unfitted.transform(rows)).toThrow(expect.objectContaining({ message, code: 'ERR_STATE' }));
});
