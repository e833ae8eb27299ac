// The public tables that fitTable is measured on, in five outer folds: fold k tests the rows i with i % 5 == k, as test/golden/sklearn/make_tables.py
// does for scikit-learn.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTable } from 'regulus/tables';

const targets = {
  penguins: 'species',
  sonar: 'Class',
  vehicle: 'Class',
  credit: 'Status',
  spam: 'type',
  satellite: 'classes',
  concrete: 'compressive_strength',
  ames: 'Sale_Price',
  wine: 'target',
  breast_cancer: 'target',
  digits: 'target',
};

const part = ({ columns, shape }, isIn) => {
  const rows = Array.from({ length: shape[0] }, (_, i) => i).filter(isIn);
  const taken = columns.map((column) => ({
    ...column,
    values: column.values.constructor.from(rows, (i) => column.values[i]),
  }));
  return { columns: taken, shape: [rows.length, columns.length] };
};

export const mean = (numbers) => numbers.reduce((a, b) => a + b) / numbers.length;

/** The tables of a folder, those named in `only` or all: name, target, number of rows, and what a fold trains and tests. */
export function* publicTables(folder, only) {
  for (const [name, target] of Object.entries(targets)) {
    if (only && !only.includes(name)) continue;
    const read = parseTable(readFileSync(join(folder, `${name}.csv`), 'utf8'));
    const known = read.columns.find((column) => column.name === target).values;
    const table = part(read, (i) => known[i] !== null && !Number.isNaN(known[i]));
    const fold = (k) => ({ train: part(table, (i) => i % 5 !== k), test: part(table, (i) => i % 5 === k) });
    yield { name, target, rows: table.shape[0], fold };
  }
}

/** What a predictor is worth on the rows of `test`: accuracy and log loss, or the root mean squared error. */
export function scores(predictor, test, target) {
  if (predictor.classes) {
    const { accuracy, dataLoss } = predictor.evaluate(test);
    return { accuracy, logLoss: dataLoss };
  }
  const y = test.columns.find((column) => column.name === target).values;
  return { rmse: Math.sqrt(mean(predictor.predict(test).map((value, i) => (value - y[i]) ** 2))) };
}

/** The mean of paired differences and half its 95 % interval (Student's t). */
export function paired(differences) {
  /** The 97.5 % quantiles of Student's t, by degrees of freedom. */
  const t = [0, 12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];
  const n = differences.length;
  const center = mean(differences);
  const variance = differences.reduce((sum, d) => sum + (d - center) ** 2, 0) / (n - 1);
  return { center, half: t[n - 1] * Math.sqrt(variance / n) };
}
