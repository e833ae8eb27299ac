// What contenders do, in Node and in a page.
/** Epochs of the run that shows that contenders do the same arithmetic: in the order of the data, without dropout. */
const CHECK_EPOCHS = 3;
/** How long products and predictions are repeated, in milliseconds. */
const REPEATED_TIME = 500;
/** The least time of a block of them. */
const BLOCK_TIME = 1;
/** Rows of `predict-many`. */
const MANY = 100_000;

/** What `contender` did, as JSON: `task` with the job `given`, or `matmul` of so many rows. */
export async function perform(contender, task, given) {
  const tasks = {
    job: () => job(contender, given),
    matmul: () => matmul(contender, given),
    'predict-one': () => predict(contender, given, 1),
    'predict-many': () => predict(contender, given, MANY),
  };
  return { version: contender.version, ...(await tasks[task]()) };
}

/** The job that `json` describes, with its arrays: `train` and `validation` as { x, y }, `weights` as [{ shape, data }]. */
export async function jobOf(json, read) {
  const job = JSON.parse(json);
  for (const part of ['train', 'validation']) {
    job[part] = { x: new Float32Array(await read(`${part}.x`)), y: new Int32Array(await read(`${part}.y`)) };
  }
  const sizes = [job.features, ...job.units];
  job.weights = [];
  for (const [i, width] of job.units.entries()) {
    for (const shape of [[sizes[i], width], [width]]) {
      job.weights.push({ shape, data: new Float32Array(await read(`weights.${job.weights.length}`)) });
    }
  }
  return job;
}

async function job(contender, given) {
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

async function matmul(contender, size) {
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

/** The median time of a call, in milliseconds, over blocks of calls that are long for the clock of a page. */
async function medianTime(run) {
  const block = async (calls) => {
    const start = performance.now();
    for (let i = 0; i < calls; i++) await run();
    return performance.now() - start;
  };
  let calls = 1;
  // The first calls are slow, and others may be.
  while (Math.min(await block(calls), await block(calls), await block(calls)) < BLOCK_TIME) calls *= 2;
  const times = [];
  const deadline = performance.now() + REPEATED_TIME;
  while (times.length < 5 || performance.now() < deadline) times.push((await block(calls)) / calls);
  return times.sort((x, y) => x - y)[times.length >> 1];
}

/** Class probabilities of so many rows, which are plain arrays before and after; `check` is that of a class of the first row. */
async function predict(contender, given, rows) {
  const run = await contender.predictor(given);
  const x = Float32Array.from({ length: rows * given.features }, (_, i) => (((i % 9973) * 7) % 13) / 13 - 0.5);
  let probabilities;
  const milliseconds = await medianTime(async () => {
    probabilities = await run(x, rows);
  });
  return { milliseconds, check: { first: probabilities[0] } };
}
