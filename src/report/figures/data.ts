// The data: training points over the first two features, by class or by target.
import type { Scatter } from '../../experiment/index.ts';
import { indexed, layer, legendColumns, numeric, thin, tickLabel } from '../charts.ts';
import { defineFigure } from '../figure.ts';
import { classColor, className, classShape, classSize, classTexts, vegaLite } from '../look.ts';
import { joinNames } from '../words.ts';

const WIDTH = 460;
const MAX_POINTS = 800;

export const data = defineFigure({
  name: 'data',
  title: 'Training data',
  draw({ results, data: { scatter, featureNames } }) {
    if (!scatter) return undefined;
    const training = indicesOf(scatter, 'train');
    const shown = thin(training, MAX_POINTS);
    const classes = classesOf(scatter);
    const isClassified = results.trials.some(({ confusion }) => confusion);
    const columns = legendColumns(
      classes.map((k) => className(k, results.classNames)),
      WIDTH,
      40,
    );
    const byClass = (range: object[] | string[]) => ({
      ...{ field: 'class', type: 'nominal', scale: { domain: classes, range } },
      legend: { title: null, orient: 'top', labelExpr: indexed('classes'), columns },
    });
    const byTarget = {
      ...{ field: 'label', type: 'quantitative', title: 'Target', scale: { scheme: 'viridis', zero: false } },
      legend: { orient: 'top', gradientLength: 280, gradientThickness: 12, labelExpr: tickLabel() },
    };
    const marks = isClassified
      ? { color: byClass(classes.map(classColor)), shape: byClass(classes.map(classShape)) }
      : { color: byTarget };
    const [x, y] = (['x', 'y'] as const).map((field, i) =>
      numeric(field, featureNames[i], { grid: true, tickCount: 6 }),
    );
    const size = { field: 'size', type: 'quantitative', scale: null };
    const values = shown.map((i) => {
      const label = scatter.label[i];
      const area = isClassified ? classSize(label, 32) : 32;
      return { x: scatter.x[i], y: scatter.y[i], label, class: label, size: area };
    });
    return {
      caption:
        `${pointCount(shown.length, training.length, 'training')} over the first two features, as the networks see them ` +
        `(after scaling, if any)${isClassified ? '' : ', in the colours of their targets, or of the first of several'}. Validation and test points are not shown.`,
      alt: `Scatter plot of ${shown.length} training points ${isClassified ? `in ${classes.length} classes ` : ''}over ${joinNames(featureNames)}.`,
      spec: vegaLite({
        ...{ width: WIDTH, height: 340, data: { values } },
        params: [{ name: 'classes', value: classTexts(classes, results.classNames) }],
        ...layer(
          { type: 'point', filled: true, opacity: 0.8, stroke: '#ffffff', strokeWidth: 0.5 },
          { x, y, size, ...marks },
        ),
      }),
    };
  },
});

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
