// The decision boundaries: what every network predicts over the first two features.
import type { Boundary, FigureData, Scatter } from '../experiment/index.ts';
import { describePoint } from './describe.ts';
import type { Figure } from './figure.ts';
import { figuresOf, isSameTrial, listed, percent, type Run, type Trial, thin } from './runs.ts';
import { classesOf, indicesOf, pointCount } from './scatter-figure.ts';
import { classColor, className, classShape, classSize, config, INK_ON_TINT, panelGrid, tint, VEGA } from './style.ts';

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

export function boundariesFigure(
  runs: Run[],
  scatter: Scatter,
  { featureNames, variants }: FigureData,
  trials: readonly Trial[],
): Figure {
  const shown = runs.flatMap((run) => {
    const trained = figuresOf(run, variants);
    const trial = trained && trials.find((candidate) => isSameTrial(candidate, trained));
    return trained?.boundary && trial ? [{ variant: run.variant, boundary: trained.boundary, trial }] : [];
  });
  const [{ boundary: limits, trial: first }] = shown;
  const test = indicesOf(scatter, 'test');
  const points = thin(test, Math.floor(MAX_POINTS / shown.length));
  const classes = classesOf(scatter);
  const twoClasses = limits.classes === 2;
  const colors = bandColors(shown.length > MANY_PANELS ? COARSE_BANDS : FINE_BANDS);

  const { columns, panelWidth, gap } = panelGrid(shown.length, WIDTH);
  const panelHeight = Math.min(300, Math.round(panelWidth * 0.8));
  const rows = Math.ceil(shown.length / columns);
  const pitch = panelHeight + TITLE_HEIGHT + AXIS_HEIGHT;

  const panels = shown.map(({ variant, boundary, trial }, index) => {
    const isLeft = index % columns === 0;
    const isLowest = index + columns >= shown.length;
    const frame = { width: panelWidth, height: panelHeight };
    return {
      type: 'group',
      encode: {
        enter: {
          x: { value: (index % columns) * (panelWidth + gap) },
          y: { value: Math.floor(index / columns) * pitch + TITLE_HEIGHT },
          width: { value: panelWidth },
          height: { value: panelHeight },
        },
      },
      title: {
        text: variant,
        limit: panelWidth,
        subtitle: `${trial.point ? `${describePoint(trial.point)}: ` : ''}test accuracy ${percent(trial.test.accuracy)}`,
      },
      scales: [
        { name: 'x', type: 'linear', zero: false, domain: [boundary.xMin, boundary.xMax], range: [0, panelWidth] },
        { name: 'y', type: 'linear', zero: false, domain: [boundary.yMin, boundary.yMax], range: [panelHeight, 0] },
      ],
      axes: [
        { orient: 'bottom', scale: 'x', tickCount: 5, zindex: 1, ...(isLowest && { title: featureNames[0] }) },
        {
          orient: 'left',
          scale: 'y',
          tickCount: 5,
          zindex: 1,
          labels: isLeft,
          ...(isLeft && { title: featureNames[1] }),
        },
      ],
      marks: [
        {
          type: 'group',
          encode: { enter: { width: { value: panelWidth }, height: { value: panelHeight }, clip: { value: true } } },
          ...(twoClasses ? probabilitySurface(boundary, frame, colors) : classRegions(boundary, frame)),
        },
        { type: 'group', marks: classes.map(testPoints) },
      ],
    };
  });

  const meaning = twoClasses
    ? `Colour is the predicted probability of class 1 in steps of ${1 / colors.length}; the dark line is probability 0.5.`
    : 'Colour is the class with the highest predicted probability.';
  return {
    name: 'decision-boundaries',
    title: 'Decision boundaries',
    caption:
      `${meaning} Other features are held at their training mean. Points are ${pointCount(points.length, test.length, 'test')}, ` +
      `with all their own features (seed ${first.seed}). All panels share their axes.`,
    alt: `Maps of predictions over ${featureNames.join(' and ')}. Test accuracy: ${listed(
      shown.map(({ variant, trial }) => `${variant} ${percent(trial.test.accuracy)}`),
    )}.`,
    spec: {
      $schema: VEGA,
      config,
      width: columns * (panelWidth + gap) - gap,
      height: rows * pitch - AXIS_HEIGHT,
      padding: 8,
      data: classes.map((k) => ({
        name: `points${k}`,
        values: points.filter((i) => scatter.label[i] === k).map((i) => ({ x: scatter.x[i], y: scatter.y[i] })),
      })),
      scales: [
        { name: 'color', type: 'ordinal', domain: classes.map(className), range: classes.map(classColor) },
        { name: 'shape', type: 'ordinal', domain: classes.map(className), range: classes.map(classShape) },
        { name: 'probability', type: 'quantize', domain: [0, 1], range: colors },
      ],
      legends: [
        { orient: 'top', direction: 'horizontal', fill: 'color', shape: 'shape' },
        ...(twoClasses
          ? [
              {
                orient: 'top',
                direction: 'horizontal',
                fill: 'probability',
                title: 'Predicted probability of class 1',
                titleOrient: 'left',
                titlePadding: 10,
                format: '.1f',
                gradientLength: 280,
                gradientThickness: 12,
              },
            ]
          : []),
      ],
      marks: panels,
    },
  };
}

interface Frame {
  width: number;
  height: number;
}

/** Filled bands of P(class 1) and the line where it is one half. */
function probabilitySurface(boundary: Boundary, frame: Frame, [lowest, ...bands]: string[]): object {
  const thresholds = bands.map((_, index) => (index + 1) / (bands.length + 1));
  const grid = raster(boundary, frame, boundary.probabilities);
  return {
    data: [contours('bands', grid, thresholds), contours('half', grid, [0.5])],
    scales: [{ name: 'band', type: 'ordinal', domain: thresholds, range: bands }],
    marks: [
      rectangle(frame, lowest),
      shape('bands', { fill: { scale: 'band', field: 'contour.value' } }),
      shape('half', { stroke: { value: INK_ON_TINT }, strokeWidth: { value: 1.5 } }),
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
  const indices = Array.from({ length: classes }, (_, k) => k);
  return {
    data: indices.map((k) => contours(`class${k}`, raster(boundary, frame, lead(k)), [0])),
    marks: indices.map((k) =>
      shape(`class${k}`, {
        fill: { value: tint(classColor(k), STRONGEST_TINT / 1.5) },
        stroke: { value: INK_ON_TINT },
        strokeWidth: { value: 1 },
      }),
    ),
  };
}

/** A grid as Vega's isocontour wants it; cell centres of the outer columns and rows fall on the frame. */
function raster({ columns, rows }: Boundary, { width, height }: Frame, values: number[]): object {
  const cellWidth = width / (columns - 1);
  const cellHeight = height / (rows - 1);
  return {
    width: columns,
    height: rows,
    values,
    scale: [cellWidth, -cellHeight],
    translate: [-cellWidth / 2, height + cellHeight / 2],
  };
}

function contours(name: string, grid: object, thresholds: number[]): object {
  return { name, values: [grid], transform: [{ type: 'isocontour', thresholds }] };
}

function shape(data: string, enter: object): object {
  return {
    type: 'shape',
    from: { data },
    encode: { enter },
    transform: [{ type: 'geoshape', field: 'datum.contour' }],
  };
}

function rectangle({ width, height }: Frame, color: string): object {
  return {
    type: 'rect',
    encode: { enter: { width: { value: width }, height: { value: height }, fill: { value: color } } },
  };
}

/** Points of class `k`, from the data source of that name. */
function testPoints(k: number): object {
  return {
    type: 'symbol',
    from: { data: `points${k}` },
    encode: {
      enter: {
        x: { scale: 'x', field: 'x' },
        y: { scale: 'y', field: 'y' },
        shape: { value: classShape(k) },
        size: { value: classSize(k, 20) },
        fill: { value: classColor(k) },
        stroke: { value: '#ffffff' },
        strokeWidth: { value: 0.6 },
      },
    },
  };
}

/** From the colour of class 0 through near-white to the colour of class 1. */
function bandColors(count: number): string[] {
  return Array.from({ length: count }, (_, band) => {
    const position = (band + 0.5) / count - 0.5;
    return tint(classColor(position < 0 ? 0 : 1), Math.abs(position) * 2 * STRONGEST_TINT);
  });
}
