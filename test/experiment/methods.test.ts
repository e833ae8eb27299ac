// Training methods in specs: what is refused, what is swept, and what a trial of a snapshot ensemble is scored by.
import { expect, test } from 'vitest';
import { expand, runTrial, validateSpec } from '../../src/experiment/index.ts';
import { loadModel } from '../../src/model/index.ts';
import type { Ensemble } from '../../src/train/index.ts';
import { smallSpec } from './small-spec.ts';

const spec = (training: object) => ({ ...smallSpec(), variants: [{ label: 'Own', training }], seeds: [1] });

test('every method can be named in a spec, and its trial is its own', async () => {
  const sgd = { type: 'sgd', learningRate: 0.2 };
  const methods = [
    {},
    { optimizer: { type: 'sam', optimizer: sgd } },
    { optimizer: { type: 'sam', optimizer: sgd, rho: 0.5 } },
    { optimizer: { ...sgd, weightDecay: { type: 'cosineDecay', initialLearningRate: 0.5, decaySteps: 10 } } },
    { augment: ['adversarial'] },
    { callbacks: [{ type: 'swa', start: 2 }] },
    { callbacks: [{ type: 'snapshotEnsemble', cycles: 3 }] },
  ];
  const losses = methods.map(async (training) => {
    const [trial] = expand(validateSpec(spec(training)));
    return (await runTrial(JSON.parse(JSON.stringify(trial)))).test.loss;
  });
  expect(new Set(await Promise.all(losses)).size).toBe(methods.length);
});

test('their options are swept', () => {
  const optimizer = { type: 'sam', optimizer: { type: 'sgd' } };
  const training = {
    ...smallSpec().training,
    optimizer,
    augment: [{ type: 'adversarial' }],
    callbacks: [{ type: 'swa' }],
  };
  const parameters = {
    'training.optimizer.rho': [0.05, 0.1],
    'training.optimizer.optimizer.learningRate': [0.1],
    'training.augment[0].epsilon': [0.2],
    'training.callbacks[0].start': [2],
  };
  const all = expand(
    validateSpec({
      ...smallSpec(),
      training,
      variants: [{ label: 'A' }],
      seeds: [1],
      sweep: { type: 'grid', parameters },
    }),
  );
  expect(all.map(({ training: { optimizer, augment, callbacks } }) => [optimizer, augment, callbacks])).toMatchObject(
    [0.05, 0.1].map((rho) => [
      { rho, optimizer: { learningRate: 0.1 } },
      [{ epsilon: 0.2, alpha: 0.5 }],
      [{ start: 2, every: 1 }],
    ]),
  );
});

test('a trial of a snapshot ensemble is scored by the ensemble, which is its model', async () => {
  const [trial] = expand(validateSpec(spec({ callbacks: [{ type: 'snapshotEnsemble', cycles: 3 }] })));
  const { model, test: score, confusion } = await runTrial(trial);
  using loaded = loadModel<Ensemble>(new Uint8Array(Buffer.from(model as string, 'base64')));
  expect(loaded.models).toHaveLength(3);
  const right = (confusion as number[][]).reduce((sum, row, i) => sum + row[i], 0);
  expect(right / 20).toBeCloseTo(score.accuracy, 12);
});

test('callbacks that decide the same are refused, with the path', () => {
  const own = { earlyStopping: { patience: 2 }, callbacks: [{ type: 'swa' }] };
  expect(() => validateSpec(spec(own))).toThrow(
    /training\.callbacks' parameter .* must be a list of which one at most decides the weights that training ends with.*Both earlyStopping and swa do/s,
  );
});
