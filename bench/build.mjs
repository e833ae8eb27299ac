// Builds the benchmark suite into build/bench: the loops that measure the peak with asc, the programs with esbuild.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const asc = join(dirname(createRequire(import.meta.url).resolve('assemblyscript/package.json')), 'bin', 'asc.js');

for (const target of ['simd', 'relaxed']) {
  execFileSync(process.execPath, [asc, '--config', 'bench/assembly/asconfig.json', '--target', target], {
    stdio: 'inherit',
  });
}

await esbuild.build({
  entryPoints: ['run', 'contender', 'start', 'allocation', 'queue'].map((name) => `bench/${name}.ts`),
  outdir: 'build/bench',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  target: 'es2022',
  platform: 'node',
  packages: 'external',
  define: { __VERSION__: JSON.stringify(version) },
  logLevel: 'warning',
});
