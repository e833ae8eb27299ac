// One copy of a dataset for all threads: that of the first trial, read once.
import { describe, expect, it } from 'vitest';
import { expand, loadDataset } from '../../src/experiment/index.ts';
import { SharedDataset } from '../../src/runner/shared-dataset.ts';
import { smallSpec } from '../experiment/small-spec.ts';

const none = () => {
  throw new Error('No file is read.');
};

describe('SharedDataset', () => {
  it('has the values of loadDataset, in shared memory, and is made once', () => {
    const [trial, other] = expand(smallSpec());
    const shared = new SharedDataset(none);
    const loaded = shared.for(trial)!;
    expect(loaded).toEqual(loadDataset(trial.dataset));
    expect([loaded.x.data.buffer, loaded.y.buffer].every((memory) => memory instanceof SharedArrayBuffer)).toBe(true);
    expect(shared.for(other)).toBe(loaded);
  });

  it('is none for a trial on other data than the first', () => {
    const [trial] = expand(smallSpec());
    const shared = new SharedDataset(none);
    const swept = { ...trial, dataset: { ...trial.dataset, noiseFeatures: 5, noiseRandomState: 1 } };
    expect(shared.for(trial)).toBeDefined();
    expect(shared.for(swept)).toBeUndefined();
    expect(shared.for(trial)).toBeDefined();
  });

  it('reads files once, and throws what reading them throws', () => {
    const [trial] = expand(smallSpec());
    const file = { ...trial, dataset: { csv: 'data.csv' } };
    let reads = 0;
    const shared = new SharedDataset(() => {
      reads++;
      return new TextEncoder().encode('a,b,class\n1,2,0\n3,4,1\n');
    });
    expect(shared.for(file)!.featureNames).toEqual(['a', 'b']);
    expect(shared.for(file)!.y).toEqual(Int32Array.of(0, 1));
    expect(reads).toBe(1);
    expect(() => new SharedDataset(none).for(file)).toThrow('No file is read.');
  });
});
