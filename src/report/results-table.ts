// The results table of the report, one row a variant.
import type { Results, VariantSpec } from '../experiment/index.ts';
import { escapeHtml } from './escape.ts';
import { groupRuns, mean, percent, type Run } from './runs.ts';
import { interval } from './verdict.ts';

/** The table as HTML. Several seeds give means, intervals and ranges. */
export function resultsTable(results: Results): string {
  const runs = groupRuns(results);
  const manySeeds = runs.some(({ trials }) => trials.length > 1);
  const header = [
    'Variant',
    'Setting',
    'Test accuracy',
    ...(manySeeds ? ['95% interval', 'Seeds'] : []),
    'Train accuracy',
    'Gap',
    'Test loss',
    'Epochs',
    'Best epoch',
  ];
  const rows = runs.map((run) => row(run, results, manySeeds));
  return `<table>
<thead><tr>${header.map((text) => `<th scope="col">${text}</th>`).join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>`;
}

function row({ variant, trials }: Run, { spec, summary, best }: Results, manySeeds: boolean): string {
  const { testAccuracy } = summary.find((entry) => entry.variant === variant)!;
  const train = mean(trials.map((trial) => trial.train.accuracy));
  const cells = [
    percent(testAccuracy.mean),
    ...(manySeeds ? [testAccuracy.ci95 ? interval(testAccuracy.ci95) : 'none', String(testAccuracy.n)] : []),
    percent(train),
    signed((train - testAccuracy.mean) * 100),
    mean(trials.map((trial) => trial.test.loss)).toFixed(4),
    range(trials.map(({ epochs }) => epochs)),
    range(trials.map(({ bestEpoch }) => bestEpoch)),
  ];
  const isBest = variant === best;
  const setting = settings(spec.variants.find(({ label }) => label === variant)!) || 'none';
  return (
    `<tr${isBest ? ' class="best"' : ''}><th scope="row">${escapeHtml(variant)}${isBest ? ' <small>best</small>' : ''}</th>` +
    `<td class="text">${escapeHtml(setting)}</td>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`
  );
}

/** What a variant changes: `l1 0.001`, `earlyStopping patience 10`. */
function settings({ network, training }: VariantSpec): string {
  return describe({ ...network, ...training });
}

/** `{ a: 1, b: { c: 2 } }` as `a 1, b c 2`. */
export function describe(value: object): string {
  return Object.entries(value)
    .map(([key, entry]) =>
      typeof entry === 'object' && entry !== null && !Array.isArray(entry)
        ? `${key} ${describe(entry)}`
        : `${key} ${typeof entry === 'string' ? entry : JSON.stringify(entry).replaceAll(',', ', ')}`,
    )
    .join(', ');
}

const signed = (points: number): string => `${points < 0 ? '−' : '+'}${Math.abs(points).toFixed(2)}`;

function range(values: number[]): string {
  const low = Math.min(...values);
  const high = Math.max(...values);
  return low === high ? String(low) : `${low}–${high}`;
}
