// What validateSpec accepts, and what it says about everything else.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/errors/index.ts';
import { presets, validateSpec } from '../../src/experiment/index.ts';
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
  it('accepts the presets, the examples and a small spec', () => {
    const circles = JSON.parse(readFileSync(new URL('../../examples/circles.json', import.meta.url), 'utf8'));
    for (const spec of [...Object.values(presets), circles, smallSpec()]) expect(validateSpec(spec)).toEqual(spec);
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
    [['training', 'optimizer', 'momentum'], 0.9, "Use type 'sgd' for momentum."],
    [['training', 'earlyStopping'], { patience: 0 }, "'training.earlyStopping.patience'"],
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
});
