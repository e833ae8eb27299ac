// CSV files, with and without a header, as classes and as numbers.
import { parseCsv } from '../../../src/datasets/index.ts';
import { loadDataset } from '../../../src/experiment/index.ts';
import { decode, type Format } from '../format.ts';
import { mutatedText } from '../mutate.ts';

const samples = [
  'a,b,y\n1,2,cat\n3,4,dog\n-1.5e3,.5,cat\n',
  'a;b;y\r\n1;"2";0\r\n3; 4 ;500\r\n\r\n5;6;208310224003697457\r\n',
  '\ufeff"a ""quoted"" name",b\n1,2\n2,3\n',
  '1,2,3\n4,5,6\n7,8,9',
];
const tokens = [
  '"',
  '""',
  ',',
  ';',
  '\n',
  '\r\n',
  '\r',
  '\t',
  ' ',
  '0',
  '9',
  '.',
  'e',
  '-',
  '1e308',
  '1e999',
  'NaN',
  '',
  '\u0000',
  '\ufeff',
  'é',
  '\ud83d',
  '\u2028',
  'x',
  '__proto__',
  '999999999999999999999',
];

export const csv: Format = {
  name: 'csv',
  inputs: mutatedText(samples, tokens),
  read(input) {
    const text = decode(input);
    // The first error is the one that counts; all ways of reading are gone through for any other.
    const ways = [
      () => loadDataset({ csv: 'data.csv' }, { readFile: () => input }),
      () => parseCsv(text, { header: false, delimiter: ';', target: 0 }),
      () => parseCsv(text, { targets: 'values', target: 'y' }),
      () => parseCsv(text, { classNames: ['0', '1', 'cat', 'dog'] }),
    ];
    let refused = 0;
    let error: unknown;
    for (const way of ways) {
      try {
        way();
      } catch (reason) {
        refused++;
        const isFirst = error === undefined;
        const isForeign = !/^(Parameter|Numeric|Environment)Error$/.test((reason as Error).name);
        if (isFirst || isForeign) error = reason;
        if (isForeign) throw reason;
      }
    }
    if (refused === ways.length) throw error;
  },
};
