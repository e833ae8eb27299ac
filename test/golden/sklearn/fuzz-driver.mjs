// Runs the cases that fuzz.py writes to standard input through src/, and answers with the results as JSON.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const source = fileURLToPath(new URL('../../../src/', import.meta.url));
const bundle = await build({
  stdin: {
    contents:
      "export * from './data/index.ts'; export * from './preprocessing/index.ts'; export * from './random/index.ts';",
    resolveDir: source,
  },
  bundle: true,
  format: 'esm',
  write: false,
});
const regulus = await import(
  `data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].text).toString('base64')}`
);

const matrix = ({ data, shape }) => ({ data: Float64Array.from(data), shape });
const dataset = ({ x, y }) => ({ x: matrix(x), y: Int32Array.from(y) });
const plain = (value) =>
  JSON.parse(JSON.stringify(value, (_, part) => (ArrayBuffer.isView(part) ? Array.from(part) : part)));

const runners = {
  generate: ({ name, options }) => regulus[name](options),
  random: ({ seed, method, parameters }) => {
    const random = new regulus.RandomState(seed);
    return { values: random[method](...parameters), next: random.randomSample() };
  },
  split: ({ y, options }) => {
    const { trainIndices, testIndices } = regulus.trainTestSplit(
      dataset({ x: { data: y, shape: [y.length, 1] }, y }),
      options,
    );
    return { trainIndices, testIndices };
  },
  folds: ({ name, y, options }) =>
    new regulus[name](options).split(dataset({ x: { data: y, shape: [y.length, 1] }, y })),
  scale: ({ name, options, x, other }) => {
    const scaler = new regulus[name](options);
    const train = scaler.fitTransform(matrix(x));
    return { train, other: scaler.transform(matrix(other)), back: scaler.inverseTransform(train), scale: scaler.scale };
  },
};

const cases = JSON.parse(readFileSync(0, 'utf8'));
const results = cases.map((item) => {
  try {
    return plain(runners[item.kind](item));
  } catch (error) {
    return { error: error.message };
  }
});
process.stdout.write(JSON.stringify(results));
