// The sweep: accuracy and validation loss over the swept parameters, as lines, as a map, or as a cloud of points.
import { isChosen, type Results, type SweepPoint, shortPath, type VariantSummary } from '../experiment/index.ts';
import { describePoint } from './describe.ts';
import type { Figure } from './figure.ts';
import { listed, percent, type Run } from './runs.ts';
import { config, INK_ON_TINT, panelGrid, tint, VEGA_LITE } from './style.ts';

const WIDTH = 720;

/** Values this many times apart are drawn on a logarithmic axis. */
const WIDE = 20;

/** Variants drawn as maps, and steps of a map along one axis, which bound the size of the drawing. */
const MAX_MAPS = 6;
const MAX_STEPS = 40;

/** Axes get a tick for every value up to this many. */
const MAX_TICKS = 8;

/** Maps get numbers up to this many steps along their horizontal axis. */
const MAX_NUMBERED = 10;

interface Row {
  variant: string;
  point: SweepPoint;
  chosen: boolean;
  accuracy: number;
  low: number;
  high: number;
  loss: number;
}

/** Undefined without a sweep. */
export function sweepFigure(runs: Run[], { spec, summary, sweep }: Results): Figure | undefined {
  const rows = summary.flatMap((entry) => rowOf(entry, sweep));
  if (rows.length === 0) return undefined;
  const paths = Object.keys(rows[0].point);
  const axes = paths.map((path) => {
    const given = spec.sweep?.parameters[path];
    const values = [...new Set(rows.map(({ point }) => point[path]))];
    return { path, values, ...(given && !Array.isArray(given) && { isLog: given.scale === 'log' }) };
  });
  const perVariant = rows.filter(({ variant }) => variant === rows[0].variant).length;
  const isGrid = perVariant === axes.reduce((count, { values }) => count * values.length, 1);
  const isMap = isGrid && axes.length === 2 && axes.every(({ values }) => values.length <= MAX_STEPS);
  const drawing = isMap
    ? maps(runs, rows, axes)
    : isGrid && axes.length === 1
      ? lines(runs, rows, axes[0])
      : clouds(runs, rows, axes);
  return {
    name: 'sweep',
    title: `Sweep over ${listed(paths.map(shortPath))}`,
    caption: `${drawing.caption} The point of a variant is chosen by its validation loss (without the L1 or L2 penalty), so that its test accuracy stays an honest estimate.`,
    alt: `Test accuracy and validation loss over ${listed(paths)}. Chosen: ${listed(
      rows
        .filter(({ chosen }) => chosen)
        .map(({ variant, point, accuracy }) => `${variant} ${describePoint(point)}, ${percent(accuracy)}`),
    )}.`,
    spec: { $schema: VEGA_LITE, config, ...drawing.spec },
  };
}

interface Axis {
  path: string;
  values: (number | string)[];
  /** Only for parameters that were given as a range. */
  isLog?: boolean;
}

interface Drawing {
  caption: string;
  spec: object;
}

function rowOf({ variant, point, testAccuracy, validationLoss }: VariantSummary, sweep: Results['sweep']): Row[] {
  if (!point || !validationLoss) return [];
  const { mean, ci95 } = testAccuracy;
  const [low, high] = ci95 ?? [mean, mean];
  const chosen = isChosen(sweep, variant, point);
  return [
    {
      variant,
      point,
      chosen,
      accuracy: mean,
      low: Math.max(0, low),
      high: Math.min(1, high),
      loss: validationLoss.mean,
    },
  ];
}

const METRICS = [
  { field: 'accuracy', title: 'Test accuracy', format: '~%' },
  { field: 'loss', title: 'Validation loss', format: '~g' },
] as const;

/** One parameter: a line a variant. */
function lines(runs: Run[], rows: Row[], axis: Axis): Drawing {
  const values = rows.map(({ point, ...row }) => ({ ...row, at: point[axis.path] }));
  const hasIntervals = rows.some(({ low, high }) => high > low);
  const x = { field: 'at', ...scaleOf(axis) };
  const color = colorOf(runs, rows);
  return {
    caption: `Means over seeds${hasIntervals ? ', with 95% intervals for the test accuracy' : ''}; rings mark the chosen points.`,
    spec: {
      hconcat: METRICS.map(({ field, title, format }) => {
        const y = {
          field,
          type: 'quantitative',
          title: null,
          scale: { zero: false },
          axis: { format, tickCount: 6, minExtent: 40 },
        };
        return {
          width: 330,
          height: 230,
          title,
          data: { values },
          layer: [
            ...(field === 'accuracy' && hasIntervals
              ? [
                  {
                    mark: { type: 'area', opacity: 0.15 },
                    encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
                  },
                ]
              : []),
            { mark: { type: 'line', strokeWidth: 2, point: { size: 30, filled: true } }, encoding: { x, y, color } },
            {
              transform: [{ filter: 'datum.chosen' }],
              mark: { type: 'point', filled: false, fill: '#ffffff', size: 80, strokeWidth: 2, opacity: 1 },
              encoding: { x, y, color },
            },
          ],
        };
      }),
    },
  };
}

/** Two parameters on a grid: a map a variant and metric. */
function maps(runs: Run[], rows: Row[], [across, up]: Axis[]): Drawing {
  const shown = runs.slice(0, MAX_MAPS);
  const step = Math.max(8, Math.min(46, Math.floor(300 / across.values.length)));
  const height = Math.min(step, 30);
  const numbered = across.values.length <= MAX_NUMBERED && step >= 30;
  const ranges = METRICS.map(({ field }) => extent(rows.map((row) => row[field])));
  return {
    caption:
      `Means over seeds: the darker, the better. Outlined cells are the chosen points.` +
      (shown.length < runs.length ? ` The first ${MAX_MAPS} variants are shown.` : ''),
    spec: {
      spacing: { row: 26, column: 36 },
      columns: METRICS.length,
      concat: shown.flatMap(({ variant }, line) =>
        METRICS.map(({ field, title }, column) => {
          const values = rows
            .filter((row) => row.variant === variant)
            .map((row) => ({
              across: row.point[across.path],
              up: row.point[up.path],
              color: shade(row[field], ranges[column], field === 'loss'),
              text: field === 'accuracy' ? (row.accuracy * 100).toFixed(1) : row.loss.toFixed(3),
              chosen: row.chosen,
            }));
          const axis = { labelAngle: 0, domain: false, ticks: false, labelOverlap: true };
          const x = {
            field: 'across',
            type: 'ordinal',
            sort: ordered(across),
            title: line === shown.length - 1 ? shortPath(across.path) : null,
            axis,
          };
          const y = {
            field: 'up',
            type: 'ordinal',
            sort: ordered(up).reverse(),
            title: column === 0 ? shortPath(up.path) : null,
            axis,
          };
          return {
            width: { step },
            height: { step: height },
            title: { text: `${variant}: ${title.toLowerCase()}${field === 'accuracy' ? ' (%)' : ''}`, limit: 330 },
            data: { values },
            layer: [
              {
                mark: { type: 'rect', stroke: '#ffffff', strokeWidth: 1 },
                encoding: { x, y, color: { field: 'color', type: 'nominal', scale: null, legend: null } },
              },
              {
                transform: [{ filter: 'datum.chosen' }],
                mark: { type: 'rect', filled: false, stroke: INK_ON_TINT, strokeWidth: 2.5 },
                encoding: { x, y },
              },
              ...(numbered
                ? [
                    {
                      mark: { type: 'text', fontSize: step >= 40 ? 11 : 9, color: INK_ON_TINT },
                      encoding: { x, y, text: { field: 'text' } },
                    },
                  ]
                : []),
            ],
          };
        }),
      ),
    },
  };
}

/** Anything else: a cloud a parameter, of all points. */
function clouds(runs: Run[], rows: Row[], axes: Axis[]): Drawing {
  const { columns, panelWidth, gap } = panelGrid(axes.length, WIDTH);
  const color = colorOf(runs, rows);
  return {
    caption: 'Each dot is one point of the sweep, its mean over seeds; rings mark the chosen points.',
    spec: {
      columns,
      spacing: { row: 30, column: gap + 16 },
      concat: axes.map((axis, index) => {
        const x = { field: 'at', ...scaleOf(axis) };
        const y = {
          field: 'accuracy',
          type: 'quantitative',
          title: index % columns === 0 ? 'Test accuracy' : null,
          scale: { zero: false },
          axis: { format: '~%', tickCount: 6, minExtent: 40 },
        };
        return {
          width: Math.min(panelWidth, 300),
          height: 200,
          data: { values: rows.map(({ point, ...row }) => ({ ...row, at: point[axis.path] })) },
          layer: [
            { mark: { type: 'point', filled: true, size: 30, opacity: 0.75 }, encoding: { x, y, color } },
            {
              transform: [{ filter: 'datum.chosen' }],
              mark: { type: 'point', filled: false, size: 110, strokeWidth: 2, opacity: 1 },
              encoding: { x, y, color },
            },
          ],
        };
      }),
    },
  };
}

function colorOf(runs: Run[], rows: Row[]): object {
  const single = rows.every(({ variant }) => variant === rows[0].variant);
  return {
    field: 'variant',
    type: 'nominal',
    scale: { domain: runs.map(({ variant }) => variant), range: runs.map((run) => run.color) },
    legend: single ? null : { title: null, orient: 'top', symbolType: 'circle', symbolOpacity: 1 },
  };
}

/**
 * Type, scale and title of a parameter's axis. A listed parameter's is logarithmic when its values are far apart, and
 * symmetric-logarithmic where zero is among them.
 */
function scaleOf({ path, values, isLog }: Axis): object {
  const title = shortPath(path);
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length < values.length) return { type: 'ordinal', sort: null, title, axis: { labelAngle: 0 } };
  const sizes = numbers.map(Math.abs).filter((size) => size > 0);
  const [least, greatest] = extent(sizes.length > 0 ? sizes : [1]);
  const type = !(isLog ?? greatest >= WIDE * least) ? 'linear' : Math.min(...numbers) > 0 ? 'log' : 'symlog';
  const few = values.length <= MAX_TICKS ? ordered({ path, values }) : undefined;
  return {
    type: 'quantitative',
    title,
    scale: {
      type,
      nice: false,
      padding: 12,
      ...(type === 'linear' && { zero: false }),
      ...(type === 'symlog' && { constant: least }),
    },
    axis: {
      grid: false,
      labelExpr: "replace('' + datum.value, 'e', ' e')",
      ...((few ?? type !== 'linear') ? { values: few ?? decades(least, greatest) } : { tickCount: 6 }),
    },
  };
}

/** Powers of ten inside [low, high], with twice and five times as much where there are few. */
function decades(low: number, high: number): number[] {
  const powers = Array.from({ length: 41 }, (_, i) => Number(`1e${i - 20}`));
  const inside = (steps: number[]) =>
    powers
      .flatMap((power) => steps.map((step) => Number((step * power).toPrecision(1))))
      .filter((value) => value >= low && value <= high);
  return inside([1]).length >= 3 ? inside([1]) : inside([1, 2, 5]);
}

/** Numbers by size, words as given. */
function ordered({ values }: Axis): (number | string)[] {
  return values.every((value) => typeof value === 'number')
    ? [...values].sort((a, b) => Number(a) - Number(b))
    : [...values];
}

function shade(value: number, [low, high]: [number, number], lowIsGood: boolean): string {
  const share = high > low ? (value - low) / (high - low) : 1;
  return tint('#0072b2', 0.06 + 0.6 * (lowIsGood ? 1 - share : share));
}

function extent(values: number[]): [number, number] {
  return values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [values[0], values[0]],
  );
}
