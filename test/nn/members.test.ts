// Many members of an ensemble in one network: layers, loss and predictions against networks of their own.
import { describe, expect, test } from 'vitest';
import {
  batchEnsemble,
  binaryCrossEntropy,
  dense,
  dropout,
  meanSquaredError,
  memberDense,
  poisson,
  relu,
  softmaxCrossEntropy,
} from '../../src/nn/index.ts';
import { type AnySequential, sequential } from '../../src/train/index.ts';
import { eachEngine } from '../contracts/engines.ts';
import { checkNetwork } from '../contracts/gradients.ts';
import { randomModel, samples } from '../model/models.ts';
import { expectClose } from '../reference/close.ts';

const MEMBERS = 4;
const memberLayers = (outputs: number) => [
  batchEnsemble(5, { members: MEMBERS, repeats: true }),
  relu(),
  dropout(0.4),
  batchEnsemble(3, { members: MEMBERS }),
  memberDense(outputs, { members: MEMBERS }),
];

/** Member `k` of a network of `memberLayers` as a network of its own, with its scales in its kernels. */
function memberOf(model: AnySequential, k: number): AnySequential {
  const arrays = new Map(model.getWeights().map((array) => [array.name, array]));
  const of = (name: string) => arrays.get(name)!;
  const part = (name: string, size: number) => of(name).data.slice(k * size, (k + 1) * size);
  const scaled = (layer: string) => {
    const { data, shape } = of(`${layer}.kernel`);
    const [inputs, units] = shape;
    const [before, after] = [part(`${layer}.inputScales`, inputs), part(`${layer}.outputScales`, units)];
    const kernel = data.map((w, i) => before[Math.floor(i / units)] * w * after[i % units]);
    return [kernel, part(`${layer}.bias`, units)];
  };
  const { data, shape } = of('memberDense1.kernel');
  const units = shape[1] / MEMBERS;
  const last = [data.filter((_, i) => Math.floor((i % shape[1]) / units) === k), part('memberDense1.bias', units)];
  const own = [...scaled('batchEnsemble1'), ...scaled('batchEnsemble2'), ...last];
  const { loss } = model.toJSON();
  const member = sequential({ inputSize: model.inputSize, layers: [dense(5), relu(), dense(3), dense(units)], loss });
  member.setWeights(member.getWeights().map((array, i) => ({ ...array, data: own[i] as Float32Array })));
  return member as AnySequential;
}

describe.each(eachEngine)('on %s', (_, engine) => {
  test.each([
    [softmaxCrossEntropy({ labelSmoothing: 0.1 }), 3],
    [binaryCrossEntropy(), 1],
    [binaryCrossEntropy(), 3],
    [meanSquaredError(), 2],
  ])('the loss %j of %d outputs is the mean of the losses of the members, and its gradient', (loss, outputs) => {
    for (const rows of [1, 6]) checkNetwork(engine, { inputSize: 3, rows }, memberLayers(outputs), loss);
    // With layers before, which are given the gradient of all members.
    checkNetwork(engine, { inputSize: 3, rows: 6 }, [dense(4), ...memberLayers(outputs)], loss);
  });

  test.each([
    [softmaxCrossEntropy(), 3],
    [binaryCrossEntropy(), 1],
    [binaryCrossEntropy(), 3],
    [meanSquaredError(), 2],
    [poisson(), 2],
  ])('with the loss %j, predictions of %d outputs are the means of those of networks of their own', (loss, outputs) => {
    const model = randomModel(memberLayers(outputs), { loss, engine });
    expect(model.outputSize).toBe(outputs);
    const x = samples(300);
    const each = Array.from({ length: MEMBERS }, (_, k) => memberOf(model, k));
    const predicted = (of: AnySequential) =>
      (of.hasProbabilities ? of.predictProbabilities(x) : of.predict(x)) as { data: Float32Array };
    const all = each.map((member) => predicted(member).data);
    const means = all[0].map((_, i) => all.reduce((sum, values) => sum + values[i], 0) / MEMBERS);
    expectClose(predicted(model).data, means, { rtol: 1e-5, atol: 1e-6 });
    for (const member of [model, ...each]) member.dispose();
  });
});

test('the class is that of the greatest mean probability, and the label that of one above a half', () => {
  for (const [loss, outputs] of [
    [softmaxCrossEntropy(), 3],
    [binaryCrossEntropy(), 1],
    [binaryCrossEntropy(), 3],
  ] as const) {
    using model = randomModel(memberLayers(outputs), { loss });
    const x = samples(100);
    const {
      data,
      shape: [rows, columns],
    } = model.predictProbabilities(x);
    const predicted = model.predict(x);
    const expected =
      model.task === 'multiLabel'
        ? Array.from(data, (p) => Number(p > 0.5))
        : Array.from({ length: rows }, (_, i) => {
            const p = [...data.subarray(i * columns, (i + 1) * columns)];
            return p.indexOf(Math.max(...p));
          });
    expect([...('data' in predicted ? predicted.data : predicted)]).toEqual(expected);
  }
});

test('members begin with different signs, and all other scales with 1', () => {
  using model = sequential({ inputSize: 30, layers: memberLayers(2) });
  const arrays = new Map(model.getWeights().map(({ name, data }) => [name, data]));
  const signs = [...arrays.get('batchEnsemble1.inputScales')!];
  expect(new Set(signs)).toEqual(new Set([-1, 1]));
  expect(Math.abs(signs.reduce((sum, sign) => sum + sign))).toBeLessThan(40);
  for (const name of ['batchEnsemble1.outputScales', 'batchEnsemble2.inputScales', 'batchEnsemble2.outputScales'])
    expect(new Set(arrays.get(name))).toEqual(new Set([1]));
});

test('members must divide the inputs', () => {
  for (const layer of [batchEnsemble(2, { members: 4 }), memberDense(2, { members: 4 })])
    expect(() => sequential({ inputSize: 6, layers: [layer] })).toThrow(/must be a divisor of its 6 inputs\. Got 4/);
});
