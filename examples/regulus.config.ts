// One dropout layer, after the first or after the second hidden layer: an experiment written as code, with its types
// checked by the editor. Run it with `npx regulus run examples/regulus.config.ts`.
import { dense, dropout, relu } from 'regulus';
import { defineExperiment } from 'regulus/experiment';

const first = [dense(64), relu()];
const second = [dense(32), relu()];

export default defineExperiment({
  name: 'where-to-drop',
  dataset: {
    generator: 'makeMoons',
    parameters: { nSamples: 600, noise: 0.3, randomState: 5 },
    noiseFeatures: 18,
    noiseRandomState: 6,
  },
  split: { testSize: 0.3, validationSize: 0.2, randomState: 5, stratify: true },
  scaling: 'standard',
  network: { layers: [...first, ...second] },
  training: { epochs: 60, batchSize: 32, optimizer: { type: 'adam', learningRate: 0.002 } },
  variants: [
    { label: 'No dropout' },
    ...[0.25, 0.5].flatMap((rate) => [
      { label: `First, ${rate}`, network: { layers: [...first, dropout(rate), ...second] } },
      { label: `Second, ${rate}`, network: { layers: [...first, ...second, dropout(rate)] } },
    ]),
  ],
  seeds: { count: 4 },
});
