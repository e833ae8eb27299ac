// The report: one HTML page that needs nothing else, no network and no scripts.
import { checkOption, fail, text } from '../errors/index.ts';
import { type ExperimentSpec, keptModel, type Results } from '../experiment/index.ts';
import { type ReportContext, reportContext } from './context.ts';
import { escapeHtml } from './escape.ts';
import type { Figure } from './figure.ts';
import { htmlCode, htmlPage, htmlSection } from './page.ts';
import { comparisonTable, referenceTable, resultsTable, sweepTable } from './tables.ts';
import { verdict } from './verdict.ts';
import { capitalized, describe, describeDataset, describeNetwork, describeSplit, valueText } from './words.ts';

/** A figure and its drawing, as from `renderSvg`. */
export interface DrawnFigure {
  figure: Figure;
  svg: string;
}

const WHERE = 'buildReport';

/** On narrow screens figures shrink to this share of their width and then scroll sideways, so that text stays legible. */
const LEAST_SCALE = 2 / 3;

/**
 * Builds the report of an experiment: verdict, tables, figures, setup, and how to reproduce it.
 * Equal inputs give equal pages.
 *
 * @param figures - In the order to show them; each `svg` is put into the page as it is.
 * @returns A self-contained HTML document without scripts, whose Content-Security-Policy forbids them.
 * @throws ParameterError when `results` is of another version or a drawing is not SVG.
 * @example
 * ```js
 * import { presets, runExperiment } from 'regulus/experiment';
 * import { buildFigures, buildReport, renderSvg } from 'regulus/report';
 *
 * const { moons } = presets;
 * const { results, figures } = await runExperiment({ ...moons, training: { ...moons.training, epochs: 2 } });
 * const drawn = [];
 * for (const figure of buildFigures(results, figures)) drawn.push({ figure, svg: await renderSvg(figure) });
 * console.log(buildReport(results, drawn));
 * ```
 */
export function buildReport(results: Results, figures: readonly DrawnFigure[]): string {
  const context = reportContext(WHERE, results);
  if (!Array.isArray(figures)) fail(WHERE, 'figures', 'a list of figures and their drawings', figures);
  const { headline, findings, caveats } = verdict(context);
  const paragraphs = (kind: string, texts: string[]) =>
    texts.map((text) => `<p class="${kind}">${escapeHtml(text)}</p>`).join('\n');
  return htmlPage(
    `${results.name}: regularization report`,
    `<header>
<p class="kicker">Regularization report</p>
<h1>${escapeHtml(results.name)}</h1>
${paragraphs('verdict', [headline])}
${paragraphs('finding', findings)}
${paragraphs('caveat', caveats)}
</header>`,
    htmlSection(
      'Results',
      ...[resultsTable, referenceTable, comparisonTable, sweepTable].map((table) => table(context)),
    ),
    htmlSection('Figures', ...figures.map(figureHtml)),
    htmlSection('Setup', setup(context)),
    htmlSection('Model', model(results)),
    htmlSection('Statistics', factList(Object.entries(results.methods))),
    htmlSection('Reproduce', reproduce(results)),
  );
}

function figureHtml(drawn: DrawnFigure, index: number): string {
  const { figure, svg } = drawn ?? {};
  const { name, title, caption } = figure ?? {};
  const place = `figures[${index}]`;
  const texts = { name, title, caption };
  for (const [key, value] of Object.entries(texts)) checkOption(WHERE, `${place}.figure.${key}`, value, text());
  checkOption(WHERE, `${place}.svg`, svg, text());
  const width = Number(/^<svg[^>]* width="([\d.]+)"/.exec(svg)?.[1]);
  if (!width) fail(WHERE, `${place}.svg`, 'an SVG document as from renderSvg', svg);
  return `<figure id="${escapeHtml(name)}">
<div class="wide plot" role="region" aria-label="${escapeHtml(title)}" tabindex="0">
<div style="min-width:${Math.floor(width * LEAST_SCALE)}px;max-width:${width}px">${svg}</div>
</div>
<figcaption><b>Figure ${index + 1}. ${escapeHtml(title)}.</b> ${escapeHtml(caption)}</figcaption>
</figure>`;
}

function setup({ runs, results: { spec, engine }, metric }: ReportContext): string {
  const seeds = [...new Set(runs.flatMap(({ trials }) => trials.map(({ seed }) => seed)))];
  return factList([
    ['data', describeDataset(spec.dataset)],
    ['split', describeSplit(spec.split)],
    ...(spec.preprocessing?.length
      ? [['preprocessing', spec.preprocessing.map(valueText).join(', then ')] as const]
      : []),
    ['scaling', scalings[spec.scaling]],
    ['network', describeNetwork(spec.network)],
    ['training', describe(spec.training)],
    ['metric', `test ${metric.label}; the ${metric.best} value is the best`],
    ...(spec.sweep ? [['sweep', describe(spec.sweep)] as const] : []),
    ['seeds', seeds.join(', ')],
    ['engine', `Regulus ${engine.version}, ${engine.backend} (SIMD: ${engine.simd}), ${engine.numerics} numerics`],
  ]);
}

function factList(facts: readonly (readonly [term: string, text: string])[]): string {
  const item = ([term, text]: readonly string[]) =>
    `<dt>${escapeHtml(capitalized(term))}</dt><dd>${escapeHtml(text)}</dd>`;
  return `<dl>\n${facts.map((fact) => `<div>${item(fact)}</div>`).join('\n')}\n</dl>`;
}

/** What a run has kept, and how it is used. */
function model(results: Results): string {
  const { variant, folds, trials } = keptModel(results);
  const count = trials.length;
  const networks = count === 1 ? 'the network' : `all ${count} networks, whose predictions are averaged,`;
  const part = folds ? ` on ${folds} folds` : '';
  const uses = {
    'On the command line': 'npx regulus predict model.safetensors new.csv --out predictions.csv',
    'In Node': `import { readFile } from 'node:fs/promises';
import { loadModel } from 'regulus/model';
const predictor = loadModel(await readFile('model.safetensors'));
console.log(predictor.predict(await readFile('new.csv', 'utf8')));`,
    'In a page': `import { loadModel } from 'regulus/model';
const file = await fetch('model.safetensors');
const predictor = loadModel(new Uint8Array(await file.arrayBuffer()));`,
    'In Python, with onnxruntime, after npx regulus export model.safetensors --to onnx': `import onnxruntime, pandas
model = onnxruntime.InferenceSession('model.onnx')
rows = pandas.read_csv('new.csv')
def column(name, kind):
    values = rows[[name]]
    return values.to_numpy(float) if kind == 'tensor(double)' else values.fillna('').astype(str).to_numpy(object)
print(model.run(None, {i.name: column(i.name, i.type) for i in model.get_inputs()}))`,
  };
  const code = ([place, text]: string[]) => `<p>${place}:</p>\n${htmlCode(text)}`;
  return `<p>${escapeHtml(
    `The run has kept ${networks} of ${variant}${part}: the variant that is best on the validation data. ${count === 1 ? 'It is' : 'They are'} in model.safetensors, with what is done to the data before.`,
  )}</p>
${Object.entries(uses).map(code).join('\n')}`;
}

const scalings: Record<ExperimentSpec['scaling'], string> = {
  standard: 'Zero mean and unit variance, fitted on the training part',
  minmax: 'From 0 to 1, fitted on the training part',
  none: 'None',
};

function reproduce({ spec, engine }: Results): string {
  const fast = engine.numerics === 'fast';
  const named = [
    ...('generator' in spec.dataset || 'builtin' in spec.dataset ? [] : ['data files']),
    ...(spec.modules?.length ? ['modules'] : []),
  ];
  const files = named.length > 0 ? ` The ${named.join(' and ')} that it names belong beside it.` : '';
  const command = `npx regulus@${engine.version} run spec.json --out out${fast ? ' --numerics fast' : ''}`;
  return `<p>Save the specification below as <code>spec.json</code> and run this command with Node.js 20 or newer. ${
    fast
      ? 'With fast numerics, last digits can differ between machines.'
      : 'The numbers come out the same on any machine.'
  }${files}</p>
${htmlCode(command)}
<details>
<summary>Specification</summary>
${htmlCode(specText(spec))}
</details>`;
}

/** JSON with lists of numbers on one line. */
function specText(spec: ExperimentSpec): string {
  return JSON.stringify(spec, null, 2).replace(
    /\[\s+(-?\d[-+\d.,e\s]*?)\s+\]/g,
    (_, numbers: string) => `[${numbers.replace(/\s+/g, ' ')}]`,
  );
}
