// The cocktail: a space of all regularizers, and networks by name in specs.
import { expect, test } from 'vitest';
import { expand, presets, runTrial, validateSpec } from '../../src/experiment/index.ts';
import { parametersOf } from '../../src/experiment/spaces.ts';
import type { ExperimentSpec } from '../../src/experiment/spec.ts';

const { moons } = presets;
const spec: ExperimentSpec = {
  ...moons,
  network: { hiddenUnits: [8, 8] },
  training: { ...moons.training, loss: { type: 'softmaxCrossEntropy' }, epochs: 2 },
  variants: [{ label: 'Cocktail' }],
  seeds: [0],
  sweep: { type: 'random', space: 'cocktail', samples: 60, seed: 1 },
};
delete (spec.training as { earlyStopping?: unknown }).earlyStopping;

test('a cocktail switches each of at most 13 methods on in half of the points, with a strength of its own', () => {
  const paths = Object.keys(parametersOf(spec.sweep));
  expect(paths.length).toBeLessThanOrEqual(13);
  const trials = expand(validateSpec(spec));
  expect(trials).toHaveLength(60);
  for (const path of paths) {
    const on = trials.filter(({ point }) => point?.[path] !== null).map(({ point }) => JSON.stringify(point?.[path]));
    expect(on.length, path).toBeGreaterThan(15);
    expect(on.length, path).toBeLessThan(45);
    const only = ['network.batchNormalization', 'training.earlyStopping'];
    expect(new Set(on).size, path).toBeGreaterThan(only.includes(path) ? 0 : 2);
  }
  expect(expand(validateSpec(spec))).toEqual(trials);
});

test('of a space, what a network or a loss has no place for is left out', () => {
  const layers = expand(validateSpec({ ...spec, network: { layers: [{ type: 'dense', units: 4 }] } }));
  expect(Object.keys(layers[0].point ?? {}).filter((path) => path.startsWith('network.'))).toEqual([]);
  const { loss: _, ...training } = spec.training;
  expect(Object.keys(expand(validateSpec({ ...spec, training }))[0].point ?? {})).not.toContain(
    'training.loss.labelSmoothing',
  );
  const own = expand(validateSpec({ ...spec, variants: [{ label: 'Own', network: { dropout: 0.3 } }] }));
  expect(Object.keys(own[0].point ?? {})).not.toContain('network.dropout');
});

test('a sweep has parameters or a space', () => {
  const sweep = { type: 'random', samples: 3 };
  expect(() => validateSpec({ ...spec, sweep })).toThrow('left out where there is a space');
  expect(() => validateSpec({ ...spec, sweep: { ...sweep, space: 'cocktails' } })).toThrow('cocktail');
});

test('every point trains', async () => {
  const trials = expand(validateSpec({ ...spec, sweep: { type: 'random', space: 'cocktail', samples: 6, seed: 2 } }));
  for (const trial of trials) {
    const { test: score } = await runTrial({ ...trial, figures: false });
    expect(score.accuracy).toBeGreaterThan(0.3);
  }
});

test.each(['mlp', 'realmlp', 'resnet', 'tabm'] as const)('a spec has the network %s by its name', async (preset) => {
  const { sweep: _, ...plain } = spec;
  const network = { preset, hiddenUnits: [8], dropout: 0.1, ...(preset === 'tabm' && { members: 4 }) };
  const [trial] = expand(validateSpec({ ...plain, network }));
  const { layers } = trial.network;
  expect(JSON.stringify(layers)).toContain(
    { mlp: 'relu', realmlp: 'periodicEmbedding', resnet: 'residual', tabm: 'batchEnsemble' }[preset],
  );
  expect((await runTrial({ ...trial, figures: false })).test.accuracy).toBeGreaterThan(0.3);
  // A network of another kind replaces all of it.
  const other = { label: 'Other', network: { layers: [] } };
  const short = { label: 'Short', network: { preset: 'mlp', hiddenUnits: [4] } as const };
  const [, second, third] = expand(validateSpec({ ...plain, network, variants: [{ label: 'A' }, other, short] }));
  expect(second.network.layers).toEqual([]);
  expect(third.network.layers.map(({ type }) => type)).toEqual(['dense', 'relu', 'dropout']);
});
