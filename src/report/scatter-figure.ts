// The data figure: training points over the first two features.
import type { FigureData, Scatter } from '../experiment/index.ts';
import type { Figure } from './figure.ts';
import { thin } from './runs.ts';
import { classColor, className, classShape, classSize, config, VEGA_LITE } from './style.ts';

const MAX_POINTS = 800;

export function scatterFigure(scatter: Scatter, { featureNames }: FigureData): Figure {
  const training = indicesOf(scatter, 'train');
  const shown = thin(training, MAX_POINTS);
  const classes = classesOf(scatter);
  const axis = { grid: true, tickCount: 6 };
  return {
    name: 'data',
    title: 'Training data',
    caption:
      `${pointCount(shown.length, training.length, 'training')} over the first two features, as the networks see them ` +
      '(after scaling, if any). Validation and test points are not shown.',
    alt: `Scatter plot of ${shown.length} training points in ${classes.length} classes over ${featureNames.join(' and ')}.`,
    spec: {
      $schema: VEGA_LITE,
      config,
      width: 460,
      height: 340,
      data: {
        values: shown.map((i) => ({
          x: scatter.x[i],
          y: scatter.y[i],
          class: className(scatter.label[i]),
          size: classSize(scatter.label[i], 32),
        })),
      },
      mark: { type: 'point', filled: true, opacity: 0.8, stroke: '#ffffff', strokeWidth: 0.5 },
      encoding: {
        x: { field: 'x', type: 'quantitative', title: featureNames[0], scale: { zero: false }, axis },
        y: { field: 'y', type: 'quantitative', title: featureNames[1], scale: { zero: false }, axis },
        color: {
          field: 'class',
          type: 'nominal',
          scale: { domain: classes.map(className), range: classes.map(classColor) },
          legend: { title: null, orient: 'top' },
        },
        shape: {
          field: 'class',
          type: 'nominal',
          scale: { domain: classes.map(className), range: classes.map(classShape) },
        },
        size: { field: 'size', type: 'quantitative', scale: null },
      },
    },
  };
}

/** The indices of the points of one part of the data. */
export function indicesOf({ part }: Scatter, wanted: Scatter['part'][number]): number[] {
  return part.flatMap((value, index) => (value === wanted ? [index] : []));
}

/** The class indices that occur, in order. */
export function classesOf({ label }: Scatter): number[] {
  return [...new Set(label)].sort((a, b) => a - b);
}

/** "400 test points", or "300 of the 400 test points" when some are left out. */
export function pointCount(shown: number, total: number, part: string): string {
  return shown === total ? `${total} ${part} points` : `${shown} of the ${total} ${part} points (evenly picked)`;
}
