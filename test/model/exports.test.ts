// Exports without their runtimes: what every target can express, JavaScript to the last bit, TensorFlow.js there and back.
// test/exports runs ONNX and TensorFlow.js models in their own runtimes.
import { describe, expect, test } from 'vitest';
import { createEngine } from '../../src/backend/index.ts';
import type { Matrix } from '../../src/data/index.ts';
import { ParameterError } from '../../src/errors/index.ts';
import { codeLayers } from '../../src/model/code.ts';
import { codeTransformers } from '../../src/model/code-transformers.ts';
import {
  type AnyNetwork,
  type AnySequential,
  ensemble,
  exportCode,
  exportOnnx,
  exportTensorflow,
  importTensorflow,
  loadModel,
  saveModel,
} from '../../src/model/index.ts';
import { links, type Rules } from '../../src/model/networks.ts';
import { onnxLayers } from '../../src/model/onnx.ts';
import { onnxTransformers } from '../../src/model/onnx-transformers.ts';
import { tensorflowLayers } from '../../src/model/tensorflow.ts';
import {
  binaryCrossEntropy,
  layers as coreLayers,
  defineLayer,
  defineLoss,
  dense,
  elu,
  gaussianNll,
  losses,
  meanSquaredError,
  poisson,
  relu,
  residual,
  softmaxCrossEntropy,
  tableLayers,
} from '../../src/nn/index.ts';
import {
  ColumnTransformer,
  defineTransformer,
  MinMaxScaler,
  predictorFromJson,
  StandardScaler,
  transformers,
} from '../../src/tables/index.ts';
import { eachSample } from '../contracts/samples.ts';
import { ensembleOfFeatures, memberLayers, randomEnsemble, randomModel, samples, someLayers } from './models.ts';
import { newRows, predictorWith, preprocessings } from './predictors.ts';

const layers = [...coreLayers, ...tableLayers];
const tables: Record<string, Rules<unknown>> = { onnxLayers, tensorflowLayers, codeLayers };
const js = createEngine({ backend: 'js' });
const x = samples(40);
const row = ({ data, shape: [, columns] }: Matrix, i: number) => data.subarray(i * columns, (i + 1) * columns);

describe.each(Object.entries(tables))('%s', (_, rules) => {
  test.each(layers.map(({ definition }) => definition.type))('expresses %s, or says why it cannot', (type) => {
    expect(Object.hasOwn(rules, type)).toBe(true);
    if (typeof rules[type] === 'string') expect(rules[type]).toMatch(/^[A-Z].*\.$/);
  });

  test('has no other layers', () => {
    const types = layers.map(({ definition }): string => definition.type);
    expect(Object.keys(rules).filter((type) => !types.includes(type))).toEqual([]);
  });
});

describe.each(Object.entries({ onnxTransformers, codeTransformers }))('%s', (_, rules) => {
  test('has an entry for every transformer, and no other', () => {
    expect(Object.keys(rules).sort()).toEqual(transformers.map(({ name }) => name).sort());
  });
});

test('it is said how predictions are made of the outputs of every loss', () => {
  expect(Object.keys(links).sort()).toEqual(losses.map(({ definition }): string => definition.type).sort());
});

describe.each(Object.entries({ exportOnnx, exportTensorflow, exportCode }))(
  '%s',
  (name, write: (model: AnyNetwork) => unknown) => {
    test('names a layer and a loss that it cannot express', () => {
      const [own, twin] = ['own', 'relu'].map((type) =>
        defineLayer({
          type,
          options: {},
          build: (_, { size }) => ({ outputSize: size, forward() {}, backward() {} }),
        }),
      );
      const ownLoss = defineLoss({ ...meanSquaredError.definition, type: 'ownLoss' } as never);
      expect(() => write(randomModel([dense(3), own(), relu()]))).toThrow(
        `${name} cannot express the layer 'own' (own1).`,
      );
      expect(() =>
        write(randomModel([dense(3)], { loss: (ownLoss as () => ReturnType<typeof meanSquaredError>)() })),
      ).toThrow(`${name} cannot express the predictions of the loss 'ownLoss'.`);
      expect(() => write(randomModel([dense(2)], { loss: gaussianNll() }))).toThrow(
        /'gaussianNll'\. Its outputs are of two kinds/,
      );
      // Also inside of others, and in ensembles: it would be taken for the package's.
      const nested = randomModel([residual([dense(4), twin()]), dense(3)], { inputSize: 4 });
      for (const model of [nested, ensemble([nested])]) {
        expect(() => write(model)).toThrow("The layer 'relu' is defined twice. Give one of the two another 'type'.");
      }
      expect(() => write({} as never)).toThrow(`The 'model' parameter of ${name} must be a model or an ensemble.`);
    });

    test('writes the same for a model from a file', () => {
      const model = randomModel(someLayers(3));
      expect(write(loadModel(saveModel(model)))).toEqual(write(model));
    });
  },
);

/** Exported code predicts the bits of the model, which runs on the backend `js`. */
async function expectSameBits(model: AnyNetwork) {
  const code = exportCode(model);
  expect(code).not.toMatch(/^import|require\(/m);
  const module = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  const predicted = model.predict(x);
  const probabilities = model.hasProbabilities ? model.predictProbabilities(x) : undefined;
  expect('predictProbabilities' in module).toBe(probabilities !== undefined);
  for (let i = 0; i < x.shape[0]; i++) {
    const features = Array.from(row(x, i));
    if ('shape' in predicted) expect(Array.from(module.predict(features))).toEqual(Array.from(row(predicted, i)));
    else expect(module.predict(features)).toBe(predicted[i]);
    if (probabilities) expect(module.predictProbabilities(features)).toEqual(new Float32Array(row(probabilities, i)));
  }
}

describe('exported code predicts the same bits', () => {
  test.each(eachSample('layer').filter(([, { type }]) => typeof codeLayers[type] !== 'string'))(
    'with %s',
    async (_, layer) => {
      await expectSameBits(randomModel([dense(7), layer, dense(3)], { engine: js }));
      await expectSameBits(randomModel([layer, dense(2)], { engine: js }));
    },
  );

  test.each([
    ['two classes with one output', binaryCrossEntropy(), 1],
    ['labels', binaryCrossEntropy(), 3],
    ['classes', softmaxCrossEntropy(), 3],
    ['real targets', meanSquaredError(), 2],
    ['counts', poisson(), 2],
  ])('for %s, also of an ensemble', async (_, loss, outputs) => {
    for (let seed = 0; seed < 5; seed++)
      await expectSameBits(randomModel(someLayers(outputs), { loss, seed, engine: js }));
    await expectSameBits(randomEnsemble(someLayers(outputs), { loss, engine: js }));
    await expectSameBits(ensembleOfFeatures(someLayers(outputs), { loss, engine: js }));
    await expectSameBits(randomModel(memberLayers(outputs), { loss, engine: js }));
    await expectSameBits(randomEnsemble(someLayers(outputs), { loss, engine: js }, [2, 0.3, 1.1]));
    await expectSameBits(randomEnsemble(memberLayers(outputs), { loss, engine: js }));
  });

  test('for large outputs, and weights of all sizes', async () => {
    const model = randomModel([dense(5), dense(3)], { engine: js });
    for (const factor of [1e-20, 1e-3, 30, 1e4]) {
      model.setWeights(
        model
          .getWeights()
          .map((array) => ({ ...array, data: array.data.map((value, i) => (i % 3 ? value * factor : -0)) })),
      );
      await expectSameBits(model);
    }
  });

  test('and names of classes', async () => {
    const classNames = ['no', '` + "', '</script>'];
    const model = loadModel<AnySequential>(
      saveModel(randomModel(someLayers(3)), { classNames, featureNames: ['a', 'b', 'c', 'd'] }),
      { engine: js },
    );
    expect(exportCode(model)).not.toContain('</script>'); // in a page, too, it stays text
    const module = await import(`data:text/javascript,${encodeURIComponent(exportCode(model))}`);
    expect([module.classNames, module.featureNames]).toEqual([classNames, ['a', 'b', 'c', 'd']]);
    const predicted = model.predict(x) as Int32Array;
    predicted.forEach((index, i) => {
      expect(module.predict(row(x, i))).toBe(classNames[index]);
    });
  });
});

describe('exported code reads the rows of a table, and predicts the same bits', () => {
  test.each(Object.entries(preprocessings))('with %s', async (_, [preprocessing, rows = newRows]) => {
    for (const isOfNumbers of [false, true]) {
      const predictor = predictorWith(preprocessing, isOfNumbers, js);
      const code = exportCode(predictor);
      const module = await import(`data:text/javascript,${encodeURIComponent(code)}`);
      expect(module.columns).toEqual(predictor.columns.map(({ name }) => name));
      expect(module.predict(rows)).toEqual(predictor.predict(rows));
      expect(module.predict(rows[3])).toEqual(predictor.predict(rows)[3]);
      if (!isOfNumbers) {
        const plain = predictor.predictProbabilities(rows).map((row) => ({ ...row }));
        expect(module.predictProbabilities(rows)).toEqual(plain);
      }
      if (rows !== newRows) expect(() => module.predict(newRows)).toThrow(/was not there in training/);
    }
  });

  test('or says what is wrong with them', async () => {
    const predictor = predictorWith(preprocessings['the default'][0]);
    const { predict } = await import(`data:text/javascript,${encodeURIComponent(exportCode(predictor))}`);
    const [row] = newRows;
    for (const change of [{ income: 'much' }, { income: Infinity }, { sold: 'maybe' }, { day: '2024-02-30' }]) {
      const [name] = Object.keys(change);
      expect(() => predict({ ...row, ...change })).toThrow(`The '${name}' of a row must be`);
      expect(() => predictor.predict([{ ...row, ...change }])).toThrow(name);
    }
    const { income: _, ...others } = row;
    expect(() => predict(others)).toThrow("The row has no 'income'.");
  });
});

test('what TensorFlow.js cannot express of an ensemble and of a predictor is named', () => {
  expect(() => exportTensorflow(ensembleOfFeatures(someLayers(2)))).toThrow("'features' of their own");
  expect(() => exportTensorflow(predictorWith(preprocessings['the default'][0]))).toThrow(
    /exportTensorflow cannot express the preprocessing 'SimpleImputer'\. .* Export the predictor's model/,
  );
  const clipped = new ColumnTransformer({ transformers: [['own', new MinMaxScaler({ clip: true }), ['rooms']]] });
  expect(() => exportTensorflow(predictorWith(clipped))).toThrow("the preprocessing 'MinMaxScaler' with 'clip'");
});

test.each(Object.entries({ exportOnnx, exportCode, exportTensorflow }))(
  '%s names a transformer of your own',
  (name, write) => {
    const Own = defineTransformer({ ...StandardScaler.definition, type: 'Own' } as never);
    const predictor = predictorWith(
      new ColumnTransformer({ transformers: [['own', new StandardScaler(), ['rooms']]] }),
    );
    const { preprocessing, ...json } = predictor.toJSON();
    const text = JSON.stringify(preprocessing).replaceAll('StandardScaler', 'Own');
    const own = predictorFromJson({ ...json, preprocessing: JSON.parse(text) }, predictor.model, [Own as never]);
    expect(() => write(own)).toThrow(`${name} cannot express the preprocessing 'Own'.`);
  },
);

const tensorflowSamples = eachSample('layer').filter(([, layer]) => {
  const rule = tensorflowLayers[layer.type];
  return typeof rule !== 'string' && !rule.expand && !rule.refuses?.({ alpha: 1, ...layer });
});

describe('TensorFlow.js files', () => {
  test.each(tensorflowSamples)('come back with %s', (_, layer) => {
    const model = randomModel([dense(7), layer, dense(3)]);
    const back = importTensorflow(exportTensorflow(model));
    expect(back.predictProbabilities(x)).toEqual(model.predictProbabilities(x));
    expect(back.getWeights()).toEqual(model.getWeights());
  });

  test.each([
    [softmaxCrossEntropy(), 3],
    [binaryCrossEntropy(), 1],
    [binaryCrossEntropy(), 2],
    [meanSquaredError(), 2],
  ])('come back with the loss %j and %d outputs', (loss, outputs) => {
    const model = randomModel(someLayers(outputs), { loss });
    const back = importTensorflow(exportTensorflow(model));
    expect(back.toJSON().loss).toEqual(loss);
    expect(back.predict(x)).toEqual(model.predict(x));
  });

  test('hold a residual block as a graph, which is not read', () => {
    const files = exportTensorflow(randomModel([residual([dense(5), relu()], { projection: true }), dense(2)]));
    const { class_name: name, config } = JSON.parse(files['model.json']).modelTopology;
    expect(name).toBe('Model');
    const inputs = config.layers.map((layer: { name: string; inbound_nodes: string[][][] }) => [
      layer.name,
      ...layer.inbound_nodes.flat().map(([from]) => from),
    ]);
    expect(inputs).toEqual([
      ['features'],
      ['residual1.dense1', 'features'],
      ['residual1.relu1', 'residual1.dense1'],
      ['residual1.projection', 'features'],
      ['residual1', 'residual1.projection', 'residual1.relu1'],
      ['dense1', 'residual1'],
      ['probabilities1', 'dense1'],
    ]);
    expect(() => importTensorflow(files)).toThrow('reads Sequential models. Got the class "Model".');
  });

  test('name a layer with options that they do not have', () => {
    expect(() => exportTensorflow(randomModel([elu(0.5), dense(2)]))).toThrow(
      "cannot express the layer 'elu' (elu1). TensorFlow.js has it with alpha 1 alone.",
    );
  });

  const { 'model.json': text, 'weights.bin': weights } = exportTensorflow(randomModel([dense(3), relu(), dense(2)]));
  const json = JSON.parse(text);
  const changed = (change: (copy: typeof json) => void) => {
    const copy = structuredClone(json);
    change(copy);
    return { 'model.json': copy, 'weights.bin': weights };
  };
  const layerOf = (copy: typeof json, i: number) => copy.modelTopology.config.layers[i];

  test('are read as text, bytes or JSON, with arrays in several files and buffers', () => {
    const expected = importTensorflow({ 'model.json': text, 'weights.bin': weights }).getWeights();
    const split = changed(({ weightsManifest: [group] }) => {
      group.paths = ['a.bin', 'b.bin'];
    });
    for (const files of [
      { 'model.json': new TextEncoder().encode(text), 'weights.bin': weights.buffer },
      { ...split, 'a.bin': weights.slice(0, 10), 'b.bin': weights.slice(10) },
      changed((copy) => {
        copy.modelTopology = { model_config: { class_name: 'Sequential', config: copy.modelTopology.config } };
      }),
    ]) {
      expect(importTensorflow(files).getWeights()).toEqual(expected);
    }
  });

  test('may have the slope of a leaky ReLU under the name of Keras 3', () => {
    const leaky = changed((copy) => {
      Object.assign(layerOf(copy, 1), { class_name: 'LeakyReLU', config: { name: 'leaky', negative_slope: 0.2 } });
    });
    expect(importTensorflow(leaky).toJSON().layers[1]).toEqual({ type: 'leakyRelu', negativeSlope: 0.2 });
  });

  test('may fuse activations with layers', () => {
    const fused = changed((copy) => {
      layerOf(copy, 0).config.activation = 'relu';
      copy.modelTopology.config.layers.splice(1, 1);
    });
    expect(
      importTensorflow(fused)
        .toJSON()
        .layers.map(({ type }) => type),
    ).toEqual(['dense', 'relu', 'dense']);
  });

  test.each([
    ['no files', () => undefined, /'files' .* must be an object with 'model.json'/],
    ['no JSON', () => ({ 'model.json': '{' }), /'model.json' is not JSON/],
    [
      'another topology',
      () =>
        changed((copy) => {
          copy.modelTopology.class_name = 'Model';
        }),
      /reads Sequential models. Got the class "Model"/,
    ],
    [
      'another layer',
      () =>
        changed((copy) => {
          layerOf(copy, 1).class_name = 'LSTM';
        }),
      /layer 1 of 'model.json', of the class "LSTM"/,
    ],
    [
      'another activation',
      () =>
        changed((copy) => {
          layerOf(copy, 1).config.activation = 'cube';
        }),
      /the activation "cube" of layer 1/,
    ],
    [
      'a ReLU with an upper end',
      () =>
        changed((copy) => {
          Object.assign(layerOf(copy, 1), { class_name: 'ReLU', config: { name: 'clipped', max_value: 6 } });
        }),
      /the ReLU of layer 1 of 'model.json', whose 'max_value' is set/,
    ],
    [
      'no arrays',
      () =>
        changed((copy) => {
          copy.weightsManifest = [];
        }),
      /'dense1.kernel' of shape/,
    ],
    [
      'no file of arrays',
      () => ({ 'model.json': text }),
      /'files\["weights.bin"\]' .* must be an ArrayBuffer or a Uint8Array/,
    ],
    ['too few bytes', () => ({ 'model.json': text, 'weights.bin': weights.subarray(4) }), /must end within its file/],
    [
      'quantized arrays',
      () =>
        changed((copy) => {
          copy.weightsManifest[0].weights[0].quantization = {};
        }),
      /must be float32/,
    ],
    [
      'huge arrays',
      () =>
        changed((copy) => {
          copy.weightsManifest[0].weights[0].shape = [2 ** 30, 2 ** 30];
        }),
      /must end within its file/,
    ],
    [
      'no input size',
      () =>
        changed((copy) => {
          delete layerOf(copy, 0).config.batch_input_shape;
        }),
      /inputSize/,
    ],
    [
      'huge layers',
      () =>
        changed((copy) => {
          layerOf(copy, 0).config.units = 2 ** 31;
        }),
      /'dense1.kernel' of shape/,
    ],
  ])('with %s are refused', (_, files, message) => {
    expect(() => importTensorflow(files() as never)).toThrow(message);
    expect(() => importTensorflow(files() as never)).toThrow(ParameterError);
  });
});
