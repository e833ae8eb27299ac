// The results table of the report, one row a variant.
import type { Results } from '../experiment/index.ts';
import { describe, describeNetwork, describePoint } from './describe.ts';
import { escapeHtml } from './escape.ts';
import { htmlTable } from './html-table.ts';
import { mean, percent, type Run, signedPoints } from './runs.ts';
import { interval } from './verdict.ts';

/** The table as HTML. Several seeds give means, intervals and ranges. */
export function resultsTable(runs: Run[], { spec, best }: Results): string {
  const manySeeds = runs.some(({ trials }) => trials.length > 1);
  const folds = runs.some(({ trials }) => trials.some(({ fold }) => fold));
  const sparse = runs.some(({ trials }) => trials.some(({ sparsity }) => sparsity));
  const header = [
    'Variant',
    'Setting',
    'Test accuracy',
    ...(manySeeds ? ['95% interval', folds ? 'Folds' : 'Seeds'] : []),
    'Train accuracy',
    'Gap',
    'Test loss',
    ...(sparse ? ['Weights near 0'] : []),
    'Epochs',
    'Best epoch',
  ];
  const rows = runs.map((run) => {
    const { variant, point, trials, summary } = run;
    const { testAccuracy } = summary;
    const train = mean(trials.map((trial) => trial.train.accuracy));
    const isBest = variant === best;
    return {
      isBest,
      cells: [
        escapeHtml(variant) + (isBest ? ' <small>best</small>' : ''),
        escapeHtml([settings(spec, variant), point ? describePoint(point) : ''].filter(Boolean).join(', ') || 'none'),
        percent(testAccuracy.mean),
        ...(manySeeds ? [testAccuracy.ci95 ? interval(testAccuracy.ci95) : 'none', String(testAccuracy.n)] : []),
        percent(train),
        signedPoints(train - testAccuracy.mean),
        mean(trials.map((trial) => trial.test.loss)).toFixed(4),
        ...(sparse ? [percent(mean(trials.flatMap(({ sparsity }) => (sparsity ? [sparsity.nearZero] : []))), 1)] : []),
        range(trials.map(({ epochs }) => epochs)),
        range(trials.map(({ bestEpoch }) => bestEpoch)),
      ],
    };
  });
  return htmlTable(header, rows);
}

/** What a variant changes: `l1 0.001`, `earlyStopping patience 10`. */
function settings({ variants }: Results['spec'], variant: string): string {
  const { network = {}, training = {} } = variants.find(({ label }) => label === variant)!;
  return [describeNetwork(network), describe(training)].filter(Boolean).join(', ');
}

function range(values: number[]): string {
  const low = Math.min(...values);
  const high = Math.max(...values);
  return low === high ? String(low) : `${low}–${high}`;
}
