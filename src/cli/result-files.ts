// The files of a run: results.json, timing.json and figures.json, and those that `regulus report` rebuilds from them.
import { join } from 'node:path';
import { EnvironmentError } from '../errors/index.ts';
import type { FigureData, Outcome, Results } from '../experiment/index.ts';
import { historyCsv } from '../tracking/index.ts';
import { throwIfStopped } from './io.ts';
import type { OutputFolder } from './output-folder.ts';
import type { PngDrawer } from './png-drawer.ts';

/** Where the files go, and who hears of them. */
export interface FileTarget {
  folder: OutputFolder;
  drawer: PngDrawer;
  signal: AbortSignal;
  /** Told the path of each file. */
  wrote(path: string): void;
  /** Tells the user something about the files. */
  note(text: string): void;
}

/** Starts `drawer` and loads what draws: half of the time that the files take, which can pass while trials run. */
export function prepareReport(drawer: PngDrawer): void {
  drawer.start();
  setTimeout(async () => {
    const { prepareDrawing } = await import('../report/node.ts');
    await prepareDrawing();
  });
}

/** Writes a file, unless the command is to stop. */
async function write(
  { folder, signal, wrote }: FileTarget,
  file: string,
  content: string | Uint8Array | Iterable<string>,
): Promise<void> {
  await throwIfStopped(signal);
  wrote(folder.write(file, content));
}

/** Writes all files of a run, the results first. */
export async function writeOutcome({ results, figures, timing, model }: Outcome, target: FileTarget): Promise<void> {
  await write(target, 'results.json', resultsJson(results));
  if (model) await write(target, 'model.safetensors', model);
  await write(target, 'timing.json', `${JSON.stringify(timing, null, 2)}\n`);
  await write(target, 'figures.json', `${JSON.stringify(figures)}\n`);
  await writeReport(results, figures, target);
}

/** Writes history.csv, the figures and the report, which are made from results.json and figures.json. */
export async function writeReport(results: Results, data: FigureData, target: FileTarget): Promise<void> {
  // Loaded late, so that the trials of a run start sooner.
  const { buildFigures, buildReport, renderSvg } = await import('../report/node.ts');
  const figures = buildFigures(results, data);
  await write(target, 'history.csv', historyCsv(results));
  const drawn = [];
  const pictures = [];
  for (const figure of figures) {
    const svg = await renderSvg(figure);
    await write(target, join('figures', `${figure.name}.svg`), svg);
    drawn.push({ figure, svg });
    // Drawn while the next figures are; an error is kept until it is asked for.
    pictures.push(target.drawer.draw(svg).catch((error: unknown) => error));
  }
  const page = buildReport(results, drawn);
  let withoutPng = '';
  const files = figures.map(({ name }) => `${name}.svg`);
  for (const [i, { name }] of figures.entries()) {
    const png = await pictures[i];
    if (png instanceof Uint8Array) {
      files.push(`${name}.png`);
      await write(target, join('figures', `${name}.png`), png);
    } else if (!(png instanceof EnvironmentError && png.code === 'ERR_PACKAGE_MISSING')) throw png;
    else withoutPng = png.message;
  }
  target.folder.keepOnly('figures', files);
  await write(target, 'report.html', page);
  if (withoutPng) target.note(`The figures are there as SVG only. ${withoutPng}`);
}

/**
 * What `JSON.stringify(results, null, 2)` gives, and a line end, in pieces: the text of ten thousand trials may not fit
 * into one string.
 */
export function* resultsJson(results: Results): Generator<string> {
  let before = '{';
  for (const [key, value] of Object.entries(results)) {
    yield `${before}\n  ${JSON.stringify(key)}: `;
    if (key === 'trials') yield* elements(results.trials);
    else yield indented(value, '  ');
    before = ',';
  }
  yield '\n}\n';
}

/** At least one. */
function* elements(values: readonly object[]): Generator<string> {
  for (const [i, value] of values.entries()) yield `${i === 0 ? '[' : ','}\n    ${indented(value, '    ')}`;
  yield '\n  ]';
}

/** Strings hold no line ends in JSON, so all of them are between values. */
function indented(value: unknown, indent: string): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${indent}`);
}
