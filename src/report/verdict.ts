// The outcome in plain words: what the comparisons show, and how far to trust it.
import type { Comparison, Results } from '../experiment/index.ts';
import { listed, percent, type Run } from './runs.ts';

export interface Verdict {
  /** One sentence. */
  headline: string;
  /** What the other comparisons show, a sentence each. */
  findings: string[];
  /** Sentences on what the numbers do not show. */
  caveats: string[];
}

/** Reads the verdict off the comparisons, or for a single seed off the accuracies. Plain text. */
export function verdict(runs: Run[], { comparisons = [], best }: Results): Verdict {
  const tested = comparisons.filter(({ p }) => p !== null);
  if (tested.length === 0) return untested(runs, best);
  const [better, worse, open] = (['better', 'worse', 'no difference shown'] as const).map((wanted) =>
    tested.filter(({ verdict }) => verdict === wanted).sort((a, b) => b.difference.mean - a.difference.mean),
  );
  const [{ baseline }] = tested;
  const [winner, ...others] = better;
  const named = (list: Comparison[]) => listed(list.map(({ variant }) => variant));
  return {
    headline: `${winner ? winner.text : `Nothing here beats ${baseline}`}.`,
    findings: [
      ...(others.length > 0 ? [sentences(others)] : []),
      ...(worse.length > 0 ? [sentences(worse)] : []),
      ...(open.length > 0 ? [`No difference to ${baseline} is shown for ${named(open)}.`] : []),
      highest(runs, best),
    ],
    caveats: caveats(runs, tested),
  };
}

const sentences = (list: Comparison[]) => list.map(({ text }) => `${text}.`).join(' ');

function highest(runs: Run[], best: string): string {
  const { mean, ci95, n } = winnerOf(runs, best).summary.testAccuracy;
  const over = hasFolds(runs) ? 'folds' : 'seeds';
  const interval95 = ci95 ? ` (95% interval ${interval(ci95)})` : '';
  return `${best} has the highest mean: ${percent(mean)} of the test points correct over ${n} ${over}${interval95}.`;
}

function caveats(runs: Run[], tested: Comparison[]): string[] {
  const unit = hasFolds(runs) ? 'folds' : 'seeds';
  const several = tested.length > 1 ? ', corrected for several comparisons (Holm)' : '';
  return [
    `Comparisons are paired over the same ${unit}; ± is half a 95% interval, and a difference counts as shown below p = 0.05${several}. ` +
      'Variants are compared with the baseline, not with one another.',
    hasFolds(runs)
      ? 'The folds share training data; the intervals are widened for that (Nadeau and Bengio 2003). They all come from one data set.'
      : `Seeds change initialization, shuffling and dropout, not the data: another data set or split can give another order.${testSize(runs)}`,
  ];
}

/** How much a test part of this size leaves to chance: half the 95 % interval of a share, by the normal approximation. */
function testSize([{ trials, summary }]: Run[]): string {
  const points = trials[0].confusion?.flat().reduce((sum, count) => sum + count, 0);
  if (!points) return '';
  const { mean } = summary.testAccuracy;
  const half = 1.96 * Math.sqrt((mean * (1 - mean)) / points);
  return ` The test part has ${points} points; with another one of that size each accuracy could be ${(half * 100).toFixed(1)} points higher or lower.`;
}

function untested(runs: Run[], best: string): Verdict {
  const winner = winnerOf(runs, best);
  const { mean, ci95, n } = winner.summary.testAccuracy;
  const tied = runs.filter((run) => run !== winner && run.summary.testAccuracy.mean === mean);
  const measured = ci95
    ? `${percent(mean)} of the test points correct, on average over ${n} ${hasFolds(runs) ? 'folds' : 'seeds'} (95% interval ${interval(ci95)})`
    : `${percent(mean)} of the test points correct`;
  const names = listed([best, ...tied.map(({ variant }) => variant)]);
  let headline = `${names} did best: ${measured}.`;
  if (tied.length > 0) headline = `${names} share the highest test accuracy: ${measured}.`;
  if (runs.length === 1) headline = `${best} classified ${measured}.`;
  return {
    headline,
    findings: [],
    caveats: ci95
      ? ['Seeds change initialization, shuffling and dropout, not the data.']
      : ['One seed: differences of this size can be luck. Run more (--seeds 8) to see how much the numbers scatter.'],
  };
}

const winnerOf = (runs: Run[], best: string): Run => runs.find(({ variant }) => variant === best)!;

const hasFolds = (runs: Run[]): boolean => runs.some(({ trials }) => trials.some(({ fold }) => fold));

/** An interval of a share, cut where no share can be. */
export const interval = ([low, high]: readonly [number, number]): string =>
  `${percent(Math.max(0, low))} to ${percent(Math.min(1, high))}`;
