// The sweep: the metric that decides and the validation loss over the swept parameters, as lines, maps or clouds of points.
import { isChosen, shortPath } from '../../experiment/index.ts';
import {
  bandLabels,
  extent,
  indexed,
  layer,
  leftAxis,
  numeric,
  padded,
  panelGrid,
  thin,
  variantColors,
  variantTexts,
} from '../charts.ts';
import { choosesBy, type ReportContext, testOf, validationOf } from '../context.ts';
import { defineFigure } from '../figure.ts';
import { INK_ON_TINT, MARKED, tint, vegaLite } from '../look.ts';
import { applicable, capitalized, describePoint, joinNames, valueText } from '../words.ts';

const WIDTH = 720;

/** Values this many times apart are drawn on a logarithmic axis. */
const WIDE = 20;

/** Variants drawn as maps, and steps of a map along one axis, which bound the size of the drawing. */
const MAX_MAPS = 6;
const MAX_STEPS = 40;

/** Dots of a cloud, which bounds the size of the drawing. */
const MAX_DOTS = 1000;

/** Axes get a tick for every value up to this many. */
const MAX_TICKS = 8;

/** Maps get numbers up to this many steps along their horizontal axis. */
const MAX_NUMBERED = 10;

/** One swept parameter. */
interface Axis {
  path: string;
  /** Its different values in the order to draw them; undefined is that of variants which the sweep leaves as they are. */
  values: unknown[];
  /** Names the parameter of the drawing that holds the values as texts. */
  texts: string;
  isNumeric: boolean;
  /** Only for parameters that were given as a range. */
  isLog?: boolean;
}

/** One variant at one point. */
interface Row extends Record<'variant' | 'value' | 'low' | 'high' | 'loss', number> {
  /** The variant and its point in words. */
  name: string;
  /** The place on each axis: the value itself where it is a number, otherwise its step; undefined where it has none. */
  at: (number | undefined)[];
  /** The index of the value among those of each axis. */
  steps: number[];
  isChosen: boolean;
}

interface Sweep extends ReportContext {
  axes: Axis[];
  rows: Row[];
}

interface Drawing {
  caption: string;
  spec: object;
}

export const sweep = defineFigure({
  name: 'sweep',
  title: ({ results: { spec } }) => `Sweep over ${joinNames(Object.keys(sweptValues(spec)).map(shortPath))}`,
  draw(context) {
    const { runs, metric } = context;
    const data = sweepOf(context);
    const { axes, rows } = data;
    if (axes.length === 0) return undefined;
    const isGrid = runs.every(({ index }) => {
      const own = rows.filter(({ variant }) => variant === index);
      return own.length === axes.reduce((count, _, i) => count * new Set(own.map(({ steps }) => steps[i])).size, 1);
    });
    const isMap = isGrid && axes.length === 2 && axes.every(({ values }) => values.length <= MAX_STEPS);
    const { caption, spec } = (isMap ? maps : isGrid && axes.length === 1 ? lines : clouds)(data);
    const chosen = rows.flatMap(({ isChosen, name, value }) => (isChosen ? [`${name}, ${metric.value(value)}`] : []));
    const texts = axes.map((axis) => ({ name: axis.texts, value: textsOf(axis) }));
    return {
      caption:
        `${caption} For each variant, the setting with the ${choosesBy(data)} is used. ` +
        `The test part has no say in that choice, so that the test ${metric.label} stays an honest estimate.`,
      alt: `Test ${metric.label} and validation ${validationOf(context).words.label} over ${joinNames(axes.map(({ path }) => path))}. Chosen: ${joinNames(chosen)}.`,
      spec: vegaLite({ params: [variantTexts(runs), ...texts], ...spec }),
    };
  },
});

/** The values of a sweep by path; a space with a name has too many paths to draw. */
const sweptValues = ({ sweep }: ReportContext['results']['spec']) =>
  sweep && 'parameters' in sweep ? sweep.parameters : {};

function sweepOf(context: ReportContext): Sweep {
  const { runs, results, metric } = context;
  const { spec, summary, sweep: choices } = results;
  const validation = validationOf(context);
  const axes = Object.entries(sweptValues(spec)).flatMap(([path, given], i): Axis[] => {
    const all = summary.map(({ point }) => point?.[path]);
    const values = [...new Map(all.map((value) => [JSON.stringify(value), value])).values()];
    if (values.every((value) => value === undefined)) return [];
    const isNumeric = values.every((value) => value === undefined || typeof value === 'number');
    const range = Array.isArray(given) ? {} : { isLog: given.scale === 'log' };
    return [{ path, values: ordered(values), texts: `values${i}`, isNumeric, ...range }];
  });
  const places = axes.map(({ values }) => new Map(values.map((value, i) => [JSON.stringify(value), i])));
  const rows = summary.flatMap((entry): Row[] => {
    const { variant, point } = entry;
    const run = runs.find((candidate) => candidate.variant === variant);
    if (!run) return [];
    const { mean: value, ci95 } = testOf(entry, metric.name);
    const [low, high] = metric.bounded(ci95 ?? [value, value]);
    const name = point ? `${variant} ${describePoint(point)}` : variant;
    const steps = axes.map(({ path }, i) => places[i].get(JSON.stringify(point?.[path]))!);
    const at = axes.map(({ values, isNumeric }, i) => {
      const own = values[steps[i]];
      return isNumeric || own === undefined ? (own as number | undefined) : steps[i];
    });
    const measured = { value, low, high, loss: validation.mean(entry) };
    return [{ variant: run.index, name, at, steps, isChosen: isChosen(choices, variant, point), ...measured }];
  });
  return { ...context, axes, rows };
}

/** The values of an axis in words; fractions have four digits, as those of a logarithmic range have no end. */
const textsOf = ({ values }: Axis): string[] =>
  values.map((value) => {
    if (value === undefined) return 'own';
    return valueText(typeof value === 'number' && value % 1 !== 0 ? Number(value.toPrecision(4)) : value);
  });

/** What is no value first; then numbers by size, others as given. */
function ordered(values: unknown[]): unknown[] {
  const rank = (value: unknown) => (value === undefined ? 0 : value === null ? 1 : 2);
  const isNumeric = values.every((value) => rank(value) < 2 || typeof value === 'number');
  return [...values].sort((a, b) => rank(a) - rank(b) || (isNumeric ? Number(a) - Number(b) : 0) || 0);
}

const measuresOf = (sweep: Sweep) => {
  const { metric } = sweep;
  const { words } = validationOf(sweep);
  return [
    { field: 'value', title: `test ${metric.label}`, words: metric },
    { field: 'loss', title: `validation ${words.label}`, words },
  ] as const;
};

/** The data of the rows that have a place on axis `i`. */
const placed = (rows: Row[], i: number) => ({
  values: rows.flatMap(({ at, steps, name, ...row }) => (at[i] === undefined ? [] : [{ ...row, at: at[i] }])),
});

const onlyChosen = { transform: [{ filter: 'datum.isChosen' }] };

const colorsOf = ({ runs }: Sweep) =>
  variantColors(
    runs,
    runs.length > 1 ? { width: WIDTH, symbolWidth: 40, symbolType: 'circle', symbolOpacity: 1 } : undefined,
  );

const LINES_WIDTH = 330;

/** One parameter: a line a variant. */
function lines(sweep: Sweep): Drawing {
  const { rows, axes, metric } = sweep;
  const fixed = rows.flatMap(({ variant, at, value, loss }) => (at[0] === undefined ? [{ variant, value, loss }] : []));
  const hasIntervals = rows.some(({ low, high }) => high > low);
  const x = positionOf(axes[0], LINES_WIDTH);
  const color = colorsOf(sweep);
  const ring = { type: 'point', filled: false, fill: '#ffffff', size: 80, strokeWidth: 2, opacity: 1 };
  return {
    caption: applicable(
      `Means over seeds${hasIntervals ? `, with 95 % intervals for the test ${metric.label}` : ''}; rings mark the chosen settings.`,
      fixed.length > 0 && 'Dashed lines are variants that the sweep leaves as they are.',
    ).join(' '),
    spec: {
      hconcat: measuresOf(sweep).map(({ field, title, words }) => {
        const values = rows.flatMap((row) => (field === 'loss' ? row.loss : [row.low, row.high]));
        const y = (name: string) => numeric(name, null, leftAxis(words), { domain: padded(values, words) });
        const band = layer({ type: 'area', opacity: 0.15 }, { x, y: y('low'), y2: { field: 'high' }, color });
        const level = { type: 'rule', strokeWidth: 2, strokeDash: [6, 3] };
        return {
          ...{ width: LINES_WIDTH, height: 230, title: capitalized(title), data: placed(rows, 0) },
          layer: [
            ...(field === 'value' && hasIntervals ? [band] : []),
            ...(fixed.length > 0 ? [layer(level, { y: y(field), color }, { data: { values: fixed } })] : []),
            layer({ type: 'line', strokeWidth: 2, point: { size: 30, filled: true } }, { x, y: y(field), color }),
            layer(ring, { x, y: y(field), color }, onlyChosen),
          ],
        };
      }),
    },
  };
}

/** Two parameters on a grid: a map a variant and measure. */
function maps(sweep: Sweep): Drawing {
  const { runs, rows, axes } = sweep;
  const shown = runs.slice(0, MAX_MAPS);
  const across = axes[0].values.length;
  const step = Math.max(8, Math.min(46, Math.floor(300 / across)));
  const isNumbered = across <= MAX_NUMBERED && step >= 30;
  const axis = { labelLimit: 120, domain: false, ticks: false, labelOverlap: true };
  const below = bandLabels(textsOf(axes[0]), step);
  const map = (run: Sweep['runs'][number], { field, title, words }: ReturnType<typeof measuresOf>[number]) => {
    const own = rows.filter(({ variant }) => variant === run.index);
    const text = (value: number) => (words.isShare ? (value * 100).toFixed(1) : words.value(value));
    const range = extent(rows.map((row) => row[field]));
    const values = own.map((row) => {
      const share = range[1] > range[0] ? (row[field] - range[0]) / (range[1] - range[0]) : 1;
      const color = tint('#0072b2', 0.06 + 0.6 * (words.best === 'lowest' ? 1 - share : share));
      return { across: row.steps[0], up: row.steps[1], color, text: text(row[field]), isChosen: row.isChosen };
    });
    const channel = (name: string, i: 0 | 1, isTitled: boolean) => {
      const domain = [...new Set(own.map(({ steps }) => steps[i]))].sort((a, b) => (i === 0 ? a - b : b - a));
      return {
        ...{ field: name, type: 'ordinal', scale: { domain }, title: isTitled ? shortPath(axes[i].path) : null },
        axis: { ...axis, ...(i === 0 && below), labelExpr: indexed(axes[i].texts) },
      };
    };
    const x = channel('across', 0, run === shown[shown.length - 1]);
    const y = channel('up', 1, field === 'value');
    const color = { field: 'color', type: 'nominal', scale: null, legend: null };
    const numbers = { type: 'text', fontSize: step >= 40 ? 11 : 9, color: INK_ON_TINT };
    return {
      ...{ width: { step }, height: { step: Math.min(step, 30) }, data: { values } },
      title: { text: `${run.variant}: ${title}${words.isShare ? ' (%)' : ''}`, limit: 330 },
      layer: [
        layer({ type: 'rect', stroke: '#ffffff', strokeWidth: 1 }, { x, y, color }),
        layer({ type: 'rect', filled: false, stroke: MARKED, strokeWidth: 2.5 }, { x, y }, onlyChosen),
        ...(isNumbered ? [layer(numbers, { x, y, text: { field: 'text' } })] : []),
      ],
    };
  };
  return {
    caption: applicable(
      'Means over seeds: the darker, the better. Outlined cells are the chosen settings.',
      shown.length < runs.length && `The first ${MAX_MAPS} variants are shown.`,
      axes.some(({ values }) => values.includes(undefined)) &&
        'Where it says “own”, the sweep leaves the variant as it is.',
    ).join(' '),
    spec: {
      ...{ spacing: { row: 26, column: 36 }, columns: 2 },
      concat: shown.flatMap((run) => measuresOf(sweep).map((measure) => map(run, measure))),
    },
  };
}

/** Anything else: a cloud a parameter, of all points. */
function clouds(sweep: Sweep): Drawing {
  const { rows, axes } = sweep;
  const { columns, panelWidth, gap, isLeft } = panelGrid(axes.length, WIDTH);
  const width = Math.min(panelWidth, 300);
  const [{ title, words }] = measuresOf(sweep);
  const domain = padded(
    rows.map(({ value }) => value),
    words,
  );
  const color = colorsOf(sweep);
  const shown = [...thin(rows, MAX_DOTS), ...rows.filter(({ isChosen }) => isChosen)];
  const ring = { type: 'point', filled: false, size: 110, strokeWidth: 2, opacity: 1 };
  return {
    caption: applicable(
      'Each dot is one setting, its mean over seeds; rings mark the chosen settings.',
      rows.length > MAX_DOTS && `${MAX_DOTS} of the ${rows.length} settings are shown (evenly picked).`,
    ).join(' '),
    spec: {
      ...{ columns, spacing: { row: 30, column: gap + 16 } },
      concat: axes.map((own, i) => {
        const x = positionOf(own, width);
        const y = numeric('value', isLeft(i) ? capitalized(title) : null, leftAxis(words), { domain });
        return {
          ...{ width, height: 200, data: placed(shown, i) },
          layer: [
            layer({ type: 'point', filled: true, size: 30, opacity: 0.75 }, { x, y, color }),
            layer(ring, { x, y, color }, onlyChosen),
          ],
        };
      }),
    },
  };
}

/**
 * The channel of a parameter, along `width` pixels. A listed parameter's scale is logarithmic when its values are far apart, and
 * symmetric-logarithmic where zero is among them.
 */
function positionOf(own: Axis, width: number): object {
  const { path, values, texts, isNumeric, isLog } = own;
  const title = shortPath(path);
  if (!isNumeric) {
    const domain = values.flatMap((value, i) => (value === undefined ? [] : [i]));
    const axis = { labelExpr: indexed(texts), ...bandLabels(textsOf(own), width / domain.length) };
    return { field: 'at', type: 'ordinal', scale: { domain }, title, axis };
  }
  const numbers = values.filter((value) => typeof value === 'number');
  const sizes = numbers.map(Math.abs).filter((size) => size > 0);
  const [least, greatest] = extent(sizes.length > 0 ? sizes : [1]);
  const type = !(isLog ?? greatest >= WIDE * least) ? 'linear' : Math.min(...numbers) > 0 ? 'log' : 'symlog';
  const scales = { linear: { zero: false }, log: {}, symlog: { constant: least } };
  const few = numbers.length <= MAX_TICKS ? numbers : undefined;
  const ticks = (few ?? type !== 'linear') ? { values: few ?? decades(least, greatest) } : { tickCount: 6 };
  const shortened = "datum.value % 1 ? format(datum.value, '.4~g') : '' + datum.value";
  const axis = { grid: false, labelExpr: `replace(${shortened}, 'e', ' e')`, ...ticks };
  return numeric('at', title, axis, { type, nice: false, padding: 12, ...scales[type] });
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
