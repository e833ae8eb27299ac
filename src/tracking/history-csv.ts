// history.csv: the learning curves of all trials as one tidy table, one row for each trial and epoch.
import type { Results } from '../experiment/index.ts';

const metrics = ['trainLoss', 'trainAccuracy', 'valLoss', 'valAccuracy'] as const;

/**
 * The table as CSV, in pieces to be joined, one a trial. RFC 4180, but with line feeds; UTF-8; numbers read back as the
 * same float64. Columns: `variant`; one for each swept parameter, named by its path; `fold`, counted from 0, when there
 * are folds; `seed`; `epoch`, counted from 1; `trainLoss`, `trainAccuracy`, `valLoss`, `valAccuracy`.
 */
export function* historyCsv({ trials }: Pick<Results, 'trials'>): Generator<string> {
  const parameters = [...new Set(trials.flatMap(({ point = {} }) => Object.keys(point)))];
  const folded = trials.some(({ fold }) => fold);
  const header = ['variant', ...parameters, ...(folded ? ['fold'] : []), 'seed', 'epoch', ...metrics];
  yield line(header);
  for (const { variant, point, fold, seed, epochs, history } of trials) {
    const ids = [variant, ...parameters.map((path) => point?.[path]), ...(folded ? [fold?.index] : []), seed];
    const epochLine = (_: unknown, i: number) => line([...ids, i + 1, ...metrics.map((metric) => history[metric][i])]);
    yield Array.from({ length: epochs }, epochLine).join('');
  }
}

function line(cells: readonly (string | number | undefined)[]): string {
  return `${cells.map((cell) => quote(String(cell ?? ''))).join(',')}\n`;
}

const quote = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
