// The outcome in plain words: what the comparisons show, and how far to trust it.
import type { Comparison } from '../experiment/index.ts';
import { sum } from '../statistics/index.ts';
import { hasFolds, hasManyTrials, leaders, type ReportContext, testOf } from './context.ts';
import { applicable, variantNames } from './words.ts';

export interface Verdict {
  /** One sentence. */
  headline: string;
  /** What the other comparisons show, a sentence each. */
  findings: string[];
  /** Sentences on what the numbers do not show. */
  caveats: string[];
}

/** Reads the verdict off the comparisons, or where nothing was tested off the means. Plain text. */
export function verdict(context: ReportContext): Verdict {
  const { comparisons, baseline } = context.results;
  const tested = comparisons.filter(({ p }) => p !== null);
  if (tested.length === 0) return { headline: leading(context), findings: [], caveats: untestedCaveats(context) };
  const isLower = context.metric.best === 'lowest';
  const [better, worse, open] = (['better', 'worse', 'no difference shown'] as const).map((wanted) =>
    tested
      .filter(({ verdict }) => verdict === wanted)
      .sort((a, b) => (b.difference.mean - a.difference.mean) * (isLower ? -1 : 1)),
  );
  const [winner, ...others] = better;
  const equal = open.filter(({ difference: { mean, sd } }) => mean === 0 && sd === 0);
  const unclear = open.filter((comparison) => !equal.includes(comparison));
  return {
    headline: winner ? `${winner.text}.` : `No variant is shown to beat ${baseline}.`,
    findings: applicable(
      ...[...others, ...worse].map(({ text }) => `${text}.`),
      equal.length > 0 && `${variantNames([...equal, { variant: baseline }])} tie: they are equal in every pair.`,
      unclear.length > 0 && `${variantNames(unclear)} could not be told from ${baseline}.`,
      leading(context),
    ),
    caveats: caveats(context, tested),
  };
}

/**
 * Whether the comparisons show what the means suggest: that the one variant with the best mean is the only one better than
 * the baseline, or that it is the baseline and all others are worse.
 */
export function isShownBest(context: ReportContext): boolean {
  const { runs, results } = context;
  const [leader, ...tied] = leaders(context);
  const { comparisons, baseline } = results;
  if (tied.length > 0 || comparisons.length === 0 || comparisons.length < runs.length - 1) return false;
  if (leader.variant === baseline) return comparisons.every(({ verdict }) => verdict === 'worse');
  return comparisons.every(({ variant, verdict }) => (verdict === 'better') === (variant === leader.variant));
}

/** Which variants have the best mean, and what it is. */
function leading(context: ReportContext): string {
  const { runs, metric } = context;
  const best = leaders(context);
  const [{ summary }] = best;
  const { mean, ci95, n } = testOf(summary, metric.name);
  const subject = `${n > 1 ? 'mean ' : ''}test ${metric.label}`;
  const over = n > 1 ? ` over ${n} ${hasFolds(runs) ? 'folds' : 'seeds'}` : '';
  const value = `${metric.value(mean)}${over}`;
  if (best.length > 1) {
    const all = best.length === runs.length ? 'All variants' : variantNames(best);
    return `${all} tie for the ${metric.best} ${subject}: ${value}.`;
  }
  const interval = ci95 ? ` (95 % interval ${metric.interval(ci95)})` : '';
  if (runs.length === 1) return `${variantNames(best)} has a ${subject} of ${value}${interval}.`;
  return `${variantNames(best)} has the ${metric.best} ${subject}: ${value}${interval}.`;
}

function caveats({ runs, results, metric }: ReportContext, tested: Comparison[]): string[] {
  const folds = hasFolds(runs);
  const several = tested.length > 1 ? ' (corrected for several comparisons by Holm’s method)' : '';
  return [
    `Comparisons are paired over the same ${folds ? 'folds' : 'seeds'}, and ± is half of a 95 % interval. ` +
      `A variant counts as better or worse if its p${several} is below 0.05. Variants are compared with ${results.baseline}, not with one another.`,
    folds
      ? 'The folds share training data, and the intervals are widened for that (Nadeau and Bengio 2003). They all come from one data set.'
      : `${onlySeeds}${testSize()}`,
  ];

  /** How much a test part of this size leaves to chance where the metric is a share of its points: half of Wilson's 95 % interval (1927). */
  function testSize(): string {
    const [{ trials, summary }] = runs;
    const [{ confusion = [], test }] = trials;
    const points = sum(confusion.flat());
    const right = sum(confusion.map((row, i) => row[i]));
    if (!metric.isShare || points === 0 || Math.abs(right / points - test[metric.name]) > 1e-9) return '';
    const { mean } = testOf(summary, metric.name);
    const z = 1.96;
    const half = (z / (1 + (z * z) / points)) * Math.sqrt((mean * (1 - mean) + (z * z) / (4 * points)) / points);
    return ` The test part has ${points} ${points === 1 ? 'point' : 'points'}; with another one of that size each ${metric.label} could be ${(half * 100).toFixed(1)} points higher or lower.`;
  }
}

const onlySeeds = 'Only the random seed varied. On other data the ranking may differ.';

function untestedCaveats({ runs, results: { baseline } }: ReportContext): string[] {
  const isMissing = !runs.some(({ variant }) => variant === baseline);
  const scope = hasFolds(runs) ? 'All folds come from one data set.' : onlySeeds;
  return applicable(
    isMissing && `Nothing was compared: no trial of ${baseline}, the baseline, has finished.`,
    hasManyTrials(runs)
      ? scope
      : 'One seed: differences of this size can be luck. Run more (--seeds 8) to see how much the numbers scatter.',
  );
}
