// The look that all figures share: font, colours, dashes and shapes, and the configuration that applies them.

/** Arimo ships with the package and has the widths of Arial and Helvetica, so the fallbacks fit the same space. */
export const FONT = "Arimo, Arial, Helvetica, 'Liberation Sans', sans-serif";

export const VEGA = 'https://vega.github.io/schema/vega/v6.json';
export const VEGA_LITE = 'https://vega.github.io/schema/vega-lite/v6.json';

export const INK = '#222222';
export const MUTED = '#555555';
export const GRID = '#e6e6e6';
export const AXIS = '#999999';

/** Cells of a map where nothing was seen. */
export const UNSEEN = '#f4f4f4';

/** The outline of what stands out among tints of blue, on light pages and on dark ones. */
export const MARKED = '#d55e00';

/** For text and lines on tinted areas, which keep their light colours on dark pages, as INK does not. */
export const INK_ON_TINT = '#1a1a1a';

// The colours of Okabe & Ito (2008), distinguished with any colour vision; each list starts with what contrasts most.
// Classes go on with three colours of Paul Tol's muted scheme, for ten in all.
const CLASS_COLORS = [
  ...['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'],
  ...['#882255', '#999933', '#44aa99'],
];
const VARIANT_COLORS = ['#333333', '#d55e00', '#0072b2', '#009e73', '#56b4e9', '#cc79a7', '#e69f00'];

// Shapes and dashes say again what colours say. Their counts differ from the counts of colours, so that a colour
// that comes back comes back with another shape.
const SHAPES: readonly [shape: string, relativeArea: number][] = [
  ['circle', 1],
  ['triangle-up', 1.6],
  ['square', 0.9],
  ['diamond', 1.5],
  ['cross', 1.3],
  ['triangle-down', 1.6],
];
const DASHES = [
  [1, 0],
  [8, 2],
  [2, 2],
  [8, 2, 2, 2],
  [5, 3],
];

const pick = <T>(list: readonly T[], index: number): T => list[index % list.length];

export const classColor = (index: number): string => pick(CLASS_COLORS, index);
export const classShape = (index: number): string => pick(SHAPES, index)[0];
/** The size of a class's mark, such that all shapes look as large as a circle of `area`. */
export const classSize = (index: number, area: number): number => area * pick(SHAPES, index)[1];
export const variantColor = (index: number): string => pick(VARIANT_COLORS, index);
export const variantDash = (index: number): number[] => pick(DASHES, index);
export const className = (index: number, names: readonly string[] = []): string => names[index] ?? `Class ${index}`;
/** The texts of classes by their index: the value of the parameter of a legend. */
export const classTexts = (classes: readonly number[], names?: readonly string[]) =>
  Object.fromEntries(classes.map((k) => [k, className(k, names)]));

/** Mixes `color` (#rrggbb) with white; `share` is what is left of the colour, from 0 to 1. */
export function tint(color: string, share: number): string {
  const channel = (at: number) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16);
    return Math.round(255 + (value - 255) * share)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}

const axis = {
  ...{ labelFontSize: 12, labelColor: MUTED, labelFlush: false },
  ...{ titleFontSize: 12, titleFontWeight: 'normal', titleColor: INK, titlePadding: 8, titleLimit: 440 },
  ...{ domainColor: AXIS, tickColor: AXIS, tickSize: 4, gridColor: GRID },
};

const title = {
  ...{ fontSize: 13, fontWeight: 'bold', color: INK, subtitleFontSize: 12, subtitleColor: MUTED },
  ...{ anchor: 'start', frame: 'group', offset: 8 },
};

/** Pixels of a label in a legend. */
export const LABEL_LIMIT = 320;

const legend = {
  ...{ labelFontSize: 12, labelColor: INK, labelLimit: LABEL_LIMIT, columnPadding: 20 },
  ...{ titleFontSize: 12, titleFontWeight: 'normal', titleColor: INK, symbolSize: 80, symbolStrokeWidth: 2 },
  layout: { top: { anchor: 'start', direction: 'horizontal', margin: 32, center: true } },
};

const config = { font: FONT, background: '#ffffff', aria: false, axis, title, legend, view: { stroke: null } };

/** A specification with the language and the look that all figures have; Vega and Vega-Lite read the same `config`. */
export const vega = (spec: object): object => ({ $schema: VEGA, config, ...spec });
export const vegaLite = (spec: object): object => ({ $schema: VEGA_LITE, config, ...spec });
