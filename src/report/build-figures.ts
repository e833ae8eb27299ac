// The figures of a comparison, in reading order: the data, the training, the outcome, and what was learned.
import type { FigureData, Results } from '../experiment/index.ts';
import { accuracyFigure } from './accuracy-figure.ts';
import { boundariesFigure } from './boundaries-figure.ts';
import { checkFigureData, checkResults } from './check-inputs.ts';
import { curvesFigure } from './curves-figure.ts';
import type { Figure } from './figure.ts';
import { groupRuns } from './runs.ts';
import { scatterFigure } from './scatter-figure.ts';
import { weightsFigure } from './weights-figure.ts';

/**
 * Specifies the figures of an experiment: data, training curves, test accuracy, decision boundaries and
 * first-layer weights. The last two need `data.variants` and are left out when it is empty.
 *
 * @throws ParameterError when `results` is of another version, or `data` does not belong to it.
 */
export function buildFigures(results: Results, data: FigureData): Figure[] {
  checkResults('buildFigures', results);
  checkFigureData('buildFigures', results, data);
  const runs = groupRuns(results);
  const figures = [scatterFigure(data), curvesFigure(runs), accuracyFigure(runs, results)];
  if (data.variants.length > 0) figures.push(boundariesFigure(runs, data), weightsFigure(runs, data));
  return figures;
}
