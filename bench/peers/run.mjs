// Runs trainings, predictions and matrix products in Regulus and in other libraries, in turn, and prints tables:
// `npm run bench:peers -- [--quick] [--threads N] [--only REGEX] [--json FILE] [--tutorial FILE.py]`. See ../README.md.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { openChromium } from './chromium.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    threads: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    json: { type: 'string' },
    tutorial: { type: 'string' },
  },
});

if (!existsSync(join(here, 'node_modules/.package-lock.json'))) {
  execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: here, stdio: 'inherit' });
}
const { writeJob } = await import('./job.mjs');
const chromium = await openChromium().catch((error) => console.log(`Chromium is left out: ${error.message}`));

const rounds = options.quick ? 1 : 3;
/** The trainings, and how many epochs each has. */
const trainings = options.quick
  ? { 'five models': 2, '2-16-2': 5, '784-512-512-10': 1 }
  : { 'five models': 100, '2-16-2': 200, '784-512-512-10': 5 };
const sizes = options.quick ? [64, 256] : [64, 256, 512];
/** How far the loss after a few epochs may be from ours, relative to it: float32 rounding, no more. */
const SAME = 1e-3;

const tasks = ['job', 'predict', 'matmul'];
const js = (name, module, option, more = {}) => ({ name, module, option, tasks, rounds, ...more });
const page = (name, module, option) => js(`${name}, page`, module, option, { inPage: true });
const ours = [js('regulus fast', 'regulus', 'fast'), js('regulus reproducible', 'regulus', 'reproducible')];
const others = [
  page('regulus fast', 'regulus', 'fast'),
  page('jax-js', 'jax-js', 'wasm'),
  page('tfjs wasm', 'tfjs', 'wasm'),
  js('jax-js', 'jax-js', 'wasm'),
  js('tfjs wasm', 'tfjs', 'wasm'),
  js('tfjs cpu', 'tfjs', 'cpu', { rounds: 1 }), // one run takes minutes
  js('ml-matrix', 'ml-matrix', '-', { tasks: ['matmul'] }),
  js('onnxruntime-web', 'onnxruntime', '-', { tasks: ['predict'] }),
  js('numpy', 'numpy_eager', 'float64', { python: 'numpy', tasks: ['job', 'predict'] }),
  js('numpy float32', 'numpy_eager', 'float32', { python: 'numpy' }),
  js('pytorch', 'pytorch_eager', '-', { python: 'torch' }),
  // It has no dropout and no L1, so it trains the plain jobs alone.
  js('scikit-learn', 'sklearn_mlp', '-', { python: 'sklearn', tasks: ['job', 'predict'], jobs: /-/ }),
  ...(options.tutorial
    ? [js('tutorial', 'tutorial', options.tutorial, { python: 'numpy, sklearn', tasks: ['job'], jobs: /models/ })]
    : []),
];

/** A Python that can import `library`, if there is one: that of the variable PYTHON, the system's, or the first in the path. */
const pythons = new Map();
function python(library) {
  if (!pythons.has(library)) {
    const candidates = process.env.PYTHON ? [process.env.PYTHON] : ['/usr/bin/python3', 'python3'];
    const found = candidates.find((command) => {
      try {
        execFileSync(command, ['-c', `import ${library}`], { stdio: 'ignore' });
        return true;
      } catch {
        return false;
      }
    });
    pythons.set(library, found);
  }
  return pythons.get(library);
}

/** One process, or one page, and one task. */
async function measure(contender, task, argument) {
  if (contender.inPage) return chromium.measure(contender, task, argument, Number(options.threads));
  const { module, option, python: library } = contender;
  const [command, script] = library
    ? [python(library), join(here, 'contenders', `${module}.py`)]
    : [process.execPath, join(here, 'child.mjs')];
  const env = { ...process.env };
  for (const name of ['OMP', 'OPENBLAS', 'MKL']) env[`${name}_NUM_THREADS`] = options.threads;
  const args = [script, ...(library ? [] : [module]), option, task, String(argument)];
  const { stdout } = await promisify(execFile)(command, args, { env });
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function table(head, rows) {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
  const line = (row) =>
    row
      .map((text, i) => (i === 0 ? text.padEnd(widths[i]) : text.padStart(widths[i])))
      .join('  ')
      .trimEnd();
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}

/** Runs `task` for all contenders, in turn, and returns their results by name. A contender that fails is reported. */
async function turns(contenders, task, argument, failures) {
  const results = new Map();
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders.filter((each) => round < each.rounds && !failures.has(each.name))) {
      try {
        const result = await measure(contender, task, argument);
        results.set(contender.name, [...(results.get(contender.name) ?? []), result]);
      } catch (error) {
        failures.set(
          contender.name,
          String(error.stderr || error.message)
            .trim()
            .split('\n')
            .at(-1),
        );
      }
    }
  }
  return results;
}

/** The greatest relative distance of `check` from ours. */
const distance = (check, reference) =>
  Math.max(
    0,
    ...Object.entries(reference).map(([label, loss]) => (label in check ? Math.abs(check[label] - loss) / loss : 0)),
  );

/** Runs what `use` does on a job in a folder. */
async function withJob(name, use) {
  const folder = mkdtempSync(join(tmpdir(), 'regulus-peers-'));
  try {
    writeJob(folder, name, trainings[name]);
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The results by contender of a task whose `check` must be ours. */
async function checked(contenders, task, folder, failures) {
  const results = await turns(contenders, task, folder, failures);
  const reference = results.get('regulus reproducible')?.[0].check ?? {};
  for (const [name, [{ check }]] of results) {
    const off = distance(check, reference);
    if (off > SAME) failures.set(name, `its result of ${task} differs from ours by ${off}`);
  }
  return results;
}

/** Trains a job, prints the losses, and returns the results. */
async function training(name, contenders, failures) {
  const able = contenders.filter(({ tasks, jobs = /./ }) => tasks.includes('job') && jobs.test(name));
  const results = await withJob(name, (folder) => checked(able, 'job', folder, failures));
  const reference = results.get('regulus reproducible')?.[0].check ?? {};
  const rows = [...results].map(([contender, [{ version, check, losses }]]) => [
    `${contender} ${version}`,
    Object.keys(check).length ? distance(check, reference).toExponential(0) : '-',
    ...Object.values(losses).map((loss) => loss.toFixed(4)),
  ]);
  const labels = Object.keys([...results.values()][0][0].losses);
  console.log(`\nLosses of the last of ${trainings[name]} epochs\n`);
  console.log(table(['', 'loss check', ...labels], rows));
  return results;
}

/** All times in one table, each with how many times more it is than ours (fast). */
function summary(columns) {
  const names = [...new Set(columns.flatMap(({ results }) => [...results.keys()]))];
  const rows = names.map((name) => [
    name,
    ...columns.flatMap(({ results, time }) => {
      if (!results.has(name)) return ['-', ''];
      const own = median(results.get('regulus fast').map(time));
      const value = median(results.get(name).map(time));
      return [value.toPrecision(3), `${(value / own).toFixed(1)}×`];
    }),
  ]);
  console.log(`\nTimes, ÷ ours (fast); ${options.threads} threads\n`);
  console.log(table(['', ...columns.flatMap(({ title }) => [title, ''])], rows));
}

async function products(contenders, failures) {
  const columns = [];
  for (const size of sizes) columns.push(await turns(contenders, 'matmul', size, failures));
  const speed = (results, name) => results.has(name) && median(results.get(name).map((run) => run.gflops));
  const rows = contenders
    .filter(({ name }) => columns.some((results) => results.has(name)))
    .map(({ name }) => [
      name,
      ...columns.flatMap((results) => {
        const gflops = speed(results, name);
        if (!gflops) return ['-', '-'];
        return [gflops.toFixed(1), `${(speed(results, 'regulus fast') / gflops).toFixed(1)}×`];
      }),
    ]);
  console.log('\nMatrix products in GFLOP/s, and how many times faster we (fast) are\n');
  console.log(table(['', ...sizes.flatMap((size) => [`${size}³`, ''])], rows));
  return sizes.map((size, i) => ({ size, results: Object.fromEntries(columns[i]) }));
}

const only = new RegExp(options.only, 'i');
const chosen = others.filter(({ name }) => only.test(name));
const missing = chosen.filter(({ python: library, inPage }) => (library ? !python(library) : inPage && !chromium));
const contenders = [...ours, ...chosen.filter((contender) => !missing.includes(contender))];
const failures = new Map();
const host = {
  date: new Date().toISOString(),
  node: process.versions.node,
  cpu: cpus()[0].model,
  chromium: chromium?.version,
};
console.log(
  `Node ${host.node}, Chromium ${host.chromium ?? '-'}, ${host.cpu}; ${rounds} rounds in turn, medians, a process for every run`,
);
for (const { name, python: library } of missing) {
  if (library) console.log(`${name} is left out: no python3 has ${library}.`);
}
console.log('tfjs-node is left out: its installation downloads a binary library from elsewhere than the registry.');
console.log('brain.js is left out: it has neither softmax cross-entropy nor minibatches, so it cannot do this job.\n');

const columns = [];
for (const name of Object.keys(trainings)) {
  const results = await training(name, contenders, failures);
  columns.push({ title: `${name}, s`, results, time: ({ seconds }) => seconds });
}
const able = contenders.filter(({ tasks }) => tasks.includes('predict'));
for (const [task, title] of Object.entries({ 'predict-one': '1 row, ms', 'predict-many': '10⁵ rows, ms' })) {
  const results = await withJob('five models', (folder) => checked(able, task, folder, failures));
  columns.push({ title, results, time: ({ milliseconds }) => milliseconds });
}
summary(columns);
const matmul = await products(
  contenders.filter(({ tasks }) => tasks.includes('matmul')),
  failures,
);
for (const [name, reason] of failures) console.log(`\n${name} failed: ${reason}`);
if (options.json) {
  const times = Object.fromEntries(columns.map(({ title, results }) => [title, Object.fromEntries(results)]));
  writeFileSync(
    options.json,
    `${JSON.stringify({ host, trainings, threads: options.threads, times, matmul }, null, 2)}\n`,
  );
}
await chromium?.close();
process.exitCode = failures.size ? 1 : 0;
