// The files of a run: results.json, timing.json and figures.json, and those that `regulus report` rebuilds from them.
import { join } from 'node:path';
import { EnvironmentError } from '../errors/index.ts';
import type { FigureData, Outcome, Results } from '../experiment/index.ts';
import { historyCsv } from '../tracking/index.ts';

/** Where the files go. */
export interface FileTarget {
  write(file: string, content: string | Uint8Array | Iterable<string>): void | Promise<void>;
  /** Removes the figures of earlier results: those of `folder` that are not among `files`. */
  keepOnly(folder: string, files: readonly string[]): void;
  /** Tells the user something about the files. */
  note(text: string): void;
}

/** Writes all files of a run, the results first. */
export async function writeOutcome({ results, figures, timing, model }: Outcome, target: FileTarget): Promise<void> {
  await target.write('results.json', resultsJson(results));
  if (model) await target.write('model.safetensors', model);
  await target.write('timing.json', `${JSON.stringify(timing, null, 2)}\n`);
  await target.write('figures.json', `${JSON.stringify(figures)}\n`);
  await writeReport(results, figures, target);
}

/** Writes history.csv, the figures and the report, which are made from results.json and figures.json. */
export async function writeReport(results: Results, data: FigureData, target: FileTarget): Promise<void> {
  // Loaded late, so that the trials of a run start sooner.
  const { buildFigures, buildReport, renderPng, renderSvg } = await import('../report/node.ts');
  const figures = buildFigures(results, data);
  await target.write('history.csv', historyCsv(results));
  const drawn = [];
  let withoutPng = '';
  for (const figure of figures) {
    const svg = await renderSvg(figure);
    await target.write(join('figures', `${figure.name}.svg`), svg);
    if (!withoutPng) {
      try {
        await target.write(join('figures', `${figure.name}.png`), renderPng(svg));
      } catch (error) {
        if (!(error instanceof EnvironmentError && error.code === 'ERR_PACKAGE_MISSING')) throw error;
        withoutPng = error.message;
      }
    }
    drawn.push({ figure, svg });
  }
  target.keepOnly(
    'figures',
    figures.flatMap(({ name }) => (withoutPng ? [`${name}.svg`] : [`${name}.svg`, `${name}.png`])),
  );
  await target.write('report.html', buildReport(results, drawn));
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
