// How good fitTable's defaults are: `node bench/tables.mjs FOLDER [--effort default] [--table NAME] [--out FILE]`, with the CSV files of README.md in the folder.
// A line of JSON for each table, also into FILE, and then what they are beside test/golden/sklearn/tables.json; `--from FILE` compares the lines of FILE.
// Five outer folds: fold k tests the rows i with i % 5 == k, as test/golden/sklearn/make_tables.py does for scikit-learn.
import { appendFileSync, readFileSync } from 'node:fs';
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
  wine: 'target',
  breast_cancer: 'target',
  digits: 'target',
};
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    effort: { type: 'string', default: 'default' },
    table: { type: 'string' },
    out: { type: 'string' },
    from: { type: 'string' },
  },
});
const { effort, table: only, out, from } = values;
const results = from
  ? readFileSync(from, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  : [];

const part = ({ columns, shape }, isIn) => {
  const rows = Array.from({ length: shape[0] }, (_, i) => i).filter(isIn);
  const taken = columns.map((column) => ({
    ...column,
    values: column.values.constructor.from(rows, (i) => column.values[i]),
  }));
  return { columns: taken, shape: [rows.length, columns.length] };
};
const mean = (numbers) => numbers.reduce((a, b) => a + b) / numbers.length;

for (const [name, target] of from ? [] : Object.entries(targets)) {
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
  const lists = Object.fromEntries(Object.keys(folds[0]).map((key) => [key, folds.map((fold) => fold[key])]));
  results.push({ name, effort, ...lists });
  const line = JSON.stringify(results.at(-1));
  console.log(line);
  if (out) appendFileSync(out, `${line}\n`);
}
compare(results, JSON.parse(readFileSync(new URL('../test/golden/sklearn/tables.json', import.meta.url), 'utf8')));

/** Prints, for each table, the loss of every learner and the paired differences to XGBoost, then ranks among seven: the bagged XGBoost is none of them. */
function compare(results, others) {
  /** The 97.5 % quantile of Student's t with 4 degrees of freedom, for five folds. */
  const t = 2.776;
  const ranks = { loss: [], accuracy: [] };
  const wins = { XGBoost: 0, 'XGBoost, bagged': 0 };
  const rank = (own, list, sign) => 1 + list.filter((value) => sign * value < sign * own).length;
  const known = results.filter(({ name }) => others[name]);
  for (const { name, ...own } of known) {
    const metric = own.rmse ? 'rmse' : 'logLoss';
    const seven = Object.entries(others[name]).filter(([title]) => title !== 'XGBoost, bagged');
    const meansOf = (metric) => seven.map(([, scores]) => mean(scores[metric]));
    ranks.loss.push(rank(mean(own[metric]), meansOf(metric), 1));
    if (own.accuracy) ranks.accuracy.push(rank(mean(own.accuracy), meansOf('accuracy'), -1));
    const losses = Object.entries(others[name]).map(
      ([title, scores]) => `${title} ${mean(scores[metric]).toPrecision(4)}`,
    );
    console.log(
      `${name} ${metric}: fitTable ${mean(own[metric]).toPrecision(4)}, rank ${ranks.loss.at(-1)}; ${losses.join(', ')}`,
    );
    for (const title of Object.keys(wins)) {
      const differences = own[metric].map((value, k) => value - others[name][title][metric][k]);
      const center = mean(differences);
      const sd = Math.sqrt(differences.reduce((sum, d) => sum + (d - center) ** 2, 0) / (differences.length - 1));
      const half = (t * sd) / Math.sqrt(differences.length);
      if (center < 0) wins[title]++;
      console.log(`  less than ${title} by ${(-center).toPrecision(3)} ± ${half.toPrecision(2)}`);
    }
  }
  if (known.length === 0) return;
  const [loss, accuracy] = Object.values(ranks).map((list) => (list.length > 0 ? mean(list).toFixed(2) : '–'));
  console.log(`mean rank among seven: ${loss} by loss, ${accuracy} by accuracy, on ${known.length} tables`);
  for (const [title, count] of Object.entries(wins))
    console.log(`less loss than ${title}: ${count} of ${known.length}`);
}
