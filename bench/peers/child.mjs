// Runs one JavaScript contender in a process of its own and prints what it did as JSON:
// `node child.mjs MODULE OPTION job|predict-one|predict-many FOLDER` or `node child.mjs MODULE OPTION matmul SIZE`.
import { readJob } from './job.mjs';

/** Epochs of the run that shows that contenders do the same arithmetic: in the order of the data, without dropout. */
const CHECK_EPOCHS = 3;
/** How long products and predictions are repeated, in milliseconds. */
const REPEATED_TIME = 500;
/** Rows of `predict-many`. */
const MANY = 100_000;

const [name, option, task, argument] = process.argv.slice(2);
const { open } = await import(`./contenders/${name}.mjs`);
const contender = await open(option);

async function job(folder) {
  const given = readJob(folder);
  const check = {};
  for (const variant of given.variants.filter(({ dropout, patience }) => !dropout && !patience)) {
    const { trainLoss } = await contender.train(given, variant, { epochs: CHECK_EPOCHS, shuffle: false });
    check[variant.label] = trainLoss;
  }
  const losses = {};
  const start = performance.now();
  for (const variant of given.variants) {
    const { trainLoss } = await contender.train(given, variant, { epochs: given.epochs, shuffle: true });
    losses[variant.label] = trainLoss;
  }
  return { seconds: (performance.now() - start) / 1000, check, losses };
}

async function matmul(size) {
  const a = Float32Array.from({ length: size * size }, (_, i) => ((i * 7) % 13) / 13 - 0.5);
  const b = Float32Array.from({ length: size * size }, (_, i) => ((i * 5) % 11) / 11 - 0.5);
  const { run, read } = await contender.matmul(a, b, size);
  const time = await medianTime(run);
  // Element (1, 2) of the product shows that it is one.
  let expected = 0;
  for (let p = 0; p < size; p++) expected += a[size + p] * b[p * size + 2];
  const value = (await read())[size + 2];
  if (!(Math.abs(value - expected) <= 1e-4 * size)) throw new Error(`The product is ${value}, not ${expected}.`);
  return { gflops: (2 * size ** 3) / time / 1e6 };
}

/** The median time of a call, in milliseconds. */
async function medianTime(run) {
  await run();
  const times = [];
  const deadline = performance.now() + REPEATED_TIME;
  while (times.length < 5 || performance.now() < deadline) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return times.sort((x, y) => x - y)[times.length >> 1];
}

/** Class probabilities of so many rows, which are plain arrays before and after; `check` is that of a class of the first row. */
async function predict(folder, rows) {
  const given = readJob(folder);
  const run = await contender.predictor(given);
  const x = Float32Array.from({ length: rows * given.features }, (_, i) => (((i % 9973) * 7) % 13) / 13 - 0.5);
  let probabilities;
  const milliseconds = await medianTime(async () => {
    probabilities = await run(x, rows);
  });
  return { milliseconds, check: { first: probabilities[0] } };
}

const tasks = {
  job: () => job(argument),
  matmul: () => matmul(Number(argument)),
  'predict-one': () => predict(argument, 1),
  'predict-many': () => predict(argument, MANY),
};
const result = await tasks[task]();
console.log(JSON.stringify({ version: contender.version, ...result }));
process.exit(0);
