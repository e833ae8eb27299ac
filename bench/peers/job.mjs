// The jobs: data, variants and initial weights, as files that all contenders read.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { presets } from '../../dist/experiment.js';
import { dense, makeMoons, RandomState, relu, StandardScaler, sequential, trainTestSplit } from '../../dist/index.js';

function makeData({ dataset, split }) {
  const { x, y } = makeMoons(dataset.parameters);
  const [rows, columns] = x.shape;
  const noise = new RandomState(dataset.noiseRandomState).randn(rows * dataset.noiseFeatures);
  const width = columns + dataset.noiseFeatures;
  const data = Float64Array.from({ length: rows * width }, (_, at) => {
    const row = Math.floor(at / width);
    const column = at % width;
    return column < columns ? x.data[row * columns + column] : noise[row * dataset.noiseFeatures + column - columns];
  });
  const { testSize, validationSize, randomState } = split;
  const outer = trainTestSplit({ x: { data, shape: [rows, width] }, y }, { testSize, randomState });
  const inner = trainTestSplit(outer.train, { testSize: validationSize, randomState });
  const scaler = new StandardScaler().fit(inner.train.x);
  return { train: inner.train, validation: inner.test, transform: (matrix) => scaler.transform(matrix) };
}

/** The five models of the `moons` preset. */
function moons(epochs) {
  const preset = presets.moons;
  const made = makeData(preset);
  const part = ({ x, y }) => ({ x: Float32Array.from(made.transform(x).data), y });
  const { batchSize, optimizer } = preset.training;
  return {
    features: made.train.x.shape[1],
    units: [...preset.network.hiddenUnits, 2],
    train: part(made.train),
    validation: part(made.validation),
    epochs,
    batchSize,
    learningRate: optimizer.learningRate,
    variants: preset.variants.map(({ label, network = {}, training = {} }) => ({
      label,
      l1: network.l1 ?? 0,
      l2: network.l2 ?? 0,
      dropout: network.dropout ?? 0,
      patience: training.earlyStopping?.patience ?? 0,
    })),
  };
}

/** One plain model on classes that lie apart in as many directions. */
const plain = (label, features, units, batchSize) => (epochs) => {
  const random = new RandomState(1);
  const part = (rows) => {
    const y = Int32Array.from({ length: rows }, (_, i) => i % units.at(-1));
    const x = Float32Array.from(random.randn(rows * features));
    y.forEach((label, row) => {
      x[row * features + (label % features)] += 2;
    });
    return { x, y };
  };
  const variants = [{ label, l1: 0, l2: 0, dropout: 0, patience: 0 }];
  return {
    features,
    units,
    train: part(1280),
    validation: part(320),
    epochs,
    batchSize,
    learningRate: 0.001,
    variants,
  };
};

/** The jobs by name: what `epochs` of them are. */
export const jobs = {
  'five models': moons,
  '2-16-2': plain('2-16-2', 2, [16, 2], 64),
  '784-512-512-10': plain('784-512-512-10', 784, [512, 512, 10], 128),
};

/** Writes a job to `folder`: job.json beside float32 and int32 arrays. */
export function writeJob(folder, name, epochs) {
  const { train, validation, ...job } = jobs[name](epochs);
  for (const [part, { x, y }] of Object.entries({ train, validation })) {
    writeFileSync(join(folder, `${part}.x`), x);
    writeFileSync(join(folder, `${part}.y`), y);
  }
  const hidden = job.units.slice(0, -1).flatMap((width) => [dense(width), relu()]);
  const layers = [...hidden, dense(job.units.at(-1))];
  const weights = sequential({ inputSize: job.features, layers, seed: 42 }).getWeights();
  weights.forEach(({ data }, i) => {
    writeFileSync(join(folder, `weights.${i}`), data);
  });
  writeFileSync(join(folder, 'job.json'), JSON.stringify(job));
}
