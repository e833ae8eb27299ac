// One copy of a dataset for all threads, read once.
import { describe, expect, it } from 'vitest';
import { expand, loadDataset, type Trial } from '../../src/experiment/index.ts';
import { SharedDatasets } from '../../src/runner/shared-datasets.ts';
import { smallSpec } from '../experiment/small-spec.ts';

const none = () => {
  throw new Error('No file is read.');
};

describe('SharedDatasets', () => {
  it('have the values of loadDataset, in shared memory, and are made once', () => {
    const [trial, other] = expand(smallSpec());
    const shared = new SharedDatasets(none);
    const { key, loaded } = shared.of(trial);
    expect(loaded).toEqual(loadDataset(trial.dataset));
    const arrays = [loaded.x.data, loaded.y as Int32Array];
    expect(arrays.every(({ buffer }) => buffer instanceof SharedArrayBuffer)).toBe(true);
    expect(shared.of(other).key).toBe(key);
    expect(shared.of(other).loaded).toBe(loaded);
  });

  it('tell other data, and other kinds of targets, apart', () => {
    const [trial] = expand(smallSpec());
    const file: Trial = { ...trial, dataset: { csv: 'data.csv' } };
    const loss = { type: 'meanSquaredError' };
    const trials = [
      trial,
      { ...trial, dataset: { ...trial.dataset, noiseFeatures: 5, noiseRandomState: 1 } },
      file,
      { ...file, training: { ...file.training, loss } },
    ];
    const shared = new SharedDatasets(() => new TextEncoder().encode('a,b,y\n1,2,0\n3,4,1\n'));
    const all = trials.map((each) => shared.of(each));
    expect(new Set(all.map(({ key }) => key)).size).toBe(4);
    expect(all[2].loaded.y).toEqual(Int32Array.of(0, 1));
    expect(all[3].loaded.y).toEqual(Float64Array.of(0, 1));
    expect((all[3].loaded.y as Float64Array).buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('read files once, and throw what reading them throws', () => {
    const [trial] = expand(smallSpec());
    const file: Trial = { ...trial, dataset: { csv: 'data.csv' } };
    let reads = 0;
    const shared = new SharedDatasets(() => {
      reads++;
      return new TextEncoder().encode('a,b,class\n1,2,0\n3,4,1\n');
    });
    expect(shared.of(file).loaded.featureNames).toEqual(['a', 'b']);
    expect(shared.of(file).loaded.y).toEqual(Int32Array.of(0, 1));
    expect(reads).toBe(1);
    expect(() => new SharedDatasets(none).of(file)).toThrow('No file is read.');
  });
});
