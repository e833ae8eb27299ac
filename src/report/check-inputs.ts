// Checks what callers hand to the report before anything is drawn.
import { fail } from '../errors/index.ts';
import type { Boundary, FigureData, Results, Scatter } from '../experiment/index.ts';
import { isSameTrial } from './runs.ts';

/** Checks that `results` is of the version that this package writes, and that its parts belong together. */
export function checkResults(where: string, results: Results): void {
  if (results?.version !== 1) {
    fail(where, 'results.version', '1', results?.version, 'Run the experiment again with this version of Regulus.');
  }
  const { spec, trials, summary, best } = results;
  if (!Array.isArray(spec?.variants)) fail(where, 'results.spec.variants', 'a list of variants', spec?.variants);
  const labels = spec.variants.map(({ label }) => label);
  if (!Array.isArray(trials) || trials.length === 0) fail(where, 'results.trials', 'a list of finished trials', trials);
  for (const { variant } of trials) checkVariant(where, 'results.trials', variant, labels);
  for (const { variant } of trials) {
    if (!summary?.some((entry) => entry.variant === variant)) {
      fail(where, 'results.summary', `a list with an entry for the variant '${variant}'`, summary);
    }
  }
  checkVariant(where, 'results.best', best, labels);
}

/** Checks that `data` has the right lengths and speaks of the trials of `results`. */
export function checkFigureData(where: string, results: Results, data: FigureData): void {
  const { scatter, variants } = data ?? {};
  if (!Array.isArray(variants)) fail(where, 'data', 'the FigureData of an experiment', data);
  if (scatter) checkScatter(where, scatter);
  const first = variants.find(({ boundary }) => boundary)?.boundary;
  for (const entry of variants) {
    const { variant, seed, boundary, point } = entry;
    if (!results.trials.some((trial) => isSameTrial(trial, entry))) {
      fail(where, 'data.variants', 'about finished trials of results', `${variant}, seed ${seed}`);
    }
    // A sweep over the data moves the limits.
    if (boundary && first) checkBoundary(where, boundary, point ? boundary : first);
  }
}

function checkScatter(where: string, scatter: Scatter): void {
  const points = scatter.label.length;
  for (const key of ['x', 'y', 'part'] as const) {
    if (scatter[key].length !== points) {
      fail(where, `data.scatter.${key}`, `as long as data.scatter.label (${points})`, scatter[key]);
    }
  }
}

function checkVariant(where: string, name: string, variant: string, labels: string[]): void {
  if (!labels.includes(variant)) fail(where, name, 'about variants of results.spec', variant);
}

function checkBoundary(where: string, boundary: Boundary, first: Boundary): void {
  const { columns, rows, classes, probabilities } = boundary;
  for (const key of ['xMin', 'xMax', 'yMin', 'yMax', 'classes'] as const) {
    if (boundary[key] !== first[key]) {
      fail(where, `data.variants[].boundary.${key}`, `the same for all variants (${first[key]})`, boundary[key]);
    }
  }
  const needed = columns * rows * (classes === 2 ? 1 : classes);
  if (!(columns >= 2 && rows >= 2) || probabilities.length !== needed) {
    const rule = `${columns} x ${rows} cells for ${classes} classes (${needed} values, 2 x 2 cells or more)`;
    fail(where, 'data.variants[].boundary.probabilities', rule, probabilities);
  }
}
