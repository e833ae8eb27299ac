// Splitting into folds, and data from files.
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../src/catalog/index.ts';
import { extendCatalog, factoriesIn, RegulusError } from '../../src/errors/index.ts';
import {
  type DatasetSpec,
  expand,
  type KFoldSpec,
  pinFiles,
  type ReadFile,
  trialIdentity,
  validateSpec,
} from '../../src/experiment/index.ts';
import { prepareData } from '../../src/experiment/prepare-data.ts';
import { defineTransformer, RobustScaler, StandardScaler } from '../../src/preprocessing/index.ts';
import { smallSpec } from './small-spec.ts';

const encode = (text: string) => new TextEncoder().encode(text);

/** An .npy file of doubles. */
function npy(shape: number[], values: number[]): Uint8Array {
  const header = `{'descr': '<f8', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const text = `\x93NUMPY\x01\x00??${header.padEnd(117)}\n`;
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  new DataView(bytes.buffer).setUint16(8, 118, true);
  return new Uint8Array([...bytes, ...new Uint8Array(Float64Array.from(values).buffer)]);
}

const rows = Array.from({ length: 20 }, (_, i) => `${i};${i * i};${i % 2 ? 'odd' : 'even'}`);
const files: Record<string, Uint8Array> = {
  'a.csv': encode(`x;y;parity\n${rows.join('\n')}`),
  'latin.csv': Uint8Array.of(0xe9),
  'one.csv': encode('x,y\n1,a\n2,a'),
  'words.csv': encode('x,y\none,a\n2,b'),
  'x.npy': npy(
    [20, 2],
    Array.from({ length: 40 }, (_, i) => i),
  ),
  'images.npy': npy(
    [20, 2, 3],
    Array.from({ length: 120 }, (_, i) => i),
  ),
  'y.npy': npy(
    [20],
    Array.from({ length: 20 }, (_, i) => i % 2),
  ),
};
files['savez.npz'] = zipSync({ 'samples.npy': files['x.npy'], 'labels.npy': files['y.npy'] });
const readFile: ReadFile = (path) => files[path];
const prepare = (dataset: DatasetSpec, read?: ReadFile) =>
  prepareData({ ...smallSpec(), scaling: 'none', dataset }, read);

describe('folds', () => {
  const dataset: DatasetSpec = { csv: 'a.csv', delimiter: ';' };
  const split: KFoldSpec = { folds: 4, validationSize: 0.2, randomState: 7 };
  const parts = (index?: number, change: Partial<KFoldSpec> = {}) => {
    const fold = index === undefined ? {} : { fold: { index, of: 4 } };
    const data = prepareData({ dataset, split: { ...split, ...change }, scaling: 'none', ...fold }, readFile);
    const ids = (part: 'train' | 'validation' | 'test') => Array.from(data[part].x.data).filter((_, i) => i % 2 === 0);
    return { data, train: ids('train'), validation: ids('validation'), test: ids('test') };
  };
  const everyRow = Array.from({ length: 20 }, (_, i) => i);
  const sorted = (values: number[]) => values.toSorted((a, b) => a - b);

  it.each([false, true])('test each row exactly once and mix no parts (stratify: %s)', (stratify) => {
    const folds = [0, 1, 2, 3].map((index) => parts(index, { stratify }));
    expect(sorted(folds.flatMap(({ test }) => test))).toEqual(everyRow);
    for (const { train, validation, test, data } of folds) {
      expect(sorted([...train, ...validation, ...test])).toEqual(everyRow);
      expect([train.length, validation.length, test.length]).toEqual([12, 3, 5]);
      // Rows keep their labels: odd rows are class 1.
      for (const part of [data.train, data.validation, data.test]) {
        (part.y as Int32Array).forEach((label, i) => void expect(label).toBe(part.x.data[2 * i] % 2));
      }
    }
  });

  it('deal rows at random, the same each time, and keep class shares when asked', () => {
    expect(parts(1).test).toEqual(parts(1).test);
    expect(parts(1).test).not.toEqual([5, 6, 7, 8, 9]);
    expect(parts(1, { randomState: 8 }).test).not.toEqual(parts(1).test);
    for (const index of [0, 1, 2, 3]) {
      const ones = (parts(index, { stratify: true }).data.test.y as Int32Array).filter((label) => label === 1).length;
      expect([2, 3]).toContain(ones);
    }
  });

  it('start with the first when none is named', () => {
    expect(parts().test).toEqual(parts(0).test);
  });
});

describe('files', () => {
  it('hold samples and labels as CSV', () => {
    const { train, test, featureNames, classes, mappable } = prepare({ csv: 'a.csv', delimiter: ';' }, readFile);
    expect([train.x.shape[1], test.x.shape, featureNames, classes, mappable]).toEqual([2, [4, 2], ['x', 'y'], 2, true]);
    const { featureNames: others } = prepare({ csv: 'a.csv', delimiter: ';', target: 'parity' }, readFile);
    expect(others).toEqual(['x', 'y']);
  });

  it('hold samples and labels as NumPy arrays', () => {
    const flat = prepare({ npy: { x: 'x.npy', y: 'y.npy' }, noiseFeatures: 3, noiseRandomState: 1 }, readFile);
    expect([flat.train.x.shape[1], flat.mappable]).toEqual([5, true]);
    const images = prepare({ npy: { x: 'images.npy', y: 'y.npy' } }, readFile);
    expect([images.train.x.shape[1], images.mappable]).toEqual([6, false]);
    expect(prepare({ npz: 'savez.npz', x: 'samples', y: 'labels' }, readFile).train.x.shape[1]).toBe(2);
  });

  it.each<[string, DatasetSpec, string]>([
    ['no text', { csv: 'latin.csv' }, 'In latin.csv: This is not UTF-8 text. Save the file in UTF-8.'],
    ['one class', { csv: 'one.csv' }, 'In one.csv: All samples are of one class.'],
    ['no such column', { csv: 'a.csv', delimiter: ';', target: 'party' }, "Did you mean 'parity'?"],
    ['no NumPy file', { npy: { x: 'a.csv', y: 'y.npy' } }, 'In a.csv and y.npy: '],
    [
      'no such array',
      { npz: 'savez.npz', x: 'sample', y: 'labels' },
      "There is no array 'sample'. Did you mean 'samples'?",
    ],
    ['default names', { npz: 'savez.npz' }, "There is no array 'x'."],
  ])('are named when they hold %s', (_, dataset, part) => {
    expect(() => prepare(dataset, readFile)).toThrow(RegulusError);
    expect(() => prepare(dataset, readFile)).toThrow(part);
  });

  it('are bytes, not a promise of them, which could not be waited for', () => {
    const later = async () => {
      throw new Error('not heard');
    };
    expect(() => prepare({ csv: 'a.csv' }, later as never)).toThrow(
      "'readFile' must return a Uint8Array, no promise. For a.csv it returned",
    );
  });

  it('need a way to read them', () => {
    expect(() => prepare({ csv: 'a.csv' })).toThrow(
      "The data are in a.csv, which cannot be read here. Give a 'readFile'.",
    );
  });
});

describe('pinFiles', () => {
  const withData = (dataset: DatasetSpec) => ({ ...smallSpec(), dataset });

  it('adds the hash of the files to the spec', () => {
    const { dataset } = pinFiles(withData({ csv: 'one.csv' }), readFile);
    // sha256sum of the file.
    expect(dataset).toEqual({
      csv: 'one.csv',
      sha256: 'f38862d198769ce1bfb08eeb95de44d9acc0cc749ca7d0ef4624a56cb5709060',
    });
    const arrays = pinFiles(withData({ npy: { x: 'x.npy', y: 'y.npy' } }), readFile).dataset;
    const swapped = pinFiles(withData({ npy: { x: 'y.npy', y: 'x.npy' } }), readFile).dataset;
    expect((arrays as { sha256: string }).sha256).not.toBe((swapped as { sha256: string }).sha256);
  });

  it('leaves a spec without files alone', () => {
    const spec = smallSpec();
    expect(pinFiles(spec, readFile)).toBe(spec);
  });

  it('finds out that a file has changed', () => {
    const { dataset } = pinFiles(withData({ csv: 'a.csv', delimiter: ';' }), readFile);
    expect(() => prepare(dataset, readFile)).not.toThrow();
    const changed = () => encode('x,y\n1,a\n2,b');
    const problem = /^The content of a\.csv is not what 'dataset\.sha256' says: its SHA-256 is [\da-f]{64} instead of/;
    expect(() => prepare(dataset, changed)).toThrow(problem);
    expect(() => pinFiles(withData(dataset), changed)).toThrow(problem);
  });
});

describe('preprocessing', () => {
  const transformed = (preprocessing: object[], scaling: 'none' | 'standard' = 'none') =>
    prepareData({ ...smallSpec(), preprocessing: preprocessing as never, scaling });

  it('applies any transformer, fitted on the training part alone, before the scaling', () => {
    const before = prepareData({ ...smallSpec(), scaling: 'none' });
    const robust = new RobustScaler().fit(before.train.x);
    const after = transformed([{ type: 'RobustScaler' }]);
    for (const part of ['train', 'validation', 'test'] as const) {
      expect(after[part].x).toEqual(robust.transform(before[part].x));
      expect(after[part].y).toEqual(before[part].y);
    }
    const both = transformed([{ type: 'RobustScaler' }], 'standard');
    expect(both.test.x).toEqual(new StandardScaler().fit(after.train.x).transform(after.test.x));
    const normal = transformed([{ type: 'QuantileTransformer', outputDistribution: 'normal', nQuantiles: 20 }]);
    expect(normal.train.x.data.every((value) => Math.abs(value) < 6)).toBe(true);
  });

  it('is part of a trial and of its identity, and checked', () => {
    const spec = { ...smallSpec(), preprocessing: ['RobustScaler'] };
    const [trial] = expand(validateSpec(spec));
    expect(trial.preprocessing).toEqual([
      { type: 'RobustScaler', withCentering: true, withScaling: true, quantileRange: [25, 75], unitVariance: false },
    ]);
    expect(trialIdentity(trial)).not.toBe(trialIdentity(expand(smallSpec())[0]));
    expect(() => validateSpec({ ...spec, preprocessing: ['RobustScalr'] })).toThrow("'RobustScaler'");
    expect(() => validateSpec({ ...spec, preprocessing: [{ type: 'RobustScaler', quantileRange: [9, 1] }] })).toThrow(
      'low below high',
    );
  });

  it('takes a transformer of the user', () => {
    const Doubling = defineTransformer({
      type: 'Doubling',
      options: {},
      state: {},
      fit: () => ({}),
      transform: ({ data, shape }) => ({ data: data.map((value) => 2 * value), shape }),
    });
    const known = extendCatalog(catalog, factoriesIn([Doubling]));
    const spec = validateSpec({ ...smallSpec(), preprocessing: ['Doubling'] }, { catalog: known });
    const doubled = prepareData({ ...spec, scaling: 'none' }, undefined, known);
    const plain = prepareData({ ...smallSpec(), scaling: 'none' });
    expect(doubled.test.x.data).toEqual(plain.test.x.data.map((value) => 2 * value));
  });
});
