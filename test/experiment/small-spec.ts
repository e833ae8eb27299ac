// A small experiment that trains in milliseconds.
import type {
  ExperimentSpec,
  GeneratorSpec,
  HoldOutSpec,
  PerceptronSpec,
  TrainingSpec,
} from '../../src/experiment/index.ts';

/** `T`, to be changed at any depth. */
type Mutable<T> = T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;

export interface SmallSpec extends Mutable<ExperimentSpec> {
  dataset: Mutable<GeneratorSpec>;
  split: Mutable<HoldOutSpec>;
  network: Mutable<PerceptronSpec>;
  training: Mutable<TrainingSpec>;
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
