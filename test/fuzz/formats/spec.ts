// Specs of experiments, as JSON files with comments.

import { parseJson } from '../../../src/cli/parse-json.ts';
import { presets, trials, validateSpec } from '../../../src/experiment/index.ts';
import { smallSpec } from '../../experiment/small-spec.ts';
import { decode, type Format } from '../format.ts';
import { mutatedJsonText } from '../mutate.ts';

const rich = {
  ...smallSpec(),
  dataset: { csv: 'a.csv', target: 'y', noiseFeatures: 2, noiseRandomState: 1 },
  split: { folds: 3, validationSize: 0.2, randomState: 1, stratify: true },
  network: {
    layers: [{ type: 'dense', units: 4, kernelRegularizer: { type: 'l2', strength: 0.01 } }, { type: 'relu' }],
  },
  metric: 'macroF1',
  metrics: ['accuracy'],
  seeds: { start: 1, count: 3 },
  sweep: {
    type: 'random',
    samples: 5,
    parameters: { 'training.batchSize': { from: 1, to: 64, scale: 'log' }, 'training.epochs': [1, 2] },
  },
};

export const spec: Format = {
  name: 'spec',
  inputs: mutatedJsonText([smallSpec(), rich, ...Object.values(presets)]),
  read(input) {
    const spec = validateSpec(parseJson(decode(input), { comments: true }));
    let count = 0;
    for (const _ of trials(spec)) if (++count === 20) break;
  },
};
