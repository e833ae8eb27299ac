// Builds everything: the compute core (asc), its inlined binaries, the package (esbuild) and its types (tsc).
// `node scripts/build.mjs core` stops after the core, which is all that tests of `src/` need.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

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

/** Compiles the core for each target and writes it as a base64 module beside the room that loads it. */
function buildCore() {
  mkdirSync(generated, { recursive: true });
  const sources = Math.max(newest('assembly'), modified('asconfig.json'), modified('scripts/build.mjs'));
  for (const target of targets) {
    const module = join(generated, `core-${target}.ts`);
    if (modified(module) > sources) continue;
    run('assemblyscript', 'asc', '--target', target);
    const base64 = readFileSync(`build/core-${target}.wasm`).toString('base64');
    writeFileSync(module, `// Generated from assembly/ by scripts/build.mjs.\nexport default '${base64}';\n`);
  }
}

async function buildPackage() {
  rmSync('dist', { recursive: true, force: true });
  await esbuild.build({
    entryPoints: {
      index: 'src/index.ts',
      datasets: 'src/datasets/index.ts',
      experiment: 'src/experiment/index.ts',
      runner: 'src/runner/experiment.ts',
      'trial-worker': 'src/runner/trial-worker.ts',
      report: 'src/report/index.ts',
      tracking: 'src/tracking/index.ts',
      worker: 'src/worker/index.ts',
      'worker-thread': 'src/worker/worker-thread.ts',
      cli: 'src/cli/main.ts',
    },
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    external: [...Object.keys(dependencies), 'node:*'],
    chunkNames: 'chunks/[name]-[hash]',
    define: { __VERSION__: JSON.stringify(version) },
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    sourcemap: true,
    metafile: true,
    logLevel: 'warning',
  });
  const { specJsonSchema } = await import('../dist/experiment.js');
  writeFileSync('dist/regulus.schema.json', `${JSON.stringify(specJsonSchema(), null, 2)}\n`);
  for (const target of targets) copyFileSync(`build/core-${target}.wasm`, `dist/core-${target}.wasm`);
  run('typescript', 'tsc', '-p', 'tsconfig.build.json');
}

buildCore();
if (process.argv[2] !== 'core') await buildPackage();
