// Tables as CSV or JSON, and predictors of tables as JSON.
import fc from 'fast-check';
import { fitTable, parseTable, predictorFromJson } from '../../../src/tables/index.ts';
import { decode, type Format } from '../format.ts';
import { mutatedJsonText, mutatedText } from '../mutate.ts';

const csv =
  'city,rooms,sold,day,y\nOslo,3,true,2024-01-31,a\nBergen,NA,false,,b\n"a, ""b""",1e3,true,2023-12-01,a\nOslo,4,false,2024-02-01,b\n';
const rows = [
  { city: 'Oslo', rooms: 3, sold: true, day: '2024-01-31', y: 'a' },
  { city: null, rooms: '4', sold: false, y: 'b' },
];
const tokens = [
  ...[
    '"',
    '""',
    ',',
    ';',
    '|',
    '\t',
    '\n',
    '\r\n',
    'NA',
    '?',
    '-',
    '.',
    '1e999',
    '9007199254740993',
    '2024-02-30',
    'true',
  ],
  ...['', ' ', '\ufeff', '\u0000', '\ud83d', '\u2028', '__proto__', 'constructor'],
];
const predictor = await fitTable(csv + csv.slice(csv.indexOf('\n') + 1).repeat(4), {
  target: 'y',
  network: { hiddenUnits: [2] },
  training: { epochs: 1 },
});

export const tables: Format = {
  name: 'tables',
  inputs: fc.oneof(mutatedText([csv, JSON.stringify(rows)], tokens), mutatedJsonText([rows])),
  read(input) {
    const table = parseTable(decode(input));
    if (table.columns.some(({ name }) => name === 'city')) predictor.predict(table);
  },
};

export const predictors: Format = {
  name: 'predictors',
  inputs: mutatedJsonText([JSON.parse(JSON.stringify(predictor))]),
  read(input) {
    let json: unknown;
    try {
      json = JSON.parse(decode(input));
    } catch {
      return;
    }
    predictorFromJson(json, predictor.model).predict(csv);
  },
};
