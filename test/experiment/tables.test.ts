// Tables of words and holes as the data of an experiment: fitted on the training part alone, with the names of the classes.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type DataSpec, prepareData, runExperiment } from '../../src/experiment/index.ts';
import { parseTable, splitTarget } from '../../src/tables/index.ts';
import { smallSpec } from './small-spec.ts';

const penguins = readFileSync(new URL('../tables/penguins.csv', import.meta.url), 'utf8');
const split = { testSize: 0.25, validationSize: 0.25, randomState: 3 };
const reading = (text: string) => () => new TextEncoder().encode(text);

const spec = (own: Partial<DataSpec> = {}): DataSpec => ({
  dataset: { csv: 'penguins.csv', target: 'species' },
  split,
  scaling: 'standard',
  ...own,
});

const rows = Array.from({ length: 60 }, (_, i) => [
  i % 7 === 2 ? '' : i,
  ['Oslo', 'Rome', 'Bern'][i % 3],
  i % 2 ? 'yes' : 'no',
]);
const csv = (lines: unknown[][]) => [['size', 'city', 'sold'], ...lines].map((cells) => cells.join()).join('\n');
const small = (own: Partial<DataSpec> = {}) => spec({ dataset: { csv: 'small.csv' }, ...own });

describe('a table', () => {
  it('has features for its words and holes, and names for its classes', () => {
    const { train, classes, classNames, inputs, featureNames, mappable } = prepareData(spec(), reading(penguins));
    expect([classes, classNames]).toEqual([3, ['Adelie', 'Chinstrap', 'Gentoo']]);
    expect(inputs.map(({ name }) => name)).toEqual(penguins.split('\n')[0].replaceAll('"', '').split(',').slice(0, 6));
    expect([featureNames, mappable]).toEqual([['bill_length_mm', 'bill_depth_mm'], true]);
    expect(train.x.shape[1]).toBeGreaterThan(6);
    expect(train.x.data.every(Number.isFinite)).toBe(true);
  });

  it.each<[string, Partial<DataSpec>]>([
    ['a split', {}],
    ['a fold', { split: { folds: 4, validationSize: 0.25, randomState: 3 }, fold: { index: 2, of: 4 } }],
  ])('is fitted on the training part of %s alone', (_, own) => {
    const before = prepareData(small(own), reading(csv(rows)));
    // Sizes are known by their rank, so that the rows of the training part can be told.
    const seen = new Set<number>();
    for (const index of rows.keys()) {
      const changed = rows.map((row, i) => (i === index ? [1e9, 'Atlantis', row[2]] : row));
      const after = prepareData(small(own), reading(csv(changed)));
      const isSame = JSON.stringify(after.preprocessing) === JSON.stringify(before.preprocessing);
      if (isSame) expect(after.train.x).toEqual(before.train.x);
      else seen.add(index);
    }
    expect(seen.size).toBe(before.train.x.shape[0]);
  });

  it('takes types and spellings from the spec', () => {
    const lines = rows.map(([size, city, sold], i) => [size === '' ? 'unknown' : size, city, i < 4 ? '' : sold]);
    const dataset = { csv: 'small.csv', missingValues: ['unknown', ''], columns: { size: 'category' } } as const;
    const { inputs, train, validation, test } = prepareData(small({ dataset }), reading(csv(lines)));
    expect(inputs).toEqual([
      { name: 'size', type: 'category' },
      { name: 'city', type: 'category' },
    ]);
    // Rows without a target are left out.
    expect(train.x.shape[0] + validation.x.shape[0] + test.x.shape[0]).toBe(56);
  });

  it.each([
    ['minmax', 'MinMaxScaler'],
    ['none', 'SimpleImputer'],
  ] as const)('has numbers scaled by %s and categories as they are', (scaling, type) => {
    const { preprocessing, train } = prepareData(small({ scaling }), reading(csv(rows)));
    expect(JSON.stringify(preprocessing)).toContain(type);
    expect(JSON.stringify(preprocessing)).not.toContain('StandardScaler');
    const width = train.x.shape[1];
    expect(new Set(train.x.data.filter((_, i) => i % width >= width - 3))).toEqual(new Set([0, 1]));
  });

  it('is one with noise features, too', () => {
    const dataset = { csv: 'small.csv', noiseFeatures: 2, noiseRandomState: 5 };
    const { inputs } = prepareData(small({ dataset }), reading(csv(rows)));
    expect(inputs.map(({ name }) => name)).toEqual(['size', 'city', 'Noise 1', 'Noise 2']);
  });

  it('is none where numbers are wrong', () => {
    expect(() => prepareData(small(), reading('a,b,y\n1,2,0.5\n3,4,1.25\n'))).toThrow('at line 2, column 3');
  });

  it('whose target is not for the loss says so, and not that there are holes', () => {
    const dataset = { csv: 'small.csv', target: 'y' };
    const read = (target: string, loss?: string) => () =>
      prepareData(
        small({ dataset: { ...dataset, target }, ...(loss && { training: { loss: { type: loss } } }) }),
        reading('a,b,y\n,u,0.5\n3,v,1.25\n4,u,2\n5,v,3\n'),
      );
    expect(read('y')).toThrow("In small.csv: The numbers of the target 'y' are not whole");
    expect(read('b', 'meanSquaredError')).toThrow("The target 'b' holds no numbers.");
    expect(() => splitTarget(parseTable('a,b\n1,u\n'), 'other')).toThrow(
      '"other" is no column of the table. Columns: a, b.',
    );
  });

  it('gives results that name the classes', async () => {
    const { results } = await runExperiment(
      { ...smallSpec(), dataset: { csv: 'penguins.csv', target: 'species' }, split },
      { readFile: reading(penguins) },
    );
    expect(results.classNames).toEqual(['Adelie', 'Chinstrap', 'Gentoo']);
    expect(results.trials[0].confusion).toHaveLength(3);
  });
});
