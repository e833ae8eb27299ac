// Runs the tours of regularization and keeps what the pages in docs/methods show of them: `npm run build && node scripts/methods.mjs`, then
// `npx vitest run test/methods -u`, which writes the pages and their figures.
import { writeFileSync } from 'node:fs';
import { presets, runExperiment } from 'regulus/experiment';

/** Three digits, which is more than a figure shows. */
const short = (value) => Number(value.toPrecision(3));
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

const tours = {};
for (const name of ['regularization-tour', 'regularization-tour-plenty']) {
  const { results } = await runExperiment(presets[name]);
  tours[name] = results.summary.map(({ variant, testCrossEntropy, trainCrossEntropy }) => {
    const trials = results.trials.filter((trial) => trial.variant === variant);
    const epochs = Math.min(...trials.map((trial) => trial.epochs));
    // The mean over the seeds, up to the epoch at which the first of them ended.
    const curve = (series) =>
      Array.from({ length: epochs }, (_, i) => short(mean(trials.map(({ history }) => history[series][i]))));
    const comparison = results.comparisons.find((each) => each.variant === variant);
    return {
      variant,
      train: short(trainCrossEntropy.mean),
      test: short(testCrossEntropy.mean),
      ...(comparison && { difference: short(comparison.difference.mean), verdict: comparison.verdict }),
      nearZero: short(mean(trials.map(({ sparsity }) => sparsity.nearZero))),
      curves: { train: curve('trainCrossEntropy'), validation: curve('valCrossEntropy') },
    };
  });
}
writeFileSync(new URL('../docs/methods/tours.json', import.meta.url), `${JSON.stringify(tours)}\n`);
