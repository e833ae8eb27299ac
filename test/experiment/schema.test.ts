// The JSON Schema for editors: a validator of its own must agree with validateSpec.
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { presets, specJsonSchema, validateSpec } from '../../src/experiment/index.ts';
import { smallSpec } from './small-spec.ts';

const valid = new Ajv({ strict: true, strictTuples: false, allowUnionTypes: true }).compile(specJsonSchema());

describe('specJsonSchema', () => {
  it('is JSON', () => {
    expect(JSON.parse(JSON.stringify(specJsonSchema()))).toEqual(specJsonSchema());
    expect(JSON.stringify(specJsonSchema())).not.toContain(String(Number.MAX_SAFE_INTEGER));
  });

  it('says what keys are for', () => {
    const { properties } = specJsonSchema() as { properties: Record<string, { description?: string }> };
    for (const key of ['dataset', 'split', 'scaling', 'variants', 'seeds', 'sweep']) {
      expect(properties[key].description, key).toMatch(/^\w.* \w/);
    }
  });

  it.each(Object.keys(presets))('accepts the preset %s', (name) => {
    expect(valid(presets[name]), JSON.stringify(valid.errors)).toBe(true);
  });

  const kernelRegularizer = { type: 'l2', l2: 0.1 };
  const layers = [{ type: 'dense', units: 3, kernelRegularizer }, { type: 'relu' }, { type: 'dropout', rate: 0.5 }];

  it.each<object>([
    { $schema: './x.json' },
    { dataset: { builtin: 'wine' } },
    { dataset: { csv: 'a.csv', target: -1, header: false } },
    { dataset: { npy: { x: 'x.npy', y: 'y.npy' } } },
    { dataset: { npz: 'a.npz' } },
    { dataset: { generator: 'makeBlobs', parameters: { centerBox: [-1, 1] } } },
    { split: { folds: 3, validationSize: 0.2, randomState: 1 } },
    { network: { layers }, variants: [{ label: 'a', network: { layers: [] } }] },
    { seeds: { count: 3 } },
    { sweep: { type: 'grid', parameters: { 'network.l2': { from: 1e-5, to: 1, count: 3, scale: 'log' } } } },
    { sweep: { type: 'random', samples: 3, parameters: { 'network.l2': [0, 1, 2] } } },
    {
      sweep: {
        type: 'grid',
        parameters: { 'network.hiddenUnits': [[8], [8, 4]], 'training.earlyStopping': [null, {}] },
      },
    },
    { modules: ['./kinds.js', { path: 'a.ts', sha256: 'a'.repeat(64) }] },
    { metric: 'dataLoss', metrics: ['macroF1', { type: 'accuracy' }] },
    { network: { hiddenUnits: [4], activation: { type: 'batchNormalization', momentum: 0.9 } } },
    {
      training: { ...smallSpec().training, loss: { type: 'meanSquaredError' }, callbacks: [{ type: 'earlyStopping' }] },
    },
    {
      training: {
        ...smallSpec().training,
        optimizer: { type: 'rmsprop', learningRate: { type: 'cosineDecay', initialLearningRate: 0.1, decaySteps: 9 } },
      },
    },
  ])('accepts %j, as validateSpec does', (change) => {
    const spec = { ...smallSpec(), ...change };
    expect(() => validateSpec(spec)).not.toThrow();
    expect(valid(spec), JSON.stringify(valid.errors)).toBe(true);
  });

  it.each<object>([
    { $shema: './x.json' },
    { name: '../x' },
    { dataset: { builtin: 'tulips' } },
    { dataset: { generator: 'makeMoons', parameters: { factor: 0.5 } } },
    { dataset: { csv: 'a.csv', npz: 'a.npz' } },
    { split: { folds: 1, validationSize: 0.2, randomState: 1 } },
    { split: { validationSize: 0.2, randomState: 1 } },
    { scaling: 'Standard' },
    { network: { hiddenUnits: [0] } },
    { network: { hiddenUnits: [4], layers } },
    { network: { layers: [{ type: 'relu', units: 3 }] } },
    { training: {} },
    { variants: [] },
    { variants: [{ label: 'two\nlines' }] },
    { seeds: {} },
    { sweep: { type: 'grid', parameters: { 'network.l2': [] } } },
    { sweep: { type: 'grid', parameters: { 'network.l2': { from: 1, to: 2 } } } },
  ])('refuses %j, as validateSpec does', (change) => {
    const spec = { ...smallSpec(), ...change };
    expect(() => validateSpec(spec)).toThrow();
    expect(valid(spec)).toBe(false);
  });
});
