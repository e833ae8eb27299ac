// The table of differences to the baseline, one row a comparison.
import type { Comparison } from '../experiment/index.ts';
import { escapeHtml } from './escape.ts';
import { htmlTable } from './html-table.ts';
import { signedPoints } from './runs.ts';

export function comparisonTable(comparisons: readonly Comparison[], unit: string): string {
  const header = ['Variant', 'Verdict', 'Difference', '95% interval', 'p', 'Adjusted p', unit];
  const rows = comparisons.map(({ variant, verdict, difference: { mean, ci95, n }, p, pAdjusted }) => ({
    cells: [
      escapeHtml(variant),
      verdict,
      signedPoints(mean),
      ci95 ? `${signedPoints(ci95[0])} to ${signedPoints(ci95[1])}` : 'none',
      probability(p),
      probability(pAdjusted),
      String(n),
    ],
  }));
  return htmlTable(header, rows);
}

function probability(p: number | null): string {
  if (p === null) return 'none';
  return p < 0.0001 ? '&lt; 0.0001' : p.toFixed(4);
}
