// How good fitTable's defaults are: `node bench/tables.mjs FOLDER [--effort default] [--table NAME]`, with the CSV files of README.md in the folder.
// Five outer folds: fold k tests the rows i with i % 5 == k, as test/golden/sklearn/make_tables.py does for scikit-learn.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fitTable, parseTable } from 'regulus/tables';

const targets = {
  penguins: 'species',
  sonar: 'Class',
  vehicle: 'Class',
  credit: 'Status',
  spam: 'type',
  satellite: 'classes',
  concrete: 'compressive_strength',
  ames: 'Sale_Price',
};
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { effort: { type: 'string', default: 'default' }, table: { type: 'string' } },
});
const { effort, table: only } = values;

const part = ({ columns, shape }, isIn) => {
  const rows = Array.from({ length: shape[0] }, (_, i) => i).filter(isIn);
  const taken = columns.map((column) => ({
    ...column,
    values: column.values.constructor.from(rows, (i) => column.values[i]),
  }));
  return { columns: taken, shape: [rows.length, columns.length] };
};
const mean = (numbers) => numbers.reduce((a, b) => a + b) / numbers.length;

for (const [name, target] of Object.entries(targets)) {
  if (only && only !== name) continue;
  const read = parseTable(readFileSync(join(positionals[0], `${name}.csv`), 'utf8'));
  const known = read.columns.find((column) => column.name === target).values;
  const table = part(read, (i) => known[i] !== null && !Number.isNaN(known[i]));
  const folds = [];
  for (let k = 0; k < 5; k++) {
    const start = performance.now();
    const predictor = await fitTable(
      part(table, (i) => i % 5 !== k),
      { target, effort },
    );
    const seconds = (performance.now() - start) / 1000;
    const test = part(table, (i) => i % 5 === k);
    if (predictor.classes) {
      const { accuracy, dataLoss } = predictor.evaluate(test);
      folds.push({ accuracy, logLoss: dataLoss, seconds });
    } else {
      const y = test.columns.find((column) => column.name === target).values;
      const squares = predictor.predict(test).map((value, i) => (value - y[i]) ** 2);
      folds.push({ rmse: Math.sqrt(mean(squares)), seconds });
    }
    predictor.dispose();
  }
  const scores = Object.keys(folds[0]).map((key) => [key, Number(mean(folds.map((fold) => fold[key])).toPrecision(4))]);
  console.log(JSON.stringify({ name, effort, ...Object.fromEntries(scores) }));
}
