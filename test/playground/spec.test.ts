// Specs from elsewhere become states of the page, and what the page cannot take is named.
import { type ExperimentSpec, presets, validateSpec } from 'regulus/experiment';
import { expect, test } from 'vitest';
import { fromSpec, toSpec } from '../../examples/playground/src/spec.ts';
import { initialState } from '../../examples/playground/src/state.ts';
import { smallSpec } from '../experiment/small-spec.ts';

const noted = (changes: object) => fromSpec(validateSpec({ ...smallSpec(), ...changes })).differences;
const { training } = smallSpec();

test('the page takes what it has written, and what the spec of a preset shares with it', () => {
  expect(fromSpec(toSpec(initialState)).differences).toEqual([]);
  expect(noted({})).toEqual([]);
  expect(fromSpec(presets.moons as ExperimentSpec).differences).toEqual([]);
});

test.each<[string, object, string[]]>([
  [
    'minDelta for all',
    { training: { ...training, earlyStopping: { patience: 3, minDelta: 0.01 } } },
    ['earlyStopping'],
  ],
  [
    'minDelta of a variant',
    { variants: [{ label: 'a' }, { label: 'b', training: { earlyStopping: { patience: 3, minDelta: 0.01 } } }] },
    ['earlyStopping (b)'],
  ],
  ['a minDelta of 0, the default', { training: { ...training, earlyStopping: { patience: 3, minDelta: 0 } } }, []],
  [
    "variants' own training",
    {
      variants: [
        { label: 'a' },
        { label: 'b', training: { optimizer: { type: 'sgd' }, epochs: 7 } },
        { label: 'c', training: { optimizer: { type: 'adam', learningRate: 0.1 }, batchSize: 4 } },
        { label: 'd', training: { optimizer: { type: 'adam', learningRate: 0.01 } } },
      ],
    },
    ['epochs (b)', 'batchSize (c)', 'optimizer (b, c)'],
  ],
  [
    "a variant's own network",
    {
      variants: [
        { label: 'a', network: { hiddenUnits: [3] } },
        { label: 'b', network: { layers: [{ type: 'dense', units: 3 }] } },
        { label: 'c', network: { hiddenUnits: [8], l1: 0.1 } },
      ],
    },
    ['network (a, b)'],
  ],
  [
    'momentum for all, further variants and a sweep',
    {
      training: { ...training, optimizer: { type: 'sgd', momentum: 0.9 } },
      variants: Array.from({ length: 8 }, (_, i) => ({ label: `${i}` })),
      sweep: { type: 'grid', parameters: { 'network.l2': [0, 1] } },
    },
    ['optimizer', 'variants', 'sweep'],
  ],
  ['layers', { network: { layers: [{ type: 'dense', units: 3 }] }, variants: [{ label: 'a' }] }, ['network']],
  [
    'other data, folds',
    { dataset: { builtin: 'wine' }, split: { folds: 3, validationSize: 0.2, randomState: 1 } },
    ['dataset', 'split'],
  ],
])('%s', (_, changes, expected) => expect(noted(changes)).toEqual(expected));
