// fitTable in Node: networks train in threads, and give the bits of one thread.
import { describe, expect, test } from 'vitest';
import { defineLayer, dense, makeClassification } from '../../src/index.ts';
import { canTravel } from '../../src/runner/member-job.ts';
import { fitTable } from '../../src/runner/tables.ts';
import { type FitTableOptions, fitTable as fitTableHere } from '../../src/tables/index.ts';

const { x, y } = makeClassification({ nSamples: 300, nFeatures: 6, randomState: 3 });
const rows = Array.from(y, (label, i) => ({
  ...Object.fromEntries(Array.from({ length: 6 }, (_, j) => [`f${j}`, x.data[6 * i + j]])),
  label: label ? 'yes' : 'no',
}));
// Long enough for threads to be worth it.
const options: FitTableOptions = { target: 'label', network: { preset: 'mlp' }, training: { epochs: 80 } };

const identity = defineLayer({
  type: 'identity',
  options: {},
  build: (_, { size, backend }) => ({
    outputSize: size,
    forward: (y, x, rows) => backend.scale(y, x, rows * size, 1),
    backward: (dx, dy, _x, _y, rows) => void (dx && backend.scale(dx, dy, rows * size, 1)),
  }),
});

describe('fitTable in threads', () => {
  test('gives the same bits for any number of workers', async () => {
    const expected = await fitTableHere(rows, options);
    for (const workers of [2, 3]) {
      const predictor = await fitTable(rows, { ...options, workers });
      expect(predictor.predictProbabilities(rows)).toEqual(expected.predictProbabilities(rows));
      expect(predictor.facts).toEqual(expected.facts);
    }
  }, 120_000);

  test('passes an error on', async () => {
    await expect(fitTable(rows, { ...options, workers: 0 })).rejects.toThrow("'workers' parameter of fitTable");
    const training = { ...options.training, batchSize: 0 };
    await expect(fitTable(rows, { ...options, training })).rejects.toThrow("'batchSize'");
  });

  test('knows what can travel to a thread', () => {
    const job = {
      model: { inputSize: 2, layers: [dense(2)] },
      train: { x, y },
      validation: undefined,
      fit: { epochs: 2 },
    };
    expect(canTravel(job)).toBe(true);
    expect(canTravel({ ...job, model: { inputSize: 2, layers: [identity(), dense(2)] } })).toBe(false);
    expect(canTravel({ ...job, fit: { epochs: 2, onEpochEnd() {} } })).toBe(false);
    expect(canTravel({ ...job, fit: { epochs: 2, signal: new AbortController().signal } })).toBe(false);
    expect(canTravel({ ...job, fit: { epochs: 2, callbacks: [{ onEpochEnd() {} }] } })).toBe(false);
  });
});
