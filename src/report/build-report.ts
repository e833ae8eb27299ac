// The report: one HTML page that needs nothing else, no network and no scripts.
import { fail } from '../errors/index.ts';
import type { ExperimentSpec, Results } from '../experiment/index.ts';
import { checkResults } from './check-inputs.ts';
import { comparisonTable } from './comparison-table.ts';
import { describe, describeDataset, describeNetwork, describeSplit, isFromFile } from './describe.ts';
import { escapeHtml } from './escape.ts';
import type { Figure } from './figure.ts';
import { htmlPage } from './page.ts';
import { resultsTable } from './results-table.ts';
import { groupRuns, type Run } from './runs.ts';
import { sweepTable } from './sweep-table.ts';
import { verdict } from './verdict.ts';
import { withStatistics } from './with-statistics.ts';

/** A figure and its drawing, as from `renderSvg`. */
export interface DrawnFigure {
  figure: Figure;
  svg: string;
}

/** On narrow screens figures shrink to this share of their width and then scroll sideways, so that text stays legible. */
const LEAST_SCALE = 2 / 3;

/**
 * Builds the report of an experiment: verdict, table, figures, setup, and how to reproduce it.
 * Equal inputs give equal pages.
 *
 * @param figures - In the order to show them; each `svg` is put into the page as it is.
 * @returns A self-contained HTML document.
 * @throws ParameterError when `results` is of another version or a drawing is not SVG.
 */
export function buildReport(results: Results, figures: readonly DrawnFigure[]): string {
  checkResults('buildReport', results);
  const full = withStatistics(results);
  const runs = groupRuns(full);
  const name = escapeHtml(results.name);
  const { headline, findings, caveats } = verdict(runs, full);
  const paragraphs = (kind: string, texts: string[]) =>
    texts.map((text) => `<p class="${kind}">${escapeHtml(text)}</p>`).join('\n');
  return htmlPage(
    `${results.name}: regularization report`,
    `<header>
<p class="kicker">Regularization report</p>
<h1>${name}</h1>
<p class="verdict">${escapeHtml(headline)}</p>
${paragraphs('finding', findings)}
${paragraphs('caveat', caveats)}
</header>
<section>
<h2>Results</h2>
${wide('Results table', resultsTable(runs, full))}
<p class="note">Gap is train accuracy minus test accuracy, in percentage points: large gaps are a sign of overfitting.
Train and test are measured after training with dropout off. Best epoch is the one with the lowest validation loss.
Test loss includes the L1 or L2 penalty of variants that have one.${
      runs.some(({ trials }) => trials.some(({ sparsity }) => sparsity))
        ? ' Weights near 0 are those of the first layer below 0.001 in magnitude.'
        : ''
    }</p>
${comparisonHtml(full)}
${sweepTable(full)}
</section>
<section>
<h2>Figures</h2>
${figures.map(figureHtml).join('\n')}
</section>
<section>
<h2>Setup</h2>
${setup(runs, full)}
</section>
<section>
<h2>Statistics</h2>
${factList(full.methods)}
</section>
<section>
<h2>Reproduce</h2>
${reproduce(full)}
</section>`,
  );
}

const wide = (label: string, table: string): string =>
  `<div class="wide" role="region" aria-label="${label}" tabindex="0">\n${table}\n</div>`;

function comparisonHtml({ comparisons = [], trials }: Results): string {
  const [first] = comparisons;
  if (!first || comparisons.every(({ p }) => p === null)) return '';
  const unit = trials.some(({ fold }) => fold) ? 'Folds' : 'Seeds';
  return `<h3>Test accuracy compared with ${escapeHtml(first.baseline)}</h3>
${wide('Comparison table', comparisonTable(comparisons, unit))}
<p class="note">Differences in percentage points, pair by pair. The verdict goes by the adjusted p value, below 0.05.</p>`;
}

function figureHtml({ figure: { name, title, caption }, svg }: DrawnFigure, index: number): string {
  const width = Number(/^<svg[^>]* width="([\d.]+)"/.exec(svg)?.[1]);
  if (!width) fail('buildReport', `figures[${index}].svg`, 'an SVG document as from renderSvg', svg);
  return `<figure id="${escapeHtml(name)}">
<div class="wide plot" role="region" aria-label="${escapeHtml(title)}" tabindex="0">
<div style="min-width:${Math.floor(width * LEAST_SCALE)}px;max-width:${width}px">${svg}</div>
</div>
<figcaption><b>Figure ${index + 1}. ${escapeHtml(title)}.</b> ${escapeHtml(caption)}</figcaption>
</figure>`;
}

function setup(runs: Run[], { spec, engine }: Results): string {
  const seeds = [...new Set(runs.flatMap(({ trials }) => trials.map(({ seed }) => seed)))];
  return factList({
    Data: describeDataset(spec.dataset),
    Split: describeSplit(spec.split),
    Scaling: scalings[spec.scaling],
    Network: describeNetwork(spec.network),
    Training: describe(spec.training),
    ...(spec.sweep && { Sweep: describe(spec.sweep) }),
    Seeds: seeds.join(', '),
    Engine: `Regulus ${engine.version}, ${engine.backend} (SIMD: ${engine.simd}), ${engine.numerics} numerics`,
  });
}

function factList(facts: Record<string, string>): string {
  const items = Object.entries(facts).map(
    ([term, text]) =>
      `<div><dt>${escapeHtml(term[0].toUpperCase() + term.slice(1))}</dt><dd>${escapeHtml(text)}</dd></div>`,
  );
  return `<dl>\n${items.join('\n')}\n</dl>`;
}

const scalings: Record<ExperimentSpec['scaling'], string> = {
  standard: 'Zero mean and unit variance, fitted on the training part',
  minmax: 'From 0 to 1, fitted on the training part',
  none: 'None',
};

function reproduce({ spec, engine }: Results): string {
  const fast = engine.numerics === 'fast';
  const files = isFromFile(spec.dataset) ? ' The data files it names belong beside it.' : '';
  const command = `npx regulus@${engine.version} run spec.json --out out${fast ? ' --numerics fast' : ''}`;
  return `<p>Save the specification below as <code>spec.json</code> and run this command with Node.js 20 or newer. ${
    fast
      ? 'With fast numerics, last digits can differ between machines.'
      : 'The numbers come out the same on any machine.'
  }${files}</p>
<pre><code>${escapeHtml(command)}</code></pre>
<details>
<summary>Specification</summary>
<pre><code>${escapeHtml(specText(spec))}</code></pre>
</details>`;
}

/** JSON with lists of numbers on one line. */
function specText(spec: ExperimentSpec): string {
  return JSON.stringify(spec, null, 2).replace(
    /\[\s+(-?\d[-+\d.,e\s]*?)\s+\]/g,
    (_, numbers: string) => `[${numbers.replace(/\s+/g, ' ')}]`,
  );
}
