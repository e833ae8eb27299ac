// The parts that several charts are made of: axes, channels in which variants are rows or colours, dot plots, panels.
import type { Run } from './context.ts';
import { INK, LABEL_LIMIT, MUTED, variantColor, vegaLite } from './look.ts';
import { textWidth } from './text-width.ts';
import type { MetricWords } from './words.ts';

/** The expression of an axis for its labels: as the axis has them, but numbers with many digits as powers of ten, with `sign` or without. */
export const tickLabel = (sign: '' | '+' = ''): string => {
  const isLong = 'abs(datum.value) >= 1e6 || abs(datum.value) < 1e-4';
  return `datum.value === 0 ? '0' : ${isLong} ? format(datum.value, '${sign}~e') : datum.label`;
};

/** A channel of numbers. A title of null leaves the axis without one. */
export function numeric(field: string, title: string | null, axis: object = {}, scale: object = { zero: false }) {
  return { field, type: 'quantitative', title, scale, axis: { labelExpr: tickLabel(), ...axis } };
}

const BAND_LABEL_LIMIT = 140;

/** The labels below bands of `step` pixels, which are upright where the widest of `texts` does not fit. */
export function bandLabels(texts: readonly string[], step: number) {
  const widest = Math.max(...texts.map((text) => textWidth({ fontSize: 12 }, text)));
  return { labelLimit: BAND_LABEL_LIMIT, labelAngle: widest + 6 > step ? -90 : 0 };
}

/** The labels of an axis of shares. */
export const shareAxis = { format: '~%', labelExpr: "replace(datum.label, '%', ' %')" };

/** An axis of a metric's values. */
export const metricAxis = ({ isShare }: MetricWords) => ({ tickCount: 6, ...(isShare && shareAxis) });

/** The same on the left of panels that stand side by side, where all take the same space. */
export const leftAxis = (metric: MetricWords) => ({ ...metricAxis(metric), minExtent: 40 });

// Data name variants, and whatever else users named, by index alone. A parameter holds the texts, where they are values:
// Vega takes a field name such as `a.b` apart, and fails where it groups data by a value such as `constructor`.

/** The expression of an axis or legend for the text that the parameter `name` has at the index that is the datum's value. */
export const indexed = (name: string): string => `${name}[datum.value]`;

/** The parameter that {@link dotPlot} and {@link variantColors} need. */
export const variantTexts = (runs: readonly Run[]) => ({
  name: 'variants',
  value: Object.fromEntries(runs.map(({ index, variant }) => [index, variant])),
});

/** In how many columns the legend of `labels` fits `width` pixels, with `symbolWidth` for each symbol: Vega would put all side by side. */
export function legendColumns(labels: readonly string[], width: number, symbolWidth: number): number {
  const widest = Math.max(...labels.map((label) => textWidth({ fontSize: 12, limit: LABEL_LIMIT }, label)));
  return Math.max(1, Math.floor(width / (widest + symbolWidth)));
}

interface Legend {
  /** Pixels for all columns, and for the symbol of each. */
  width: number;
  symbolWidth: number;
  [property: string]: unknown;
}

/** The colours of `runs`, with a legend of their labels if it is given. */
export function variantColors(runs: readonly Run[], legend?: Legend) {
  const { width = 0, symbolWidth = 0, ...properties } = legend ?? {};
  const labels = runs.map(({ variant }) => variant);
  const columns = legendColumns(labels, width, symbolWidth);
  return {
    field: 'variant',
    type: 'nominal',
    scale: { domain: runs.map(({ index }) => index), range: runs.map(({ index }) => variantColor(index)) },
    legend: legend ? { title: null, orient: 'top', labelExpr: indexed('variants'), columns, ...properties } : null,
  };
}

/** Mark and encoding of a layer. */
export const layer = (mark: object, encoding: object, others: object = {}) => ({ mark, encoding, ...others });

const rowAxis = { labelColor: INK, labelLimit: 220, labelPadding: 10, ticks: false, domain: false, grid: true };
const ROW_HEIGHT = 42;
const PLOT_WIDTH = 340;

/** Dots of a variant in a dot plot, which bounds the size of the drawing. */
export const MAX_DOTS = 100;

interface DotPlot {
  runs: readonly Run[];
  title: string;
  scale: object;
  axis: object;
  /** `dots` are the values that the mean is over; where each estimate has one, that is all there is to draw. */
  estimates: readonly {
    run: Run;
    dots: number[];
    mean: number;
    low: number;
    high: number;
    label: string;
    isHollow?: boolean;
  }[];
  hasZeroLine?: boolean;
}

/** A row for each estimate: circles for the dots, above them a diamond and a line for mean and interval, a label on the right. */
export function dotPlot({ runs, title, scale, axis, estimates, hasZeroLine = false }: DotPlot): object {
  const x = (field: string) => numeric(field, title, axis, scale);
  const y = {
    field: 'variant',
    type: 'nominal',
    scale: { domain: estimates.map(({ run }) => run.index) },
    title: null,
    axis: { ...rowAxis, labelExpr: indexed('variants') },
  };
  const color = variantColors(runs);
  const fill = { ...color, condition: { test: 'datum.isHollow', value: '#ffffff' } };
  const isMany = estimates.some(({ dots }) => dots.length > 1);
  const circle = isMany
    ? { type: 'point', filled: false, size: 40, strokeWidth: 1.25, opacity: 0.85, yOffset: 10 }
    : { type: 'point', filled: true, size: 110, opacity: 1 };
  const diamond = { type: 'point', shape: 'diamond', size: 110, strokeWidth: 1.5, opacity: 1, yOffset: -6 };
  const text = { type: 'text', align: 'left', fontSize: 12, color: INK };
  const dashed = { type: 'rule', color: MUTED, strokeDash: [4, 3] };
  const values = estimates.flatMap(({ run, dots }) =>
    thin(dots, MAX_DOTS).map((value) => ({ variant: run.index, value })),
  );
  return vegaLite({
    params: [variantTexts(runs)],
    width: PLOT_WIDTH,
    height: { step: ROW_HEIGHT },
    data: { values: estimates.map(({ run, dots, ...estimate }) => ({ variant: run.index, ...estimate })) },
    layer: [
      ...(hasZeroLine ? [layer(dashed, { x: x('zero') }, { data: { values: [{ zero: 0 }] } })] : []),
      layer(circle, { x: x('value'), y, color }, { data: { values } }),
      ...(isMany
        ? [
            layer({ type: 'rule', strokeWidth: 2, yOffset: -6 }, { x: x('low'), x2: { field: 'high' }, y, color }),
            layer(diamond, { x: x('mean'), y, stroke: color, fill }),
          ]
        : []),
      layer(text, { x: { value: PLOT_WIDTH + 12 }, y, text: { field: 'label' } }),
    ],
  });
}

const GAP = 24;
const MAX_PANEL_WIDTH = 360;

/** Splits at most `width` pixels into equal panels: three a row, or fewer where that leaves fewer holes. */
export function panelGrid(panels: number, width: number) {
  const columns = panels === 4 ? 2 : Math.min(3, panels);
  const share = Math.floor((width - GAP * (columns - 1)) / columns);
  return {
    columns,
    panelWidth: Math.min(MAX_PANEL_WIDTH, share),
    gap: GAP,
    isLeft: (index: number) => index % columns === 0,
    isLowest: (index: number) => index + columns >= panels,
  };
}

/** At most `limit` of `items`, evenly spaced, always the same ones. */
export function thin<T>(items: readonly T[], limit: number): T[] {
  if (items.length <= limit) return [...items];
  return Array.from({ length: limit }, (_, i) => items[Math.floor((i * items.length) / limit)]);
}

/** The least and the greatest of `values`. */
export const extent = (values: readonly number[]): [number, number] =>
  values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [values[0], values[0]],
  );

/** The domain of an axis of the metric's `values`: their extent with a margin, inside what the metric can be. */
export function padded(values: readonly number[], metric: MetricWords): [number, number] {
  const [low, high] = extent(values);
  const least = metric.isShare ? 0.01 : 0.02 * Math.max(Math.abs(low), Math.abs(high)) || 1;
  const margin = Math.max(least, (high - low) * 0.08);
  return metric.bounded([low - margin, high + margin]);
}
