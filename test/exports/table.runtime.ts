// Predictors of tables predict the same in onnxruntime as here, from raw rows with holes and categories that no one has seen.
import { expect, test } from 'vitest';
import { type AnyPredictor, exportOnnx } from '../../src/model/index.ts';
import { fitTable, parseTable } from '../../src/tables/index.ts';
import { newRows, predictorWith, preprocessings } from '../model/predictors.ts';
import { expectClose } from '../reference/close.ts';
import { type Runtime, runOnnxOnTable } from './runtimes.ts';

/** The rows as the columns of the predictor. */
const tableFor = ({ columns }: AnyPredictor, rows: readonly Record<string, unknown>[]) =>
  parseTable(rows, { columns: new Map(columns.map(({ name, type }) => [name, type])) });

async function expectSame(runtime: Runtime, predictor: AnyPredictor, rows: readonly Record<string, unknown>[]) {
  const { label, label_, probabilities, predictions } = await runOnnxOnTable(
    runtime,
    exportOnnx(predictor),
    tableFor(predictor, rows),
  );
  const expected = predictor.predict(rows);
  if (predictor.classNames) {
    expect(label).toBeUndefined(); // a column has this name
    expect(Array.from(label_)).toEqual(expected);
  }
  const [actual, values] = predictor.classNames
    ? [probabilities, predictor.predictProbabilities(rows).flatMap((row) => Object.values(row))]
    : [predictions, expected as number[]];
  const differences = values.map((value, i) => Math.abs(value - Number(actual[i])));
  expect(Math.max(...differences)).toBeLessThanOrEqual(2e-6);
}

test.each(Object.entries(preprocessings))('%s', async (_, [preprocessing, rows = newRows]) => {
  for (const runtime of ['node', 'web'] as const) {
    await expectSame(runtime, predictorWith(preprocessing), rows);
    await expectSame(runtime, predictorWith(preprocessing, true), rows);
  }
});

test('a column without a name is the input _', async () => {
  const rows = Array.from({ length: 40 }, (_, i) => ({ '': i % 7, b: (i * i) % 5, y: Math.sqrt(i) }));
  const predictor = await fitTable(rows, { target: 'y', effort: 'quick' });
  const table = parseTable(rows, { columns: { '': 'number', b: 'number' } }).columns.filter(({ name }) => name !== 'y');
  const columns = table.map((column) => ({ ...column, name: column.name || '_' }));
  const { predictions } = await runOnnxOnTable('node', exportOnnx(predictor), { columns, shape: [40, 2] });
  expectClose(Array.from(predictions, Number), predictor.predict(rows) as number[], { atol: 1e-5 });
});

test.each(['SmoothClipScaler', 'AsinhScaler'])('%s of numbers whose squares are none in float32', async (name) => {
  const far = { ...newRows[0], income: 3e37, balance: -1e25 };
  for (const isRegression of [false, true]) {
    await expectSame('node', predictorWith(preprocessings[name][0], isRegression), [far]);
  }
});

test.each(Object.entries(preprocessings).filter(([, [, rows]]) => rows))('%s', async (_, [preprocessing]) => {
  const predictor = predictorWith(preprocessing);
  for (const runtime of ['node', 'web'] as const) {
    await expect(runOnnxOnTable(runtime, exportOnnx(predictor), tableFor(predictor, newRows))).rejects.toThrow(
      /out of data bounds/,
    );
  }
});
