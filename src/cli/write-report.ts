// Writes what can be made again from results.json and figures.json: history.csv, the figures and the report.
import { join } from 'node:path';
import type { FigureData, Results } from '../experiment/index.ts';
import { historyCsv } from '../tracking/index.ts';

export async function writeReport(
  results: Results,
  data: FigureData,
  write: (file: string, content: string | Uint8Array | Iterable<string>) => void | Promise<void>,
): Promise<void> {
  // Loaded late: the charting libraries take longer to load than `--help` should.
  const { buildFigures, buildReport, renderPng, renderSvg } = await import('../report/node.ts');
  const figures = buildFigures(results, data);
  await write('history.csv', historyCsv(results));
  const drawn = [];
  for (const figure of figures) {
    const svg = await renderSvg(figure);
    await write(join('figures', `${figure.name}.svg`), svg);
    await write(join('figures', `${figure.name}.png`), renderPng(svg));
    drawn.push({ figure, svg });
  }
  await write('report.html', buildReport(results, drawn));
}
