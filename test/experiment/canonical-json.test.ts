// The text by which trials are distinguished.
import { describe, expect, it } from 'vitest';
import { canonicalJson, expand } from '../../src/experiment/index.ts';
import { smallSpec } from './small-spec.ts';

const [trial] = expand(smallSpec());

describe('canonicalJson', () => {
  it('sorts keys at every depth and keeps the order of lists', () => {
    expect(canonicalJson({ b: [{ d: 1, c: [2, 1] }], a: null, B: 'x', é: 1 })).toBe(
      '{"B":"x","a":null,"b":[{"c":[2,1],"d":1}],"é":1}',
    );
  });

  it('does not depend on the order in which a trial was written', () => {
    const reversed = Object.fromEntries(Object.entries(trial).reverse());
    expect(canonicalJson(reversed)).toBe(canonicalJson(trial));
    expect(JSON.parse(canonicalJson(trial))).toEqual(trial);
  });

  it.each([
    { seed: 9 },
    { variant: 'other' },
    { figures: false },
    { numerics: 'fast' },
    { fold: { index: 0, of: 2 } },
    { network: { hiddenUnits: [8], l2: 1e-9 } },
  ])('changes with %j', (change) => {
    expect(canonicalJson({ ...trial, ...change })).not.toBe(canonicalJson(trial));
  });

  it('looks at the content of data files, not at their place', () => {
    const of = (dataset: object) => canonicalJson({ engine: 1, trial: { ...trial, dataset } });
    const [one, two] = ['1', '2'].map((digit) => digit.repeat(64));
    expect(of({ csv: 'a.csv', sha256: one })).toBe(of({ csv: 'elsewhere/b.csv', sha256: one }));
    expect(of({ npy: { x: 'x', y: 'y' }, sha256: one })).toBe(of({ npy: { x: 'x2', y: 'y2' }, sha256: one }));
    expect(of({ npz: 'a', x: 'x', sha256: one })).toBe(of({ npz: 'b', x: 'x', sha256: one }));
    expect(of({ csv: 'a.csv', sha256: one })).not.toBe(of({ csv: 'a.csv', sha256: two }));
    expect(of({ csv: 'a.csv', sha256: one })).not.toBe(of({ csv: 'a.csv', sha256: one, target: 0 }));
    expect(of({ csv: 'a.csv', sha256: one })).not.toBe(of({ npz: 'a.csv', sha256: one }));
    expect(of({ csv: 'a.csv' })).not.toBe(of({ csv: 'b.csv' }));
  });
});
