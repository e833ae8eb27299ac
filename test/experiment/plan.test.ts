// How specs become trials, and what makes two trials the same.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../src/catalog/index.ts';
import { type Description, extendCatalog, number, withDefaults } from '../../src/errors/index.ts';
import {
  countTrials,
  type ExperimentSpec,
  expand,
  presets,
  seedList,
  type Trial,
  trialIdentity,
  trials,
  type VariantSpec,
  validateSpec,
} from '../../src/experiment/index.ts';
import {
  defineLayer,
  dense,
  dropout,
  l1,
  l1l2,
  l2,
  leakyRelu,
  relu,
  softmaxCrossEntropy,
  tanh,
} from '../../src/nn/index.ts';
import { adam, flatCosine, sgd } from '../../src/optim/index.ts';
import { earlyStopping } from '../../src/train/index.ts';
import { type SmallSpec, smallSpec } from './small-spec.ts';

const described = (...kinds: Description[]) => kinds.map(withDefaults);

const grid = (parameters: Record<string, unknown[]>) => ({ sweep: { type: 'grid' as const, parameters } });

describe('expand', () => {
  it('goes variant by variant, seeds in order, with figures for the first seed', () => {
    const trials = expand(smallSpec(), { numerics: 'fast' });
    expect(trials.map(({ variant, seed, figures, numerics }) => [variant, seed, figures, numerics])).toEqual([
      ['Plain', 7, true, 'fast'],
      ['Plain', 8, false, 'fast'],
      ['Dropout', 7, true, 'fast'],
      ['Dropout', 8, false, 'fast'],
    ]);
  });

  it("lets a variant's keys replace the experiment's", () => {
    const spec = smallSpec();
    spec.network.l2 = 0.1;
    spec.variants = [{ label: 'a', network: { l2: 0 }, training: { epochs: 9, optimizer: { type: 'sgd' } } }];
    const [trial] = expand(spec);
    expect(trial.network).toEqual({ layers: described(dense(8), relu()) });
    expect(trial.training).toMatchObject({ epochs: 9, batchSize: 16, optimizer: withDefaults(sgd()) });
  });

  it('writes every kind and every default out', () => {
    const spec = smallSpec();
    spec.network = { hiddenUnits: [4, 3], activation: 'tanh', l1: 0.1, l2: 0.2, dropout: 0.5 };
    spec.training.earlyStopping = { patience: 3 };
    spec.metrics = ['macroF1'];
    const [trial] = expand(spec);
    const kernelRegularizer = l1l2({ l1: 0.1, l2: 0.2 });
    expect(trial.network).toEqual({
      layers: described(
        ...[dense(4, { kernelRegularizer }), tanh(), dropout(0.5)],
        ...[dense(3, { kernelRegularizer }), tanh(), dropout(0.5)],
      ),
      outputRegularizer: kernelRegularizer,
    });
    expect(trial.training).toEqual({
      epochs: 3,
      batchSize: 16,
      optimizer: withDefaults(adam({ learningRate: 0.01 })),
      loss: softmaxCrossEntropy({ labelSmoothing: 0 }),
      callbacks: described(earlyStopping({ patience: 3 })),
    });
    expect(trial.training.callbacks[0]).toMatchObject({ monitor: 'valLoss', restoreBestWeights: true });
    expect(trial.metrics).toEqual([{ type: 'accuracy' }, { type: 'macroF1' }]);
  });

  it('goes point by point, fold by fold, seed by seed within a variant, with figures for each point', () => {
    const spec = validateSpec({
      ...smallSpec(),
      split: { folds: 2, validationSize: 0.2, randomState: 1 },
      ...grid({ 'network.l2': [0.1, 0.2] }),
      seeds: { start: 3, count: 2 },
    });
    const all = expand(spec);
    expect(all).toHaveLength(16);
    expect(countTrials(spec)).toBe(16);
    expect(all.slice(0, 5).map(({ variant, point, fold, seed }) => [variant, point, fold, seed])).toEqual([
      ['Plain', { 'network.l2': 0.1 }, { index: 0, of: 2 }, 3],
      ['Plain', { 'network.l2': 0.1 }, { index: 0, of: 2 }, 4],
      ['Plain', { 'network.l2': 0.1 }, { index: 1, of: 2 }, 3],
      ['Plain', { 'network.l2': 0.1 }, { index: 1, of: 2 }, 4],
      ['Plain', { 'network.l2': 0.2 }, { index: 0, of: 2 }, 3],
    ]);
    expect(all.slice(8).every(({ variant }) => variant === 'Dropout')).toBe(true);
    const layers = described(dense(8, { kernelRegularizer: l2(0.2) }), relu(), dropout(0.5));
    expect(all[12].network).toEqual({ layers, outputRegularizer: l2(0.2) });
    expect(all.flatMap(({ figures }, i) => (figures ? [i] : []))).toEqual([0, 4, 8, 12]);
    expect(JSON.parse(JSON.stringify(all))).toEqual(all);
  });

  it('has no keys for what a spec does not use', () => {
    const keys = 'variant seed dataset split scaling network training metrics numerics figures'.split(' ');
    expect(Object.keys(expand(smallSpec())[0])).toEqual(keys);
  });

  it('replaces a network by one of the other kind as a whole', () => {
    const spec = smallSpec();
    spec.network.l2 = 0.1;
    const layers = [{ type: 'dense' as const, units: 4 }];
    spec.variants = [{ label: 'a', network: { layers } }];
    expect(expand(spec)[0].network).toEqual({ layers: described(dense(4)) });
    const back = { ...spec, network: { layers }, variants: [{ label: 'a', network: { hiddenUnits: [2] } }] };
    expect(expand(back)[0].network).toEqual({ layers: described(dense(2), relu()) });
  });

  it('counts seeds from 0 unless told otherwise', () => {
    expect(seedList({ count: 3 })).toEqual([0, 1, 2]);
    expect(seedList({ start: 7, count: 2 })).toEqual([7, 8]);
    expect(seedList([4, 2])).toEqual([4, 2]);
  });

  it('gives plain JSON', () => {
    const trials = expand(smallSpec());
    expect(JSON.parse(JSON.stringify(trials))).toEqual(trials);
  });
});

describe('sweeps', () => {
  const planned = (variants: VariantSpec[], parameters: Record<string, unknown[]>) => {
    const spec = { ...smallSpec(), variants, seeds: [7], ...grid(parameters) };
    return { all: expand(validateSpec(spec)), count: countTrials(spec) };
  };
  const pointsOf = (label: string, all: Trial[]) =>
    all.filter(({ variant }) => variant === label).map(({ point }) => point);

  it('change preprocessing, and options of what is named or left out', () => {
    const spec = { ...smallSpec(), preprocessing: ['PowerTransformer'], variants: [{ label: 'a' }], seeds: [7] };
    spec.network.activation = 'leakyRelu';
    const [first, second] = expand(
      validateSpec({
        ...spec,
        ...grid({
          preprocessing: [[{ type: 'RobustScaler', unitVariance: true }], null],
          'network.activation.negativeSlope': [0.1],
          'network.dropout': [{ type: 'flatCosine', initialLearningRate: 0.3, totalSteps: 20 }],
          'training.loss.labelSmoothing': [0.2],
        }),
      }),
    );
    const rate = withDefaults(flatCosine({ initialLearningRate: 0.3, totalSteps: 20 }));
    expect(first.network.layers[2]).toEqual({ type: 'dropout', rate });
    expect(first.preprocessing).toEqual([expect.objectContaining({ type: 'RobustScaler', unitVariance: true })]);
    expect(second).not.toHaveProperty('preprocessing');
    expect(second.network.layers[1]).toEqual(withDefaults(leakyRelu(0.1)));
    expect(second.training.loss).toEqual(softmaxCrossEntropy({ labelSmoothing: 0.2 }));
  });

  it('change network, training and scaling, anywhere in them', () => {
    const spec = smallSpec();
    spec.variants = [{ label: 'a', training: { optimizer: { type: 'sgd', momentum: 0.9 }, earlyStopping: {} } }];
    spec.sweep = {
      type: 'grid',
      parameters: {
        'network.dropout': [0.1],
        'network.hiddenUnits[0]': [3],
        'training.optimizer.learningRate': [0.5],
        'training.earlyStopping.patience': [4],
        scaling: ['none'],
      },
    };
    const before = JSON.stringify(spec);
    const [trial] = expand(validateSpec(spec));
    expect(trial.network.layers).toEqual(described(dense(3), relu(), dropout(0.1)));
    expect(trial.training.optimizer).toEqual(withDefaults(sgd({ momentum: 0.9, learningRate: 0.5 })));
    expect(trial.training.callbacks).toEqual(described(earlyStopping({ patience: 4 })));
    expect(trial.scaling).toBe('none');
    expect(JSON.stringify(spec)).toBe(before);
  });

  it('take lists of whatever a key takes, and null for none', () => {
    const { all, count } = planned([{ label: 'a' }], {
      'network.hiddenUnits': [[32], [64, 32]],
      'training.earlyStopping': [null, { patience: 3 }],
      'training.optimizer': [{ type: 'sgd', momentum: 0.9, nesterov: true }],
    });
    expect(count).toBe(4);
    expect(all.map(({ network }) => network.layers.length)).toEqual([2, 2, 4, 4]);
    expect(all.map(({ training }) => training.callbacks)).toEqual([
      [],
      described(earlyStopping({ patience: 3 })),
      [],
      described(earlyStopping({ patience: 3 })),
    ]);
    expect(all[3].point).toEqual({
      'network.hiddenUnits': [64, 32],
      'training.earlyStopping': { patience: 3 },
      'training.optimizer': { type: 'sgd', momentum: 0.9, nesterov: true },
    });
    const [on, off] = planned([{ label: 'a', training: { optimizer: { type: 'sgd', momentum: 0.9 } } }], {
      'training.optimizer.nesterov': [true, false],
    }).all;
    expect(on.training.optimizer).toMatchObject({ nesterov: true });
    expect(off.training.optimizer).toMatchObject({ nesterov: false });
  });

  it("leave a variant's own value alone: tuned L2 against none can be asked", () => {
    const { all, count } = planned([{ label: 'None', network: { l2: 0 } }, { label: 'Tuned' }], {
      'network.l2': [0.1, 0.01],
    });
    expect(count).toBe(3);
    expect(pointsOf('None', all)).toEqual([undefined]);
    expect(all[0].network).toEqual({ layers: described(dense(8), relu()) });
    expect(pointsOf('Tuned', all)).toEqual([{ 'network.l2': 0.1 }, { 'network.l2': 0.01 }]);
    const partly = planned([{ label: 'None', network: { l2: 0 } }, { label: 'Tuned' }], {
      'network.l2': [0.1, 0.01],
      'network.dropout': [0.2, 0.5],
    });
    expect(pointsOf('None', partly.all)).toEqual([{ 'network.dropout': 0.2 }, { 'network.dropout': 0.5 }]);
    expect(partly.count).toBe(6);
    expect(pointsOf('Tuned', partly.all)).toHaveLength(4);
  });

  it('add no early stopping to a variant without it', () => {
    const { all } = planned([{ label: 'Baseline' }, { label: 'Early', training: { earlyStopping: {} } }], {
      'training.earlyStopping.patience': [2, 5],
    });
    expect(pointsOf('Baseline', all)).toEqual([undefined]);
    expect(all[0].training.callbacks).toEqual([]);
    expect(all.slice(1).map(({ training }) => training.callbacks)).toEqual([
      described(earlyStopping({ patience: 2 })),
      described(earlyStopping({ patience: 5 })),
    ]);
  });

  it('leave alone the variants whose optimizer, loss or network has no such option', () => {
    const { all, count } = planned(
      [
        { label: 'Momentum', training: { optimizer: { type: 'sgd' } } },
        { label: 'Adam' },
        {
          label: 'Layers',
          training: { optimizer: { type: 'sgd' } },
          network: { layers: [{ type: 'dense', units: 3 }] },
        },
        { label: 'By name', network: { preset: 'mlp' } },
      ],
      { 'training.optimizer.momentum': [0.5, 0.9], 'network.l2': [0.1] },
    );
    expect(count).toBe(all.length);
    expect(pointsOf('Momentum', all)).toEqual(
      [0.5, 0.9].map((momentum) => ({
        'training.optimizer.momentum': momentum,
        'network.l2': 0.1,
      })),
    );
    expect(pointsOf('Adam', all)).toEqual([{ 'network.l2': 0.1 }]);
    expect(pointsOf('Layers', all)).toEqual([
      { 'training.optimizer.momentum': 0.5 },
      { 'training.optimizer.momentum': 0.9 },
    ]);
    expect(pointsOf('By name', all)).toEqual([undefined]);
  });

  it('count random points that concern a variant in part as the plan has them', () => {
    const spec = smallSpec();
    spec.variants = [{ label: 'Own', network: { l2: 0 } }, { label: 'Swept' }];
    spec.sweep = { type: 'random', samples: 5, parameters: { 'network.l2': [1, 2, 3], scaling: ['none', 'minmax'] } };
    const valid = validateSpec(spec);
    const all = expand(valid);
    expect(countTrials(valid)).toBe(all.length);
    expect(pointsOf('Own', all)).toHaveLength(4);
    expect(new Set(pointsOf('Own', all).map((point) => JSON.stringify(point))).size).toBe(2);
  });
});

describe('a large plan', () => {
  /** A layer that counts how often it is described. */
  function counting() {
    const count = { described: 0 };
    const counted = defineLayer({
      type: 'counted',
      options: { rate: number('[0, 1]', { default: 0 }) },
      check: () => void count.described++,
      build: (_, { size }) => ({ outputSize: size, forward() {}, backward() {} }),
    });
    return { count, catalog: extendCatalog(catalog, [counted]) };
  }

  const spec = (samples: number, seeds: number): ExperimentSpec => ({
    ...smallSpec(),
    network: { layers: [{ type: 'counted' }] },
    variants: [{ label: 'a' }, { label: 'b' }],
    seeds: { count: seeds },
    sweep: { type: 'grid', parameters: { 'network.layers[0].rate': { from: 0, to: 1, count: samples } } },
  });

  it('describes the settings of each point once, however many seeds there are', () => {
    const { count, catalog } = counting();
    let planned = 0;
    for (const _ of trials(spec(1000, 5), { catalog })) planned += 1;
    expect([planned, count.described]).toEqual([10_000, 2000]);
  });

  it('is counted without being made, and made one trial at a time', () => {
    const { count, catalog } = counting();
    const large = spec(100_000, 100_000);
    expect(countTrials(large, catalog)).toBe(2e10);
    expect(count.described).toBe(0);
    const [first] = trials(large, { catalog });
    expect(first).toMatchObject({ seed: 0, point: { 'network.layers[0].rate': 0 } });
    expect(count.described).toBe(1);
  });

  it('holds no trial that has been handed out', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const parameters = { 'network.l2': { from: 0, to: 1, count: 10_000 } };
    const spec = { ...smallSpec(), sweep: { type: 'grid' as const, parameters }, seeds: [1] };
    const used: number[] = [];
    let count = 0;
    for (const _ of trials(spec)) {
      if (count++ % 9999 > 0) continue;
      collect();
      used.push(process.memoryUsage().heapUsed);
    }
    expect(used).toHaveLength(3);
    expect(used[2] - used[0]).toBeLessThan(1e6);
  });
});

describe('trialIdentity', () => {
  const identity = (change: (spec: SmallSpec) => void = () => {}, i = 0) => {
    const spec = smallSpec();
    change(spec);
    return trialIdentity(expand(validateSpec(spec))[i]);
  };

  it('leaves out the label, the point and figures', () => {
    const [trial] = expand(smallSpec());
    expect(trialIdentity({ ...trial, variant: 'other', figures: false })).toBe(trialIdentity(trial));
    const swept = identity((spec) => {
      spec.variants = [{ label: 'x' }];
      Object.assign(spec, grid({ 'network.dropout': [0.5] }));
    });
    expect(swept).toBe(identity(undefined, 2));
  });

  it.each<[string, (spec: SmallSpec) => void]>([
    ['an activation by name', (spec) => Object.assign(spec.network, { activation: 'relu' })],
    ['an activation as a description', (spec) => Object.assign(spec.network, { activation: { type: 'relu' } })],
    ['penalties of 0', (spec) => Object.assign(spec.network, { l1: 0, l2: 0, dropout: 0 })],
    ['a loss', (spec) => Object.assign(spec.training, { loss: 'softmaxCrossEntropy' })],
    ["an optimizer's options", (spec) => Object.assign(spec.training.optimizer, { beta1: 0.9 })],
    ['a metric', (spec) => Object.assign(spec, { metric: 'accuracy', metrics: [] })],
    ['a split', (spec) => Object.assign(spec.split, { stratify: false })],
    ["a generator's options", (spec) => Object.assign(spec.dataset.parameters!, { shuffle: true })],
    ['layers', (spec) => Object.assign(spec, { network: { layers: [{ type: 'dense', units: 8 }, { type: 'relu' }] } })],
  ])('counts %s as the default that it is', (_, change) => {
    const plain = (spec: SmallSpec) => Object.assign(spec, { variants: [{ label: 'Plain' }] });
    expect(identity((spec) => [plain(spec), change(spec)])).toBe(identity(plain));
  });

  it.each<[string, (spec: SmallSpec) => void]>([
    ['a seed', (spec) => Object.assign(spec, { seeds: [9] })],
    ['epochs', (spec) => Object.assign(spec.training, { epochs: 4 })],
    ['a penalty', (spec) => Object.assign(spec.network, { l2: 1e-9 })],
    ['data', (spec) => Object.assign(spec.dataset.parameters!, { noise: 0.21 })],
    ['a split', (spec) => Object.assign(spec.split, { stratify: true })],
    ['a metric more', (spec) => Object.assign(spec, { metrics: ['macroF1'] })],
  ])('changes with %s', (_, change) => {
    expect(identity(change)).not.toBe(identity());
  });

  it('changes with the numerics and with a fold', () => {
    const [trial] = expand(smallSpec());
    for (const change of [{ numerics: 'fast' as const }, { fold: { index: 0, of: 2 } }]) {
      expect(trialIdentity({ ...trial, ...change })).not.toBe(trialIdentity(trial));
    }
  });

  it('takes data files and modules by content', () => {
    const [trial] = expand(smallSpec());
    const [one, two] = ['1', '2'].map((digit) => digit.repeat(64));
    const of = (folder: string, hash: string, own: string) =>
      trialIdentity({
        ...trial,
        dataset: { csv: `${folder}/a.csv`, sha256: hash },
        modules: [{ path: `${folder}/kinds.js`, sha256: own }],
      });
    expect(of('here', one, two)).toBe(of('there', one, two));
    expect(of('here', one, two)).not.toBe(of('here', two, two));
    expect(of('here', one, two)).not.toBe(of('here', one, one));
  });
});

describe('presets', () => {
  it.each(['moons', 'high-dimensional'])('%s compares the five variants of the tutorial', (name) => {
    const trials = expand(presets[name]);
    const of = (key: keyof Trial) => trials.map((trial) => trial[key]);
    expect(of('variant')).toEqual(['Baseline', 'L1 Regularization', 'L2 Regularization', 'Dropout', 'Early Stopping']);
    expect(of('seed')).toEqual([42, 42, 42, 42, 42]);
    const network = (kernelRegularizer?: Description<'regularizer'>, ...after: Description[]) => ({
      layers: [128, 64].flatMap((units) => described(dense(units, { kernelRegularizer }), relu(), ...after)),
      ...(kernelRegularizer && { outputRegularizer: kernelRegularizer }),
    });
    expect(of('network')).toEqual([
      network(),
      network(l1(0.001)),
      network(l2(0.001)),
      network(undefined, dropout(0.5)),
      network(),
    ]);
    const training = {
      epochs: 100,
      batchSize: 64,
      optimizer: withDefaults(adam({ learningRate: 0.001 })),
      loss: softmaxCrossEntropy({ labelSmoothing: 0 }),
      callbacks: [],
    };
    const stopping = { ...training, callbacks: described(earlyStopping({ patience: 10 })) };
    expect(of('training')).toEqual([...Array(4).fill(training), stopping]);
    expect(trials[0]).toMatchObject({
      split: { testSize: 0.2, validationSize: 0.2, randomState: 42 },
      scaling: 'standard',
    });
  });
});
