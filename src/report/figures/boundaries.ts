// The decision boundaries: what every network predicts over the first two features.
import type { Boundary } from '../../experiment/index.ts';
import { indexed, legendColumns, panelGrid, thin, tickLabel } from '../charts.ts';
import { chosenText, picturedText, picturesOf, type Trial } from '../context.ts';
import { defineFigure } from '../figure.ts';
import { classColor, className, classShape, classSize, classTexts, INK_ON_TINT, tint, vega } from '../look.ts';
import { applicable, joinNames } from '../words.ts';
import { classesOf, indicesOf, pointCount } from './data.ts';

const WIDTH = 800;
const TITLE_HEIGHT = 40;
const AXIS_HEIGHT = 46;

/** Test points in all panels together, which bounds the size of the drawing. */
const MAX_POINTS = 1000;

/** Equal steps of probability, one colour each: fine ones, or coarse ones when there are more panels than MANY_PANELS. */
const FINE_BANDS = 10;
const COARSE_BANDS = 5;
const MANY_PANELS = 6;
const STRONGEST_TINT = 0.55;

/** Pixels of the legend of two classes' probabilities. */
const PROBABILITY_LEGEND = 500;

export const boundaries = defineFigure({
  name: 'decision-boundaries',
  title: 'Decision boundaries',
  draw({ runs, results, data, metric }) {
    const { scatter, featureNames } = data;
    const shown = runs.flatMap((run) => picturesOf(run, data, 'boundary'));
    if (!scatter || shown.length === 0) return undefined;
    const [{ picture: first }] = shown;
    const test = indicesOf(scatter, 'test');
    const points = thin(test, Math.floor(MAX_POINTS / shown.length));
    const classes = classesOf(scatter);
    const twoClasses = first.classes === 2;
    const second = results.classNames?.[1] ?? 'class 1';
    const colors = bandColors(shown.length > MANY_PANELS ? COARSE_BANDS : FINE_BANDS);

    const { columns, panelWidth, gap, isLeft, isLowest } = panelGrid(shown.length, WIDTH);
    const width = columns * (panelWidth + gap) - gap;
    const names = classes.map((k) => className(k, results.classNames));
    const panelHeight = Math.min(300, Math.round(panelWidth * 0.8));
    const frame = { width: panelWidth, height: panelHeight };
    const pitch = panelHeight + TITLE_HEIGHT + AXIS_HEIGHT;
    const scale = { type: 'linear', zero: false };
    const axis = {
      ...{ tickCount: 5, zindex: 1 },
      encode: { labels: { update: { text: { signal: tickLabel() } } } },
    };
    const scoreOf = ({ test }: Trial) => metric.value(test[metric.name]);
    const panels = shown.map(({ run, trial, picture }, i) => {
      const place = { x: (i % columns) * (panelWidth + gap), y: Math.floor(i / columns) * pitch + TITLE_HEIGHT };
      const surface = twoClasses ? probabilitySurface(picture, frame, colors) : classRegions(picture, frame);
      const axes = [
        {
          ...axis,
          orient: 'bottom',
          scale: 'x',
          ...(isLowest(i) && { title: featureNames[0], titleLimit: panelWidth }),
        },
        {
          ...axis,
          orient: 'left',
          scale: 'y',
          labels: isLeft(i),
          ...(isLeft(i) && { title: featureNames[1], titleLimit: panelHeight }),
        },
      ];
      const scales = [
        { ...scale, name: 'x', domain: [picture.xMin, picture.xMax], range: [0, panelWidth] },
        { ...scale, name: 'y', domain: [picture.yMin, picture.yMax], range: [panelHeight, 0] },
      ];
      const title = { text: run.variant, limit: panelWidth, subtitle: `test ${metric.label} ${scoreOf(trial)}` };
      const marks = [
        mark('group', { ...frame, clip: true }, surface),
        { type: 'group', marks: classes.map(testPoints) },
      ];
      return mark('group', { ...place, ...frame }, { title, scales, axes, marks });
    });
    const scores = shown.map(({ run, trial }) => `${run.variant} ${scoreOf(trial)}`);
    return {
      caption: applicable(
        twoClasses
          ? `Colour is the predicted probability of ${second} in steps of ${1 / colors.length}; the dark line is probability 0.5.`
          : 'Colour is the class with the highest predicted probability.',
        'Other features are held at their training mean.',
        `Points are ${pointCount(points.length, test.length, 'test')}, with all their own features (${picturedText(shown)}).`,
        'All panels share their axes.',
        chosenText(shown.map(({ run }) => run)),
      ).join(' '),
      alt: `Maps of predictions over ${joinNames(featureNames)}. Test ${metric.label}: ${joinNames(scores)}.`,
      spec: vega({
        width,
        height: Math.ceil(shown.length / columns) * pitch - AXIS_HEIGHT,
        padding: 8,
        data: classes.map((k) => ({
          name: `points${k}`,
          values: points.filter((i) => scatter.label[i] === k).map((i) => ({ x: scatter.x[i], y: scatter.y[i] })),
        })),
        signals: [{ name: 'classes', value: classTexts(classes, results.classNames) }],
        scales: [
          {
            name: 'color',
            type: 'ordinal',
            domain: classes,
            range: classes.map(classColor),
          },
          {
            name: 'shape',
            type: 'ordinal',
            domain: classes,
            range: classes.map(classShape),
          },
          { name: 'probability', type: 'quantize', domain: [0, 1], range: colors },
        ],
        legends: [
          {
            ...{ orient: 'top', direction: 'horizontal', fill: 'color', shape: 'shape' },
            columns: legendColumns(names, width - (twoClasses ? PROBABILITY_LEGEND : 0), 40),
            encode: { labels: { update: { text: { signal: indexed('classes') } } } },
          },
          ...(twoClasses ? [probabilityLegend(second)] : []),
        ],
        marks: panels,
      }),
    };
  },
});

const probabilityLegend = (second: string) => ({
  ...{ orient: 'top', direction: 'horizontal', fill: 'probability', format: '.1f' },
  ...{ title: `Predicted probability of ${second}`, titleLimit: 180, titleOrient: 'left', titlePadding: 10 },
  ...{ gradientLength: 280, gradientThickness: 12 },
});

/** Filled bands of P(class 1) and the line where it is one half. */
function probabilitySurface(boundary: Boundary, frame: Frame, [lowest, ...bands]: string[]): object {
  const thresholds = bands.map((_, index) => (index + 1) / (bands.length + 1));
  const grid = raster(boundary, frame, boundary.probabilities);
  return {
    data: [contours('bands', grid, thresholds), contours('half', grid, [0.5])],
    scales: [{ name: 'band', type: 'ordinal', domain: thresholds, range: bands }],
    marks: [
      mark('rect', { ...frame, fill: lowest }),
      region('bands', { fill: { scale: 'band', field: 'contour.value' } }),
      region('half', { stroke: INK_ON_TINT, strokeWidth: 1.5 }),
    ],
  };
}

/** One filled region per class: where its probability exceeds that of every other class. */
function classRegions(boundary: Boundary, frame: Frame): object {
  const { classes, probabilities } = boundary;
  const lead = (k: number) =>
    Array.from({ length: probabilities.length / classes }, (_, cell) => {
      const p = probabilities.slice(cell * classes, (cell + 1) * classes);
      return p[k] - Math.max(...p.filter((_, other) => other !== k));
    });
  const fill = (k: number) => tint(classColor(k), STRONGEST_TINT / 1.5);
  const indices = Array.from({ length: classes }, (_, k) => k);
  return {
    data: indices.map((k) => contours(`class${k}`, raster(boundary, frame, lead(k)), [0])),
    marks: indices.map((k) => region(`class${k}`, { fill: fill(k), stroke: INK_ON_TINT, strokeWidth: 1 })),
  };
}

type Frame = Record<'width' | 'height', number>;

/** A grid as Vega's isocontour wants it; cell centres of the outer columns and rows fall on the frame. */
function raster({ columns, rows }: Boundary, { width, height }: Frame, values: number[]): object {
  const [cellWidth, cellHeight] = [width / (columns - 1), height / (rows - 1)];
  const translate = [-cellWidth / 2, height + cellHeight / 2];
  return { width: columns, height: rows, values, scale: [cellWidth, -cellHeight], translate };
}

const contours = (name: string, grid: object, thresholds: number[]): object => {
  return { name, values: [grid], transform: [{ type: 'isocontour', thresholds }] };
};

const region = (data: string, channels: Channels): object =>
  mark('shape', channels, { from: { data }, transform: [{ type: 'geoshape', field: 'datum.contour' }] });

/** Points of class `k`, from the data source of that name. */
const testPoints = (k: number): object =>
  mark(
    'symbol',
    {
      ...{ x: { scale: 'x', field: 'x' }, y: { scale: 'y', field: 'y' } },
      ...{ shape: classShape(k), size: classSize(k, 20), fill: classColor(k), stroke: '#ffffff', strokeWidth: 0.6 },
    },
    { from: { data: `points${k}` } },
  );

type Channels = Record<string, string | number | boolean | object>;

/** A mark of Vega, whose channels are constants or objects. */
function mark(type: string, channels: Channels, others: object = {}): object {
  const enter = Object.entries(channels).map(([name, value]) => [name, typeof value === 'object' ? value : { value }]);
  return { type, encode: { enter: Object.fromEntries(enter) }, ...others };
}

/** From the colour of class 0 through near-white to the colour of class 1. */
function bandColors(count: number): string[] {
  return Array.from({ length: count }, (_, band) => {
    const position = (band + 0.5) / count - 0.5;
    return tint(classColor(position < 0 ? 0 : 1), Math.abs(position) * 2 * STRONGEST_TINT);
  });
}
