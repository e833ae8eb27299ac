// Predictors through a file: raw rows get the same predictions in another process.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ParameterError } from '../../src/errors/index.ts';
import { type AnyPredictor, ensemble, loadModel, modelInfo, saveModel } from '../../src/model/index.ts';
import { fitTable, predictorFromJson, StandardScaler } from '../../src/tables/index.ts';
import type { Sequential } from '../../src/train/index.ts';
import { signed } from './files.ts';

const penguins = readFileSync(new URL('../tables/penguins.csv', import.meta.url), 'utf8');
const quick = { effort: 'quick', network: { hiddenUnits: [16] }, training: { epochs: 10 } } as const;

/** A known row, one with holes, and one of an island that no one has seen. */
const rows = [
  {
    island: 'Biscoe',
    bill_length_mm: 46.1,
    bill_depth_mm: 13.2,
    flipper_length_mm: 211,
    body_mass_g: 4500,
    sex: 'female',
  },
  {
    species: 'Gentoo',
    island: 'Dream',
    bill_length_mm: null,
    bill_depth_mm: 18.2,
    flipper_length_mm: '',
    body_mass_g: 3600,
    sex: 'NA',
  },
  {
    species: 'Gentoo',
    island: 'Atlantis',
    bill_length_mm: 39,
    bill_depth_mm: 18,
    flipper_length_mm: 190,
    body_mass_g: 3700,
    sex: 'male',
  },
];

/** What a process of its own predicts for the rows. */
function elsewhere(file: Uint8Array) {
  const folder = mkdtempSync(join(tmpdir(), 'regulus-predictor-'));
  try {
    const [model, table] = ['model.safetensors', 'rows.json'].map((name) => join(folder, name));
    writeFileSync(model, file);
    writeFileSync(table, JSON.stringify(rows));
    return JSON.parse(execFileSync(process.execPath, ['test/model/predict-rows.mjs', model, table]).toString());
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const predictions = (predictor: AnyPredictor) =>
  JSON.parse(
    JSON.stringify({
      predictions: predictor.predict(rows),
      probabilities: predictor.classNames && predictor.predictProbabilities(rows),
    }),
  );

describe('a predictor that is loaded is the one that was saved', () => {
  test('for classes, with all that it knows', async () => {
    const predictor = await fitTable(penguins, { target: 'species', ...quick });
    const file = saveModel(predictor, { origin: { from: 'penguins' } });
    const loaded = loadModel<AnyPredictor>(file);
    expect(JSON.stringify(loaded)).toBe(JSON.stringify(predictor));
    expect(predictions(loaded)).toEqual(predictions(predictor));
    expect(elsewhere(file)).toEqual(predictions(predictor));
    expect(modelInfo(loaded)).toMatchObject({
      classNames: ['Adelie', 'Chinstrap', 'Gentoo'],
      featureNames: predictor.featureNames,
      origin: { from: 'penguins' },
    });
    expect(saveModel(loaded)).toEqual(file);
  });

  test('for numbers', async () => {
    const predictor = await fitTable(penguins, { target: 'body_mass_g', ...quick });
    expect(elsewhere(saveModel(predictor))).toEqual(predictions(predictor));
  });

  test('for an ensemble with one preprocessing', async () => {
    const first = await fitTable(penguins, { target: 'species', ...quick });
    const own = first.model as Sequential;
    const other = loadModel<AnyPredictor>(saveModel(first)).model as Sequential;
    other.setWeights(other.getWeights().map((array) => ({ ...array, data: array.data.map((value) => value / 2) })));
    const both = predictorFromJson(first.toJSON(), ensemble([own, other]));
    const loaded = loadModel<AnyPredictor>(saveModel(both));
    expect(predictions(loaded)).toEqual(predictions(both));
    expect(predictions(both).probabilities).not.toEqual(predictions(first).probabilities);
    expect(loaded.evaluate(penguins)).toEqual(both.evaluate(penguins));
  });
});

test('a file whose table does not fit its network is refused', async () => {
  const predictor = await fitTable(penguins, { target: 'species', ...quick });
  expect(() => saveModel(predictor, { classNames: ['a', 'b', 'c'] })).toThrow('left out for a predictor');
  const file = saveModel(predictor);
  for (const change of [
    { table: 7 },
    { table: { task: 'classification', columns: [null] } },
    { preprocessing: new StandardScaler().fit([[1]]) },
  ]) {
    expect(() => loadModel(signed(file, (description) => ({ ...description, ...change })))).toThrow(ParameterError);
  }
});
