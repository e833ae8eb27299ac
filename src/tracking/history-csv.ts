// history.csv: the learning curves of all trials as one tidy table, one row for each trial and epoch.
import { checkParts } from '../errors/index.ts';
import type { Results, TrialHistory } from '../experiment/index.ts';

/**
 * The table as CSV, in pieces to be joined, one a trial. RFC 4180, but with line feeds; UTF-8; numbers read back as the
 * same float64. Columns: `variant`; one for each swept parameter, named by its path; `fold`, counted from 0, when there
 * are folds; `seed`; `epoch`, counted from 1; and each series that was recorded, such as `trainLoss` or `valAccuracy`.
 *
 * Spreadsheets take text that begins with `=`, `+`, `-`, `@`, a tab or a line end for a formula, and run it. Such a cell
 * gets a `'` in front, which marks it as text. Numbers stay as they are.
 *
 * @example
 * ```ts
 * import { writeFileSync } from 'node:fs';
 * import { presets, runExperiment } from 'regulus/experiment';
 * import { historyCsv } from 'regulus/tracking';
 *
 * const { moons } = presets;
 * const { results } = await runExperiment({ ...moons, seeds: [1], training: { ...moons.training, epochs: 3 } });
 * writeFileSync('history.csv', [...historyCsv(results)].join(''));
 * ```
 */
export function* historyCsv(results: Pick<Results, 'trials'>): Generator<string> {
  checkParts('historyCsv', 'results', results, { trials: 'list' });
  const { trials } = results;
  for (const trial of trials) checkParts('historyCsv', 'results.trials', trial, { history: 'object' });
  const parameters = [...new Set(trials.flatMap(({ point = {} }) => Object.keys(point)))];
  const series = [...new Set(trials.flatMap(({ history }) => Object.keys(history)))] as (keyof TrialHistory)[];
  const folded = trials.some(({ fold }) => fold);
  yield line(['variant', ...parameters, ...(folded ? ['fold'] : []), 'seed', 'epoch', ...series]);
  for (const { variant, point, fold, seed, epochs, history } of trials) {
    const values = new Map(Object.entries(point ?? {}));
    const ids = [variant, ...parameters.map((path) => values.get(path)), ...(folded ? [fold?.index] : []), seed];
    const epochLine = (_: unknown, i: number) => line([...ids, i + 1, ...series.map((name) => history[name]?.[i])]);
    yield Array.from({ length: epochs }, epochLine).join('');
  }
}

const line = (cells: readonly unknown[]): string => `${cells.map(cellText).join(',')}\n`;

/** One cell: numbers with all their digits, lists and objects as JSON, nothing for what is not there. */
function cellText(cell: unknown): string {
  if (cell === undefined || typeof cell === 'number') return String(cell ?? '');
  const text = typeof cell === 'string' ? cell : JSON.stringify(cell);
  const safe = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return safe !== text || /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
