// The five-model job: the data, variants and initial weights of the `moons` preset, as files that all contenders read.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { presets } from '../../dist/experiment.js';
import { dense, makeMoons, RandomState, relu, StandardScaler, sequential, trainTestSplit } from '../../dist/index.js';

/** Parts of the data, in the order of their files. */
const PARTS = ['train', 'validation'];

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

/** Writes the job to `folder`: job.json beside float32 and int32 arrays. */
export function writeJob(folder, epochs) {
  const preset = presets.moons;
  const made = makeData(preset);
  const features = made.train.x.shape[1];
  const units = [...preset.network.hiddenUnits, 2];
  for (const part of PARTS) {
    writeFileSync(join(folder, `${part}.x`), Float32Array.from(made.transform(made[part].x).data));
    writeFileSync(join(folder, `${part}.y`), made[part].y);
  }
  const hidden = preset.network.hiddenUnits.flatMap((width) => [dense(width), relu()]);
  const model = sequential({ inputSize: features, layers: [...hidden, dense(2)], seed: preset.seeds[0] });
  const weights = model.getWeights();
  weights.forEach(({ data }, i) => {
    writeFileSync(join(folder, `weights.${i}`), data);
  });
  const variants = preset.variants.map(({ label, network = {}, training = {} }) => ({
    label,
    l1: network.l1 ?? 0,
    l2: network.l2 ?? 0,
    dropout: network.dropout ?? 0,
    patience: training.earlyStopping?.patience ?? 0,
  }));
  const { batchSize, optimizer } = preset.training;
  const rows = PARTS.map((part) => made[part].y.length);
  const job = { features, units, rows, epochs, batchSize, learningRate: optimizer.learningRate, variants };
  writeFileSync(join(folder, 'job.json'), JSON.stringify(job));
}

/** The job with its arrays: `train` and `validation` as { x, y }, `weights` as [{ shape, data }]. */
export function readJob(folder) {
  const job = JSON.parse(readFileSync(join(folder, 'job.json'), 'utf8'));
  const read = (name, Type) => {
    const { buffer, byteOffset, byteLength } = readFileSync(join(folder, name));
    return new Type(buffer.slice(byteOffset, byteOffset + byteLength));
  };
  for (const part of PARTS) job[part] = { x: read(`${part}.x`, Float32Array), y: read(`${part}.y`, Int32Array) };
  const sizes = [job.features, ...job.units];
  job.weights = job.units.flatMap((width, i) => [
    { shape: [sizes[i], width], data: read(`weights.${2 * i}`, Float32Array) },
    { shape: [width], data: read(`weights.${2 * i + 1}`, Float32Array) },
  ]);
  return job;
}
