// Draws a figure as SVG text that is the same wherever and whenever it is drawn.
import type { Spec } from 'vega';
import type { TopLevelSpec } from 'vega-lite';
import { checkOption, fail, oneOf, RegulusError, text } from '../errors/index.ts';
import { escapeHtml, withoutForbidden } from './escape.ts';
import type { Figure } from './figure.ts';
import { VEGA, VEGA_LITE } from './look.ts';
import { textWidth } from './text-width.ts';

const WHERE = 'renderSvg';

/**
 * Draws a figure with Vega.
 *
 * Equal figures give equal text: text is measured with a table of the shipped font, coordinates are rounded, and
 * ids are numbered within the figure and start with its name, so that several figures fit in one page.
 *
 * @throws ParameterError when the spec does not say that it is Vega 6 or Vega-Lite 6.
 * @returns A standalone SVG document without scripts or outside references, with `figure.alt` as its label.
 * @example
 * ```js
 * import { renderSvg } from 'regulus/report';
 *
 * const spec = {
 *   $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
 *   data: { values: [{ epoch: 1, loss: 0.7 }, { epoch: 2, loss: 0.4 }] },
 *   mark: 'line',
 *   encoding: { x: { field: 'epoch', type: 'ordinal' }, y: { field: 'loss', type: 'quantitative' } },
 * };
 * console.log(await renderSvg({ name: 'loss', title: 'Loss', caption: 'By epoch.', alt: 'A falling line.', spec }));
 * ```
 */
export async function renderSvg(figure: Figure): Promise<string> {
  const { spec, alt, name } = figure ?? {};
  checkOption(WHERE, 'figure.spec.$schema', (spec as { $schema?: unknown })?.$schema, oneOf([VEGA, VEGA_LITE]));
  checkOption(WHERE, 'figure.alt', alt, text());
  checkOption(WHERE, 'figure.name', name, text({ pattern: /^[\w-]+$/, rule: 'letters, digits, _ and -' }));
  const svg = await draw(spec).catch((cause) => {
    if (cause instanceof RegulusError) throw cause;
    return fail(WHERE, 'figure.spec', 'what Vega can draw', spec, String(cause));
  });
  const label = `<svg role="img" aria-label="${escapeHtml(alt)}" `;
  return roundCoordinates(renameIds(withoutRoles(withoutForbidden(svg)), name)).replace('<svg ', () => label);
}

/**
 * Loads the charting libraries and draws a small figure with them, which takes as long as several that follow: whoever waits
 * for results can do it meanwhile.
 *
 * @hidden
 */
export async function prepareDrawing(): Promise<void> {
  const values = [0, 1].map((x) => ({ x, kind: String(x) }));
  const encoding = { x: { field: 'x', type: 'quantitative' }, color: { field: 'kind', type: 'nominal' } };
  await draw({ $schema: VEGA_LITE, data: { values }, mark: 'line', encoding });
}

async function draw(given: object): Promise<string> {
  // Loaded late: the charting libraries are as large as all the rest.
  const { compile, expressionInterpreter, parse, textMetrics, View } = await import('./vega.ts');
  const { $schema } = given as { $schema: string };
  const spec = $schema === VEGA_LITE ? compile(given as TopLevelSpec).spec : (given as Spec);
  // Compiled expressions would need `unsafe-eval` where a page has a Content-Security-Policy.
  const options = { expr: expressionInterpreter, renderer: 'none' } as const;
  const runtime = parse(withTitlesAsValues(spec), undefined, { ast: true });
  return withTextWidth(textMetrics, () => new View(runtime, options).toSVG());
}

/**
 * The specification with all titles in one signal. Vega takes a constant text that is the name of a member of every object,
 * such as `constructor`, for the name of a signal, which it does not find; values of signals are only shown.
 */
function withTitlesAsValues(spec: Spec): Spec {
  const titles: string[] = [];
  const change = (node: object): object => {
    if (Array.isArray(node)) return node.map((item) => (typeof item === 'object' && item ? change(item) : item));
    const entries = Object.entries(node).map(([key, value]: [string, unknown]) => {
      if (typeof value === 'string' && ['title', 'text', 'subtitle'].includes(key)) {
        const signal = { signal: `figureTitles[${titles.push(value) - 1}]` };
        // A group's title is an object, or its text alone.
        return [key, key === 'title' && 'marks' in node ? { text: signal } : signal];
      }
      return [key, typeof value === 'object' && value && key !== 'data' ? change(value) : value];
    });
    return Object.fromEntries(entries);
  };
  const changed: Spec = change(spec);
  return { ...changed, signals: [...(changed.signals ?? []), { name: 'figureTitles', value: titles }] };
}

let drawing = 0;
let vegaWidth = textWidth;

/** Replaces Vega's way of measuring text, which differs between Node and browsers, while `draw` runs. */
async function withTextWidth(metrics: { width: typeof textWidth }, draw: () => Promise<string>): Promise<string> {
  if (drawing++ === 0) {
    vegaWidth = metrics.width;
    metrics.width = textWidth;
  }
  try {
    return await draw();
  } finally {
    if (--drawing === 0) metrics.width = vegaWidth;
  }
}

/** Vega gives each group a role, but no name: the drawing is one image, which `figure.alt` describes. */
function withoutRoles(svg: string): string {
  return svg.replace(/<\w[^>]*>/g, (tag) => tag.replace(/ (?:role|aria-[a-z]+)="[^"]*"/g, ''));
}

/** Vega numbers clip paths over the life of the process; this numbers them within the figure. */
function renameIds(svg: string, name: string): string {
  const renamed = new Map<string, string>();
  return svg.replace(/(clip-path="url\(#|<clipPath id=")(clip\d+)/g, (_, before: string, id: string) => {
    if (!renamed.has(id)) renamed.set(id, `${name}-clip${renamed.size + 1}`);
    return before + renamed.get(id);
  });
}

/** A tenth of a pixel is finer than anyone sees, and hides last bits in which JavaScript engines differ. */
function roundCoordinates(svg: string): string {
  return svg.replace(/ (?:d|transform|x|y|x1|x2|y1|y2|cx|cy|r|width|height)="[^"]*"/g, (attribute) =>
    attribute.replace(/-?\d*\.\d{2,}(?:e-?\d+)?/g, (number) => String(Math.round(Number(number) * 10) / 10 || 0)),
  );
}
