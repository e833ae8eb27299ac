// `npm run fuzz -- [COUNT] [FORMAT …]`: reads COUNT inputs of each format (100,000 by default), or the share of it that slow
// formats take, and prints what was found. Inputs that fail are added to the corpus.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
process.chdir(root);
/** A process that has not finished a few hundred inputs for as long hangs. */
const SILENCE_SECONDS = 120;

await esbuild.build({
  entryPoints: ['run', 'formats/index'].map((name) => `test/fuzz/${name}.ts`),
  outdir: 'build/fuzz',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  platform: 'node',
  packages: 'external',
  alias: { regulus: './src/index.ts', 'regulus/experiment': './src/runner/experiment.ts' },
  define: { __VERSION__: JSON.stringify('fuzz') },
  logLevel: 'warning',
});
const { formats } = await import(pathToFileURL(join(root, 'build/fuzz/formats/index.mjs')));

const numbers = process.argv.slice(2).filter((argument) => /^\d+$/.test(argument));
const names = process.argv.slice(2).filter((argument) => !numbers.includes(argument));
const [count = '100000', seed = String(Date.now() % 2 ** 30)] = numbers;

/** Runs one format in a process of its own, which may hang or die. */
function run(name, inputs) {
  return new Promise((resolve) => {
    const child = fork('build/fuzz/run.mjs', [name, inputs, seed, 'test/fuzz/corpus'], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    let last = { format: name, inputs: 0, refused: 0, foreign: 0, slow: 0, slowest: 0, problems: [] };
    let hangs = false;
    const stop = () => {
      hangs = true;
      child.kill('SIGKILL');
    };
    let timer = setTimeout(stop, SILENCE_SECONDS * 1000);
    child.on('message', (findings) => {
      clearTimeout(timer);
      timer = setTimeout(stop, SILENCE_SECONDS * 1000);
      last = findings;
    });
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      const end = last.ended ? '' : hangs ? 'hangs' : `ended with ${signal ?? code}`;
      resolve(
        end ? { ...last, problems: [...last.problems, `${end} among the 500 inputs after ${last.inputs}`] } : last,
      );
    });
  });
}

console.log(`seed ${seed}`);
const rows = [['format', 'inputs', 'refused', 'foreign errors', 'slow', 'slowest ms', 'peak MB', 'seconds']];
const problems = [];
for (const { name, few = 1000 } of formats.filter((format) => names.length === 0 || names.includes(format.name))) {
  const start = Date.now();
  const found = await run(name, Math.max(few, Math.round((Number(count) * few) / 1000)));
  problems.push(...found.problems.map((problem) => `${name}: ${problem}`));
  const { inputs, refused, foreign, slow, slowest, peak = Number.NaN } = found;
  rows.push(
    [
      name,
      inputs,
      refused,
      foreign,
      slow,
      slowest.toFixed(0),
      peak.toFixed(0),
      ((Date.now() - start) / 1000).toFixed(0),
    ].map(String),
  );
  console.error(rows.at(-1).join('  '));
}
const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
console.log(
  rows
    .map((row) => row.map((cell, i) => (i ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join('  '))
    .join('\n'),
);
if (problems.length > 0) {
  console.log(problems.join('\n'));
  process.exitCode = 1;
}
