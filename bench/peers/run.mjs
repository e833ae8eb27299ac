// Runs the five-model job and matrix products in Regulus and in other libraries, in turn, and prints a table:
// `npm run bench:peers -- [--quick] [--only REGEX] [--json FILE] [--tutorial FILE.py]`. See ../README.md.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const here = fileURLToPath(new URL('.', import.meta.url));
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    json: { type: 'string' },
    tutorial: { type: 'string' },
  },
});

if (!existsSync(join(here, 'node_modules/.package-lock.json'))) {
  execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: here, stdio: 'inherit' });
}
const { writeJob } = await import('./job.mjs');

const rounds = options.quick ? 1 : 3;
const epochs = options.quick ? 2 : 100;
const sizes = options.quick ? [64, 256] : [64, 256, 512];
/** How far the loss after a few epochs may be from ours, relative to it: float32 rounding, no more. */
const SAME = 1e-3;

const js = (name, module, option, more = {}) => ({ name, module, option, tasks: ['job', 'matmul'], rounds, ...more });
const ours = [js('regulus fast', 'regulus', 'fast'), js('regulus reproducible', 'regulus', 'reproducible')];
const others = [
  js('jax-js', 'jax-js', 'wasm'),
  js('tfjs wasm', 'tfjs', 'wasm'),
  js('tfjs cpu', 'tfjs', 'cpu', { rounds: 1 }), // one run takes minutes
  js('ml-matrix', 'ml-matrix', '-', { tasks: ['matmul'] }),
  js('numpy', 'numpy_eager', 'float64', { python: 'numpy', tasks: ['job'] }),
  js('numpy float32', 'numpy_eager', 'float32', { python: 'numpy' }),
  js('pytorch', 'pytorch_eager', '-', { python: 'torch' }),
  ...(options.tutorial
    ? [js('tutorial', 'tutorial', options.tutorial, { python: 'numpy, sklearn', tasks: ['job'] })]
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

/** One process, one thread, one task. */
async function measure({ module, option, python: library }, task, argument) {
  const [command, script] = library
    ? [python(library), join(here, 'contenders', `${module}.py`)]
    : [process.execPath, join(here, 'child.mjs')];
  const env = { ...process.env };
  for (const name of ['OMP', 'OPENBLAS', 'MKL']) env[`${name}_NUM_THREADS`] = '1';
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
  Math.max(...Object.entries(reference).map(([label, loss]) => Math.abs(check[label] - loss) / loss));

async function trainingJob(contenders, failures) {
  const folder = mkdtempSync(join(tmpdir(), 'regulus-peers-'));
  try {
    writeJob(folder, epochs);
    const results = await turns(contenders, 'job', folder, failures);
    const reference = results.get('regulus reproducible')?.[0].check ?? {};
    const seconds = new Map([...results].map(([name, runs]) => [name, median(runs.map((run) => run.seconds))]));
    const ratio = (name, own) => `${(seconds.get(name) / seconds.get(own)).toFixed(1)}×`;
    const rows = [...results].map(([name, runs]) => {
      const [{ version, check, losses }] = runs;
      const off = Object.keys(check).length ? distance(check, reference) : undefined;
      const same = off === undefined ? '-' : off <= SAME ? off.toExponential(0) : `${off.toPrecision(2)} DIFFERS`;
      if (off > SAME) failures.set(name, `its losses differ from ours by ${off}`);
      return [
        `${name} ${version}`,
        String(runs.length),
        seconds.get(name).toFixed(2),
        ratio(name, 'regulus fast'),
        ratio(name, 'regulus reproducible'),
        same,
        ...Object.values(losses).map((loss) => loss.toFixed(4)),
      ];
    });
    const labels = Object.keys([...results.values()][0][0].losses);
    console.log(`Five models × ${epochs} epochs, one thread, training only; losses of the last epoch\n`);
    console.log(table(['', 'runs', 'seconds', '÷ fast', '÷ repr.', 'loss check', ...labels], rows));
    return Object.fromEntries(results);
  } finally {
    rmSync(folder, { recursive: true });
  }
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
const missing = chosen.filter((contender) => contender.python && !python(contender.python));
const contenders = [...ours, ...chosen.filter((contender) => !missing.includes(contender))];
const failures = new Map();
const host = { date: new Date().toISOString(), node: process.versions.node, cpu: cpus()[0].model };
console.log(`Node ${host.node}, ${host.cpu}; ${rounds} rounds in turn, medians, a process for every run`);
for (const { name, python: library } of missing) console.log(`${name} is left out: no python3 has ${library}.`);
console.log('brain.js is left out: it has neither softmax cross-entropy nor minibatches, so it cannot do this job.\n');

const job = await trainingJob(
  contenders.filter(({ tasks }) => tasks.includes('job')),
  failures,
);
const matmul = await products(
  contenders.filter(({ tasks }) => tasks.includes('matmul')),
  failures,
);
for (const [name, reason] of failures) console.log(`\n${name} failed: ${reason}`);
if (options.json) writeFileSync(options.json, `${JSON.stringify({ host, epochs, job, matmul }, null, 2)}\n`);
process.exitCode = failures.size ? 1 : 0;
