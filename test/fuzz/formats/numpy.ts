// NumPy's files: .npy as samples and as targets, .npz with both.
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { parseNpz } from '../../../src/datasets/index.ts';
import { type DatasetSpec, loadDataset } from '../../../src/experiment/index.ts';
import type { Format } from '../format.ts';
import { mutatedBytes, mutatedText } from '../mutate.ts';

/** The bytes of an .npy file with this header, for `numbers` of float64. */
function withHeader(header: string | Uint8Array, ...numbers: number[]): Uint8Array {
  const text = typeof header === 'string' ? strToU8(header) : header;
  const start = [0x93, ...Buffer.from('NUMPY'), 2, 0, ...new Uint8Array(Uint32Array.of(text.length).buffer)];
  return Uint8Array.from(
    Buffer.concat([Uint8Array.from(start), text, new Uint8Array(Float64Array.from(numbers).buffer)]),
  );
}

const golden = new URL('test/golden/numpy/npy/', `file://${process.cwd()}/`);
const files = (end: string) =>
  readdirSync(golden)
    .filter((name) => name.endsWith(end))
    .map((name) => new Uint8Array(readFileSync(new URL(name, golden))));
const x = withHeader("{'descr': '<f8', 'fortran_order': False, 'shape': (4, 2), }", 1, 2, 3, 4, 5, 6, 7, 8);
const y = withHeader("{'descr': '<f8', 'fortran_order': False, 'shape': (4,), }", 0, 500, 0, 500);
const headers = [
  "{'descr': '<f8', 'fortran_order': False, 'shape': (4, 2), }",
  "{'shape': (2, 2, 2), 'fortran_order': True, 'descr': '>f8'}",
  "{'descr': '<i8', 'fortran_order': False, 'shape': (8,)}",
];
const tokens = [
  "'",
  '"',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  ':',
  ' ',
  'L',
  '0',
  '1',
  '1,',
  '9',
  'True',
  'False',
  '|b1',
  'u4',
  'descr',
  'shape',
  '-',
  '\n',
];
const headed = mutatedText(headers, tokens).map((header) => withHeader(header, 1, 2, 3, 4, 5, 6, 7, 8));

/** Loads the dataset with both kinds of targets; an error only where neither is read. */
function load(spec: DatasetSpec, readFile: (path: string) => Uint8Array): void {
  try {
    loadDataset(spec, { readFile });
  } catch (error) {
    if (!/^(Parameter|Numeric)Error$/.test((error as Error).name)) throw error;
    loadDataset(spec, { readFile, targets: 'values' });
  }
}

export const npy: Format = {
  name: 'npy',
  inputs: fc.oneof(mutatedBytes([x, y, ...files('.npy')]), headed),
  read(input) {
    const spec = { npy: { x: 'x.npy', y: 'y.npy' } };
    try {
      load(spec, (path) => (path === 'x.npy' ? input : y));
    } catch (error) {
      if (!/^(Parameter|Numeric)Error$/.test((error as Error).name)) throw error;
      load(spec, (path) => (path === 'x.npy' ? x : input));
    }
  },
};

const archive = { 'x.npy': x, 'y.npy': y };
export const npz: Format = {
  name: 'npz',
  inputs: mutatedBytes([
    zipSync(archive),
    zipSync(archive, { level: 0 }),
    zipSync(
      { ...archive, 'zeros.npy': withHeader(headers[0], ...new Float64Array(5000)) },
      { comment: 'PK\u0005\u0006' },
    ),
    ...files('.npz').filter(({ length }) => length < 10_000),
  ]),
  read(input) {
    try {
      load({ npz: 'a.npz' }, () => input);
    } catch (error) {
      if (!/^(Parameter|Numeric)Error$/.test((error as Error).name)) throw error;
      parseNpz(input);
    }
  },
};
