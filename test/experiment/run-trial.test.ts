// Trials as pure functions of JSON.
import { describe, expect, it } from 'vitest';
import { catalog } from '../../src/catalog/index.ts';
import { makeMultilabelClassification } from '../../src/data/index.ts';
import { AbortError, extendCatalog, fromJson, NumericError } from '../../src/errors/index.ts';
import { fromBase64 } from '../../src/experiment/base64.ts';
import { expand, presets, runTrial, type Trial } from '../../src/experiment/index.ts';
import { prepareData } from '../../src/experiment/prepare-data.ts';
import { metrics as allMetrics, defineMetric } from '../../src/metrics/index.ts';
import { loadModel } from '../../src/model/index.ts';
import { seriesName } from '../../src/train/index.ts';
import { type SmallSpec, smallSpec } from './small-spec.ts';

function trialOf(change: (spec: SmallSpec) => void = () => {}): Trial {
  const spec = smallSpec();
  change(spec);
  return expand(spec)[0];
}

function trialWith(dataset: object, loss: string): Trial {
  return trialOf((spec) => {
    Object.assign(spec, { dataset });
    Object.assign(spec.training, { loss });
  });
}

describe('runTrial', () => {
  it('takes JSON, gives JSON, and gives the same again', async () => {
    const trial = trialOf();
    const frozen = JSON.stringify(trial);
    const first = await runTrial(JSON.parse(frozen));
    const second = await runTrial(JSON.parse(frozen));
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
    expect(JSON.parse(JSON.stringify(first))).toEqual(first);
    await runTrial(trial);
    expect(JSON.stringify(trial)).toBe(frozen);
  });

  it('does not depend on the trials before it', async () => {
    const trials = expand(smallSpec());
    const forward = [];
    for (const trial of trials) forward.push(await runTrial(trial));
    const backward = [];
    for (const trial of trials.toReversed()) backward.push(await runTrial(trial));
    expect(backward.reverse()).toEqual(forward);
    expect(await Promise.all(trials.map((trial) => runTrial(trial)))).toEqual(forward);
  });

  it('sees the data of its own spec, whatever the trial before it saw', async () => {
    const other = trialOf((spec) => Object.assign(spec.split, { randomState: 7 }));
    const scores = [];
    for (const trial of [trialOf(), other, trialOf(), other]) scores.push((await runTrial(trial)).test);
    expect(scores[0]).not.toEqual(scores[1]);
    expect(scores.slice(2)).toEqual(scores.slice(0, 2));
    let text = 'a,class\n1,0\n2,1\n3,0\n4,1\n5,0\n6,1\n7,0\n8,1\n9,0\n10,1\n';
    const file = { ...trialOf(), dataset: { csv: 'data.csv' } };
    const readFile = () => new TextEncoder().encode(text);
    const before = await runTrial(file, { readFile });
    text = text.replaceAll(',0', ',2').replaceAll(',1\n', ',0\n').replaceAll(',2', ',1');
    expect((await runTrial(file, { readFile })).history).not.toEqual(before.history);
  });

  it.each([
    ['labels', 'makeMultilabelClassification', { type: 'binaryCrossEntropy', labelSmoothing: 0.1 }, 0.95],
    ['real targets', 'makeFriedman1', 'huber', 0.8],
    ['quantiles', 'makeFriedman3', { type: 'quantile', quantiles: [0.2, 0.8] }, 0.8],
    ['means and variances', 'makeFriedman3', 'gaussianNll', 1],
  ] as const)('trains on %s of %s', async (_, generator, loss, share) => {
    const trial = trialOf((spec) => {
      Object.assign(spec, { dataset: { generator, parameters: { nSamples: 200, randomState: 1 } } });
      Object.assign(spec.training, { loss, epochs: 30 });
    });
    const { history } = await runTrial(trial);
    expect(history.valDataLoss.at(-1)).toBeLessThan(share * history.valDataLoss[0]);
  });

  it('weighs classes by their names', async () => {
    const weighed = (classWeight: object) =>
      runTrial(
        trialOf((spec) => {
          Object.assign(spec, { dataset: { builtin: 'iris' } });
          Object.assign(spec.training, { classWeight, epochs: 2 });
        }),
      );
    const byName = await weighed({ versicolor: 3 });
    expect(byName.history).toEqual((await weighed({ 1: 3 })).history);
    expect(byName.history).not.toEqual((await weighed({ virginica: 3 })).history);
    await expect(weighed({ versicolor: 3, rosa: 2 })).rejects.toThrow('labels or indices');
  });

  describe('scales numbers to predict, and reports in their own unit', () => {
    const sources = {
      'one number': { builtin: 'diabetes' },
      'two numbers': {
        generator: 'makeRegression',
        parameters: { nSamples: 200, nTargets: 2, bias: 1e4, randomState: 1 },
      },
    };
    const losses = [
      'meanSquaredError',
      'meanAbsoluteError',
      { type: 'huber', delta: 50 },
      { type: 'quantile', quantiles: [0.2, 0.8] },
    ];
    const near = (actual: number, expected: number) =>
      expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-4 * Math.abs(expected));
    it.each(Object.entries(sources).flatMap(([name, source]) => losses.map((loss) => [name, source, loss] as const)))(
      '%s: %j with %j',
      async (_, dataset, loss) => {
        const isOfQuantiles = typeof loss === 'object' && loss.type === 'quantile';
        const trial = trialOf((spec) => {
          Object.assign(spec, {
            dataset,
            ...(!isOfQuantiles && { metrics: ['rootMeanSquaredError', 'meanSquaredError', 'meanAbsoluteError', 'r2'] }),
          });
          Object.assign(spec.network, { l2: 1e-4 });
          Object.assign(spec.training, { loss, epochs: 30 });
        });
        const { history, validation, test, model } = await runTrial(trial);
        const data = prepareData(trial);
        const metrics = trial.metrics.map((metric) =>
          fromJson('metric', metric, extendCatalog(catalog, Object.values(allMetrics))),
        );
        const again = loadModel(fromBase64(model as string)).evaluate(data.validation, { metrics });
        for (const [name, value] of Object.entries(validation)) if (name !== 'loss') near(value, again[name]);
        // The penalty is that of training, in the unit of the loss.
        near(
          validation.loss - validation.dataLoss,
          (history.valLoss.at(-1) as number) - (history.valDataLoss.at(-1) as number),
        );
        expect(validation.loss).toBeGreaterThan(validation.dataLoss);
        for (const name of ['dataLoss', ...metrics.map(({ type }) => type)]) {
          near(history[seriesName('val', name)].at(-1) as number, validation[name]);
        }
        if (!isOfQuantiles) {
          near(
            test.rootMeanSquaredError ** 2,
            dataset === sources['one number'] ? test.meanSquaredError : test.rootMeanSquaredError ** 2,
          );
          if (loss === 'meanSquaredError') near(test.meanSquaredError, test.dataLoss);
          if (loss === 'meanAbsoluteError') near(test.meanAbsoluteError, test.dataLoss);
          expect(test.r2).toBeGreaterThan(0.2);
        }
      },
    );

    it('unless it is told not to, or the loss has a unit of its own', async () => {
      const trial = trialWith({ builtin: 'diabetes' }, 'meanSquaredError');
      expect(trial.training.scaleTarget).toBe(true);
      expect(trialWith({ builtin: 'diabetes' }, 'poisson').training).not.toHaveProperty('scaleTarget');
      expect(trialOf().training).not.toHaveProperty('scaleTarget');
      const { scaleTarget: _, ...training } = trial.training;
      const [scaled, plain] = await Promise.all([runTrial(trial), runTrial({ ...trial, training })]);
      expect(scaled.test.dataLoss).toBeLessThan(0.5 * plain.test.dataLoss);
      const without = trialOf((spec) => Object.assign(spec.training, { loss: 'meanSquaredError', scaleTarget: false }));
      expect(without.training).not.toHaveProperty('scaleTarget');
    });
  });

  it('refuses classes for a loss for numbers, and the reverse', async () => {
    const of = (dataset: object, loss: string) => runTrial(trialWith(dataset, loss));
    await expect(of({ builtin: 'iris' }, 'huber')).rejects.toThrow(
      'The targets of iris are classes, and the loss is for',
    );
    await expect(of({ builtin: 'diabetes' }, 'softmaxCrossEntropy')).rejects.toThrow(
      "The targets of diabetes are numbers, and the loss is for classes. Take a loss for numbers, such as 'meanSquaredError'.",
    );
    await expect(of({ generator: 'makeMultilabelClassification' }, 'softmaxCrossEntropy')).rejects.toThrow(
      'must be an Int32Array of class indices',
    );
  });

  it('reads several columns of targets of NumPy files as labels', async () => {
    const npy = (shape: [number, number], data: ArrayBufferView) => {
      const header = `{'descr': '<f8', 'fortran_order': False, 'shape': (${shape}), }`.padEnd(118);
      const start = [0x93, ...new TextEncoder().encode(`NUMPY`), 1, 0, 118, 0];
      return Uint8Array.of(
        ...start,
        ...new TextEncoder().encode(header),
        ...new Uint8Array(data.buffer as ArrayBuffer),
      );
    };
    const { x, y } = makeMultilabelClassification({ nSamples: 60, nClasses: 3, randomState: 1 });
    const files: Record<string, Uint8Array> = { 'x.npy': npy(x.shape, x.data), 'y.npy': npy(y.shape, y.data) };
    const trial = trialWith({ npy: { x: 'x.npy', y: 'y.npy' } }, 'binaryCrossEntropy');
    const result = await runTrial(trial, { readFile: (path) => files[path] });
    expect(result.test.accuracy).toBeGreaterThanOrEqual(0);
    expect(result.confusion).toBeUndefined();
  });

  it('reports a history of the epochs trained and scores', async () => {
    const epochs: number[] = [];
    const result = await runTrial(trialOf(), { onEpochEnd: ({ epoch }) => void epochs.push(epoch) });
    expect(epochs).toEqual([1, 2, 3]);
    expect(result.epochs).toBe(3);
    for (const values of Object.values(result.history)) expect(values).toHaveLength(3);
    const { valLoss, valDataLoss } = result.history;
    expect(valDataLoss[result.bestEpoch - 1]).toBe(Math.min(...valDataLoss));
    expect(valLoss).toEqual(valDataLoss);
    for (const { loss, accuracy } of [result.train, result.test]) {
      expect(loss).toBeGreaterThan(0);
      expect(accuracy).toBeGreaterThan(0);
      expect(accuracy).toBeLessThanOrEqual(1);
    }
  });

  it('learns', async () => {
    const result = await runTrial(
      trialOf((spec) => {
        spec.dataset = { generator: 'makeMoons', parameters: { nSamples: 400, noise: 0.1, randomState: 1 } };
        spec.network.hiddenUnits = [32];
        spec.training.epochs = 60;
      }),
    );
    expect(result.test.accuracy).toBeGreaterThan(0.95);
  });

  it('restores the best weights after early stopping', async () => {
    const trial = trialOf((spec) => {
      spec.network.hiddenUnits = [64];
      spec.training = { epochs: 300, batchSize: 16, optimizer: { type: 'adam', learningRate: 0.03 } };
      spec.training.earlyStopping = { patience: 4 };
    });
    const stopped = await runTrial(trial);
    expect(stopped.epochs).toBe(stopped.bestEpoch + 4);
    const training = { ...trial.training, callbacks: [], epochs: stopped.bestEpoch };
    const best = await runTrial({ ...trial, training });
    expect(best.test).toEqual(stopped.test);
  });

  it('refuses hooks that it does not have', async () => {
    await expect(runTrial(trialOf(), { onEpochsEnd: () => {} } as never)).rejects.toThrow(
      "Unknown option 'onEpochsEnd' of runTrial. Did you mean 'onEpochEnd'?",
    );
  });

  it('puts penalties into the loss', async () => {
    const loss = async (network: object) =>
      (await runTrial(trialOf((spec) => Object.assign(spec.network, network)))).test.loss;
    const plain = await loss({});
    for (const network of [{ l1: 1 }, { l2: 1 }, { l1: 0.5, l2: 0.5 }])
      expect(await loss(network)).toBeGreaterThan(plain + 1);
    const { test, validation, history } = await runTrial(trialOf((spec) => Object.assign(spec.network, { l2: 0.1 })));
    const penalty = test.loss - test.dataLoss;
    expect(penalty).toBeGreaterThan(0.1);
    expect(validation.loss - validation.dataLoss).toBeCloseTo(penalty, 12);
    expect(history.valLoss.at(-1)! - history.valDataLoss.at(-1)!).toBeCloseTo(penalty, 12);
  });

  it.each<[string, (spec: SmallSpec) => void]>([
    ['makeCircles', (spec) => Object.assign(spec.dataset, { generator: 'makeCircles', parameters: { nSamples: 60 } })],
    [
      'makeBlobs with three classes',
      (spec) => Object.assign(spec.dataset, { generator: 'makeBlobs', parameters: { centers: 3 } }),
    ],
    ['makeClassification', (spec) => Object.assign(spec.dataset, { generator: 'makeClassification', parameters: {} })],
    ['no noise features', (spec) => void delete spec.dataset.noiseFeatures],
    ['no scaling', (spec) => Object.assign(spec, { scaling: 'none' })],
    ['stratify', (spec) => Object.assign(spec.split, { stratify: true })],
    ['no hidden layer', (spec) => Object.assign(spec.network, { hiddenUnits: [] })],
    ['sgd with momentum', (spec) => Object.assign(spec.training.optimizer, { type: 'sgd', momentum: 0.9 })],
    ['Nesterov', (spec) => Object.assign(spec.training.optimizer, { type: 'sgd', momentum: 0.9, nesterov: true })],
    ['AdamW', (spec) => Object.assign(spec.training.optimizer, { type: 'adamW', weightDecay: 0.1, proximal: true })],
  ])('runs with %s', async (_, change) => {
    const { test, figures } = await runTrial(trialOf(change));
    expect(Number.isFinite(test.loss)).toBe(true);
    const boundary = figures!.boundary!;
    const values = boundary.classes === 2 ? 1 : boundary.classes;
    expect(boundary.probabilities).toHaveLength(90 * 72 * values);
  });

  it("gives the figures' numbers only when asked", async () => {
    const trial = trialOf();
    const { figures } = await runTrial(trial);
    expect(figures?.firstLayerWeights).toHaveLength(4 * 8);
    const boundary = figures!.boundary!;
    expect(boundary).toMatchObject({ columns: 90, rows: 72, classes: 2 });
    expect(Math.min(...boundary.probabilities)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...boundary.probabilities)).toBeLessThanOrEqual(1);
    const { train, validation, test } = prepareData(trial);
    const first = [train, validation, test].flatMap(({ x }) => Array.from(x.data).filter((_, i) => i % 4 === 0));
    expect(boundary.xMin).toBe(Math.min(...first) - 0.5);
    expect(boundary.xMax).toBe(Math.max(...first) + 0.5);
    const { figures: none, ...rest } = await runTrial({ ...trial, figures: false });
    expect(none).toBeUndefined();
    expect(rest).toEqual(await runTrial(trial).then(({ figures: _, ...others }) => others));
  });

  it('names a metric that has no value', async () => {
    const empty = defineMetric({
      type: 'empty',
      options: {},
      better: 'higher',
      unit: 'share',
      tasks: ['classification'],
      start: () => ({ add() {}, value: () => 0 / 0 }),
    });
    const own = extendCatalog(catalog, [empty]);
    const [trial] = expand({ ...smallSpec(), metrics: ['empty'] }, { catalog: own });
    await expect(runTrial(trial, { catalog: own })).rejects.toThrow(NumericError);
    await expect(runTrial(trial, { catalog: own })).rejects.toThrow("'trainEmpty' of epoch 1 must be finite. Got NaN.");
  });

  it('stops on a signal and names a loss that is not finite', async () => {
    const trial = trialOf((spec) => Object.assign(spec.training, { epochs: 1_000_000 }));
    const controller = new AbortController();
    const running = runTrial(trial, {
      signal: controller.signal,
      onEpochEnd: ({ epoch }) => (epoch === 2 ? controller.abort() : undefined),
    });
    await expect(running).rejects.toThrow(AbortError);
    const diverging = trialOf((spec) =>
      Object.assign(spec.training, { epochs: 50, optimizer: { type: 'sgd', learningRate: 1e30 } }),
    );
    await expect(runTrial(diverging)).rejects.toThrow(NumericError);
  });
});

describe('prepareData', () => {
  it("splits the tutorial's moons into 1280, 320 and 400 points of 20 features, scaled on the training part", () => {
    const { train, validation, test, classes } = prepareData(presets.moons);
    expect([train, validation, test].map(({ x }) => x.shape)).toEqual([
      [1280, 20],
      [320, 20],
      [400, 20],
    ]);
    expect(classes).toBe(2);
    for (let j = 0; j < 20; j++) {
      const column = Array.from({ length: 1280 }, (_, i) => train.x.data[i * 20 + j]);
      const mean = column.reduce((a, b) => a + b, 0) / 1280;
      const variance = column.reduce((a, b) => a + (b - mean) ** 2, 0) / 1280;
      expect(Math.abs(mean)).toBeLessThan(1e-12);
      expect(Math.abs(variance - 1)).toBeLessThan(1e-12);
    }
  });

  it('gives the first features of a generator unchanged when noise is appended', () => {
    const spec = { ...smallSpec(), scaling: 'none' as const };
    const { noiseFeatures, noiseRandomState, ...plain } = spec.dataset;
    const noisy = prepareData(spec).test;
    const clean = prepareData({ ...spec, dataset: plain }).test;
    expect(noisy.y).toEqual(clean.y);
    expect(noisy.x.data.filter((_, i) => i % 4 < 2)).toEqual(clean.x.data);
  });
});
