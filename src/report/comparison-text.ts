// The comparison of two experiments in words and table cells, for the page and for the terminal. Plain text.
import type { Estimate, ResultsComparison, VariantMatch } from '../experiment/index.ts';
import { describePoint } from './describe.ts';
import { listed, percent } from './runs.ts';

/** What {@link describeComparison} returns. */
export interface ComparisonText {
  /** The outcome in a sentence or two. */
  headline: string;
  header: string[];
  /** One row a variant, cells as in `header`. */
  rows: string[][];
  /** How to read the table, in full sentences. */
  notes: string[];
}

/** Puts `comparison` into words; `names` are what to call its sides. */
export function describeComparison(
  comparison: ResultsComparison,
  names: readonly [first: string, second: string],
): ComparisonText {
  const { matches } = comparison;
  const tested = matches.some(({ pAdjusted }) => pAdjusted !== null);
  return {
    headline: headline(matches, names),
    header: ['Variant', 'Verdict', 'First', 'Second', 'Difference', ...(tested ? ['p'] : [])],
    rows: matches.map((match) => [
      match.variant,
      verdicts[match.verdict],
      ...match.testAccuracy.map(accuracy),
      difference(match),
      ...(tested ? [probability(match.pAdjusted)] : []),
    ]),
    notes: notes(comparison, names),
  };
}

const verdicts: Record<VariantMatch['verdict'], string> = {
  better: 'second is better',
  worse: 'second is worse',
  identical: 'identical',
  'no difference shown': 'no difference shown',
};

function headline(matches: readonly VariantMatch[], [first, second]: readonly [string, string]): string {
  const of = (wanted: VariantMatch['verdict']) =>
    matches.filter(({ verdict }) => verdict === wanted).map(({ variant }) => variant);
  const [better, worse] = [of('better'), of('worse')];
  if (of('identical').length === matches.length) return `${first} and ${second} tested identically.`;
  if (better.length + worse.length === 0) return `No difference shown between ${first} and ${second}.`;
  const parts = [
    ...(better.length > 0 ? [`better with ${listed(better)}`] : []),
    ...(worse.length > 0 ? [`worse with ${listed(worse)}`] : []),
  ];
  const rest = matches.length - better.length - worse.length;
  return `${second} did ${parts.join(', and ')} than ${first}.${rest > 0 ? ' For the rest, no difference is shown.' : ''}`;
}

function notes(
  { filesUnchecked, matches, unmatched }: ResultsComparison,
  [first, second]: readonly [string, string],
): string[] {
  const paired = matches.filter(({ method }) => method === 'paired');
  const otherData = matches.filter(({ sameData }) => !sameData);
  const fewPairs = matches.filter(({ method, sameData }) => sameData && method === 'unpaired');
  const tests = matches.filter(({ pAdjusted }) => pAdjusted !== null).length;
  const single = matches.filter(({ p }) => p === null).map(({ variant }) => variant);
  const named = (some: VariantMatch[]) =>
    some.length === matches.length ? '' : ` for ${listed(some.map(({ variant }) => variant))}`;
  return [
    `First is ${first}, second is ${second}. Numbers are mean test accuracies with half of their 95% intervals (Student’s t); the difference is second minus first in percentage points.`,
    ...(paired.length > 0
      ? [
          `Both name the same data and split, so all numbers are over the seeds (or folds) that both have${named(paired)}, and differences are paired: ${counts(paired)}.`,
        ]
      : []),
    ...(otherData.length > 0
      ? [
          `Data or split differ${named(otherData)}, so differences are not paired; their intervals are Welch’s. Other data can explain a difference as well as other settings.`,
        ]
      : []),
    ...(fewPairs.length > 0
      ? [
          `Fewer than two seeds (or folds) are in both${named(fewPairs)}, so differences are not paired; their intervals are Welch’s.`,
        ]
      : []),
    ...(filesUnchecked ? ['Data come from files: whether their contents are the same was not checked.'] : []),
    ...(tests > 0
      ? [
          `p is two-sided${tests > 1 ? ` and adjusted for ${tests} comparisons (Holm)` : ''}; below 0.05 a difference counts as shown. Intervals are not adjusted.`,
        ]
      : []),
    ...(single.length > 0
      ? [`Too few trials, or none that vary, to tell a difference from chance: ${listed(single)}.`]
      : []),
    ...matches.flatMap(({ variant, points }) =>
      points
        ? [
            `${variant} is at the point its sweep chose: ${points.map((point) => (point ? describePoint(point) : 'no sweep')).join(' and ')}.`,
          ]
        : [],
    ),
    ...unmatched.flatMap((labels, side) =>
      labels.length > 0 ? [`Only in the ${side === 0 ? 'first' : 'second'}: ${listed(labels)}.`] : [],
    ),
  ];
}

function counts(matches: readonly VariantMatch[]): string {
  const all = [...new Set(matches.map(({ n }) => n as number))].sort((a, b) => a - b);
  return `${all.join(' to ')} ${all.length === 1 && all[0] === 1 ? 'pair' : 'pairs'}`;
}

function accuracy({ mean, ci95 }: Estimate): string {
  return `${percent(mean)}${margin(ci95)}`;
}

function difference({ difference: { mean, ci95 } }: VariantMatch): string {
  const size = (Math.abs(mean) * 100).toFixed(2);
  const sign = Number(size) === 0 ? '' : mean < 0 ? '−' : '+';
  return `${sign}${size}${margin(ci95)}`;
}

const margin = (ci95: readonly [number, number] | null): string =>
  ci95 ? ` ± ${(((ci95[1] - ci95[0]) / 2) * 100).toFixed(2)}` : '';

function probability(p: number | null): string {
  if (p === null) return '';
  return p < 0.001 ? '<0.001' : p.toFixed(3);
}
