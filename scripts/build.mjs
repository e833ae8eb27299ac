// Builds everything: the compute core (asc), its inlined binaries, the package (esbuild) and its types (tsc).
// `node scripts/build.mjs core` stops after the core, which is all that tests of `src/` need.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { delta } from './delta.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const { version, dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const require = createRequire(import.meta.url);
const targets = ['simd', 'relaxed'];
const generated = 'src/backend/wasm/generated';

/** Runs the executable `name` of the npm package `pkg` with this Node. */
function run(pkg, name, ...args) {
  const manifest = require.resolve(`${pkg}/package.json`);
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  execFileSync(process.execPath, [join(dirname(manifest), bin[name] ?? bin), ...args], { stdio: 'inherit' });
}

const modified = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const newest = (folder) =>
  Math.max(...readdirSync(folder, { recursive: true }).map((name) => modified(join(folder, name))));

/** Compiles the core for each target and writes both as modules beside the room that loads them. */
function buildCore() {
  mkdirSync(generated, { recursive: true });
  const products = targets.flatMap((target) => [`build/core-${target}.wasm`, join(generated, `core-${target}.ts`)]);
  const sources = Math.max(
    newest('assembly'),
    ...['asconfig.json', 'scripts/build.mjs', 'scripts/delta.mjs'].map(modified),
  );
  if (products.every((file) => modified(file) > sources)) return;
  for (const target of targets) run('assemblyscript', 'asc', '--target', target);
  const [simd, relaxed] = targets.map((target) => readFileSync(`build/core-${target}.wasm`));
  const { copies, bytes } = delta(simd, relaxed);
  const write = (target, value) => {
    const text = `// Generated from assembly/ by scripts/build.mjs.\nexport default ${value};\n`;
    writeFileSync(join(generated, `core-${target}.ts`), text);
  };
  write('simd', `'${simd.toString('base64')}'`);
  write('relaxed', `{ copies: ${JSON.stringify(copies)}, bytes: '${bytes.toString('base64')}' }`);
}

/** Keeps the inlined binaries out of `regulus/slim`. */
const withoutBinaries = {
  name: 'without-binaries',
  setup(build) {
    build.onResolve({ filter: /\/inlined\.ts$/ }, () => ({ path: resolve('src/backend/wasm/not-inlined.ts') }));
  },
};

async function buildPackage() {
  rmSync('dist', { recursive: true, force: true });
  const shared = {
    outdir: 'dist',
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    define: { __VERSION__: JSON.stringify(version) },
    // Names stay, for stack traces.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    sourcemap: true,
    logLevel: 'warning',
  };
  const external = [...Object.keys(dependencies), 'node:*'];
  await esbuild.build({
    ...shared,
    entryPoints: {
      index: 'src/index.ts',
      datasets: 'src/datasets/index.ts',
      experiment: 'src/experiment/index.ts',
      runner: 'src/runner/experiment.ts',
      report: 'src/report/index.ts',
      'report-node': 'src/report/node.ts',
      tracking: 'src/tracking/index.ts',
      worker: 'src/worker/index.ts',
      cli: 'src/cli/main.ts',
    },
    splitting: true,
    external,
    chunkNames: 'chunks/[name]-[hash]',
  });
  // Not split, so that a thread loads only what it runs: without the schemas it starts in 40 ms instead of 100.
  await esbuild.build({ ...shared, entryPoints: { 'trial-worker': 'src/runner/trial-worker.ts' }, external });
  await esbuild.build({ ...shared, entryPoints: { slim: 'src/slim.ts' }, external, plugins: [withoutBinaries] });
  // One file with everything in it, for a page without a bundler.
  await esbuild.build({ ...shared, entryPoints: { 'regulus.min': 'src/index.ts' }, minify: true });
  // The same for the worker, which is a program of its own: import maps do not reach into workers.
  await esbuild.build({ ...shared, entryPoints: { 'worker-thread': 'src/worker/worker-thread.ts' }, minify: true });
  const { specJsonSchema } = await import('../dist/experiment.js');
  writeFileSync('dist/regulus.schema.json', `${JSON.stringify(specJsonSchema(), null, 2)}\n`);
  for (const target of targets) copyFileSync(`build/core-${target}.wasm`, `dist/core-${target}.wasm`);
  run('typescript', 'tsc', '-p', 'tsconfig.build.json');
}

buildCore();
if (process.argv[2] !== 'core') await buildPackage();
