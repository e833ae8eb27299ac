// The tables of the report as HTML: results, comparisons with the baseline, and the points of a sweep.
import {
  type Comparison,
  type Estimate,
  type ExperimentSpec,
  isChosen,
  type VariantSummary,
} from '../experiment/index.ts';
import { average } from '../statistics/index.ts';
import {
  dropsUnits,
  hasFolds,
  hasManyTrials,
  isPenalized,
  leaders,
  lossesText,
  membersText,
  otherWords,
  type ReferenceRow,
  type ReportContext,
  type Run,
  referenceRows,
  stopsEarly,
  testOf,
  trainOf,
  validationOf,
} from './context.ts';
import { escapeHtml } from './escape.ts';
import { isShownBest } from './verdict.ts';
import { applicable, describe, describeNetwork, describePoint, type MetricWords, percent } from './words.ts';

/** A column of a table: its header, and the text of its cell in a row. */
export type Column<T> = readonly [header: string, cell: (row: T) => string];

/**
 * A table of plain text that scrolls sideways. The first column heads the rows, the second holds words, the others numbers;
 * `markOf` says what stands behind the first cell of rows that stand out.
 */
export function htmlTable<T>(
  label: string,
  columns: readonly Column<T>[],
  rows: readonly T[],
  markOf: (row: T) => string | false = () => false,
): string {
  const htmlRow = (row: T) => {
    const [first, second, ...others] = columns.map(([, cell]) => escapeHtml(cell(row)));
    const mark = markOf(row);
    const head = mark ? `${first} <small>${escapeHtml(mark)}</small>` : first;
    const numbers = others.map((cell) => `<td>${cell}</td>`).join('');
    return `<tr${mark ? ' class="marked"' : ''}><th scope="row">${head}</th><td class="text">${second}</td>${numbers}</tr>`;
  };
  return `<div class="wide" role="region" aria-label="${escapeHtml(label)}" tabindex="0">
<table>
<thead><tr>${columns.map(([header]) => `<th scope="col">${escapeHtml(header)}</th>`).join('')}</tr></thead>
<tbody>
${rows.map(htmlRow).join('\n')}
</tbody>
</table>
</div>`;
}

/** One row a variant, and how to read it. Several trials give means, intervals and ranges. */
export function resultsTable(context: ReportContext): string {
  const { runs, results, metric } = context;
  const many = hasManyTrials(runs);
  const leading = leaders(context);
  const lead = isShownBest(context) ? 'best' : leading.length > 1 ? 'tied' : `${metric.best}${many ? ' mean' : ''}`;
  const isSparse = runs.some(({ trials }) => trials.some(({ sparsity }) => sparsity));
  const own = ({ summary }: Run) => testOf(summary, metric.name);
  const columns: Column<Run>[] = [
    ['Variant', ({ variant }) => variant],
    ['Setting', (run) => settingText(results.spec, run)],
    [`Test ${metric.label}`, (run) => metric.value(own(run).mean)],
    ...(many
      ? ([
          ['95 % interval', (run) => intervalText(metric, own(run))],
          [unitOf(context), (run) => String(own(run).n)],
        ] satisfies Column<Run>[])
      : []),
    [`Train ${metric.label}`, ({ summary }) => metric.value(trainOf(summary, metric.name).mean)],
    ['Gap', ({ summary }) => metric.difference(summary.gap.mean)],
    ...otherWords(context).map((words): Column<Run> => {
      return [`Test ${words.label}`, ({ summary }) => words.value(testOf(summary, words.name).mean)];
    }),
    ...(isSparse ? [['Weights near 0', (run) => nearZeroText(run)] satisfies Column<Run>] : []),
    ['Epochs', ({ trials }) => rangeText(trials.map(({ epochs }) => epochs))],
    ['Best epoch', ({ trials }) => rangeText(trials.map(({ bestEpoch }) => bestEpoch))],
  ];
  const table = htmlTable('Results table', columns, runs, (run) => leading.includes(run) && runs.length > 1 && lead);
  const notes = applicable(
    `Gap is how much better the ${metric.label} is on the training part than on the test part${metric.isShare ? ', in percentage points' : ''}: a large gap is a sign of overfitting.`,
    `Train and test are measured after training${runs.some(dropsUnits) ? ', with dropout off' : ''}.`,
    `Best epoch is the one ${runs.some(stopsEarly) ? 'whose weights early stopping kept, otherwise the one ' : ''}with the lowest validation loss.`,
    membersText(runs),
    runs.some(isPenalized) && 'Losses are without the penalty on the weights.',
    lossesText(runs),
    isSparse && 'Weights near 0 are those of the first layer below 0.001 in magnitude.',
  );
  return `${table}\n<p class="note">${escapeHtml(notes.join('\n'))}</p>`;
}

/** What simple models reach on the same split, one row each; empty where the results have none. */
export function referenceTable(context: ReportContext): string {
  const { results, metric } = context;
  const references = referenceRows(results);
  if (references.length === 0) return '';
  const columns: Column<ReferenceRow>[] = [
    ['Model', ({ reference }) => reference],
    ['What it is', ({ reference }) => referenceWords[reference] ?? ''],
    [`Test ${metric.label}`, ({ test }) => metric.value(test[metric.name])],
    [`Train ${metric.label}`, ({ train }) => metric.value(train[metric.name])],
    ...otherWords(context).map(
      (words): Column<ReferenceRow> => [`Test ${words.label}`, ({ test }) => words.value(test[words.name])],
    ),
  ];
  return `<h3>Simple models on the same data</h3>
${htmlTable('Simple models', columns, references)}
<p class="note">They show what the networks are worth, and take no part in verdicts.</p>`;
}

const referenceWords: Readonly<Record<string, string>> = {
  'Class shares': 'the most frequent class, with the shares of all as probabilities',
  Mean: 'the mean of the training targets',
  Median: 'the median of the training targets',
  'Logistic regression': 'no hidden layers',
  'Linear regression': 'no hidden layers',
};

/** What a variant changes, and the point of a sweep: `l1 0.001`, `earlyStopping patience 10`. */
function settingText({ variants }: ExperimentSpec, { variant, point }: Run): string {
  const { network = {}, training = {} } = variants.find(({ label }) => label === variant)!;
  return applicable(describeNetwork(network), describe(training), describePoint(point ?? {})).join(', ') || 'none';
}

function nearZeroText({ trials }: Run): string {
  const shares = trials.flatMap(({ sparsity }) => sparsity?.nearZero ?? []);
  return shares.length > 0 ? percent(average(shares), 1) : 'none';
}

function rangeText(values: number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? String(low) : `${low}–${high}`;
}

const intervalText = (metric: MetricWords, { ci95 }: Estimate): string => (ci95 ? metric.interval(ci95) : 'none');

const unitOf = ({ runs }: ReportContext): string => (hasFolds(runs) ? 'Folds' : 'Seeds');

/** Differences to the baseline, one row a comparison; empty where nothing was tested. */
export function comparisonTable(context: ReportContext): string {
  const { results, metric } = context;
  const { comparisons, baseline } = results;
  if (comparisons.every(({ p }) => p === null)) return '';
  const columns: Column<Comparison>[] = [
    ['Variant', ({ variant }) => variant],
    ['Verdict', ({ verdict }) => verdict],
    ['Difference', ({ difference }) => metric.difference(difference.mean)],
    [
      '95 % interval',
      ({ difference: { ci95 } }) => (ci95 ? metric.bounded(ci95, -1).map(metric.difference).join(' to ') : 'none'),
    ],
    ['p', ({ p }) => probability(p)],
    ['Adjusted p', ({ pAdjusted }) => probability(pAdjusted)],
    [unitOf(context), ({ difference }) => String(difference.n)],
  ];
  return `<h3>Test ${escapeHtml(metric.label)} compared with ${escapeHtml(baseline)}</h3>
${htmlTable('Comparison table', columns, comparisons)}
<p class="note">Differences${metric.isShare ? ' in percentage points' : ''}, pair by pair. A variant counts as better or worse if its adjusted p is below 0.05.</p>`;
}

function probability(p: number | null): string {
  if (p === null) return 'none';
  return p < 0.0001 ? '< 0.0001' : p.toFixed(4);
}

const MAX_POINTS = 100;

/** The points of a sweep, the best on the validation part first; empty without a sweep. */
export function sweepTable(context: ReportContext): string {
  const { results, metric } = context;
  const { summary, sweep } = results;
  const { words, mean } = validationOf(context);
  const points = summary
    .filter(({ point }) => point)
    .sort((a, b) => (mean(a) - mean(b)) * (words.best === 'lowest' ? 1 : -1));
  if (points.length === 0) return '';
  const columns: Column<VariantSummary>[] = [
    ['Variant', ({ variant }) => variant],
    ['Setting', ({ point = {} }) => describePoint(point)],
    [`Validation ${words.label}`, (entry) => words.value(mean(entry))],
    [`Test ${metric.label}`, (entry) => metric.value(testOf(entry, metric.name).mean)],
    ['95 % interval', (entry) => intervalText(metric, testOf(entry, metric.name))],
  ];
  const rest = `<p class="note">The ${MAX_POINTS} of ${points.length} settings with the ${words.best} validation ${escapeHtml(words.label)}.</p>\n`;
  return `<details>
<summary>All settings of the sweep</summary>
${htmlTable('Sweep table', columns, points.slice(0, MAX_POINTS), ({ variant, point }) => isChosen(sweep, variant, point) && 'chosen')}
${points.length > MAX_POINTS ? rest : ''}</details>`;
}
