// Builds everything: the compute core (asc), its inlined binaries, the package (esbuild) and its types (tsc).
// `node scripts/build.mjs core` stops after the core, which is all that tests of `src/` need.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import { minify as terser } from 'terser';
import { abi } from './abi.mjs';
import { forBundlers, textForBundlers } from './for-bundlers.mjs';
import { nodeRequires, packagesOf, thirdPartyNotices } from './packages.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const { version, exports, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const require = createRequire(import.meta.url);
// What each binary is compiled from: the core, and what of it gains by fused multiply-add or wider vectors, which works on the
// same memory.
const products = 'assembly/gemm/index.ts';
const cores = { simd: 'assembly/index.ts', relaxed: products, wide: products, 'wide-relaxed': products };
const targets = Object.keys(cores);
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

const features = ['simd', 'bulk-memory', 'nontrapping-float-to-int', 'sign-ext', 'mutable-globals'].map(
  (name) => `--enable-${name}`,
);

/**
 * Bytes as printable characters, which `inlined.ts` turns back: 248 to 255 and 0 to 83, the most frequent ones, are one
 * character each from '!' on; 84 to 165 stand behind '}', the rest behind '~'. Where bytes stay whole, gzip finds what
 * repeats: a fifth less than base64, a tenth less than hexadecimal.
 */
const printable = (bytes) =>
  Array.from(bytes, (byte) => {
    const value = (byte + 8) % 256;
    if (value < 92) return String.fromCharCode(33 + value);
    return value < 174 ? `}${String.fromCharCode(33 + value - 92)}` : `~${String.fromCharCode(33 + value - 174)}`;
  }).join('');

/** Compiles the core and writes it, and its types, as modules beside the module that loads them. */
function buildCore() {
  mkdirSync(generated, { recursive: true });
  const made = [
    ...targets.map((target) => `build/core-${target}.wasm`),
    ...['binaries.ts', 'core.ts', 'operations.ts', 'divided.ts'].map((name) => join(generated, name)),
  ];
  const changed = Math.max(
    newest('assembly'),
    ...['asconfig.json', 'scripts/build.mjs', 'scripts/abi.mjs'].map(modified),
  );
  if (made.every((file) => modified(file) > changed)) return;
  for (const target of targets) {
    run('assemblyscript', 'asc', cores[target], '--target', target);
    // By binaryen itself: asc would inline more, which makes the core larger by a fifth, and products slower by 3 %.
    const file = `build/core-${target}.wasm`;
    const enabled = target.endsWith('relaxed') ? [...features, '--enable-relaxed-simd'] : features;
    run('binaryen', 'wasm-opt', '-O3', ...enabled, file, '-o', file);
  }
  const [simd, relaxed] = ['simd', 'relaxed'].map((target) =>
    JSON.stringify(printable(readFileSync(`build/core-${target}.wasm`))),
  );
  const binaries = `// Generated from assembly/ by scripts/build.mjs.
export const simd128 = ${simd};
export const relaxed = ${relaxed};
`;
  for (const [name, text] of Object.entries({ 'binaries.ts': binaries, ...abi(cores.simd) })) {
    writeFileSync(join(generated, name), text);
  }
}

/** Keeps the inlined binaries out of `regulus/slim`. */
const withoutBinaries = {
  name: 'without-binaries',
  setup(build) {
    build.onResolve({ filter: /\/inlined\.ts$/ }, () => ({ path: resolve('src/backend/wasm/not-inlined.ts') }));
  },
};

/** Keeps the transforms of Vega that no figure uses out of the charts, 70 kB. */
const withoutUnusedTransforms = {
  name: 'without-unused-transforms',
  setup(build) {
    const filter = /^vega-(crossfilter|force|hierarchy|label|regression|voronoi|wordcloud)$/;
    build.onResolve({ filter }, ({ path }) => ({ path, namespace: 'empty' }));
    build.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: '' }));
  },
};

/**
 * Makes the binaries a file of their own beside the chunks. `index` imports it first: bundlers keep the order of imports, and
 * the binaries compress better in front than between two chunks of code, which they would push out of gzip's window.
 */
const binariesApart = (path) => ({
  name: 'binaries-apart',
  setup(build) {
    build.onResolve({ filter: /\/binaries\.ts$/ }, () => ({ path, external: true, sideEffects: false }));
  },
});

/**
 * Lets `files` import the whole core. esbuild cuts chunks by which entries reach a file: so the core is six files instead of
 * twelve, each of which takes Node half a millisecond.
 */
const coreTogether = (files) => ({
  name: 'core-together',
  setup(build) {
    const paths = files.map((file) => resolve(file));
    build.onResolve({ filter: /^core$/ }, () => ({ path: resolve('src/index.ts') }));
    build.onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => {
      if (!paths.includes(path)) return undefined;
      return { loader: 'ts', contents: `import * as $core from 'core'; void $core;\n${textForBundlers(path)}` };
    });
  },
});

/** Deflates the text of the built-in data sets, a quarter of their size. Only those that a program loads are inflated. */
const packedData = {
  name: 'packed-data',
  setup(build) {
    build.onLoad({ filter: /\/datasets\/data\/.*\.ts$/ }, ({ path }) => {
      const [, text] = readFileSync(path, 'utf8').split('`');
      const packed = deflateRawSync(text, { level: 9 }).toString('base64');
      return {
        contents: `import { inflateSync, strFromU8 } from 'fflate';
          export default () => strFromU8(inflateSync(Uint8Array.from(atob('${packed}'), (c) => c.charCodeAt(0))));`,
      };
    });
  },
};

/** Builds with the settings that all of the package's files share, and returns what went into each file. */
async function bundle(options) {
  const { metafile } = await esbuild.build({
    outdir: 'dist',
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    mainFields: ['browser', 'module', 'main'],
    // Optional packages stay outside, all others are inside.
    external: [...Object.keys(peerDependencies), 'node:*'],
    define: { __VERSION__: JSON.stringify(version) },
    plugins: [forBundlers, nodeRequires],
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    ...options,
  });
  return Object.entries(metafile.outputs).map(([file, output]) => ({
    file,
    packages: packagesOf(output.inputs),
    ...output,
  }));
}

/**
 * Minifies the files of the library. In its own code the names of functions stay, for stack traces, and the marks by which
 * bundlers leave out the kinds that are not used; esbuild would drop them.
 */
async function minify(outputs) {
  const own = {
    module: true,
    compress: false,
    format: { preserve_annotations: true },
    keep_fnames: true,
    keep_classnames: true,
  };
  for (const { file, packages } of outputs) {
    const code = readFileSync(file, 'utf8');
    const minified =
      packages.length > 0 ? await esbuild.transform(code, { minify: true, format: 'esm' }) : await terser(code, own);
    // terser puts the mark of what is returned in front of `return`, where it means nothing and bundlers warn of it.
    writeFileSync(file, minified.code.replace(/\/\* @__PURE__ \*\/\s*(?=return\b)/g, ''));
  }
}

async function buildPackage() {
  rmSync('dist', { recursive: true, force: true });
  // What others bundle is not minified: names are for stack traces, and bundlers leave out the kinds that are not used by the
  // comments that mark functions as free of side effects, and only if each kind is declared in a statement of its own.
  const entryPoints = {
    index: 'src/index.ts',
    cluster: 'src/cluster/index.ts',
    datasets: 'src/datasets/index.ts',
    model: 'src/model/index.ts',
    experiment: 'src/experiment/index.ts',
    metrics: 'src/metrics/entry.ts',
    runner: 'src/runner/experiment.ts',
    report: 'src/report/index.ts',
    'report-node': 'src/report/node.ts',
    tables: 'src/tables/index.ts',
    'tables-node': 'src/runner/tables.ts',
    tracking: 'src/tracking/index.ts',
    uncertainty: 'src/uncertainty/index.ts',
    worker: 'src/worker/index.ts',
    'worker-thread': 'src/worker/worker-thread.ts',
    // It shares chunks with the others, and loads those alone that it needs: without the schemas it starts in 40 ms instead of 100.
    'trial-worker': 'src/runner/trial-worker.ts',
    'member-worker': 'src/runner/member-worker.ts',
    'command-thread': 'src/cli/command-thread.ts',
  };
  // Metrics are of use without a network.
  const { index, metrics, ...withCore } = entryPoints;
  const library = await bundle({
    entryPoints,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    plugins: [
      binariesApart('./binaries.js'),
      withoutUnusedTransforms,
      packedData,
      coreTogether(Object.values(withCore)),
      forBundlers,
      nodeRequires,
    ],
  });
  // Threads that share nothing with the others.
  const threads = await bundle({ entryPoints: { cli: 'src/cli/main.ts', 'png-thread': 'src/cli/png-thread.ts' } });
  await minify([...library, ...threads]);
  const others = await Promise.all([
    bundle({ entryPoints: { 'chunks/binaries': join(generated, 'binaries.ts') } }),
    bundle({
      entryPoints: { slim: 'src/slim.ts' },
      plugins: [withoutBinaries, forBundlers],
      minifyWhitespace: true,
      minifyIdentifiers: true,
    }),
    // One file with everything in it, for a page without a bundler.
    bundle({ entryPoints: { 'regulus.min': 'src/index.ts' }, minify: true }),
  ]);
  writeFileSync('dist/index.js', `import './chunks/binaries.js'; ${readFileSync('dist/index.js', 'utf8')}`);
  const packages = [library, threads, ...others].flat().flatMap((output) => output.packages);
  writeFileSync('dist/THIRD-PARTY-NOTICES.md', thirdPartyNotices(packages));
  await bundle({ outdir: 'build', entryPoints: { schema: 'src/experiment/json-schema.ts' }, plugins: [] });
  const { specJsonSchema } = await import('../build/schema.js');
  writeFileSync('dist/regulus.schema.json', `${JSON.stringify(specJsonSchema())}\n`);
  for (const target of targets) copyFileSync(`build/core-${target}.wasm`, `dist/core-${target}.wasm`);
  run('@typescript/native', 'tsc', '-p', 'tsconfig.build.json');
  removeUnreachableTypes();
}

/** Keeps of the types those that an entry leads to. */
function removeUnreachableTypes() {
  const reached = new Set();
  const visit = (file) => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const [, path] of readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?["'](\.[^"']+)\.[jt]s["']/g)) {
      visit(join(dirname(file), `${path}.d.ts`));
    }
  };
  for (const { types } of Object.values(exports)) if (types) visit(join(types));
  for (const name of readdirSync('dist/types', { recursive: true })) {
    const file = join('dist/types', name);
    if (name.endsWith('.d.ts') && !reached.has(file)) rmSync(file);
  }
}

buildCore();
if (process.argv[2] !== 'core') await buildPackage();
