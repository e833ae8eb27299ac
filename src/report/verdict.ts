// The outcome in plain words: which variant did best, and how far to trust it.
import type { Results, VariantSummary } from '../experiment/index.ts';
import { listed, percent } from './runs.ts';

export interface Verdict {
  /** One sentence: the best variant and its accuracy. */
  headline: string;
  /** Sentences on what the numbers do not show. */
  caveats: string[];
}

/** Reads the verdict off the summary of `results`. Plain text. */
export function verdict({ summary, best }: Results): Verdict {
  const winner = summary.find(({ variant }) => variant === best)!;
  const others = summary.filter((entry) => entry !== winner);
  const tied = others.filter(({ testAccuracy }) => testAccuracy.mean === winner.testAccuracy.mean);
  const { mean, ci95, n } = winner.testAccuracy;
  const measured = ci95
    ? `${percent(mean)} of the test points correct, on average over ${n} seeds (95% interval ${interval(ci95)})`
    : `${percent(mean)} of the test points correct`;
  const names = listed([best, ...tied.map(({ variant }) => variant)]);
  let headline = `${names} did best: ${measured}.`;
  if (tied.length > 0) headline = `${names} share the highest test accuracy: ${measured}.`;
  if (others.length === 0) headline = `${best} classified ${measured}.`;
  return {
    headline,
    caveats: ci95
      ? [
          ...(others.length > 0 ? [comparison(winner, others)] : []),
          'Seeds change initialization, shuffling and dropout, not the data; another data set or split can give another order.',
        ]
      : ['One seed: differences of this size can be luck. Run more (--seeds 8) to see how much the numbers scatter.'],
  };
}

function comparison({ variant, testAccuracy }: VariantSummary, others: VariantSummary[]): string {
  const low = testAccuracy.ci95![0];
  const overlapping = others.filter((other) => (other.testAccuracy.ci95?.[1] ?? Number.POSITIVE_INFINITY) >= low);
  if (overlapping.length === 0) return `The interval of ${variant} lies above those of all other variants.`;
  const names = listed(overlapping.map((other) => other.variant));
  return `Its interval overlaps with ${overlapping.length > 1 ? 'those' : 'that'} of ${names}, so these runs do not settle which is best.`;
}

export const interval = ([low, high]: readonly [number, number]): string => `${percent(low)} to ${percent(high)}`;
