// The rules that hold the modules apart: those of .dependency-cruiser.mjs, one module for each package, no host mathematics, no
// stray dependencies in the core entry.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { inlined } from '../src/backend/wasm/inlined.ts';
import { initializers } from '../src/nn/index.ts';
import { activations } from '../src/nn/layers/activations.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const src = join(root, 'src');
const rules = '../.dependency-cruiser.mjs';
const plugin = '../scripts/for-bundlers.mjs';
const { default: ruleSet, importsOfModules } = await import(rules);
const { forBundlers } = await import(plugin);
const { modules, summary } = (await cruise(['src'], { ...ruleSet.options, baseDir: root, ruleSet, validate: true }))
  .output as ICruiseResult;

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts') && !name.includes('generated'))
  .sort();
const text = new Map(files.map((name) => [name, readFileSync(join(src, name), 'utf8')]));
const moduleOf = (file: string) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : '');

test('imports keep the rules', () => {
  const seen = modules.map(({ source }) => source);
  expect(seen).toEqual(expect.arrayContaining(files.map((name) => `src/${name}`)));
  expect([...new Set(files.map(moduleOf))].filter(Boolean).sort()).toEqual(Object.keys(importsOfModules).sort());
  expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
});

test('each package is imported by one module', () => {
  const users = new Map<string, Set<string>>();
  for (const { source, dependencies } of modules) {
    for (const { module, dependencyTypes } of dependencies) {
      if (!dependencyTypes.some((type) => type.startsWith('npm'))) continue;
      const [name] = /^(@[^/]+\/)?[^/]+/.exec(module)!;
      users.set(name, (users.get(name) ?? new Set()).add(moduleOf(relative('src', source))));
    }
  }
  expect([...users].filter(([, by]) => by.size > 1)).toEqual([]);
  expect([users.get('zod'), users.get('jiti')]).toEqual([new Set(['experiment']), new Set(['runner'])]);
});

test('the thread of a trial loads no schemas, so that it starts soon', async () => {
  const { outputFiles } = await build({
    entryPoints: [join(src, 'runner/trial-worker.ts')],
    bundle: true,
    packages: 'external',
    format: 'esm',
    write: false,
  });
  const loaded = [...outputFiles[0].text.matchAll(/from "([^"]+)"/g)].map(([, name]) => name);
  expect(loaded.filter((name) => /zod|vega|commander|jiti/.test(name))).toEqual([]);
});

test('every file says first what it is for', () => {
  const silent = files.filter((name) => !/^(#!.*\n)?\/\/ \S/.test(text.get(name) as string));
  expect(silent).toEqual([]);
});

test('no result depends on the mathematics of the host, which differs between engines', () => {
  const banned =
    /Math\.(exp|expm1|log|log2|log10|log1p|pow|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|cbrt|hypot|random)\b|(?<!\b2 )\*\*/;
  const code = (name: string) => (text.get(name) as string).replace(/\/\/.*|^\s*\/?\*.*/gm, '');
  const wrong = files.filter((name) => moduleOf(name) !== 'report' && banned.test(code(name)));
  expect(wrong).toEqual([]);
});

test('the compute core calls nothing of the host, which gives it memory: its mathematics is compiled in', () => {
  const core = new WebAssembly.Module(inlined('simd128'));
  expect(WebAssembly.Module.imports(core)).toEqual([{ module: 'env', name: 'memory', kind: 'memory' }]);
});

test('experiments need nothing of Node, so that they run in browsers', async () => {
  const entry = {
    entryPoints: [join(src, 'experiment/index.ts')],
    absWorkingDir: root,
    define: { __VERSION__: '"test"' },
  };
  const bundling = build({
    ...entry,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    logLevel: 'silent',
  });
  await expect(bundling).resolves.toMatchObject({ errors: [] });
});

test('the core entry pulls in no package', async () => {
  const { metafile } = await build({
    entryPoints: [join(src, 'index.ts')],
    absWorkingDir: root,
    bundle: true,
    plugins: [forBundlers],
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    define: { __VERSION__: '"test"' },
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const packages = Object.keys(metafile.inputs).filter((name) => name.includes('node_modules/'));
  expect(packages).toEqual([]);
  const entered = new Set(Object.keys(metafile.inputs).map((name) => moduleOf(relative('src', name))));
  for (const module of ['datasets', 'model', 'worker', 'experiment', 'runner', 'cluster', 'report', 'tracking', 'cli'])
    expect(entered).not.toContain(module);
});

/** What a program that imports `names` is given of the package, without what only engines with several threads load. */
async function bundled(names: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: `export ${names} from './dist/index.js';`, resolveDir: root },
    bundle: true,
    external: ['./extension-*'],
    minify: true,
    format: 'esm',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0].text;
}

test('the core entry is small', async () => {
  expect(gzipSync(await bundled('*'), { level: 9 }).length).toBeLessThanOrEqual(67_800);
  const few = await bundled('{ sequential, dense, dropout, relu }');
  expect(gzipSync(few, { level: 9 }).length).toBeLessThanOrEqual(50_700);
});

test('a bundle of the package has the kinds that it uses, and no others', async () => {
  const text = await bundled('{ sequential, dense, relu }');
  const types = Array.from(text.matchAll(/\btype:"(\w+)"/g), ([, type]) => type);
  // Beside the layer: the initializers and activations that `dense` takes by name, and the defaults of loss, optimizer and metric.
  const byName = [...initializers, ...activations].map(({ name }) => name);
  expect(types.sort()).toEqual(['accuracy', 'adam', 'dense', 'softmaxCrossEntropy', ...byName].sort());
});
