// results.json and figures.json of somebody else: the report, its figures, and the comparison with other results.

import { parseJson } from '../../../src/cli/parse-json.ts';
import { compareResults, validateFigureData, validateResults } from '../../../src/experiment/index.ts';
import {
  buildComparison,
  buildFigures,
  buildReport,
  describeComparison,
  describeResults,
  renderSvg,
} from '../../../src/report/index.ts';
import { historyCsv } from '../../../src/tracking/index.ts';
import { fixture } from '../../report/fixture.ts';
import { decode, type Format } from '../format.ts';
import { mutatedJsonText } from '../mutate.ts';

const plain = fixture({ epochs: 3, points: 12, columns: 3, rows: 3 });
const swept = fixture({
  epochs: 2,
  points: 6,
  columns: 3,
  rows: 3,
  seeds: [1, 2],
  sweep: [{ 'network.l1': 0 }, { 'network.l1': 0.1 }],
});
const numeric = fixture({ epochs: 2, points: 6, metric: 'dataLoss', seeds: [1, 2], folds: 2 });
const all = [plain, swept, numeric];
const json = (value: unknown) => JSON.parse(JSON.stringify(value));

export const results: Format = {
  name: 'results',
  limit: 5000,
  few: 250,
  inputs: mutatedJsonText(all.map(({ results }) => json(results))),
  async read(input) {
    const results = validateResults(parseJson(decode(input)));
    describeResults(results);
    for (const _ of historyCsv(results));
    const own = all.find(({ results: { metric } }) => metric === results.metric) ?? plain;
    const figures = buildFigures(results, own.data);
    buildReport(results, []);
    // All of them would take long: another one for each input.
    if (figures.length > 0) await renderSvg(figures[input.length % figures.length]);
    const comparison = compareResults(results, own.results);
    describeComparison(comparison, ['a', 'b']);
    buildComparison(comparison, ['a', 'b']);
  },
};

export const figures: Format = {
  name: 'figures',
  limit: 5000,
  few: 100,
  inputs: mutatedJsonText(all.map(({ data }) => json(data))),
  async read(input) {
    const data = validateFigureData(parseJson(decode(input)));
    const drawn = buildFigures(plain.results, data);
    if (drawn.length > 0) await renderSvg(drawn[input.length % drawn.length]);
  },
};
