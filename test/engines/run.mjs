// `npm run test:engines [-- engine …] [-- --update]`: runs the same jobs on every engine and compares the bits.
// Exits non-zero when any engine gives another hash than hash.json, or could not be run.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { engines } from './engines.mjs';
import { serve } from './server.mjs';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const { positionals, values } = parseArgs({ allowPositionals: true, options: { update: { type: 'boolean' } } });
const unknown = positionals.filter((name) => !Object.hasOwn(engines, name));
if (unknown.length > 0) {
  console.error(`Unknown engine: ${unknown.join(', ')}. Known: ${Object.keys(engines).join(', ')}.`);
  process.exit(2);
}
const names = positionals.length > 0 ? positionals : Object.keys(engines);

const bundle = path('../../build/engine-jobs.mjs');
await build({
  entryPoints: [path('run-jobs.ts')],
  outfile: bundle,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  define: { __VERSION__: '"test"' },
  logLevel: 'warning',
});

const outcomes = [];
const server = await serve(bundle);
const row = (...cells) => console.log(cells.map((cell, i) => cell.padEnd([10, 16, 0][i])).join(''));
row('engine', 'version', 'hash');
for (const name of names) {
  try {
    const outcome = { name, ...(await engines[name]({ bundle, url: server.url })) };
    row(name, outcome.version, outcome.hash);
    outcomes.push(outcome);
  } catch (error) {
    row(name, '-', `could not be run: ${error.message}`);
  }
}
server.close();

const committed =
  values.update && outcomes.length > 0 ? outcomes[0] : JSON.parse(readFileSync(path('hash.json'), 'utf8'));
const different = outcomes.filter(({ hash }) => hash !== committed.hash);
for (const { name, jobs } of different) {
  const all = new Set([...Object.keys(committed.jobs), ...Object.keys(jobs)]);
  console.log(`\n${name} differs from ${values.update ? committed.name : 'hash.json'} in:`);
  for (const job of all) {
    if (jobs[job] !== committed.jobs[job]) {
      console.log(`  ${job}: ${jobs[job] ?? 'no such job'} instead of ${committed.jobs[job] ?? 'nothing'}`);
    }
  }
}
const agreed = outcomes.length === names.length && different.length === 0;
if (agreed && values.update) {
  const { hash, jobs } = committed;
  writeFileSync(path('hash.json'), `${JSON.stringify({ hash, jobs }, null, 2)}\n`);
}
console.log(
  agreed
    ? `\n${names.length} engines, ${Object.keys(committed.jobs).length} jobs, one hash: ${committed.hash}`
    : `\n${outcomes.length - different.length} of ${names.length} engines give the hash ${committed.hash}`,
);
// Not left to the event loop: a browser that would not close is killed as this process exits.
process.exit(agreed ? 0 : 1);
