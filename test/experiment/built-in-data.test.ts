// Experiments on the built-in datasets: specs, parts, figures' numbers, and the preset `digits`.
import { describe, expect, it } from 'vitest';
import { loadDigits, loadWine } from '../../src/datasets/index.ts';
import {
  type ExperimentSpec,
  expand,
  presets,
  runExperiment,
  runTrial,
  validateSpec,
} from '../../src/experiment/index.ts';
import { prepareData } from '../../src/experiment/prepare-data.ts';
import golden from '../golden/sklearn/digits.json' with { type: 'json' };
import { smallSpec } from './small-spec.ts';

function spec(dataset: object): ExperimentSpec {
  return { ...smallSpec(), dataset: dataset as ExperimentSpec['dataset'], scaling: 'minmax' };
}

describe('validateSpec', () => {
  it.each(['digits', 'breast_cancer', 'wine'])('accepts %s', (builtin) => {
    const valid = spec({ builtin, noiseFeatures: 2, noiseRandomState: 1 });
    expect(validateSpec(valid)).toEqual(valid);
  });

  it.each<[string, object, string]>([
    ['a name that is none', { builtin: 'digit' }, "Did you mean 'digits'?"],
    ['a property of all objects', { builtin: 'toString' }, "'dataset.builtin'"],
    ['no string', { builtin: 3 }, "'dataset.builtin'"],
    ['parameters', { builtin: 'wine', parameters: {} }, "Unknown option 'parameters' of dataset"],
    ['a generator beside it', { builtin: 'wine', generator: 'makeMoons' }, 'only one of the keys'],
  ])('refuses %s', (_, dataset, message) => {
    expect(() => validateSpec(spec(dataset))).toThrow(message);
  });

  it('knows the scalings', () => {
    expect(() => validateSpec({ ...smallSpec(), scaling: 'minMax' })).toThrow("Did you mean 'minmax'?");
  });
});

describe('prepareData', () => {
  it('splits digits into 1149, 288 and 360 images, scaled to [0, 1] on the training part', () => {
    const { train, validation, test, classes } = prepareData(presets.digits);
    expect([train, validation, test].map(({ x }) => x.shape)).toEqual([
      [1149, 64],
      [288, 64],
      [360, 64],
    ]);
    expect(classes).toBe(10);
    expect(Math.min(...train.x.data)).toBe(0);
    expect(Math.max(...train.x.data)).toBe(1);
    const total = Array.from(loadDigits().y).reduce((a, b) => a + b);
    expect([train, validation, test].flatMap(({ y }) => Array.from(y as Int32Array)).reduce((a, b) => a + b)).toBe(
      total,
    );
  });

  it('gives the values of the dataset when nothing is scaled', () => {
    const { test } = prepareData({ ...spec({ builtin: 'wine' }), scaling: 'none' });
    const { x } = loadWine();
    const rows = Array.from({ length: 178 }, (_, i) => x.data.slice(i * 13, (i + 1) * 13).join());
    for (let i = 0; i < test.x.shape[0]; i++) {
      expect(rows).toContain(test.x.data.slice(i * 13, (i + 1) * 13).join());
    }
  });
});

describe("the figures' numbers", () => {
  it('have maps over two named features', async () => {
    const { figures } = await runExperiment(spec({ builtin: 'wine' }));
    expect(figures.featureNames).toEqual(['alcohol', 'malic_acid']);
    expect(figures.scatter!.x).toHaveLength(178);
    expect(figures.variants[0].boundary!.classes).toBe(3);
  });

  it('leave maps out when the features are pixels', async () => {
    const { figures } = await runExperiment({ ...spec({ builtin: 'digits' }), seeds: [1] });
    expect(figures).not.toHaveProperty('scatter');
    for (const variant of figures.variants) {
      expect(variant).not.toHaveProperty('boundary');
      expect(variant.firstLayerWeights).toHaveLength(64 * 8);
    }
  });
});

describe('the preset digits', () => {
  it('classifies at least 97.5 % of the test images with its best variant, as well as PyTorch', async () => {
    const trials = expand({ ...presets.digits, seeds: [42, 43] }).filter(
      ({ variant }) => variant === 'L2 Regularization',
    );
    const accuracies: number[] = [];
    for (const trial of trials) accuracies.push((await runTrial({ ...trial, figures: false })).test.accuracy);
    const mean = (accuracies[0] + accuracies[1]) / 2;
    expect(mean).toBeGreaterThanOrEqual(0.975);
    const { mean: expected, sd } = golden.pytorch['L2 Regularization'];
    expect(Math.abs(mean - expected)).toBeLessThan(4 * sd);
  });
});
