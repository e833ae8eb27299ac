// The results in words, as a table and sentences for a terminal.
import type { Results, TrialKey } from '../experiment/index.ts';
import { choosesBy, meanOfTrials, referenceRows, reportContext, testOf, trainOf } from './context.ts';
import { verdict } from './verdict.ts';
import { joinNames, pointEntries, valueText } from './words.ts';

/** Results in plain text. */
export interface ResultsText {
  header: string[];
  /** One a variant, with a sweep one for each of its points, and then one for each simple model on the same data. */
  rows: string[][];
  /** What the numbers show and what they do not, a sentence each. */
  notes: string[];
}

/**
 * What `results` show.
 *
 * @throws ParameterError for results of another version, or whose parts do not belong together.
 * @example
 * ```js
 * import { presets, runExperiment } from 'regulus/experiment';
 * import { describeResults } from 'regulus/report';
 *
 * const { moons } = presets;
 * const { results } = await runExperiment({ ...moons, training: { ...moons.training, epochs: 2 } });
 * const { header, rows, notes } = describeResults(results);
 * console.log([header, ...rows].map((row) => row.join(' | ')).join('\n'), notes.join(' '));
 * ```
 */
export function describeResults(results: Results): ResultsText {
  const context = reportContext('describeResults', results);
  const { metric } = context;
  const { summary, sweep } = results;
  const several = summary.some((entry) => testOf(entry, metric.name).n > 1);
  const epochs = meanOfTrials(results, (trial) => trial.epochs);
  const { headline, findings, caveats } = verdict(context);
  const variants = summary.map((entry) => {
    const { mean, ci95 } = testOf(entry, metric.name);
    const interval = ci95 ? metric.interval(ci95) : '';
    const train = metric.value(trainOf(entry, metric.name).mean);
    return [label(entry), metric.value(mean), interval, train, String(Math.round(epochs(entry)))];
  });
  const references = referenceRows(results).map(({ reference, test, train }) => {
    return [reference, metric.value(test[metric.name]), '', metric.value(train[metric.name]), ''];
  });
  // Without intervals where there is one trial each.
  const shown = (cells: string[]) => cells.filter((_, i) => several || i !== 2);
  return {
    header: shown(['Variant', `Test ${metric.label}`, '95 % interval', `Train ${metric.label}`, 'Epochs']),
    rows: [...variants, ...references].map(shown),
    notes: [
      headline,
      ...findings,
      ...(sweep
        ? [`For each variant, the setting with the ${choosesBy(context)} is used: ${joinNames(sweep.map(label))}.`]
        : []),
      ...caveats,
    ],
  };
}

/** `L2 · l2=0.001`: the variant and its point of the sweep. */
function label({ variant, point }: Pick<TrialKey, 'variant' | 'point'>): string {
  if (!point) return variant;
  return `${variant} · ${pointEntries(point)
    .map(([name, value]) => `${name}=${valueText(value)}`)
    .join(', ')}`;
}
