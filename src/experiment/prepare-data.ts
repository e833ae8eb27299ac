// Makes a trial's data from its spec: generate, append noise columns, split twice, scale.
import {
  type Dataset,
  type Matrix,
  makeBlobs,
  makeCircles,
  makeClassification,
  makeMoons,
  StandardScaler,
  trainTestSplit,
} from '../data/index.ts';
import { RandomState } from '../random/index.ts';
import type { DatasetSpec, ExperimentSpec, GeneratorName } from './spec.ts';

export interface PreparedData {
  train: Dataset;
  validation: Dataset;
  test: Dataset;
  classes: number;
}

const generators: Record<GeneratorName, (parameters: object) => Dataset> = {
  makeMoons,
  makeCircles,
  makeBlobs,
  makeClassification,
};

/** The three parts, scaled. A pure function of its argument. */
export function prepareData(spec: Pick<ExperimentSpec, 'dataset' | 'split' | 'scaling'>): PreparedData {
  const all = generate(spec.dataset);
  const { testSize, validationSize, randomState, stratify = false } = spec.split;
  const outer = trainTestSplit(all, { testSize, stratify, randomState });
  const inner = trainTestSplit(outer.train, { testSize: validationSize, stratify, randomState });
  const parts = { train: inner.train, validation: inner.test, test: outer.test };
  const classes = all.y.reduce((most, label) => Math.max(most, label), 0) + 1;
  if (spec.scaling === 'none') return { ...parts, classes };
  const scaler = new StandardScaler().fit(parts.train.x);
  const scaled = ({ x, y }: Dataset): Dataset => ({ x: scaler.transform(x), y });
  return { train: scaled(parts.train), validation: scaled(parts.validation), test: scaled(parts.test), classes };
}

function generate({ generator, parameters, noiseFeatures = 0, noiseRandomState = 0 }: DatasetSpec): Dataset {
  const { x, y } = generators[generator]({ randomState: 0, ...parameters });
  if (noiseFeatures === 0) return { x, y };
  return { x: appendNoise(x, noiseFeatures, noiseRandomState), y };
}

function appendNoise(x: Matrix, noiseFeatures: number, randomState: number): Matrix {
  const [rows, columns] = x.shape;
  const noise = new RandomState(randomState).randn(rows * noiseFeatures);
  const width = columns + noiseFeatures;
  const data = new Float64Array(rows * width);
  for (let i = 0; i < rows; i++) {
    data.set(x.data.subarray(i * columns, (i + 1) * columns), i * width);
    data.set(noise.subarray(i * noiseFeatures, (i + 1) * noiseFeatures), i * width + columns);
  }
  return { data, shape: [rows, width] };
}
