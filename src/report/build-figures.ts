// The figures of a comparison, in reading order: the outcome, the training, what was learned, and the data.
import type { FigureData, Results } from '../experiment/index.ts';
import { accuracyFigure } from './accuracy-figure.ts';
import { boundariesFigure } from './boundaries-figure.ts';
import { calibrationFigure } from './calibration-figure.ts';
import { checkFigureData, checkResults } from './check-inputs.ts';
import { confusionFigure } from './confusion-figure.ts';
import { curvesFigure } from './curves-figure.ts';
import { differencesFigure } from './differences-figure.ts';
import type { Figure } from './figure.ts';
import { groupRuns } from './runs.ts';
import { scatterFigure } from './scatter-figure.ts';
import { sweepFigure } from './sweep-figure.ts';
import { weightsFigure } from './weights-figure.ts';
import { withStatistics } from './with-statistics.ts';

/**
 * Specifies the figures of an experiment: test accuracy, differences to the baseline, the sweep, training curves,
 * decision boundaries, first-layer weights, calibration, confusion and the data. Those whose numbers are not there are
 * left out: differences need several seeds, the sweep a sweep, boundaries and weights `data.variants`, data and
 * boundaries `data.scatter`, calibration and confusion results of Regulus 0.2 or later.
 *
 * @throws ParameterError when `results` is of another version, or `data` does not belong to it.
 */
export function buildFigures(results: Results, data: FigureData): Figure[] {
  checkResults('buildFigures', results);
  checkFigureData('buildFigures', results, data);
  const full = withStatistics(results);
  const runs = groupRuns(full);
  const compared = full.comparisons.filter(({ p }) => p !== null);
  const { scatter, variants } = data;
  const mapped = scatter && variants.some(({ boundary }) => boundary);
  const figures = [
    accuracyFigure(runs),
    compared.length > 0 && differencesFigure(runs, compared),
    sweepFigure(runs, full),
    curvesFigure(runs),
    mapped && boundariesFigure(runs, scatter, data, results.trials),
    variants.length > 0 && weightsFigure(runs, data),
    calibrationFigure(runs),
    confusionFigure(runs, results.best),
    scatter && scatterFigure(scatter, data),
  ];
  return figures.filter((figure) => typeof figure === 'object');
}
