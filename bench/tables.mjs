// How good fitTable's defaults are: `node bench/tables.mjs FOLDER [--effort default] [--table NAME] [--out FILE]`, with the CSV files of README.md in the folder.
// A line of JSON for each table, also into FILE, and then what they are beside test/golden/sklearn/tables.json; `--from FILE` compares the lines of FILE.
import { appendFileSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fitTable } from 'regulus/tables';
import { mean, paired, publicTables, scores } from './public-tables.mjs';

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

for (const { name, target, fold } of from ? [] : publicTables(positionals[0], only && [only])) {
  const folds = [];
  for (let k = 0; k < 5; k++) {
    const { train, test } = fold(k);
    const start = performance.now();
    const predictor = await fitTable(train, { target, effort });
    folds.push({ seconds: (performance.now() - start) / 1000, ...scores(predictor, test, target) });
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
      const { center, half } = paired(differences);
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
