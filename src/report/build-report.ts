// The report: one HTML page that needs nothing else, no network and no scripts.
import { fail } from '../errors/index.ts';
import type { Results } from '../experiment/index.ts';
import { checkResults } from './check-inputs.ts';
import { escapeHtml } from './escape.ts';
import type { Figure } from './figure.ts';
import { pageStyle } from './page-style.ts';
import { describe, resultsTable } from './results-table.ts';
import { percent } from './runs.ts';
import { verdict } from './verdict.ts';

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
  const name = escapeHtml(results.name);
  const { headline, caveats } = verdict(results);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${name}: regularization report</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<header>
<p class="kicker">Regularization report</p>
<h1>${name}</h1>
<p class="verdict">${escapeHtml(headline)}</p>
${caveats.map((caveat) => `<p class="caveat">${escapeHtml(caveat)}</p>`).join('\n')}
</header>
<section>
<h2>Results</h2>
<div class="wide" role="region" aria-label="Results table" tabindex="0">
${resultsTable(results)}
</div>
<p class="note">Gap is train accuracy minus test accuracy, in percentage points: large gaps are a sign of overfitting.
Train and test are measured after training with dropout off. Best epoch is the one with the lowest validation loss.
Test loss includes the L1 or L2 penalty of variants that have one.</p>
</section>
<section>
<h2>Figures</h2>
${figures.map(figureHtml).join('\n')}
</section>
<section>
<h2>Setup</h2>
${setup(results)}
</section>
<section>
<h2>Reproduce</h2>
${reproduce(results)}
</section>
</main>
</body>
</html>
`;
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

function setup({ spec, engine }: Results): string {
  const { dataset, split, network, training, scaling, seeds } = spec;
  const noise = dataset.noiseFeatures ? `, with ${dataset.noiseFeatures} features of pure noise added` : '';
  const facts: Record<string, string> = {
    Data: `${dataset.generator} (${describe(dataset.parameters ?? {})})${noise}`,
    Split: `${percent(split.testSize, 0)} for testing; of the rest, ${percent(split.validationSize, 0)} for validation (randomState ${split.randomState})`,
    Scaling: scaling === 'standard' ? 'Zero mean and unit variance, fitted on the training part' : 'None',
    Network: describe(network),
    Training: describe(training),
    Seeds: seeds.join(', '),
    Engine: `Regulus ${engine.version}, ${engine.backend} (SIMD: ${engine.simd}), ${engine.numerics} numerics`,
  };
  const items = Object.entries(facts).map(([term, text]) => `<div><dt>${term}</dt><dd>${escapeHtml(text)}</dd></div>`);
  return `<dl>\n${items.join('\n')}\n</dl>`;
}

function reproduce({ spec, engine }: Results): string {
  const fast = engine.numerics === 'fast';
  const command = `npx regulus@${engine.version} run spec.json --out out${fast ? ' --numerics fast' : ''}`;
  return `<p>Save the specification below as <code>spec.json</code> and run this command with Node.js 20 or newer. ${
    fast
      ? 'With fast numerics, last digits can differ between machines.'
      : 'The numbers come out the same on any machine.'
  }</p>
<pre><code>${escapeHtml(command)}</code></pre>
<details>
<summary>Specification</summary>
<pre><code>${escapeHtml(JSON.stringify(spec, null, 2))}</code></pre>
</details>`;
}
