// The table at the end of a run, as plain text.
import type { Results } from '../experiment/index.ts';

/** One row a variant, with the interval over seeds where there are several, then the best variant. */
export function formatTable({ summary, trials, best }: Results): string {
  const several = summary.some(({ testAccuracy }) => testAccuracy.n > 1);
  const rows = summary.map(({ variant, testAccuracy: { mean, ci95 } }) => {
    const own = trials.filter((trial) => trial.variant === variant);
    const interval = ci95 ? `${percent(ci95[0])} to ${percent(ci95[1])}` : '';
    const train = percent(average(own.map((trial) => trial.train.accuracy)));
    const epochs = String(Math.round(average(own.map((trial) => trial.epochs))));
    return [variant, percent(mean), ...(several ? [interval] : []), train, epochs];
  });
  const header = ['Variant', 'Test accuracy', ...(several ? ['95 % interval'] : []), 'Train accuracy', 'Epochs'];
  const winner = summary.find(({ variant }) => variant === best)!.testAccuracy;
  return [
    ...align([header, ...rows]),
    '',
    `Best: ${best}, test accuracy ${percent(winner.mean)}${several ? ` (mean of ${winner.n} seeds)` : ''}`,
    ...(several ? [] : ['From one seed: small differences may be chance. Use --seeds 8 for intervals.']),
  ].join('\n');
}

/** Pads the columns to equal widths: the first to the left, numbers to the right. */
export function align(rows: string[][]): string[] {
  const widths = rows[0].map((_, j) => Math.max(...rows.map((row) => row[j].length)));
  return rows.map((row) => row.map((cell, j) => (j ? cell.padStart(widths[j]) : cell.padEnd(widths[j]))).join('  '));
}

function average(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A share from 0 to 1 as text. */
export const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
