// A small experiment that trains in milliseconds.
import type {
  ExperimentSpec,
  GeneratorSpec,
  HoldOutSpec,
  NoiseSpec,
  PerceptronSpec,
} from '../../src/experiment/index.ts';

export interface SmallSpec extends ExperimentSpec {
  dataset: GeneratorSpec & NoiseSpec;
  split: HoldOutSpec;
  network: PerceptronSpec;
  seeds: number[];
}

export const smallSpec = (): SmallSpec => ({
  name: 'small',
  dataset: {
    generator: 'makeMoons',
    parameters: { nSamples: 100, noise: 0.2, randomState: 1 },
    noiseFeatures: 2,
    noiseRandomState: 2,
  },
  split: { testSize: 0.2, validationSize: 0.25, randomState: 3 },
  scaling: 'standard',
  network: { hiddenUnits: [8] },
  training: { epochs: 3, batchSize: 16, optimizer: { type: 'adam', learningRate: 0.01 } },
  variants: [{ label: 'Plain' }, { label: 'Dropout', network: { dropout: 0.5 } }],
  seeds: [7, 8],
});
