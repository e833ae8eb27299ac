// The table at the end of a run, as plain text.
import { isChosen, type Results, shortPath, type TrialResult } from '../experiment/index.ts';

type Settings = Pick<TrialResult, 'variant' | 'point'>;

/** One row a variant and point of the sweep, with the interval over seeds where there are several, then the best. */
export function formatTable({ summary, trials, best, sweep }: Results): string {
  const several = summary.some(({ testAccuracy }) => testAccuracy.n > 1);
  const groups = new Map(summary.map((settings): [string, Results['trials']] => [key(settings), []]));
  for (const trial of trials) groups.get(key(trial))?.push(trial);
  const rows = summary.map(({ testAccuracy: { mean, ci95 }, ...settings }) => {
    const own = groups.get(key(settings))!;
    const interval = ci95 ? `${percent(ci95[0])} to ${percent(ci95[1])}` : '';
    const train = percent(average(own.map((trial) => trial.train.accuracy)));
    const epochs = String(Math.round(average(own.map((trial) => trial.epochs))));
    return [label(settings), percent(mean), ...(several ? [interval] : []), train, epochs];
  });
  const header = ['Variant', 'Test accuracy', ...(several ? ['95 % interval'] : []), 'Train accuracy', 'Epochs'];
  const winner = summary.find(({ variant, point }) => variant === best && isChosen(sweep, variant, point))!;
  const { mean, n } = winner.testAccuracy;
  const unit = trials.some(({ fold }) => fold) ? 'folds' : 'seeds';
  return [
    ...align([header, ...rows]),
    '',
    `Best: ${label(winner)}, test accuracy ${percent(mean)}${several ? ` (mean of ${n} ${unit})` : ''}`,
    ...(sweep ? ['Each variant counts at its point with the lowest validation loss.'] : []),
    ...(several ? [] : ['From one seed: small differences may be chance. Use --seeds 8 for intervals.']),
  ].join('\n');
}

const key = ({ variant, point }: Settings) => JSON.stringify([variant, point]);

/** `L2 · l2=0.001`: the variant and its point of the sweep, by the last words of the paths where these say enough. */
function label({ variant, point = {} }: Settings): string {
  const paths = Object.keys(point);
  if (paths.length === 0) return variant;
  const name = new Set(paths.map(shortPath)).size === paths.length ? shortPath : String;
  return `${variant} · ${paths.map((path) => `${name(path)}=${point[path]}`).join(', ')}`;
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
