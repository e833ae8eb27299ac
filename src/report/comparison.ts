// The comparison of two experiments: in words and table cells for the terminal, and as a page.
import { checkOption, fail, pair, text } from '../errors/index.ts';
import type { ResultsComparison, SpecDifference, VariantMatch } from '../experiment/index.ts';
import { escapeHtml } from './escape.ts';
import { htmlPage, htmlSection } from './page.ts';
import { type Column, htmlTable } from './tables.ts';
import { applicable, describePoint, joinNames, type MetricWords, metricWords, variantNames } from './words.ts';

/** What {@link describeComparison} returns. Plain text. */
export interface ComparisonText {
  /** The outcome in a sentence or two. */
  headline: string;
  header: string[];
  /** One row a variant, cells as in `header`. */
  rows: string[][];
  /** How to read the table, in full sentences. */
  notes: string[];
}

/** @inline */
type Names = readonly [first: string, second: string];

/**
 * Puts a comparison into words.
 *
 * @param names - What to call the two sides, such as their folders.
 * @example
 * ```js
 * import { compareResults, presets, runExperiment } from 'regulus/experiment';
 * import { describeComparison } from 'regulus/report';
 *
 * const short = { ...presets.moons, training: { ...presets.moons.training, epochs: 1 } };
 * const long = { ...short, training: { ...short.training, epochs: 2 } };
 * const [first, second] = [await runExperiment(short), await runExperiment(long)];
 * const { headline, rows } = describeComparison(compareResults(first.results, second.results), ['short', 'long']);
 * console.log(headline, rows);
 * ```
 */
export function describeComparison(comparison: ResultsComparison, names: Names): ComparisonText {
  const { matches } = checkComparison('describeComparison', comparison, names);
  const words = wordsOf(comparison);
  const isTested = matches.some(({ pAdjusted }) => pAdjusted !== null);
  return {
    headline: headline(matches, names),
    header: ['Variant', 'Verdict', 'First', 'Second', 'Difference', ...(isTested ? ['p'] : [])],
    rows: matches.map(({ variant, verdict, test, difference, pAdjusted }) => [
      variant,
      verdict === 'better' || verdict === 'worse' ? `second is ${verdict}` : verdict,
      ...test.map(({ mean, ci95 }) => words.value(mean) + words.margin(ci95)),
      words.difference(difference.mean) + words.margin(difference.ci95),
      ...(isTested ? [probability(pAdjusted)] : []),
    ]),
    notes: notes(comparison, words, names),
  };
}

function checkComparison(where: string, comparison: ResultsComparison, names: Names): ResultsComparison {
  if (!Array.isArray(comparison?.matches)) fail(where, 'comparison', 'what compareResults returns', comparison);
  checkOption(where, 'names', names, pair(text()));
  return comparison;
}

const wordsOf = ({ metric, matches }: ResultsComparison): MetricWords =>
  metricWords(
    metric.name,
    metric,
    matches.flatMap(({ test }) => test),
  );

/** Whether the two sides were trained and tested on other data. */
const isIncomparable = ({ verdict }: VariantMatch): boolean => verdict === 'not comparable';

function headline(matches: readonly VariantMatch[], [first, second]: Names): string {
  const [better, worse, identical] = (['better', 'worse', 'identical'] as const).map((wanted) =>
    matches.filter(({ verdict }) => verdict === wanted),
  );
  if (matches.every(isIncomparable)) return `${first} and ${second} cannot be compared, because their data differ.`;
  if (identical.length === matches.length) return `${first} and ${second} tested identically.`;
  if (better.length + worse.length === 0) return `${second} could not be told from ${first}.`;
  const parts = applicable(
    better.length > 0 && `better with ${variantNames(better)}`,
    worse.length > 0 && `worse with ${variantNames(worse)}`,
  );
  const rest = matches.filter((match) => !better.includes(match) && !worse.includes(match));
  const remark = rest.length > 0 ? ` With ${variantNames(rest)}, the two could not be told from each other.` : '';
  return `${second} did ${parts.join(', and ')} than ${first}.${remark}`;
}

function notes({ filesUnchecked, matches, unmatched }: ResultsComparison, words: MetricWords, [first, second]: Names) {
  const paired = matches.filter(({ method }) => method === 'paired');
  const otherData = matches.filter(isIncomparable);
  const otherSplit = matches.filter(({ method, sameData }) => !sameData && method === 'unpaired');
  const fewPairs = matches.filter(({ method, sameData }) => sameData && method === 'unpaired');
  const tests = matches.filter(({ pAdjusted }) => pAdjusted !== null).length;
  const untested = matches.filter((match) => match.p === null && !isIncomparable(match));
  const named = (some: VariantMatch[]) => (some.length === matches.length ? '' : ` for ${variantNames(some)}`);
  const better = words.best === 'highest' ? 'higher' : 'lower';
  return applicable(
    `First is ${first}, second is ${second}. Numbers are means of the test ${words.label} (${better} is better) with half of their 95 % intervals (Student’s t${words.isShare ? ', on the logit scale' : ''}); ` +
      `the difference is second minus first${words.isShare ? ', in percentage points' : ''}.`,
    paired.length > 0 &&
      `Both name the same data and split, so all numbers are over the seeds (or folds) that both have${named(paired)}, and differences are paired: ${pairCounts(paired)}.`,
    otherData.length > 0 &&
      `The data differ${named(otherData)}, and can explain a difference as well as the settings can: there is no verdict.`,
    otherSplit.length > 0 &&
      `The splits differ${named(otherSplit)}, so differences are not paired; their intervals are Welch’s. The split can explain a difference as well as the settings can.`,
    fewPairs.length > 0 &&
      `Fewer than two seeds (or folds) are in both${named(fewPairs)}, so differences are not paired; their intervals are Welch’s.`,
    filesUnchecked && 'Data come from files: whether their contents are the same was not checked.',
    tests > 0 &&
      `p is two-sided${tests > 1 ? ` and adjusted for ${tests} comparisons (Holm)` : ''}. A variant counts as better or worse if it is below 0.05. Intervals are not adjusted.`,
    untested.length > 0 &&
      `There are too few trials, or none that vary, to distinguish a difference from chance: ${variantNames(untested)}.`,
    ...matches.map(({ variant, points }) => {
      const settings = points?.map((point) => (point ? describePoint(point) : 'no sweep'));
      return settings ? `${variant} is compared at the setting that its sweep chose: ${settings.join(' and ')}.` : '';
    }),
    unmatched[0].length > 0 && `Only in the first: ${joinNames(unmatched[0])}.`,
    unmatched[1].length > 0 && `Only in the second: ${joinNames(unmatched[1])}.`,
  );
}

function pairCounts(matches: readonly VariantMatch[]): string {
  const counts = [...new Set(matches.map(({ n }) => n as number))].sort((a, b) => a - b);
  return `${counts.join(' to ')} ${counts.length === 1 && counts[0] === 1 ? 'pair' : 'pairs'}`;
}

function probability(p: number | null): string {
  if (p === null) return '';
  return p < 0.001 ? '<0.001' : p.toFixed(3);
}

/**
 * Builds the page that shows a comparison. Equal inputs give equal pages.
 *
 * @param names - What to call the two sides, such as their folders.
 * @returns A self-contained HTML document without scripts.
 * @example
 * ```js
 * import { compareResults, presets, runExperiment } from 'regulus/experiment';
 * import { buildComparison } from 'regulus/report';
 *
 * const short = { ...presets.moons, training: { ...presets.moons.training, epochs: 1 } };
 * const long = { ...short, training: { ...short.training, epochs: 2 } };
 * const [first, second] = [await runExperiment(short), await runExperiment(long)];
 * console.log(buildComparison(compareResults(first.results, second.results), ['short', 'long']));
 * ```
 */
export function buildComparison(comparison: ResultsComparison, names: Names): string {
  checkComparison('buildComparison', comparison, names);
  const { headline, header, rows, notes } = describeComparison(comparison, names);
  const columns = header.map((text, i): Column<string[]> => [text, (cells) => cells[i]]);
  const title = `Test ${wordsOf(comparison).label}`;
  return htmlPage(
    `${names[0]} and ${names[1]}: comparison`,
    `<header>
<p class="kicker">Comparison of two experiments</p>
<h1>${escapeHtml(names[0])} <small>and</small> ${escapeHtml(names[1])}</h1>
<p class="verdict">${escapeHtml(headline)}</p>
</header>`,
    htmlSection(
      title,
      htmlTable(title, columns, rows),
      ...notes.map((note) => `<p class="note">${escapeHtml(note)}</p>`),
    ),
    htmlSection('What differs', whatDiffers(comparison)),
  );
}

function whatDiffers({ specDifferences }: ResultsComparison): string {
  if (specDifferences.length === 0) return '<p>Nothing: specification and engine are the same.</p>';
  const columns: Column<SpecDifference>[] = [
    ['Setting', ({ path }) => path],
    ['First → second', ({ values }) => values.map(settingText).join(' → ')],
  ];
  return htmlTable('What differs', columns, specDifferences);
}

/** A value from a spec, in one line of bounded length. */
function settingText(value: unknown): string {
  if (value === undefined) return 'not set';
  const text = typeof value === 'string' ? value : JSON.stringify(value).replaceAll(',', ', ');
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
