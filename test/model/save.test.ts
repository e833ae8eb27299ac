// Models that go through a file: the same bits, and clear errors for files that are not what they should be.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { safetensors } from '@jax-js/loaders';
import { describe, expect, test } from 'vitest';
import { createEngine } from '../../src/backend/index.ts';
import { catalog } from '../../src/catalog/index.ts';
import type { Matrix } from '../../src/data/index.ts';
import { extendCatalog, NumericError, ParameterError } from '../../src/errors/index.ts';
import { type Ensemble, ensemble, loadModel, loadOptimizerState, modelInfo, saveModel } from '../../src/model/index.ts';
import {
  batchNormalization,
  binaryCrossEntropy,
  defineLayer,
  dense,
  dropout,
  l2,
  meanSquaredError,
  relu,
} from '../../src/nn/index.ts';
import { adam, cosineDecay } from '../../src/optim/index.ts';
import { StandardScaler } from '../../src/preprocessing/index.ts';
import { earlyStopping, type FitState, sequential } from '../../src/train/index.ts';
import { eachSample } from '../contracts/samples.ts';
import { expectClose } from '../reference/close.ts';
import { toyData } from '../train/data.ts';
import { joinFile, signed, splitFile } from './files.ts';
import { ensembleOfFeatures, randomEnsemble, randomModel, samples, someLayers } from './models.ts';

const x = samples(20);

describe('a model that is loaded is the one that was saved', () => {
  test.each(eachSample('layer'))('with %s', (_, layer) => {
    const model = randomModel([dense(6), layer, dense(3)]);
    const loaded = loadModel(saveModel(model));
    expect(loaded.toJSON()).toEqual(model.toJSON());
    expect(loaded.getWeights()).toEqual(model.getWeights());
    expect(loaded.predictProbabilities(x)).toEqual(model.predictProbabilities(x));
    expect(loaded.summary()).toBe(model.summary());
  });

  test.each(eachSample('loss'))('with %s', (_, loss) => {
    // Six outputs suit every loss.
    const model = randomModel(someLayers(6), { loss });
    expect(loadModel(saveModel(model)).predict(x)).toEqual(model.predict(x));
  });

  test('as an ensemble', () => {
    for (const loss of [undefined, binaryCrossEntropy(), meanSquaredError()]) {
      const model = randomEnsemble(someLayers(3), { ...(loss && { loss }) });
      const loaded = loadModel<Ensemble>(saveModel(model));
      expect(loaded.models.length).toBe(3);
      expect(loaded.predict(x)).toEqual(model.predict(x));
      if (model.hasProbabilities) expect(loaded.predictProbabilities(x)).toEqual(model.predictProbabilities(x));
    }
  });

  test('as an ensemble with weights', () => {
    const [model, plain] = [[2, 0.3, 1.1], undefined].map((weights) => randomEnsemble(someLayers(3), {}, weights));
    const loaded = loadModel<typeof model>(saveModel(model));
    expect([loaded.weights, plain.weights]).toEqual([[2, 0.3, 1.1], undefined]);
    expect(loaded.predictProbabilities(x)).toEqual(model.predictProbabilities(x));
    const each = model.models.map((own) => own.predictProbabilities(x).data);
    const means = each[0].map((_, i) => (2 * each[0][i] + 0.3 * each[1][i] + 1.1 * each[2][i]) / 3.4);
    expectClose(model.predictProbabilities(x).data, means, { rtol: 1e-6 });
    for (const weights of [[1, 2], [1, 2, 0], [1, 2, Number.NaN], 'even'])
      expect(() => ensemble(model.models, { weights: weights as never })).toThrow(/'weights(\[2\])?' /);
  });

  test('as an ensemble whose models have features of their own', () => {
    const model = ensembleOfFeatures(someLayers(3));
    const loaded = loadModel<Ensemble>(saveModel(model));
    expect([loaded.features, loaded.inputSize]).toEqual([model.features, 4]);
    expect(loaded.predict(x)).toEqual(model.predict(x));
    const columns = (start: number, end: number): Matrix => ({
      data: x.data.filter((_, i) => i % 4 >= start && i % 4 < end),
      shape: [x.shape[0], end - start],
    });
    const features = model.features as [number, number][];
    const [a, b, c] = model.models.map((each, i) => each.predictProbabilities(columns(...features[i])));
    expectClose(
      loaded.predictProbabilities(x).data,
      a.data.map((p, i) => (p + b.data[i] + c.data[i]) / 3),
      { atol: 1e-6 },
    );
    for (const features of [
      [],
      [[0, 2]],
      [
        [0, 2],
        [1, 3],
        [2, 4],
      ],
      [
        [0, 2],
        [1, 4],
        [-1, 1],
      ],
      7,
    ]) {
      expect(() => ensemble(model.models, { features: features as never })).toThrow(
        /'features' .* a range \[start, end\]/,
      );
      expect(() => loadModel(signed(saveModel(model), (json) => ({ ...json, features })))).toThrow(ParameterError);
    }
  });

  test('on another engine', () => {
    const model = randomModel(someLayers(2));
    const loaded = loadModel(saveModel(model), { engine: createEngine({ backend: 'js' }) });
    expect(loaded.engine.backend).toBe('js');
    expect(loaded.getWeights()).toEqual(model.getWeights());
  });

  test('with what is known of it, also when it is saved again', () => {
    const scaler = new StandardScaler().fit(x);
    const info = {
      classNames: ['no', '__proto__', 'yes "é"'],
      featureNames: ['a', 'b', 'constructor', ''],
      origin: { sha256: 'abc', scores: { accuracy: 0.9 } },
    };
    const loaded = loadModel(saveModel(randomModel(someLayers(3)), { ...info, preprocessing: scaler }));
    expect(modelInfo(loaded)).toEqual({ ...info, preprocessing: scaler.toJSON() });
    const again = loadModel(saveModel(loaded, { origin: null }));
    expect(modelInfo(again)).toEqual({ ...info, origin: null, preprocessing: scaler.toJSON() });
    expect(StandardScaler.fromJSON(modelInfo(again).preprocessing).transform(x)).toEqual(scaler.transform(x));
    expect(modelInfo(randomModel(someLayers(3)))).toEqual({});
  });

  test('with layers of a user, which have to be known', () => {
    const doubling = <T extends string>(type: T) =>
      defineLayer({
        type,
        options: {},
        build: (_, { size }) => ({
          outputSize: size,
          forward: (y, { data }) => y.data.set(data.map((value) => 2 * value)),
          backward: (dx, dy) => dx?.data.set(dy.data.map((value) => 2 * value)),
        }),
      });
    const [double, twin] = [doubling('double'), doubling('relu')];
    const model = randomModel([double(), dense(2)]);
    const bytes = saveModel(model);
    expect(() => loadModel(bytes)).toThrow(
      /^Unknown layer 'double' of loadModel's layers\[0\]\. .* Name the module of your own layer .* add it with extendCatalog\.$/,
    );
    expect(() => saveModel(randomModel([twin(), dense(2)]))).toThrow("The layer 'relu' is defined twice.");
    const loaded = loadModel(bytes, { catalog: extendCatalog(catalog, [double]) });
    expect(loaded.predictProbabilities(x)).toEqual(model.predictProbabilities(x));
  });

  test('and trains on with new masks and orders, as the one that was saved', async () => {
    const train = toyData(50);
    const make = () => sequential({ inputSize: 4, seed: 3, layers: [dense(8), dropout(0.5), dense(2)] });
    const model = make();
    await model.fit(train, { epochs: 2 });
    const loaded = loadModel(saveModel(model));
    await Promise.all([model, loaded].map((one) => one.fit(train, { epochs: 3 })));
    expect(loaded.getWeights()).toEqual(model.getWeights());
  });
});

describe('training goes on from a file', () => {
  const train = toyData(70);
  const validationData = toyData(50, 4, 50);
  const make = () =>
    sequential({
      inputSize: 4,
      seed: 5,
      layers: [dense(16, { kernelRegularizer: l2(1e-3) }), batchNormalization(), relu(), dropout(0.3), dense(2)],
    });
  const options = {
    epochs: 9,
    batchSize: 16,
    validationData,
    optimizer: adam({ learningRate: cosineDecay({ initialLearningRate: 0.02, decaySteps: 40 }) }),
    callbacks: [earlyStopping({ patience: 6, monitor: 'valAccuracy' })],
  };

  test('in another process, with the same bits as without interruption', async () => {
    const whole = make();
    const files: Uint8Array[] = [];
    const save = (state: FitState) => void files.push(saveModel(whole, { optimizerState: state }));
    const history = await whole.fit(train, { ...options, checkpoint: { save } });
    expect(files.length).toBeGreaterThan(6);
    const folder = mkdtempSync(join(tmpdir(), 'regulus-model-'));
    try {
      writeFileSync(join(folder, 'model.safetensors'), files[2]);
      writeFileSync(join(folder, 'fit.json'), JSON.stringify({ train, validationData, options }));
      execFileSync(process.execPath, ['test/model/continue.mjs', folder]);
      const continued = loadModel(readFileSync(join(folder, 'continued.safetensors')));
      expect(continued.getWeights()).toEqual(whole.getWeights());
      expect(continued.toJSON().trained).toEqual(whole.toJSON().trained);
      expect(modelInfo(continued).origin).toEqual(JSON.parse(JSON.stringify(history)));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('whose arrays are those of the state, whatever was done to the model since', async () => {
    const model = make();
    let state: FitState | undefined;
    await model.fit(train, {
      ...options,
      epochs: 2,
      checkpoint: {
        save: (saved) => {
          state ??= saved;
        },
      },
    });
    const bytes = saveModel(model, { optimizerState: state as FitState });
    expect(
      loadModel(bytes)
        .getWeights()
        .map(({ data }) => data),
    ).toEqual(state?.weights);
    expect(loadModel(bytes).toJSON().trained.epochs).toBe(1);
    expect(loadOptimizerState(bytes)).toEqual(state);
  });

  test('only with a state, and one of this model', async () => {
    const model = make();
    let state = {} as FitState;
    await model.fit(train, {
      epochs: 1,
      checkpoint: {
        save: (saved) => {
          state = saved;
        },
      },
    });
    expect(() => loadOptimizerState(saveModel(model))).toThrow(/no state of a fit/);
    for (const [wrong, message] of [
      [true, /'firstStep' .* of saveModel's optimizerState/],
      [{ ...state, optimizer: undefined }, /must be a state that fit's checkpoint has saved/],
      [{}, /'firstStep' .* of saveModel's optimizerState/],
      [{ ...state, weights: state.weights.slice(1) }, /must be a state of this model/],
      [{ ...state, callbacks: [() => {}] }, /must be plain data and typed arrays/],
      [{ ...state, callbacks: [{ $tensor: 'dense1.kernel' }] }, /must be plain data and typed arrays/],
    ] as const) {
      expect(() => saveModel(model, { optimizerState: wrong as unknown as FitState })).toThrow(message);
    }
    expect(() => saveModel(randomEnsemble(someLayers(2)), { optimizerState: state })).toThrow(
      /left out for an ensemble/,
    );
  });
});

describe('a file is read by others', () => {
  const model = randomModel(someLayers(3));
  const bytes = saveModel(model, { classNames: ['a', 'b', 'c'] });

  test('by the reader of jax-js', () => {
    const { tensors, metadata } = safetensors.parse(bytes);
    for (const { name, shape, data } of model.getWeights()) {
      expect(tensors[name]).toEqual({ dtype: 'F32', shape, data });
    }
    expect(Object.keys(tensors).length).toBe(model.getWeights().length);
    expect(JSON.parse(metadata?.regulus as string)).toEqual({
      version: 1,
      ...model.toJSON(),
      classNames: ['a', 'b', 'c'],
    });
  });

  test('and read when the reference implementation has written it again', () => {
    const golden = readFileSync('test/golden/safetensors/rewritten.safetensors');
    const own = readFileSync('test/golden/safetensors/model.safetensors');
    expect(golden.equals(own)).toBe(false);
    expect(loadModel(golden).getWeights()).toEqual(loadModel(own).getWeights());
    expect(modelInfo(loadModel(golden))).toEqual(modelInfo(loadModel(own)));
  });
});

test('options are checked', () => {
  const model = randomModel(someLayers(3));
  expect(() => saveModel({} as never)).toThrow("The 'model' parameter of saveModel must be a model or an ensemble.");
  expect(() => saveModel(model, { classnames: [] } as never)).toThrow("Unknown option 'classnames' of saveModel.");
  expect(() => saveModel(model, { classNames: ['a', 'b'] })).toThrow(/'classNames' .* must be a list of 3/);
  expect(() => saveModel(model, { featureNames: ['a'] })).toThrow(/'featureNames' .* must be a list of 4/);
  expect(() => loadModel('model.safetensors' as never)).toThrow(/'bytes' .* must be an ArrayBuffer or a Uint8Array/);
  expect(() => loadModel(saveModel(model), { engin: 3 } as never)).toThrow("Unknown option 'engin' of loadModel.");
});

test('a file may be an ArrayBuffer, as fetch gives it', () => {
  const bytes = saveModel(randomModel(someLayers(3)));
  expect(saveModel(loadModel(bytes.buffer))).toEqual(bytes);
});

describe('a file that is not right is refused', () => {
  const model = randomModel([dense(3), batchNormalization(), relu(), dense(2)]);
  const bytes = saveModel(model);
  const { header, data } = splitFile(bytes);
  const refused = (file: Uint8Array, message: RegExp, type: new (m: string) => Error = ParameterError) => {
    const load = () => loadModel(file);
    expect(load).toThrow(message);
    expect(load).toThrow(type);
  };
  const entry = (change: object) => ({ ...header, 'dense1.bias': { ...(header['dense1.bias'] as object), ...change } });

  test('truncated anywhere, and with bytes too many', () => {
    for (let length = 0; length < bytes.length; length++) refused(bytes.subarray(0, length), /safetensors|JSON/);
    refused(Uint8Array.of(...bytes, 0), /follow the header/);
  });

  test('with any one bit flipped', () => {
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const damaged = bytes.slice();
      damaged[bit >> 3] ^= 1 << (bit & 7);
      expect(() => loadModel(damaged), `bit ${bit}`).toThrow(ParameterError);
    }
  });

  test('of a newer version', () => {
    refused(
      signed(bytes, (json) => ({ ...json, version: 2 })),
      /has version 2, and this Regulus reads files up to version 1. Update/,
    );
    refused(
      signed(bytes, (json) => ({ ...json, version: '1' })),
      /version is "1"/,
    );
  });

  test('with codes that tell programs why', () => {
    const codeOf = (file: Uint8Array) => {
      try {
        loadModel(file);
      } catch (error) {
        return (error as ParameterError).code;
      }
    };
    const damaged = bytes.slice();
    damaged[damaged.length - 1] ^= 1;
    expect(codeOf(damaged)).toBe('ERR_CHECKSUM');
    expect(codeOf(bytes.subarray(0, 100))).toBe('ERR_FORMAT');
    expect(codeOf(signed(bytes, (json) => ({ ...json, version: 2 })))).toBe('ERR_FORMAT');
    expect(codeOf(signed(bytes, (json) => ({ ...json, layers: [{ type: 'own' }] })))).toBe('ERR_UNKNOWN_TYPE');
  });

  test('of another program', () => {
    const { __metadata__: _, ...others } = header;
    refused(joinFile(others, data), /no model of Regulus/);
    refused(joinFile({}, new Uint8Array(0)), /no model of Regulus/);
    refused(new TextEncoder().encode('a,b\n1,2\n'.repeat(10)), /its header would be/);
  });

  test('with a header that is not right', () => {
    refused(joinFile(header, data, 2n ** 63n), /header would be 9223372036854775808 bytes/);
    refused(joinFile(header, data, 2n ** 64n - 1n), /header would be/);
    refused(joinFile('[]', data), /no JSON object/);
    refused(joinFile('{"a":', data), /not JSON/);
    refused(joinFile('['.repeat(100_000), data), /nested more than/);
    refused(joinFile('{"a":'.repeat(100_000), data), /nested more than/);
    refused(joinFile(JSON.stringify(header).replace('dense1.bias', '__proto__'), data), /key '__proto__'/);
    refused(joinFile({ ...header, __metadata__: { regulus: 3 } }, data), /metadata are not texts/);
    refused(joinFile({ ...header, __metadata__: [] }, data), /metadata are not texts/);
    refused(joinFile({ ...header, 'dense1.bias': null }, data), /not described/);
    refused(joinFile(entry({ dtype: 'toString' }), data), /of the type "toString"/);
    refused(joinFile(entry({ dtype: 'F16' }), data), /of the type "F16"/);
    refused(joinFile(entry({ shape: [3, 2 ** 53] }), data), /no shape/);
    refused(joinFile(entry({ shape: [2 ** 52, 2 ** 52] }), data), /bytes instead of/);
    refused(joinFile(entry({ shape: [-3] }), data), /no shape/);
    refused(joinFile(entry({ shape: 3 }), data), /no shape/);
    refused(joinFile(entry({ data_offsets: [0] }), data), /no 'data_offsets'/);
    refused(joinFile(entry({ data_offsets: [0, 12] }), data), /begins at byte/);
    refused(joinFile(entry({ data_offsets: [1e15, 1e15 + 12] }), data), /begins at byte/);
    refused(joinFile(entry({ data_offsets: [12, 0] }), data), /bytes instead of/);
  });

  test('with holes and overlaps', () => {
    const shifted = Object.fromEntries(
      Object.entries(header).map(([name, value]) => {
        const { data_offsets } = value as { data_offsets?: [number, number] };
        return [name, data_offsets ? { ...(value as object), data_offsets: data_offsets.map((at) => at + 8) } : value];
      }),
    );
    refused(
      joinFile(shifted, Uint8Array.of(...new Uint8Array(8), ...data)),
      /begins at byte 8 of the data instead of 0/,
    );
    const { 'dense1.bias': _, ...fewer } = header;
    refused(joinFile(fewer, data), /begins at byte/);
    refused(joinFile({ ...header, other: { dtype: 'U8', shape: [4], data_offsets: [0, 4] } }, data), /begins at byte/);
    refused(joinFile({ ...header, other: { dtype: 'U8', shape: [0], data_offsets: [0, 0] } }, data), /damaged/);
  });

  test('with a description that is not right, although the checksum is', () => {
    for (const text of ['null', '[]', '3', '"text"', '{"a":', '{"version":1,"__proto__":{}}', `${'['.repeat(1e5)}`]) {
      refused(
        signed(bytes, () => text),
        /damaged|not JSON/,
      );
    }
    const changed = (changes: Record<string, unknown>, message: RegExp) =>
      refused(
        signed(bytes, (json) => ({ ...json, ...changes })),
        message,
      );
    changed({ layers: undefined }, /'layers' are undefined/);
    changed({ layers: [null] }, /layers\[0\]/);
    changed({ layers: [] }, /layers/);
    changed({ layers: [{ type: 'constructor' }] }, /Unknown layer 'constructor'/);
    changed({ layers: [{ type: 'dense', units: 3, toString: 1 }] }, /Unknown option 'toString' of dense/);
    changed({ layers: [{ type: 'dense', units: 2 }] }, /among them 'dense1.kernel' of shape \[4, 2\]/);
    changed({ loss: { type: 'relu' } }, /Unknown loss 'relu'/);
    changed({ loss: 3 }, /loss/);
    changed({ inputSize: -1 }, /inputSize/);
    changed({ seed: 'x' }, /seed/);
    changed({ trained: { steps: -1 } }, /steps/);
    changed({ trained: [] }, /trained/);
    changed({ models: 3 }, /'models' are 3/);
    changed({ models: [] }, /models/);
    changed({ models: [null] }, /a model in it is null/);
    changed({ classNames: ['a'] }, /classNames/);
    changed({ classNames: { length: 2 } }, /classNames/);
    changed({ featureNames: [1, 2, 3, 4] }, /featureNames/);
  });

  test('before it takes memory for layers that its arrays do not fit', () => {
    const layers = [{ type: 'dense', units: 2 ** 31 }, { type: 'batchNormalization' }];
    refused(
      signed(bytes, (json) => ({ ...json, layers })),
      /among them 'dense1.kernel' of shape \[4, 2147483648\]/,
    );
    refused(
      signed(bytes, (json) => ({ ...json, inputSize: 2 ** 40 })),
      /among them/,
    );
  });

  test('with arrays that are not right, although the checksum is', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const file = signed(bytes, (_, tensors) => {
        tensors[0] = { ...tensors[0], data: tensors[0].data.map(() => value as never) as Float32Array };
      });
      refused(file, /must be finite float32. Got/, NumericError);
    }
    refused(
      signed(bytes, (_, tensors) => void tensors.pop()),
      /among them 'dense2.bias'/,
    );
    refused(
      signed(bytes, (_, tensors) => void tensors.push({ name: 'other', shape: [1], data: new Float32Array(1) })),
      /must be those 8 that the layers have/,
    );
    refused(
      signed(bytes, (_, tensors) => {
        tensors[0] = { ...tensors[0], data: Int32Array.from(tensors[0].data as Float32Array) };
      }),
      /is a Int32Array/,
    );
  });
});
