// Random models of every layer and loss predict the same in onnxruntime and TensorFlow.js as here.
import { describe, expect, test } from 'vitest';
import type { Description } from '../../src/errors/index.ts';
import {
  type AnyNetwork,
  type AnySequential,
  exportOnnx,
  exportTensorflow,
  importTensorflow,
  loadModel,
  saveModel,
} from '../../src/model/index.ts';
import { onnxLayers } from '../../src/model/onnx.ts';
import { tensorflowLayers } from '../../src/model/tensorflow.ts';
import { binaryCrossEntropy, dense, meanSquaredError, poisson, softmaxCrossEntropy, tanh } from '../../src/nn/index.ts';
import {
  ColumnTransformer,
  MinMaxScaler,
  Pipeline,
  parseTable,
  predictorFromJson,
  RobustScaler,
  StandardScaler,
} from '../../src/tables/index.ts';
import { eachSample } from '../contracts/samples.ts';
import { ensembleOfFeatures, memberLayers, randomEnsemble, randomModel, samples, someLayers } from '../model/models.ts';
import { makeTensorflow, runOnnx, runTensorflow } from './runtimes.ts';

const x = samples(64);
const runtimes = ['node', 'web'] as const;

function expectClose(actual: ArrayLike<number | bigint | string>, expected: ArrayLike<number>) {
  expect(actual.length).toBe(expected.length);
  const worst = Math.max(
    ...Array.from(expected, (value, i) => Math.abs(value - Number(actual[i])) / Math.max(1, Math.abs(value))),
  );
  expect(worst).toBeLessThanOrEqual(1e-5);
}

async function expectSame(model: AnyNetwork, { onnx = true, tensorflow = true } = {}) {
  const predicted = model.predict(x);
  const values = Array.from('shape' in predicted ? predicted.data : predicted, Number);
  const probabilities = model.hasProbabilities ? model.predictProbabilities(x).data : undefined;
  for (const runtime of onnx ? runtimes : []) {
    const outputs = await runOnnx(runtime, exportOnnx(model), x);
    if (!probabilities) expectClose(outputs.predictions, values);
    else {
      expect(Object.keys(outputs)).toEqual(['label', 'probabilities']);
      expectClose(outputs.probabilities, probabilities);
      expect(Array.from(outputs.label, Number)).toEqual(values);
    }
  }
  if (!tensorflow) return;
  const outputs = await runTensorflow(exportTensorflow(model), x);
  const isBinary = model.task === 'classification' && model.outputSize === 1;
  expectClose(
    outputs,
    isBinary ? (probabilities as Float32Array).filter((_, i) => i % 2 === 1) : (probabilities ?? values),
  );
}

test.each(eachSample('layer'))('with %s', async (_, layer) => {
  const rule = tensorflowLayers[layer.type];
  const can = {
    onnx: typeof onnxLayers[layer.type] !== 'string',
    tensorflow: typeof rule !== 'string' && !rule.refuses?.({ alpha: 1, ...layer }),
  };
  if (!can.tensorflow)
    expect(() => exportTensorflow(randomModel([layer, dense(2)]))).toThrow(`the layer '${layer.type}'`);
  await expectSame(randomModel([dense(7), layer, dense(3)]), can);
  await expectSame(randomModel([layer, dense(2)]), can);
});

const tasks: [string, Description<'loss'>, number][] = [
  ['classes', softmaxCrossEntropy(), 3],
  ['two classes with one output', binaryCrossEntropy(), 1],
  ['labels', binaryCrossEntropy(), 3],
  ['real targets', meanSquaredError(), 2],
];

test.each(tasks)('for %s, also of an ensemble', async (_, loss, outputs) => {
  for (let seed = 0; seed < 5; seed++) await expectSame(randomModel(someLayers(outputs), { loss, seed }));
  await expectSame(randomEnsemble(someLayers(outputs), { loss }));
  await expectSame(ensembleOfFeatures(someLayers(outputs), { loss }), { tensorflow: false });
  await expectSame(randomModel(memberLayers(outputs), { loss }), { tensorflow: false });
  await expectSame(randomEnsemble(someLayers(outputs), { loss }, [2, 0.3, 1.1]));
  await expectSame(randomEnsemble(memberLayers(outputs), { loss }), { tensorflow: false });
});

test('counts, in ONNX alone', async () => {
  await expectSame(randomModel(someLayers(2), { loss: poisson() }), { tensorflow: false });
  await expectSame(randomEnsemble(someLayers(2), { loss: poisson() }), { tensorflow: false });
  expect(() => exportTensorflow(randomModel(someLayers(2), { loss: poisson() }))).toThrow(/loss 'poisson'/);
});

test('one sample alone, and the names of classes', async () => {
  const classNames = ['no', 'maybe', 'yes “é”'];
  const model = loadModel<AnySequential>(saveModel(randomModel(someLayers(3)), { classNames }));
  const one = samples(1);
  for (const runtime of runtimes) {
    const { label, probabilities } = await runOnnx(runtime, exportOnnx(model), one);
    expect(Array.from(label)).toEqual([classNames[(model.predict(one) as Int32Array)[0]]]);
    expectClose(probabilities, model.predictProbabilities(one).data);
  }
});

describe('models of TensorFlow.js are read', () => {
  // biome-ignore lint/suspicious/noExplicitAny: the types of TensorFlow.js are not known here.
  type Layers = any;
  test.each<[string, (layers: Layers) => unknown[]]>([
    [
      'dense and activation',
      (l) => [l.dense({ units: 6, inputShape: [4], activation: 'relu' }), l.dense({ units: 3, activation: 'softmax' })],
    ],
    [
      'batch normalization',
      (l) => [
        l.dense({ units: 5, inputShape: [4], useBias: false }),
        l.batchNormalization({ epsilon: 0.01 }),
        l.activation({ activation: 'tanh' }),
        l.dropout({ rate: 0.4 }),
        l.dense({ units: 2 }),
      ],
    ],
    [
      'no gamma and beta',
      (l) => [
        l.dense({ units: 5, inputShape: [4] }),
        l.batchNormalization({ center: false, scale: false }),
        l.reLU(),
        l.dense({ units: 2 }),
        l.softmax(),
      ],
    ],
    ['an input layer', (l) => [l.inputLayer({ inputShape: [4] }), l.dense({ units: 2, activation: 'sigmoid' })]],
  ])('with %s', async (_, listLayers) => {
    const { files, outputs } = await makeTensorflow(listLayers, x);
    const model = importTensorflow(files) as AnySequential;
    const predicted = model.predict(x);
    expectClose(
      outputs,
      model.hasProbabilities ? model.predictProbabilities(x).data : (predicted as { data: Float32Array }).data,
    );
  });
});

describe('predictors whose preprocessing scales numbers', () => {
  const names = ['a', 'b', 'c', 'd'];
  // The first column is far from 0, in numbers that float32 holds.
  const raw = {
    data: Float64Array.from(x.data, (value, i) => (i % 4 === 0 ? Math.fround(1000 + value) : value)),
    shape: x.shape,
  };
  const table = parseTable(
    Array.from({ length: raw.shape[0] }, (_, i) =>
      Object.fromEntries(names.map((name, j) => [name, raw.data[4 * i + j]])),
    ),
  );
  const scale = new Pipeline({
    steps: [
      ['center', new StandardScaler({ withStd: false })],
      ['robust', new RobustScaler()],
    ],
  });
  const inOrder = new ColumnTransformer({
    transformers: [['all', new MinMaxScaler({ featureRange: [-1, 2] }), names]],
  });
  const mixed = new ColumnTransformer({
    transformers: [
      ['c', new StandardScaler(), ['c', 'a']],
      ['d', 'passthrough', ['d']],
      ['again', scale, ['a']],
    ],
  });

  test.each([
    ['in their order', inOrder, {}],
    ['in another order, some of them twice', mixed, {}],
    ['and numbers stay in a range', mixed, { range: [-0.1, 0.2] }],
  ])('%s', async (_, preprocessing, facts) => {
    const columns = names.map((name) => ({ name, type: 'number' }));
    const json = { task: 'regression', target: { name: 'y', type: 'number' }, columns, missingValues: [], ...facts };
    const layers = [dense(6), tanh(), dense(1)];
    const network = randomEnsemble(layers, { loss: meanSquaredError() });
    const predictor = predictorFromJson({ ...json, preprocessing: preprocessing.fit(table).toJSON() }, network);
    expectClose(await runTensorflow(exportTensorflow(predictor), raw), predictor.predict(table) as number[]);
  });
});
