// The cocktail: a space of all regularizers, and networks by name in specs.
import { expect, test } from 'vitest';
import { expand, presets, runTrial, validateSpec } from '../../src/experiment/index.ts';
import { parametersOf } from '../../src/experiment/spaces.ts';
import type { ExperimentSpec, Trial } from '../../src/experiment/spec.ts';

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

test('a cocktail switches each method on in half of the points, with a strength of its own, and 13 at the most', () => {
  const paths = Object.keys(parametersOf(spec.sweep));
  const trials = expand(validateSpec({ ...spec, sweep: { ...spec.sweep, samples: 400 } }));
  expect(trials).toHaveLength(400);
  for (const path of paths) {
    const on = trials.filter(({ point }) => point?.[path] !== null).map(({ point }) => JSON.stringify(point?.[path]));
    // Only without early stopping.
    const share = path === 'training.callbacks' ? 0.25 : 0.5;
    expect(Math.abs(on.length - 400 * share), path).toBeLessThan(40);
    const few = ['network.batchNormalization', 'training.earlyStopping', 'training.callbacks'];
    expect(new Set(on).size, path).toBeGreaterThan(few.includes(path) ? 0 : 2);
  }
  const isOn = (path: string) => (trial: Trial) => trial.point?.[path] !== null;
  expect(Math.max(...trials.map((trial) => paths.filter((path) => isOn(path)(trial)).length))).toBeLessThanOrEqual(13);
  expect(trials.filter(isOn('training.earlyStopping')).filter(isOn('training.callbacks'))).toEqual([]);
  const text = JSON.stringify(trials);
  for (const type of ['mixup', 'cutmix', 'cutout', 'inputNoise', 'adversarial', 'swa', 'snapshotEnsemble']) {
    expect(text).toContain(`"type":"${type}"`);
  }
});

test('of a space, what has no place is left out', () => {
  const swept = (change: Partial<ExperimentSpec>) =>
    Object.keys(expand(validateSpec({ ...spec, ...change }))[0].point ?? {});
  const layers = swept({ network: { layers: [{ type: 'dense', units: 4 }] } });
  expect(layers.filter((path) => path.startsWith('network.'))).toEqual([]);
  const smoothing = 'training.loss.labelSmoothing';
  const { loss: _, ...training } = spec.training;
  for (const loss of [undefined, 'softmaxCrossEntropy']) {
    expect(swept({ training: { ...training, ...(loss && { loss }) } })).toContain(smoothing);
  }
  expect(swept({ training: { ...training, loss: 'meanSquaredError' } })).not.toContain(smoothing);
  expect(swept({ training: { ...training, optimizer: { type: 'sam' } } }).join()).not.toContain('optimizer');
  const ends = ['training.earlyStopping', 'training.callbacks'];
  expect(swept({})).toEqual(expect.arrayContaining(ends));
  const callbacks = swept({ training: { ...training, callbacks: [{ type: 'swa' }] } });
  expect(callbacks.filter((path) => ends.includes(path))).toEqual([]);
  const own = swept({ variants: [{ label: 'Own', network: { dropout: 0.3 }, training: { earlyStopping: {} } }] });
  expect(own.filter((path) => [...ends, 'network.dropout'].includes(path))).toEqual([]);
});

test('a sweep has parameters or a space', () => {
  const sweep = { type: 'random', samples: 3 };
  expect(() => validateSpec({ ...spec, sweep })).toThrow('left out where there is a space');
  expect(() => validateSpec({ ...spec, sweep: { ...sweep, space: 'cocktails' } })).toThrow('cocktail');
});

test('every point trains', async () => {
  const trials = expand(validateSpec({ ...spec, sweep: { type: 'random', space: 'cocktail', samples: 12, seed: 2 } }));
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
