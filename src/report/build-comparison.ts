// The comparison page: two experiments side by side, and what differs between their specs.
import type { ResultsComparison } from '../experiment/index.ts';
import { describeComparison } from './comparison-text.ts';
import { escapeHtml } from './escape.ts';
import { htmlTable } from './html-table.ts';
import { htmlPage } from './page.ts';

/**
 * Builds the page that shows a comparison. Equal inputs give equal pages.
 *
 * @param names - What to call the two sides, such as their folders.
 * @returns A self-contained HTML document.
 */
export function buildComparison(
  comparison: ResultsComparison,
  names: readonly [first: string, second: string],
): string {
  const { headline, header, rows, notes } = describeComparison(comparison, names);
  return htmlPage(
    `${names[0]} and ${names[1]}: comparison`,
    `<header>
<p class="kicker">Comparison of two experiments</p>
<h1>${escapeHtml(names[0])} <small>and</small> ${escapeHtml(names[1])}</h1>
<p class="verdict">${escapeHtml(headline)}</p>
</header>
<section>
<h2>Test accuracy</h2>
${table('Test accuracy', header, rows)}
${notes.map((note) => `<p class="note">${escapeHtml(note)}</p>`).join('\n')}
</section>
<section>
<h2>What differs</h2>
${whatDiffers(comparison)}
</section>`,
  );
}

function whatDiffers({ specDifferences }: ResultsComparison): string {
  if (specDifferences.length === 0) return '<p>Nothing: specification and engine are the same.</p>';
  const rows = specDifferences.map(({ path, values }) => [path, values.map(settingText).join(' → ')]);
  return table('What differs', ['Setting', 'First → second'], rows);
}

/** A value from a spec, in one line of bounded length. */
function settingText(value: unknown): string {
  if (value === undefined) return 'not set';
  const text = typeof value === 'string' ? value : JSON.stringify(value).replaceAll(',', ', ');
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function table(label: string, header: readonly string[], rows: readonly string[][]): string {
  return `<div class="wide" role="region" aria-label="${label}" tabindex="0">
${htmlTable(
  header,
  rows.map((cells) => ({ cells: cells.map(escapeHtml) })),
)}
</div>`;
}
