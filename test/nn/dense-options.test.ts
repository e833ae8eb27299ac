// Layers that are short for two, and frozen ones.
import { describe, expect, it, test } from 'vitest';
import { catalog } from '../../src/catalog/index.ts';
import { type Description, fromJson } from '../../src/errors/index.ts';
import { expand, trialIdentity } from '../../src/experiment/index.ts';
import { exportCode, loadModel, loadOptimizerState, saveModel } from '../../src/model/index.ts';
import {
  batchNormalization,
  constant,
  dense,
  l1,
  l1l2,
  l2,
  layerNormalization,
  leakyRelu,
  relu,
  residual,
  tanh,
} from '../../src/nn/index.ts';
import { adam } from '../../src/optim/index.ts';
import { type FitState, sequential } from '../../src/train/index.ts';
import { smallSpec } from '../experiment/small-spec.ts';
import { toyData } from '../train/data.ts';

const data = toyData(40);
const inputSize = data.x.shape[1];
const options = { epochs: 3, batchSize: 8, optimizer: adam({ learningRate: 0.01 }) };

describe("dense(units, { activation: 'relu' })", () => {
  const short = [
    dense(8, { activation: 'relu' }),
    dense(6, { activation: leakyRelu(0.1), kernelRegularizer: l2(1e-3) }),
    dense(2),
  ];
  const long = [dense(8), relu(), dense(6, { kernelRegularizer: l2(1e-3) }), leakyRelu(0.1), dense(2)];

  it('is the two layers: the same description of the model, arrays, steps and exports', async () => {
    const [a, b] = [short, long].map((layers) => sequential({ inputSize, layers, seed: 3 }));
    expect(a.toJSON()).toEqual(b.toJSON());
    expect(a.summary()).toBe(b.summary());
    expect(await a.fit(data, options)).toEqual(await b.fit(data, options));
    expect(a.getWeights()).toEqual(b.getWeights());
    expect(exportCode(a)).toBe(exportCode(b));
    expect(saveModel(a)).toEqual(saveModel(b));
  });

  it('is JSON, also inside a block, and in a spec, where it is the same trial', () => {
    const layer = fromJson('layer', JSON.parse('{"type":"dense","units":4,"activation":"tanh"}'), catalog);
    expect(layer).toEqual({ type: 'dense', units: 4, activation: { type: 'tanh' } });
    const inside = sequential({ inputSize, layers: [dense(4), residual([layer]), dense(2)] });
    const outside = sequential({ inputSize, layers: [dense(4), residual([dense(4), tanh()]), dense(2)] });
    expect(inside.predictProbabilities(data.x)).toEqual(outside.predictProbabilities(data.x));
    expect(exportCode(inside)).toBe(exportCode(outside));
    const identities = [
      [{ type: 'dense', units: 4, activation: 'tanh' }],
      [{ type: 'dense', units: 4 }, { type: 'tanh' }],
    ].map((layers) => trialIdentity(expand({ ...smallSpec(), network: { layers } } as never)[0]));
    expect(identities[0]).toBe(identities[1]);
  });

  it('knows the activations by name', () => {
    expect(() => dense(4, { activation: 'rellu' as 'relu' })).toThrow(/'activation' .* 'relu'.*Did you mean 'relu'\?/);
  });
});

describe('trainable: false', () => {
  const layers = [
    dense(8, { trainable: false, kernelRegularizer: l2(0.1) }),
    batchNormalization({ trainable: false }),
    tanh(),
    dense(6),
    layerNormalization({ trainable: false }),
    dense(2),
  ];
  const frozen = /^(dense1|batchNormalization1|layerNormalization1)\./;

  it('leaves the arrays as they are, without gradient, state of the optimizer or penalty', async () => {
    const model = sequential({ inputSize, layers, seed: 3 });
    const before = model.getWeights();
    let state: FitState | undefined;
    const save = (saved: FitState) => {
      state = saved;
    };
    await model.fit(data, { ...options, checkpoint: { save } });
    for (const [i, { name, data: now }] of model.getWeights().entries()) {
      if (frozen.test(name)) expect([name, now]).toEqual([name, before[i].data]);
      else expect(now).not.toEqual(before[i].data);
    }
    // Two moments for each of two kernels and two biases.
    expect((state as FitState).optimizer.tensors).toHaveLength(8);
    expect(model.parameterCount).toBe(8 * 6 + 6 + 6 * 2 + 2);
    expect(model.penalty).toBe(0);
    expect(model.summary()).toContain('trainable false');
  });

  it('passes the gradient on: what is in front of it is trained', async () => {
    for (const middle of [
      dense(5, { trainable: false }),
      batchNormalization({ trainable: false }),
      layerNormalization({ trainable: false }),
    ]) {
      const model = sequential({ inputSize, layers: [dense(5), middle, dense(2)], seed: 3 });
      const [{ data: before }] = model.getWeights();
      await model.fit(data, options);
      expect(model.getWeights()[0].data).not.toEqual(before);
    }
  });

  it('survives a file and a checkpoint, with the same bits', async () => {
    const model = sequential({ inputSize, layers, seed: 3 });
    let file: Uint8Array | undefined;
    const save = (state: FitState) => {
      file ??= saveModel(model, { optimizerState: state });
    };
    await model.fit(data, { ...options, checkpoint: { save } });
    const loaded = loadModel(file as Uint8Array);
    expect(loaded.toJSON().layers).toEqual(layers);
    await loaded.fit(data, { ...options, resume: loadOptimizerState(file as Uint8Array) });
    expect(loaded.getWeights()).toEqual(model.getWeights());
  });
});

test('strengths that are left out are those of Keras', () => {
  const penaltyOf = (kernelRegularizer: Description<'regularizer'>) =>
    sequential({ inputSize: 3, layers: [dense(2, { kernelInitializer: constant(2), kernelRegularizer })] }).penalty;
  expect(penaltyOf(l1())).toBeCloseTo(0.01 * 6 * 2, 12);
  expect(penaltyOf(l2())).toBeCloseTo(0.01 * 6 * 4, 12);
  expect(penaltyOf(l1l2())).toBe(0);
  expect(penaltyOf(l1l2({ l2: 0.1 }))).toBeCloseTo(0.1 * 6 * 4, 12);
});
