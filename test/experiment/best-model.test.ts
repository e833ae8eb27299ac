// The model that a run leaves: which networks it holds, and that they predict what their trials did.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../src/data/index.ts';
import {
  keptModel,
  prepareData,
  type RunEvent,
  runExperiment,
  runTrial,
  type Trial,
  trials,
} from '../../src/experiment/index.ts';
import {
  type AnyPredictor,
  type Ensemble,
  exportCode,
  loadModel,
  modelInfo,
  saveModel,
} from '../../src/model/index.ts';
import { smallSpec } from './small-spec.ts';

const readFile = (path: string) => new Uint8Array(readFileSync(new URL(`../tables/${path}`, import.meta.url)));
const folds = { folds: 3, validationSize: 0.25, randomState: 1 };
const small = { ...smallSpec(), split: folds };

const specs = {
  'a table with texts': { ...small, dataset: { csv: 'penguins.csv', target: 'species' } },
  numbers: {
    ...small,
    dataset: { csv: 'concrete.csv', target: 'compressive_strength' },
    training: { ...small.training, loss: 'meanSquaredError' },
    metric: 'rootMeanSquaredError',
  },
  'generated data': small,
};

describe.each(Object.entries(specs))('with folds, of %s', (_, spec) => {
  it('it is that of all folds and seeds, each with the preprocessing of its fold', async () => {
    let calls = 0;
    const run = (trial: Trial) => {
      calls++;
      return runTrial(trial, { readFile });
    };
    const { results, model } = await runExperiment(spec, { readFile, run });
    expect(calls).toBe(results.trials.length); // nothing was trained again
    const kept = keptModel(results);
    expect([kept.folds, kept.seeds, kept.trials.length]).toEqual([3, [7, 8], 6]);

    const predictor = loadModel<AnyPredictor>(model as Uint8Array);
    const ensemble = predictor.model as Ensemble;
    expect(ensemble.models).toHaveLength(6);
    const own = [...trials(spec as never)].filter(({ variant }) => variant === kept.variant);
    for (const [i, trial] of own.entries()) {
      const { test } = prepareData(trial, readFile);
      const { dataLoss } = ensemble.models[i].evaluate(test);
      const expected = kept.trials[i].test.dataLoss;
      expect(Math.abs(dataLoss - expected)).toBeLessThanOrEqual(1e-6 * expected);
      const [start, end] = (ensemble.features as [number, number][])[i];
      expect(end - start).toBe(test.x.shape[1]);
    }
    expect(modelInfo(predictor).featureNames?.[0]).toMatch(/^fold1__/);
  });
});

it('what is left out of a table is told', async () => {
  const csv =
    'id,empty,size,class\n' +
    Array.from({ length: 60 }, (_, i) => `row ${i},,${i},${i % 20 ? 'ab'[i % 2] : ''}\n`).join('');
  const file = () => new TextEncoder().encode(csv);
  const spec = { ...smallSpec(), dataset: { csv: 'rows.csv', target: 'class' } };
  const messages: string[] = [];
  const onEvent = (event: RunEvent) => void (event.type === 'warning' && messages.push(event.message));
  await runExperiment(spec, { readFile: file, onEvent });
  expect(messages).toEqual([
    "Rows without 'class' are left out: 3.",
    expect.stringMatching(/^The column 'id' holds text, such as "row \d+", and is left out\.$/),
    "The column 'empty' has no values and is left out.",
  ]);
});

it('it reads raw rows with a hole where the training data have none, and goes on as JavaScript', async () => {
  const { model } = await runExperiment(specs.numbers, { readFile, run: (trial) => runTrial(trial, { readFile }) });
  const predictor = loadModel<AnyPredictor>(model as Uint8Array);
  const [header, first] = new TextDecoder().decode(readFile('concrete.csv')).split('\n');
  const rows = [first, first.replace(/^[^,]*/, '')];
  const predicted = predictor.predict([header, ...rows].join('\n')) as number[];
  expect(predicted.every(Number.isFinite)).toBe(true);
  expect(predicted[1]).not.toBe(predicted[0]);
  const code = await import(`data:text/javascript,${encodeURIComponent(exportCode(predictor))}`);
  const names = header.replaceAll('"', '').split(',');
  for (const [i, row] of rows.entries()) {
    const actual = code.predict(Object.fromEntries(row.split(',').map((value, j) => [names[j], value])));
    expect(Math.abs(actual - predicted[i])).toBeLessThanOrEqual(1e-5 * Math.abs(predicted[i]));
  }
});

describe.each([
  ['several labels', { loss: 'binaryCrossEntropy', outputs: ['target 1', 'target 2', 'target 3'] }],
  ['several numbers', { loss: 'meanSquaredError', outputs: ['target 1', 'target 2', 'target 3'] }],
  ['quantiles', { loss: { type: 'quantile', quantiles: [0.1, 0.9] }, outputs: ['target 1', 'target 2'] }],
])('of %s', (_, { loss, outputs }) => {
  const isLabels = loss === 'binaryCrossEntropy';
  const dataset = isLabels
    ? {
        generator: 'makeMultilabelClassification',
        parameters: { nSamples: 120, nFeatures: 4, nClasses: 3, randomState: 1 },
      }
    : {
        generator: 'makeRegression',
        parameters: { nSamples: 120, nFeatures: 4, nTargets: typeof loss === 'string' ? 3 : 1, randomState: 1 },
      };

  it('it reads the rows of a table, and gives what is predicted by name, also as JavaScript', async () => {
    const { training } = small;
    const spec = { ...small, dataset, training: { ...training, loss }, metric: 'dataLoss' } as never;
    const { model } = await runExperiment(spec, { readFile, run: (trial) => runTrial(trial, { readFile }) });
    const predictor = loadModel<AnyPredictor>(model as Uint8Array);
    expect(predictor.outputNames).toEqual(outputs);
    const names = predictor.columns.map(({ name }) => name);
    expect(names).toEqual(['Feature 1', 'Feature 2', 'Feature 3', 'Feature 4']);
    const rows = [
      [1, 2, 3, 4],
      [4, 0, -1, 2],
    ];
    const predicted = predictor.predict<Record<string, number>>([names, ...rows].join('\n'));
    const { data } = predictor.model.predict(predictor.transform([names, ...rows].join('\n'))) as Matrix;
    expect(predicted.flatMap((row) => outputs.map((name) => row[name]))).toEqual(Array.from(data));
    const again = loadModel<AnyPredictor>(saveModel(predictor));
    expect(again.predict([names, ...rows].join('\n'))).toEqual(predicted);
    const { predict, predictProbabilities } = await import(
      `data:text/javascript,${encodeURIComponent(exportCode(predictor))}`
    );
    const row = Object.fromEntries(names.map((name, j) => [name, rows[0][j]]));
    for (const name of outputs)
      expect(Math.abs(predict(row)[name] - predicted[0][name])).toBeLessThan(1e-4 * (1 + Math.abs(predicted[0][name])));
    if (!isLabels) return;
    const [probabilities] = predictor.predictProbabilities([row]);
    expect(Object.keys(probabilities)).toEqual(outputs);
    for (const name of outputs)
      expect(Math.abs(predictProbabilities(row)[name] - probabilities[name])).toBeLessThan(1e-5);
    const labeled = predictor.evaluate([{ ...row, 'target 1': 1, 'target 2': 0, 'target 3': 1 }]);
    expect(labeled.dataLoss).toBeGreaterThan(0);
  });
});
