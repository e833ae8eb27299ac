// Runs the tours of regularization and the methods of predicting, and keeps what the pages in docs/methods show of them: `npm run build && node
// scripts/methods.mjs`, then `npx vitest run test/methods -u`, which writes the pages and their figures.
import { writeFileSync } from 'node:fs';
import { expand, prepareData, presets, runExperiment, summarize } from 'regulus/experiment';
import { predicting } from './predicting.mjs';

/** Three digits, which is more than a figure shows. */
const short = (value) => Number(value.toPrecision(3));
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
/** The means of lists, place by place, up to the end of the shortest. */
const meanList = (lists) =>
  Array.from({ length: Math.min(...lists.map(({ length }) => length)) }, (_, i) => short(mean(lists.map((l) => l[i]))));

/** What the methods of predicting make of the networks of `spec`: by method, one result for each seed. */
async function predicted(spec) {
  const data = prepareData(spec);
  const found = {};
  for (const [method, { on, run }] of Object.entries(predicting)) {
    found[method] = [];
    for (const trial of expand(spec).filter(({ variant }) => variant === on))
      found[method].push(await run(trial, data));
  }
  return found;
}

const tours = {};
for (const name of ['regularization-tour', 'regularization-tour-plenty']) {
  const spec = presets[name];
  const { results } = await runExperiment(spec);
  const found = await predicted(spec);
  // Methods of predicting have the trials of the networks that they begin with, with other losses.
  const trials = Object.entries(found).flatMap(([variant, own]) =>
    results.trials
      .filter((trial) => trial.variant === predicting[variant].on)
      .map(({ train, test, ...trial }, k) => ({
        ...trial,
        variant,
        train: { ...train, logLoss: own[k].train },
        test: { ...test, logLoss: own[k].test },
      })),
  );
  const variants = [...spec.variants, ...Object.keys(found).map((label) => ({ label }))];
  const { summary, comparisons, ...all } = summarize({ ...spec, variants }, results.engine, [
    ...results.trials,
    ...trials,
  ]);
  tours[name] = summary.map(({ variant, testLogLoss, trainLogLoss }) => {
    const own = all.trials.filter((trial) => trial.variant === variant);
    const comparison = comparisons.find((each) => each.variant === variant);
    // Up to the epoch at which the first of the seeds ended.
    const curve = (series) => meanList(own.map(({ history }) => history[series]));
    const lists = (key) => meanList(found[variant].map((each) => each[key]));
    return {
      variant,
      train: short(trainLogLoss.mean),
      test: short(testLogLoss.mean),
      ...(comparison && { difference: short(comparison.difference.mean), verdict: comparison.verdict }),
      nearZero: short(mean(own.map(({ sparsity }) => sparsity.nearZero))),
      ...(found[variant]
        ? { shown: { x: lists('x'), with: lists('with'), without: lists('without') } }
        : { curves: { train: curve('trainLogLoss'), validation: curve('valLogLoss') } }),
    };
  });
}
writeFileSync(new URL('../docs/methods/tours.json', import.meta.url), `${JSON.stringify(tours)}\n`);
