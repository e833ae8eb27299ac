// What validateSpec accepts, and what it says about everything else.
import { describe, expect, it } from 'vitest';
import { catalog } from '../../src/catalog/index.ts';
import { generators } from '../../src/data/index.ts';
import { extendCatalog, number, ParameterError } from '../../src/errors/index.ts';
import { decidingMetric, defineExperiment, presets, validateSpec } from '../../src/experiment/index.ts';
import { defineInitializer, layers, tableLayers } from '../../src/nn/index.ts';
import { smallSpec } from './small-spec.ts';

type Key = string | number;
type Change = [path: Key[], value: unknown];

/** The small spec with the value at `path` replaced; `undefined` removes it. */
function changed(...changes: Change[]): unknown {
  const spec = smallSpec();
  for (const [path, value] of changes) {
    const parent = path.slice(0, -1).reduce((node: unknown, key) => (node as Record<Key, unknown>)[key], spec);
    if (value === undefined) delete (parent as Record<Key, unknown>)[path.at(-1)!];
    else (parent as Record<Key, unknown>)[path.at(-1)!] = value;
  }
  return spec;
}

function messageOf(value: unknown): string {
  try {
    validateSpec(value);
  } catch (error) {
    expect(error).toBeInstanceOf(ParameterError);
    return (error as Error).message;
  }
  return '(valid)';
}

describe('validateSpec', () => {
  it('accepts the presets and a small spec', () => {
    for (const spec of [...Object.values(presets), smallSpec()]) expect(validateSpec(spec)).toEqual(spec);
  });

  it('leaves out what is for editors', () => {
    expect(validateSpec({ $schema: './regulus.schema.json', ...smallSpec() })).toEqual(smallSpec());
  });

  it('returns a copy with its keys in a fixed order', () => {
    const spec = smallSpec();
    const reversed = Object.fromEntries(Object.entries(spec).reverse());
    expect(JSON.stringify(validateSpec(reversed))).toBe(JSON.stringify(spec));
    expect(validateSpec(spec).variants).not.toBe(spec.variants);
  });

  it.each<[Key[], unknown, string]>([
    [['name'], undefined, "The 'name' parameter of the experiment spec must be 1 to 64 letters, digits"],
    [['name'], '../up', '"../up"'],
    [['name'], '', "'name'"],
    [['nmae'], 'x', "Unknown option 'nmae' of the experiment spec. Did you mean 'name'?"],
    [['dataset'], undefined, "The 'dataset' parameter of the experiment spec must be an object. It is missing."],
    [['dataset'], [], "'dataset'"],
    [['dataset', 'generator'], 'makeMoon', "Did you mean 'makeMoons'?"],
    [['dataset', 'generator'], 'toString', "'dataset.generator'"],
    [['dataset', 'parameters'], 3, "'dataset.parameters'"],
    [['dataset', 'parameters', 'nSamples'], 0, "'dataset.parameters.nSamples'"],
    [['dataset', 'parameters', 'noise'], -0.1, 'a number in the range [0, inf). Got -0.1 instead.'],
    [['dataset', 'parameters', 'factor'], 0.5, "Unknown option 'factor' of dataset.parameters."],
    [['dataset', 'parameters', 'randomState'], 2 ** 32, "'dataset.parameters.randomState'"],
    [['dataset', 'parameters', 'shuffle'], 'yes', 'true or false'],
    [['dataset', 'noiseFeatures'], 1.5, "'dataset.noiseFeatures'"],
    [
      ['dataset', 'noiseRandomState'],
      undefined,
      "'dataset.noiseRandomState' parameter of the experiment spec must be given",
    ],
    [
      ['split', 'testSize'],
      1,
      "'split.testSize' parameter of the experiment spec must be a number in the range (0, 1). Got 1",
    ],
    [['split', 'validationSize'], 0, "'split.validationSize'"],
    [['split', 'randomState'], -1, "'split.randomState'"],
    [['split', 'stratify'], 1, "'split.stratify'"],
    [['scaling'], 'Standard', "Did you mean 'standard'?"],
    [['network', 'hiddenUnits'], 64, "'network.hiddenUnits' parameter of the experiment spec must be a list. Got 64"],
    [['network', 'hiddenUnits'], [64, 0], "'network.hiddenUnits[1]'"],
    [['network', 'l1'], '0.1', '"0.1"'],
    [['network', 'dropuot'], 0.5, "Unknown option 'dropuot' of network. Did you mean 'dropout'?"],
    [['network', 'dropout'], 1, 'in the range [0, 1). Got 1 instead.'],
    [['training', 'epochs'], 0, "'training.epochs'"],
    [['training', 'epochs'], Number.NaN, 'Got NaN instead.'],
    [['training', 'batchSize'], null, 'Got null instead.'],
    [['training', 'optimizer'], 'adam', "'training.optimizer' parameter of the experiment spec must be an object"],
    [['training', 'optimizer', 'type'], 'adm', "Did you mean 'adam'?"],
    [['training', 'optimizer', 'learningRate'], 0, "'training.optimizer.learningRate'"],
    [['training', 'optimizer', 'momentum'], 0.9, "It is an option of 'sgd', 'rmsprop'."],
    [['training', 'optimizer', 'nesterov'], true, "It is an option of 'sgd'."],
    [['training', 'optimizer', 'weightDecay'], -0.1, "'training.optimizer.weightDecay'"],
    [['training', 'loss'], 'meanSquareError', "Did you mean 'meanSquaredError'?"],
    [['training', 'loss'], { type: 'mse' }, "'training.loss.type' parameter of the experiment spec must be one of"],
    [['training', 'callbacks'], [{ type: 'earlyStoping' }], "Did you mean 'earlyStopping'?"],
    [['network', 'activation'], 'rellu', "Did you mean 'relu'?"],
    [['network', 'activation'], 'dense', "'network.activation'"],
    [['network', 'activation'], { type: 'dense' }, "'network.activation.units'"],
    [['metric'], 'acuracy', "Did you mean 'accuracy'?"],
    [['metrics'], ['accuracy', 'loss'], "'metrics[1]'"],
    [['metric'], 'r2', '\'metric\' parameter of the experiment spec must be a metric for classification. Got "r2"'],
    [['metrics'], ['f1', { type: 'meanPinballLoss', alpha: 0.9 }], 'meanPinballLoss is for regression.'],
    [['metrics'], [{ type: 'fbeta' }], "'metrics[0].beta'"],
    [['training', 'earlyStopping'], { monitor: 'valF1' }, "'training.earlyStopping.monitor' parameter"],
    [['training', 'callbacks'], [{ type: 'earlyStopping', monitor: 'valLos' }], "Did you mean 'valLoss'?"],
    [['training', 'classWeight'], 'balancd', "'training.classWeight'"],
    [['training', 'classWeight'], { 0: -1 }, "'training.classWeight.0'"],
    [['training', 'classWeight'], 3, "'training.classWeight'"],
    [['training', 'optimizer'], { type: 'sgd', nesterov: true }, 'above 0 with nesterov'],
    [['training', 'earlyStopping'], { patience: -1 }, "'training.earlyStopping.patience'"],
    [['training', 'earlyStopping'], { patience: 0.5 }, "'training.earlyStopping.patience'"],
    [
      ['training', 'earlyStopping'],
      { patience: 5, restore: true },
      "Unknown option 'restore' of training.earlyStopping",
    ],
    [['variants'], [], "'variants' parameter of the experiment spec must be a list that is not empty"],
    [['variants', 0, 'label'], ' ', "'variants[0].label'"],
    [['variants', 0, 'label'], 'two\nlines', "'variants[0].label'"],
    [
      ['variants', 1, 'label'],
      'Plain',
      "'variants[1].label' parameter of the experiment spec must be different from variants[0].label",
    ],
    [['variants', 1, 'network', 'l1'], -1, "'variants[1].network.l1'"],
    [['variants', 1, 'trainning'], {}, "Unknown option 'trainning' of variants[1]. Did you mean 'training'?"],
    [['seeds'], [], "'seeds'"],
    [['seeds'], [1, 2 ** 32], "'seeds[1]'"],
    [['seeds'], [1, 2, 1], "'seeds[2]' parameter of the experiment spec must be different from seeds[0]. Got 1"],
  ])('refuses %j = %j', (path, value, part) => {
    const message = messageOf(changed([path, value]));
    expect(message).toContain(part);
    expect(message).not.toContain('\n');
  });

  it.each([null, undefined, 3, 'moons', []])('refuses %j as a whole', (value) => {
    expect(messageOf(value)).toContain('must be an object');
  });

  it('does not take keys from the prototype', () => {
    expect(messageOf(Object.create(smallSpec()))).toContain("'name'");
    expect(messageOf(JSON.parse('{"__proto__": {}}'))).toContain("Unknown option '__proto__'");
  });

  it('reports all problems in one error', () => {
    const message = messageOf(changed([['scaling'], 'none!'], [['network', 'l2'], -1], [['seeds'], [0.5, 'a']]));
    expect(message.split('\n')).toHaveLength(5);
    expect(message).toMatch(/^The experiment spec has 4 problems:\n- /);
    for (const path of ['scaling', 'network.l2', 'seeds[0]', 'seeds[1]']) expect(message).toContain(`'${path}'`);
  });

  it.each<[string, object]>([
    ['a CSV file', { dataset: { csv: 'a.csv', target: 'class', header: true, delimiter: ';' } }],
    ['NumPy files', { dataset: { npy: { x: 'x.npy', y: 'y.npy' }, noiseFeatures: 1, noiseRandomState: 1 } }],
    ['a NumPy archive', { dataset: { npz: 'a.npz', x: 'data', y: 'labels', sha256: '0'.repeat(64) } }],
    ['folds', { split: { folds: 5, validationSize: 0.2, randomState: 1, stratify: true } }],
    [
      'layers',
      {
        network: {
          layers: [
            { type: 'dense', units: 3, kernelRegularizer: { type: 'l2', l2: 0.1 }, kernelInitializer: 'heNormal' },
            { type: 'relu' },
          ],
        },
        variants: [{ label: 'a' }],
      },
    ],
    ['a loss and metrics by name', { training: { ...smallSpec().training, loss: 'meanSquaredError' }, metrics: [] }],
    ['the loss as the metric', { metric: 'dataLoss', metrics: ['macroF1', { type: 'accuracy' }] }],
    ['early stopping without patience', { variants: [{ label: 'a', training: { earlyStopping: { patience: 0 } } }] }],
    ['counted seeds', { seeds: { start: 5, count: 3 } }],
    ['a grid', { sweep: { type: 'grid', parameters: { 'network.l2': [0, 0.1], scaling: ['none', 'minmax'] } } }],
    [
      'random draws',
      {
        sweep: { type: 'random', samples: 2, seed: 1, parameters: { 'network.l1': { from: 1, to: 2, scale: 'log' } } },
      },
    ],
    [
      'a swept object that is not in the spec',
      { sweep: { type: 'grid', parameters: { 'training.earlyStopping': [null, { patience: 5 }] } } },
    ],
    [
      'a swept part of a kind',
      {
        sweep: {
          type: 'grid',
          parameters: {
            'training.optimizer.learningRate': [0.1, { type: 'cosineDecay', initialLearningRate: 0.1, decaySteps: 10 }],
          },
        },
      },
    ],
    ['a variant of the other kind of network', { variants: [{ label: 'a', network: { layers: [] } }] }],
  ])('accepts %s', (_, change) => {
    const spec = { ...smallSpec(), ...change };
    expect(validateSpec(spec)).toEqual(spec);
    expect(defineExperiment(spec as never)).toEqual(spec);
  });

  const exclusive = "'dataset' parameter of the experiment spec must be an object with";
  const grid = (parameters: object) => ({ sweep: { type: 'grid', parameters } });
  const random = (parameters: object, samples = 3) => ({ sweep: { type: 'random', samples, parameters } });

  it.each<[object, string]>([
    [
      { dataset: { buildin: 'wine' } },
      `${exclusive} one of the keys 'generator', 'builtin', 'csv', 'npy', 'npz'. Got { buildin } instead. Did you mean 'builtin'?`,
    ],
    [{ dataset: { builtin: 'wine', csv: 'a.csv' } }, `${exclusive} only one of the keys`],
    [{ dataset: { builtin: 'breast-cancer' } }, "Did you mean 'breast_cancer'?"],
    [
      { dataset: { csv: 'a.csv', target: true } },
      "'dataset.target' parameter of the experiment spec must be a text or a number. Got true",
    ],
    [{ dataset: { csv: ' ' } }, "'dataset.csv' parameter of the experiment spec must be the path of a file"],
    [{ dataset: { csv: 'a.csv', targt: 'x' } }, "Unknown option 'targt' of dataset. Did you mean 'target'?"],
    [{ dataset: { csv: 'a.csv', delimiter: '||' } }, 'must be one character'],
    [
      { dataset: { npy: { x: 'x.npy' } } },
      "'dataset.npy.y' parameter of the experiment spec must be the path of a file. It is missing.",
    ],
    [{ dataset: { npz: 'a.npz', sha256: 'abc' } }, 'must be 64 hexadecimal digits. Got "abc" instead.'],
    [
      { dataset: { builtin: 'wine', noiseFeatures: 2 } },
      "'dataset.noiseRandomState' parameter of the experiment spec must be given",
    ],
    [
      { split: { folds: 1, validationSize: 0.2, randomState: 1 } },
      "'split.folds' parameter of the experiment spec must be an integer in the range [2, 1000000]. Got 1",
    ],
    [
      { split: { fold: 3, validationSize: 0.2, randomState: 1 } },
      "one of the keys 'testSize', 'folds'. Got { fold, validationSize, randomState } instead. Did you mean 'folds'?",
    ],
    [
      { split: { folds: 3, testSize: 0.2, validationSize: 0.2, randomState: 1 } },
      "only one of the keys 'testSize', 'folds'",
    ],
    [
      { network: { layers: [{ type: 'dens', units: 3 }] }, variants: [{ label: 'a' }] },
      `'network.layers[0].type' parameter of the experiment spec must be one of ${[...layers, ...tableLayers].map(({ name }) => `'${name}'`).join(', ')}. Got "dens" instead. Did you mean 'dense'?`,
    ],
    [{ network: { layers: [{ type: 'dropout', rate: 1 }] }, variants: [{ label: 'a' }] }, "'network.layers[0].rate'"],
    [
      { network: { layers: [{ type: 'relu', units: 3 }] }, variants: [{ label: 'a' }] },
      "Unknown option 'units' of network.layers[0]. It is an option of 'dense', 'batchEnsemble', 'memberDense'.",
    ],
    [{ network: { l2: 1 } }, "one of the keys 'hiddenUnits', 'preset', 'layers'. Got { l2 } instead."],
    [{ network: { layers: [], hiddenUnits: [] } }, "only one of the keys 'hiddenUnits', 'preset', 'layers'"],
    [
      { network: { layers: [] }, variants: [{ label: 'a', network: { dropout: 0.5 } }] },
      "In variant 'a': Unknown option 'dropout' of network. Known options: layers.",
    ],
    [{ seeds: 5 }, "'seeds' parameter of the experiment spec must be a list or an object with the key 'count'. Got 5"],
    [{ seeds: { start: 3 } }, "an object with the key 'count'. Got { start } instead."],
    [{ seeds: { count: 0 } }, "'seeds.count'"],
    [{ seeds: { start: 2 ** 32 - 1, count: 2 } }, 'such that the last seed is at most 4294967295'],
    [{ sweep: 'grid' }, "'sweep' parameter of the experiment spec must be an object"],
    [
      { sweep: { type: 'bayes', parameters: {} } },
      "'sweep.type' parameter of the experiment spec must be one of 'grid', 'random'.",
    ],
    [
      grid({}),
      "'sweep.parameters' parameter of the experiment spec must be an object with a path such as 'network.l2'",
    ],
    [
      grid({ 'network.droput': [0.5] }),
      "Unknown option 'network.droput' of sweep.parameters. Did you mean 'network.dropout'?",
    ],
    [grid({ 'training.pacience': [5] }), "Did you mean 'training.earlyStopping.patience'?"],
    [grid({ 'split.randomState': [1] }), "Unknown option 'split.randomState' of sweep.parameters. Paths lead into"],
    [grid({ l2: [1] }), "Unknown option 'l2' of sweep.parameters. Did you mean 'network.l2'?"],
    [
      grid({ seeds: [1] }),
      "Unknown option 'seeds' of sweep.parameters. Paths lead into preprocessing, scaling, network, training,",
    ],
    [grid({ 'split.stratify': [true] }), "Unknown option 'split.stratify' of sweep.parameters."],
    [grid({ 'split.randomState': [1, 2] }), "Unknown option 'split.randomState' of sweep.parameters."],
    [grid({ 'split.validationSize': [0.1] }), "Unknown option 'split.validationSize' of sweep.parameters."],
    [grid({ 'dataset.parameters.noise': [0.1] }), "Unknown option 'dataset.parameters.noise' of sweep.parameters."],
    [
      grid({ 'network.hiddenUnits': [[8], [0]] }),
      '\'sweep.parameters["network.hiddenUnits"][1][0]\' parameter of the experiment spec must be an integer',
    ],
    [grid({ 'network.hiddenUnits': [8] }), '\'sweep.parameters["network.hiddenUnits"][0]\''],
    [grid({ 'training.batchSize': [null] }), 'Got null instead.'],
    [grid({ 'network.hiddenUnits': [[8], [4], [8]] }), 'must be different from the value at index 0.'],
    [grid({ 'network.hiddenUnits': { from: 1, to: 2, count: 2 } }), 'must be a list of values'],
    [grid({ 'training.earlyStopping': [{ pacience: 3 }] }), "Did you mean 'patience'?"],
    [
      grid({ 'training.optimizer': [{ type: 'sgd' }], 'training.optimizer.learningRate': [0.1] }),
      "The sweep's 'training.optimizer.learningRate' lies inside its 'training.optimizer'. Sweep one of them.",
    ],
    [
      grid({ 'training.earlyStopping.minDelta': [0.1] }),
      "The sweep of 'training.earlyStopping.minDelta' concerns no variant, because in each there is no 'training.earlyStopping'.",
    ],
    [grid({ 'network.hiddenUnits[1]': [4] }), "because in each there is no 'network.hiddenUnits[1]'."],
    [grid({ 'network.layers[0].rate': [0.4] }), "because in each there is no 'network.layers[0]'."],
    [
      { variants: [{ label: 'a', network: { l2: 0 } }], ...grid({ 'network.l2': [0.4] }) },
      "The sweep of 'network.l2' concerns no variant, because in each a value of its own is set.",
    ],
    [grid({ __proto__: null, constructor: [1] }), "Unknown option 'constructor' of sweep.parameters."],
    [
      grid({ 'network.l2': [] }),
      '\'sweep.parameters["network.l2"]\' parameter of the experiment spec must be a list that is not empty',
    ],
    [grid({ 'network.l2': 0.1 }), "a list or an object with the key 'from'. Got 0.1 instead."],
    [
      grid({ 'network.l2': [0.1, -1] }),
      '\'sweep.parameters["network.l2"][1]\' parameter of the experiment spec must be a number in the range [0, inf). Got -1',
    ],
    [grid({ 'network.l2': ['0.1'] }), 'must be a number in the range [0, inf). Got "0.1" instead.'],
    [grid({ 'network.l2': [0.1, 0.1] }), 'must be different from the value at index 0. Got 0.1 instead.'],
    [grid({ 'training.epochs': [1.5] }), 'must be an integer in the range [1, inf). Got 1.5 instead.'],
    [
      grid({ 'training.optimizer.type': ['sdg'] }),
      "must be one of 'sgd', 'adam', 'adamW', 'rmsprop', 'adagrad', 'nadam', 'lion', 'sam'. Got \"sdg\" instead.",
    ],
    [grid({ 'network.l2': { from: 1, to: 0.1, count: 3 } }), 'must be larger than from (1). Got 0.1 instead.'],
    [
      grid({ 'network.l2': { from: 0, to: 1, count: 3, scale: 'log' } }),
      "must be larger than 0 with scale 'log'. Got 0 instead.",
    ],
    [
      grid({ 'network.l2': { from: 0, to: 1 } }),
      '\'sweep.parameters["network.l2"].count\' parameter of the experiment spec must be an integer in the range [2, 1000000]. It is missing.',
    ],
    [
      grid({ 'network.l2': { from: 0, to: 1, count: 3, scale: 'ln' } }),
      "must be one of 'linear', 'log'. Got \"ln\" instead.",
    ],
    [
      grid({ 'network.dropout': { from: 0, to: 1, count: 3 } }),
      '\'sweep.parameters["network.dropout"].to\' parameter of the experiment spec must be a number in the range [0, 1). Got 1',
    ],
    [
      random({ 'network.l2': { from: 0, to: 1, count: 3 } }),
      'Unknown option \'count\' of sweep.parameters["network.l2"]. Known options: from, to, scale.',
    ],
    [
      random({ 'network.l2': [1, 2] }),
      "'sweep.samples' parameter of the experiment spec must be at most the number of different points (2). Got 3 instead.",
    ],
    [random({ 'network.l2': [1, 2] }, 0), "'sweep.samples'"],
    [
      grid({ 'network.l2': { from: 0, to: 1, count: 1000 }, 'network.l1': { from: 0, to: 1, count: 1000 } }),
      'Got 4000000 trials from the experiment spec, and at most 1000000 are allowed.',
    ],
  ])('refuses %j', (change, part) => {
    const message = messageOf({ ...smallSpec(), ...change });
    expect(message).toContain(part);
    expect(message).not.toContain('\n');
  });

  it.each([
    ['training.optimizer.momentum', "because in each 'training.optimizer' is of a kind without it."],
    ['network.layers[0].rate', "because in each there is no 'network.layers[0]'."],
    ['training.loss.delta', "because in each 'training.loss' is of a kind without it."],
  ])('refuses a sweep of %s where no variant has it', (path, reason) => {
    const message = messageOf({ ...smallSpec(), ...grid({ [path]: [0.1, 0.2] }) });
    expect(message).toBe(`The sweep of '${path}' concerns no variant, ${reason}`);
  });

  it.each<[string, object, string]>([
    [
      'what other values of a variant rule out',
      grid({ 'training.optimizer.type': ['sgd'], 'training.optimizer.nesterov': [true] }),
      "at training.optimizer.type = sgd, training.optimizer.nesterov = true: The 'training.optimizer.momentum' parameter",
    ],
  ])('refuses a sweep that fits no variant: %s', (_, change, part) => {
    const [title, ...problems] = messageOf({ ...smallSpec(), ...change }).split('\n');
    expect(title).toBe('The experiment spec has 2 problems:');
    expect(problems.map((problem) => problem.split(', at ')[0])).toEqual([
      "- In variant 'Plain'",
      "- In variant 'Dropout'",
    ]);
    for (const problem of problems) expect(problem).toContain(part);
  });

  it('checks combinations of swept values', () => {
    const spec = {
      ...smallSpec(),
      ...grid({ 'training.optimizer.type': ['sgd', 'adam'], 'training.optimizer.momentum': [0.5] }),
    };
    expect(messageOf(spec)).toContain('at training.optimizer.type = adam, training.optimizer.momentum = 0.5');
    expect(
      messageOf({
        ...smallSpec(),
        ...grid({ 'training.optimizer.type': ['sgd'], 'training.optimizer.momentum': [0.5] }),
      }),
    ).toBe('(valid)');
  });

  it.each<[string, object, string]>([
    ['makeClassification', { classSep: -1 }, 'classSep'],
    ['makeClassification', { nInformative: 1, nClasses: 4 }, 'nInformative'],
    ['makeClassification', { nFeatures: 3 }, 'nFeatures'],
    ['makeClassification', { weights: [0.5, 0.2, 0.3, 0.1] }, 'weights'],
    ['makeBlobs', { centerBox: [5, -5] }, 'centerBox'],
    ['makeMoons', { nSamples: [0, 0] }, 'nSamples'],
    ['makeCircles', { factor: 2 }, 'factor'],
  ])('refuses %s with %j in the words of a call', (generator, parameters, option) => {
    const called = (() => {
      try {
        generators.find(({ definition }) => definition.type === generator)!(parameters);
      } catch (error) {
        return (error as Error).message;
      }
      return '(valid)';
    })();
    expect(called).toContain(`The '${option}' parameter of ${generator} must be `);
    const message = messageOf(changed([['dataset'], { generator, parameters }]));
    const inSpec = `The 'dataset.parameters.${option}' parameter of the experiment spec must be `;
    expect(message).toBe(called.replace(`The '${option}' parameter of ${generator} must be `, inSpec));
  });

  it('wants losses for the same kind of targets', () => {
    const variants = [{ label: 'a' }, { label: 'b', training: { loss: 'meanSquaredError' } }];
    expect(messageOf({ ...smallSpec(), variants })).toBe(
      "In variant 'b': The 'training.loss' parameter of the experiment spec must be for classes, as that of the experiment is (softmaxCrossEntropy). Got \"meanSquaredError\" instead.",
    );
    expect(messageOf({ ...smallSpec(), ...grid({ 'training.loss': ['binaryCrossEntropy'] }) })).toBe('(valid)');
    expect(
      messageOf({ ...smallSpec(), ...grid({ 'training.loss': ['binaryCrossEntropy', 'meanSquaredError'] }) }),
    ).toContain("In variant 'Plain', at training.loss = meanSquaredError: The 'training.loss' parameter");
  });

  it('has a limit to how deep a spec may be, instead of that of the call stack', () => {
    let nested: unknown = 1;
    for (let i = 0; i < 2000; i++) nested = i % 2 ? [nested] : { nested };
    for (const change of [{ network: nested }, { dataset: nested }, { extra: nested }]) {
      expect(messageOf({ ...smallSpec(), ...change })).toBe(
        'Objects and lists in the experiment spec must lie at most 100 levels deep. Got more.',
      );
    }
    expect(messageOf(nested)).toContain('100 levels');
  });

  it('tells the first 20 problems and how many there are', () => {
    const keys = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`key${i}`, i]));
    const message = messageOf({ ...smallSpec(), ...keys });
    const [title, ...lines] = message.split('\n');
    expect(title).toBe('The experiment spec has 20000 problems:');
    expect(lines).toHaveLength(21);
    expect(lines[19]).toContain("- Unknown option 'key19' of the experiment spec.");
    expect(lines[20]).toBe('- and 19980 more');
    expect(message.length).toBeLessThan(10_000);
    const values = Array.from({ length: 20_000 }, (_, i) => -1 - i);
    expect(messageOf({ ...smallSpec(), ...grid({ 'network.l2': values }) })).toContain('- and 19980 more');
  });

  it('refuses options that it does not have', () => {
    expect(() => validateSpec(smallSpec(), { katalog: catalog } as never)).toThrow(
      "Unknown option 'katalog' of validateSpec. Did you mean 'catalog'?",
    );
  });

  it('reports a sweep with the rest', () => {
    expect(messageOf({ ...smallSpec(), scaling: 'z', ...grid({ l2: [1], 'network.l1': [-1] }) })).toMatch(
      /^The experiment spec has 3 problems:/,
    );
  });

  it("takes the user's own kinds by their names wherever others are", () => {
    const ones = defineInitializer({ type: 'ones', options: {}, fill: (values) => values.fill(1) });
    const needy = defineInitializer({ type: 'needy', options: { a: number('[0, 1]') }, fill: () => {} });
    const known = { catalog: extendCatalog(catalog, [ones, needy]) };
    const spec = (kernelInitializer: string) => ({
      ...smallSpec(),
      network: { layers: [{ type: 'dense', units: 4, kernelInitializer }] },
      variants: [{ label: 'a' }],
    });
    expect(validateSpec(spec('ones'), known)).toMatchObject(spec('ones'));
    expect(messageOf(spec('ones'))).toContain("must be one of 'heNormal'");
    expect(() => validateSpec(spec('needy'), known)).toThrow("must be one of 'heNormal'");
  });

  it('lets one loss decide, not several', () => {
    const base = { ...smallSpec(), dataset: { builtin: 'diabetes' } };
    const training = { ...base.training, loss: 'meanSquaredError' };
    const own = (loss: unknown) => ({ ...base, training, variants: [{ label: 'Own', training: { loss } }] });
    const deciding = (spec: unknown) => decidingMetric(validateSpec(spec)).name;
    const named = { ...own('huber'), metric: 'dataLoss' };
    expect(messageOf(named)).toContain("In variant 'Own': The 'training.loss' parameter");
    expect(messageOf(named)).toContain("Leave out 'metric', or name one such as 'meanAbsoluteError'");
    expect(deciding(own('huber'))).toBe('rootMeanSquaredError');
    expect(deciding({ ...own('huber'), metric: 'meanAbsoluteError' })).toBe('meanAbsoluteError');
    expect(deciding(own({ type: 'meanSquaredError' }))).toBe('dataLoss');
    const sweep = grid({ 'training.loss': ['meanSquaredError', 'huber'] });
    const swept = { ...base, training, variants: [{ label: 'a' }], ...sweep };
    expect(deciding(swept)).toBe('rootMeanSquaredError');
    expect(messageOf({ ...swept, metric: 'dataLoss' })).toContain("Leave out 'metric'");
    const space = { sweep: { type: 'random', space: 'cocktail', samples: 3 } };
    expect(deciding({ ...swept, ...space })).toBe('dataLoss');
    // A loss that a variant has itself is not swept.
    const ownLoss = [{ label: 'a', training: { loss: 'meanSquaredError' } }];
    expect(deciding({ ...swept, ...grid({ 'network.l2': [0, 1] }), variants: ownLoss })).toBe('dataLoss');
  });

  it('wants of each type of metric one, for what the loss predicts', () => {
    const [half, two] = [0.5, 2].map((beta) => ({ type: 'fbeta', beta }));
    const own = (change: object) => messageOf({ ...smallSpec(), ...change });
    expect(own({ metrics: [half, two] })).toContain(
      "'metrics[1]' parameter of the experiment spec must be of another type",
    );
    expect(own({ metric: half, metrics: [two] })).toContain('another type than metric,');
    expect(own({ metrics: ['macroF1', 'macroF1'] })).toContain('another type than metrics[0],');
    expect(own({ metric: two, metrics: ['macroF1', two] })).toBe('(valid)');
    const numbers = (loss: unknown, ...losses: unknown[]) => ({
      dataset: { builtin: 'diabetes' },
      training: { ...smallSpec().training, loss },
      variants: [{ label: 'a' }, ...losses.map((loss) => ({ label: 'b', training: { loss } }))],
    });
    expect(own(numbers('gaussianNll'))).toBe('(valid)');
    expect(own({ ...numbers('gaussianNll'), metrics: ['r2'] })).toContain(
      "'training.loss' parameter of the experiment spec must be one that r2 can judge",
    );
    expect(own(numbers('meanSquaredError', 'gaussianNll'))).toContain('one that rootMeanSquaredError can judge');
    expect(own(numbers('meanSquaredError', { type: 'quantile', quantiles: [0.5] }))).toBe('(valid)');
    expect(own(numbers('meanSquaredError', { type: 'quantile', quantiles: [0.1, 0.9] }))).toContain("In variant 'b'");
    expect(own({ ...numbers('huber'), split: { ...smallSpec().split, stratify: true } })).toContain(
      "'split.stratify' parameter of the experiment spec must be false for numbers, which huber is for",
    );
  });

  it('is not led around in circles', () => {
    const variant: Record<string, unknown> = { label: 'a' };
    variant.self = variant;
    expect(messageOf({ ...smallSpec(), variants: [variant] })).toContain("Unknown option 'self' of variants[0].");
  });
});
