// Lets every call to the file system of a small `regulus run` fail, one at a time and in each way: each time the run must
// succeed or end with an error of its own, keep what it said had finished, and a rerun must give the bytes of a run without
// a fault. Checkpoints and results are written, and read again by a run that resumes.
//
//   node test/runner/faults.mjs [--first 1] [--step 1] [--modes EIO,short]
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';

const layer = fileURLToPath(new URL('failing-files.cjs', import.meta.url));
if (!process.env.NODE_OPTIONS?.includes(layer)) {
  // Only an option of the environment reaches worker threads, too.
  const env = { ...process.env, NODE_OPTIONS: `--require ${JSON.stringify(layer)}` };
  process.exit(spawnSync(process.execPath, process.argv.slice(1), { env, stdio: 'inherit' }).status ?? 1);
}
const { cells, marker, modes, shared } = createRequire(import.meta.url)(layer);
const { values } = parseArgs({
  options: {
    first: { type: 'string', default: '1' },
    step: { type: 'string', default: '1' },
    modes: { type: 'string', default: modes.join() },
  },
});

// The command line as a function, with pictures that take no time. In the package, where it finds its worker thread.
const pictures = `
  export const buildFigures = () => [{ name: 'a' }, { name: 'b' }];
  export const renderSvg = ({ name }) => '<svg>' + name;
  export const prepareDrawing = async () => {};
  export const renderPng = (svg) => Buffer.from(svg);
  export const buildReport = ({ name }, drawn) => name + drawn.length;
  export const describeResults = ({ best }) => ({ header: [best], rows: [], notes: [] });
  export const buildComparison = () => '';
  export const describeComparison = () => ({ headline: '', header: [], rows: [], notes: [] });
  export class PngDrawer {
    start() {}
    close() {}
    draw = async (svg) => renderPng(svg);
  }`;
const withoutCharts = {
  name: 'without-charts',
  setup(build) {
    build.onResolve({ filter: /report\/(node|index)\.ts$|png-drawer\.ts$/ }, () => ({
      path: 'pictures',
      namespace: 'stub',
    }));
    build.onLoad({ filter: /.*/, namespace: 'stub' }, () => ({ contents: pictures }));
  },
};
const root = fileURLToPath(new URL('../..', import.meta.url));
const bundle = join(root, 'build', `faults-${process.pid}.mjs`);
await esbuild.build({
  stdin: {
    contents: "export { run } from './src/cli/run.ts';",
    resolveDir: root,
  },
  outfile: bundle,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  plugins: [withoutCharts],
  define: { __VERSION__: "'test'" },
});
const { run } = await import(pathToFileURL(bundle).href);
rmSync(bundle);

const folder = mkdtempSync(join(tmpdir(), marker));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const specFile = join(dirname(folder), `spec-of-${folder.slice(folder.lastIndexOf('-') + 1)}.json`);
process.on('exit', () => rmSync(specFile, { force: true }));
writeFileSync(
  specFile,
  JSON.stringify({
    name: 'faults',
    dataset: { generator: 'makeMoons', parameters: { nSamples: 60, noise: 0.2, randomState: 1 } },
    split: { testSize: 0.2, validationSize: 0.25, randomState: 3 },
    scaling: 'none',
    network: { hiddenUnits: [4] },
    training: { epochs: 2, batchSize: 16, optimizer: { type: 'sgd', learningRate: 0.1 } },
    variants: [{ label: 'A' }],
    seeds: [1, 2],
  }),
);

function check(condition, message) {
  if (condition) return;
  console.error(`FAILED: ${message}`);
  process.exit(1);
}

/** One run in this process; `at` is the call that fails, 0 for none. */
async function attempt(out, at = 0, mode = 0) {
  const printed = { stdout: '', stderr: '' };
  const output = (name) => ({
    write: (text) => {
      printed[name] += text;
    },
  });
  for (const [name, value] of Object.entries({ count: 0, at, mode, failed: 0 })) {
    Atomics.store(shared, cells[name], value);
  }
  const argv = ['run', specFile, '--out', out, '--workers', '1', '--checkpoint-every', '1', '--json'];
  const signal = new AbortController().signal;
  const code = await run(argv, { stdout: output('stdout'), stderr: output('stderr'), env: {}, signal });
  const [calls, failed] = [cells.count, cells.failed].map((cell) => Atomics.load(shared, cell));
  Atomics.store(shared, cells.at, 0);
  const events = printed.stdout.split('\n').flatMap((line) => (line ? [JSON.parse(line)] : []));
  return { code, calls, failed, events, ...printed };
}

/** The files of a run by name, but those that hold times, and all names. */
function contents(out) {
  const names = readdirSync(out, { recursive: true })
    .map(String)
    .filter((name) => statSync(join(out, name)).isFile())
    .sort();
  const equal = names.filter((name) => name !== 'timing.json' && !name.startsWith('.regulus'));
  return { names, bytes: equal.map((name) => readFileSync(join(out, name)).toString('latin1')).join() };
}

// From nothing, and from a folder with one finished trial and one checkpoint.
const whole = await attempt(join(folder, 'whole'));
check(whole.code === 0, whole.stderr);
const expected = contents(join(folder, 'whole'));
const half = join(folder, 'half');
for (let at = 1; ; at++) {
  rmSync(half, { recursive: true, force: true });
  await attempt(half, at, modes.indexOf('full'));
  const [trials, checkpoints] = ['trials', 'checkpoints'].map((kind) => {
    const path = join(half, '.regulus', kind);
    return statSync(path, { throwIfNoEntry: false }) ? readdirSync(path) : [];
  });
  if (trials.length === 1 && checkpoints.length === 1) break;
}

const ownError = /^error: (In variant .*, seed \d: )?(Cannot \w+ \/|The (lock entry|folder) \/|\/.* does not say)/m;
const count = {};
for (const mode of values.modes.split(',')) {
  count[mode] = 0;
  for (const start of [undefined, half]) {
    for (let at = Number(values.first); ; at += Number(values.step)) {
      const out = join(folder, 'out');
      if (start) cpSync(start, out, { recursive: true });
      const { code, failed, stderr, events } = await attempt(out, at, modes.indexOf(mode));
      const where = `${mode} at call ${at}${start ? ' of a resumed run' : ''}`;
      if (failed > 0) {
        count[mode] += 1;
        check(code === 0 || (code === 1 && ownError.test(stderr)), `${where}: code ${code}, ${stderr}`);
        check(!/\bE[A-Z]{2,}\b|undefined|\n {4}at /.test(stderr), `${where}: ${stderr}`);
      } else check(code === 0, `${where}, which never came: ${stderr}`);
      const ended = events.filter(({ type }) => type === 'trialEnd').length;
      const before = events.find(({ type }) => type === 'start')?.finished ?? 0;
      const again = await attempt(out);
      check(again.code === 0, `the rerun after ${where} failed: ${again.stderr}`);
      check(!again.stderr.includes('warning'), `the rerun after ${where}: ${again.stderr}`);
      check(again.events[0].finished >= before + ended, `the rerun after ${where} had lost a trial`);
      const found = contents(out);
      check(found.bytes === expected.bytes, `the rerun after ${where} has other bytes`);
      check(`${found.names}` === `${expected.names}`, `files that do not belong after ${where}: ${found.names}`);
      rmSync(out, { recursive: true, force: true });
      if (failed === 0) break;
    }
  }
  if (process.stdout.isTTY) console.log(`${count[mode]} ${mode}`);
}
const all = Object.values(count).reduce((sum, n) => sum + n, 0);
const each = Object.entries(count).map(([mode, n]) => `${n} ${mode}`);
console.log(
  `${all} faults (${each.join(', ')}), each an error of its own or none, nothing lost, all reruns identical.`,
);
