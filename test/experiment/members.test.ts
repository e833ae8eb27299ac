// Trials with members: each network leaves out another part of the training data, and all predict together with one temperature.
import { describe, expect, it, test } from 'vitest';
import { catalog } from '../../src/catalog/index.ts';
import type { Dataset, Matrix } from '../../src/data/index.ts';
import { fromJson } from '../../src/errors/index.ts';
import { fromBase64 } from '../../src/experiment/base64.ts';
import { expand, prepareData, runTrial, type Trial, trialIdentity, validateSpec } from '../../src/experiment/index.ts';
import { networkJobs } from '../../src/experiment/train-networks.ts';
import { loadModel } from '../../src/model/index.ts';
import { lastLayer } from '../../src/tables/index.ts';
import { type Ensemble, type FitState, sequential, type Weights } from '../../src/train/index.ts';
import { smallSpec } from './small-spec.ts';

const base = { ...smallSpec(), variants: [{ label: 'Own' }], seeds: [7] };
const specOf = (training: object, others: object = {}) => ({
  ...base,
  ...others,
  training: { ...base.training, ...training },
});
const trialOf = (training: object, others: object = {}): Trial => expand(validateSpec(specOf(training, others)))[0];
const ensembleOf = (model: string | undefined) => loadModel<Ensemble>(fromBase64(model as string));

/** Rows as texts, by which they are known again. */
const rowsOf = ({ x, y }: Dataset): string[] =>
  Array.from({ length: x.shape[0] }, (_, i) =>
    String([...x.data.slice(i * x.shape[1], (i + 1) * x.shape[1]), (y as Int32Array)[i]]),
  );

describe('what a member sees', () => {
  const data = prepareData(trialOf({}));
  const all = rowsOf(data.train).sort();

  it.each([2, 3, 5, 7])('is the training part, %i members', (members) => {
    const jobs = networkJobs(trialOf({ members }), data);
    expect(jobs).toHaveLength(members);
    expect(new Set(jobs.map(({ seed }) => seed)).size).toBe(members);
    for (const { train, validation } of jobs) expect([...rowsOf(train), ...rowsOf(validation)].sort()).toEqual(all);
    const leftOut = jobs.slice(0, 5).flatMap(({ validation }) => rowsOf(validation));
    expect(leftOut.sort()).toEqual(all);
    // With more than five, rows are divided again, in another way.
    expect(new Set(jobs.map(({ validation }) => String(rowsOf(validation)))).size).toBe(members);
  });

  it('is divided differently for another seed', () => {
    const [a, b] = [7, 8].map((seed) => networkJobs({ ...trialOf({ members: 5 }), seed }, data));
    expect(a.map(({ validation }) => rowsOf(validation))).not.toEqual(b.map(({ validation }) => rowsOf(validation)));
    expect(new Set([...a, ...b].map(({ seed }) => seed)).size).toBe(10);
  });

  it('is the whole training part where there is one network', () => {
    const [job, ...others] = networkJobs(trialOf({}), data);
    expect(others).toEqual([]);
    expect([job.seed, job.train, job.validation]).toEqual([7, data.train, data.validation]);
  });

  it('is never a row of the validation part or the test part', async () => {
    const lines = Array.from({ length: 90 }, (_, i) => `${i % 9},${(i * 7) % 31},${(i * 7) % 31 > 12 ? 1 : 0}`);
    const trial = trialOf({ members: 3 }, { dataset: { csv: 'rows.csv', target: 'c' }, scaling: 'none' });
    const run = (rows: string[]) =>
      runTrial(trial, { readFile: () => new TextEncoder().encode(`a,b,c\n${rows.join('\n')}\n`) });
    const before = await run(lines);
    const { train, validation, test } = prepareData(trial, () =>
      new TextEncoder().encode(`a,b,c\n${lines.join('\n')}\n`),
    );
    const outside = new Set([...rowsOf(validation), ...rowsOf(test)]);
    expect(rowsOf(train).some((row) => outside.has(row))).toBe(false);
    const after = await run(
      lines.map((line) => (outside.has(line) ? line.replace(/.$/, (c) => String(1 - +c)) : line)),
    );
    expect(after.model).toBe(before.model);
    expect(after.history).toEqual(before.history);
    expect(after.test.dataLoss).not.toBe(before.test.dataLoss);
    expect(after.validation.dataLoss).not.toBe(before.validation.dataLoss);
  });
});

/** The networks of a trial, trained one by one with nothing but `sequential` and `fit`: weights, and probabilities or numbers for some rows. */
async function byHand(trial: Trial, outputs: number) {
  const data = prepareData(trial);
  const described = trial.network.layers.map((layer) => fromJson('layer', layer, catalog));
  const layers = [...described, lastLayer(described, outputs)];
  const loss = fromJson('loss', trial.training.loss, catalog);
  const { epochs, batchSize } = trial.training;
  return Promise.all(
    networkJobs(trial, data).map(async ({ seed, train, validation }) => {
      const model = sequential({ inputSize: train.x.shape[1], layers, loss, seed });
      const history = await model.fit(train, {
        ...{ epochs, batchSize, validationData: validation },
        optimizer: fromJson('optimizer', trial.training.optimizer, catalog),
        callbacks: [
          fromJson('callback', { type: 'earlyStopping', patience: epochs, monitor: 'valDataLoss' } as never, catalog),
        ],
      });
      return { model, history, validation, weights: model.getWeights() };
    }),
  );
}

const near = (actual: number, expected: number, rtol = 1e-5) =>
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-7 + rtol * Math.abs(expected));

const last = (weights: Weights) => weights.slice(-2).flatMap(({ data }) => [...data]);

describe('a trial for classes', () => {
  const trial = trialOf({ members: 3, epochs: 30 });

  it('is scored by the mean of what its members predict, divided by one temperature', async () => {
    const result = await runTrial(JSON.parse(JSON.stringify(trial)));
    const members = await byHand(trial, 2);
    using ensemble = ensembleOf(result.model);
    expect(ensemble.models).toHaveLength(3);

    // All last layers are divided by the same number, and other weights are as they were.
    const kept = ensemble.models.map((model) => model.getWeights());
    for (const [k, { weights }] of members.entries()) {
      expect(kept[k].slice(0, -2)).toEqual(weights.slice(0, -2));
    }
    const temperature = last(members[0].weights)[0] / last(kept[0])[0];
    for (const [k, { weights }] of members.entries()) {
      for (const [i, value] of last(weights).entries()) near(last(kept[k])[i], value / temperature);
    }

    // It has the least log loss on all rows that a member has not learnt from, after one more row that is shared by the classes.
    const unseen = members.flatMap(({ model, validation }) => {
      const { data } = model.predictProbabilities(validation.x);
      return Array.from(validation.y as Int32Array, (y, i) => Math.log(data[2 * i + y] / data[2 * i + 1 - y]));
    });
    const smoothing = 1 / (unseen.length + 1);
    const pooled = (t: number) =>
      unseen.reduce((sum, logit) => {
        const [right, wrong] = [logit / t, -logit / t].map((z) => Math.log1p(Math.exp(-z)));
        return sum + (1 - smoothing / 2) * right + (smoothing / 2) * wrong;
      }, 0);
    expect(Math.abs(temperature - 1)).toBeGreaterThan(0.01);
    for (const factor of [0.99, 1.01]) expect(pooled(temperature)).toBeLessThan(pooled(factor * temperature));

    const { test, validation } = prepareData(trial);
    for (const [part, score] of [
      [test, result.test],
      [validation, result.validation],
    ] as const) {
      const each = members.map(({ model }) => model.predictProbabilities(part.x).data);
      const y = part.y as Int32Array;
      const mean = Array.from(
        y,
        (_, i) =>
          each.reduce((sum, p) => sum + 1 / (1 + (p[2 * i] / p[2 * i + 1]) ** (1 / temperature)), 0) / each.length,
      );
      const losses = mean.map((p, i) => -Math.log(y[i] === 1 ? p : 1 - p));
      near(score.dataLoss, losses.reduce((a, b) => a + b) / y.length);
      near(score.loss, score.dataLoss);
      near(score.accuracy, mean.filter((p, i) => (p > 0.5 ? 1 : 0) === y[i]).length / y.length);
    }
    const { epochs, bestEpoch, history } = result;
    expect([epochs, bestEpoch]).toEqual([members[0].history.epochs, members[0].history.bestEpoch]);
    expect(history.valDataLoss).toEqual(members[0].history.valDataLoss);
    for (const { model } of members) model.dispose();
  });

  it('has the penalty of its members, the mean', async () => {
    const { test, model } = await runTrial(trialOf({ members: 2 }, { network: { hiddenUnits: [8], l2: 0.01 } }));
    using ensemble = ensembleOf(model);
    const hidden = ensemble.models.map((each) => each.getWeights()[0].data.reduce((sum, w) => sum + 0.01 * w * w, 0));
    expect(test.loss - test.dataLoss).toBeGreaterThan((hidden[0] + hidden[1]) / 2);
  });

  it('goes on from every checkpoint with the same bits', async () => {
    const short = trialOf(
      { members: 3, epochs: 4, earlyStopping: { patience: 1 } },
      { network: { hiddenUnits: [4], dropout: 0.2 } },
    );
    const states: FitState[] = [];
    const seen: [number, number][] = [];
    const whole = await runTrial(short, {
      checkpoint: { save: (state) => void states.push(structuredClone(state)) },
      onEpochEnd: ({ epoch, epochs }) => void seen.push([epoch, epochs]),
    });
    expect(states.length).toBeGreaterThan(6);
    expect(seen.every(([epoch, epochs], i) => epochs === 12 && epoch > (seen[i - 1]?.[0] ?? 0))).toBe(true);
    for (const resume of states) expect(await runTrial(short, { resume })).toEqual(whole);
  });
});

test.each([
  ['one number', 1, {}],
  ['one number as it is', 1, { scaleTarget: false }],
  ['two numbers', 2, {}],
])('a trial for %s is scored by the mean of the numbers', async (_, nTargets, training) => {
  const dataset = {
    generator: 'makeRegression',
    parameters: { nSamples: 120, nFeatures: 4, nTargets, bias: 50, randomState: 1 },
  };
  const trial = trialOf({ members: 3, loss: 'meanSquaredError', epochs: 10, ...training }, { dataset });
  const { test: score, model } = await runTrial(trial);
  using ensemble = ensembleOf(model);
  const { test } = prepareData(trial);
  const each = ensemble.models.map((member) => [...(member.predict(test.x) as unknown as Matrix).data]);
  const y = 'data' in test.y ? test.y.data : (test.y as Float64Array);
  const squares = Array.from(y, (target, i) => (each.reduce((sum, data) => sum + data[i], 0) / 3 - target) ** 2);
  near(score.dataLoss, squares.reduce((a, b) => a + b) / y.length);
});

test.each([
  ['one output for two classes', base.dataset, 'binaryCrossEntropy', undefined],
  [
    'labels',
    { generator: 'makeMultilabelClassification', parameters: { nSamples: 120, randomState: 1 } },
    'binaryCrossEntropy',
    undefined,
  ],
  ['quantiles', { builtin: 'diabetes' }, { type: 'quantile', quantiles: [0.1, 0.9] }, undefined],
  [
    'a preset with members of its own',
    base.dataset,
    'softmaxCrossEntropy',
    { preset: 'tabm', members: 2, hiddenUnits: [4] },
  ],
])('%s are learnt by members', async (_, dataset, loss, network) => {
  const trial = trialOf({ members: 2, loss }, { dataset, ...(network && { network }) });
  const { test: score, model } = await runTrial(trial);
  using ensemble = ensembleOf(model);
  expect(ensemble.models).toHaveLength(2);
  near(ensemble.evaluate(prepareData(trial).test).dataLoss, score.dataLoss);
});

test('every snapshot of every member predicts', async () => {
  const { model } = await runTrial(trialOf({ members: 2, callbacks: [{ type: 'snapshotEnsemble', cycles: 3 }] }));
  using ensemble = ensembleOf(model);
  expect(ensemble.models).toHaveLength(6);
});

describe('in a spec', () => {
  const best = { type: 'earlyStopping', patience: 3, monitor: 'valDataLoss' };

  it('a member keeps its best epoch, unless another callback decides', () => {
    const callbacksOf = (training: object) => trialOf({ members: 2, ...training }).training.callbacks;
    expect(callbacksOf({})).toMatchObject([best]);
    expect(callbacksOf({ callbacks: [{ type: 'reduceLROnPlateau' }] })).toMatchObject([
      { type: 'reduceLROnPlateau' },
      best,
    ]);
    for (const own of [
      { earlyStopping: { patience: 1, restoreBestWeights: false } },
      { callbacks: [{ type: 'swa' }] },
      { callbacks: [{ type: 'snapshotEnsemble' }] },
    ]) {
      expect(callbacksOf(own)).toHaveLength(1);
      expect(callbacksOf(own)).not.toMatchObject([best]);
    }
    expect(trialOf({}).training.callbacks).toEqual([]);
  });

  it('they are part of what identifies a trial, and can be swept, also to none', () => {
    expect(trialIdentity(trialOf({ members: 2 }))).not.toBe(trialIdentity(trialOf({ members: 3 })));
    const sweep = { type: 'grid', parameters: { 'training.members': [null, 2, 5] } };
    const swept = expand(validateSpec({ ...base, sweep }));
    expect(swept.map(({ training }) => training.members ?? null)).toEqual([null, 2, 5]);
    expect(trialIdentity(swept[0])).not.toBe(trialIdentity(swept[1]));
    const drawn = { type: 'random', samples: 3, parameters: { 'training.members': { from: 2, to: 4 } } };
    expect(
      expand(validateSpec({ ...base, sweep: drawn }))
        .map(({ training }) => training.members)
        .sort(),
    ).toEqual([2, 3, 4]);
  });

  it.each([
    [{ members: 1 }, /'training\.members' .* must be an integer in the range \[2, 1000000\]\. Got 1/],
    [{ members: 2.5 }, /'training\.members' .* must be an integer/],
    [{ members: '5' }, /'training\.members' .* must be an integer/],
    [{ members: 2, loss: 'poisson' }, /left out for poisson, which cannot score a mean of predictions/],
    [{ members: 2, loss: 'gaussianNll' }, /left out for gaussianNll/],
  ])('%j is refused', (training, message) => {
    expect(() => validateSpec(specOf(training))).toThrow(message);
  });
});
