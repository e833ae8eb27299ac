// The matrix: each entry makes a fresh project and returns what it reports. Files are written as a user would write them.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { outcomeAt, served } from './page.mjs';
import { run, versionOf } from './project.mjs';

const html = (script) => `<!doctype html><title>Regulus</title><script type="module" src="${script}"></script>`;
const main = "import { run } from './train.js';\nglobalThis.outcome = run();\n";
const node = "import { run } from './train.js';\nconsole.log(await run());\n";

/** Runs `file` with another Node, by npx as test/engines does. */
const withNode = (version, folder, file) => run(folder, 'npx', '-y', `node@${version}`, file);

const nodeEsm = (version) => ({
  tool: 'Node, ES modules',
  kind: 'node',
  run: ({ project }) => {
    const folder = project(`node-esm-${version}`, { files: { 'main.js': node } });
    return { version, outcome: withNode(version, folder, 'main.js') };
  },
});

const commonJs = (version, load) => ({
  tool: `Node, CommonJS by ${load === 'import' ? 'await import()' : 'require()'}`,
  kind: 'train',
  run: ({ project }) => {
    const get = load === 'import' ? "import('regulus')" : "Promise.resolve(require('regulus'))";
    const main = `${get}.then(async (regulus) => console.log(await (await import('./train.js')).train(regulus)));\n`;
    const folder = project(`node-cjs-${version}`, { files: { 'main.cjs': main } });
    return { version, outcome: withNode(version, folder, 'main.cjs') };
  },
});

/** A bundler that `build`s main.js to dist/, opened in Chromium. */
const bundler = (
  tool,
  packages,
  build,
  { files = {}, manifest, script = './main.js', source = html('/main.js') } = {},
) => ({
  tool,
  kind: 'browser',
  run: async ({ project, browser }) => {
    const folder = project(tool.toLowerCase().replace(/\W+/g, '-'), {
      packages,
      manifest,
      files: { 'main.js': main, 'index.html': script ? html(script) : source, ...files },
    });
    build(folder);
    const dist = join(folder, 'dist');
    mkdirSync(dist, { recursive: true });
    if (!readdirSync(dist).includes('index.html')) copyFileSync(join(folder, 'index.html'), join(dist, 'index.html'));
    noNode(dist);
    const outcome = await served(dist, (url) => outcomeAt(browser, url));
    return { version: versionOf(folder, packages[0]), outcome };
  },
});

/** No bundle for browsers may ask for a Node built-in. */
function noNode(folder) {
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!/\.m?js$/.test(name)) continue;
    const found = /["']node:\w+["']|__vite-browser-external/.exec(readFileSync(join(folder, name), 'utf8'));
    if (found) throw new Error(`${name} asks for ${found[0]}`);
  }
}

const types = `
import { createEngine, type Dataset, dense, makeMoons, relu, sequential, type Sequential } from 'regulus';
import { loadWine, parseCsv } from 'regulus/datasets';
import { defineExperiment, runExperiment } from 'regulus/experiment';
import { type Figure, renderPng, renderSvg } from 'regulus/report';
import { loadCore } from 'regulus/slim';
import { historyCsv } from 'regulus/tracking';
import { sequential as inWorker } from 'regulus/worker';

const data: Dataset = makeMoons({ nSamples: 100, randomState: 1 });
const model: Sequential = sequential({ inputSize: 2, layers: [dense(4), relu(), dense(2)] });
const { trainLoss } = await model.fit(data, { epochs: 1 });
export const loss: number | undefined = trainLoss[0];
// @ts-expect-error: a misspelt option is an error
model.fit(data, { epoch: 1 });
export const used = [createEngine().info, loadWine(), parseCsv, defineExperiment, runExperiment, renderPng, renderSvg, loadCore, historyCsv, inWorker];
export const draw = (figure: Figure): Promise<string> => renderSvg(figure);
`;

const typescript = (moduleResolution, module, version, lib, withNodeTypes) => ({
  tool: `TypeScript, ${moduleResolution}${withNodeTypes ? ', with @types/node' : ''}`,
  kind: 'types',
  run: ({ project }) => {
    const options = {
      module,
      moduleResolution,
      lib,
      target: 'ES2022',
      strict: true,
      skipLibCheck: false,
      exactOptionalPropertyTypes: true,
      types: withNodeTypes ? ['node'] : [],
      noEmit: true,
    };
    const folder = project(`typescript-${moduleResolution}-${version}`, {
      packages: [`typescript@${version}`, ...(withNodeTypes ? ['@types/node@20'] : [])],
      files: { 'main.ts': types, 'tsconfig.json': JSON.stringify({ compilerOptions: options, files: ['main.ts'] }) },
    });
    run(folder, 'npx', 'tsc', '-p', '.');
    return { version: versionOf(folder, 'typescript'), outcome: 'no errors' };
  },
});

const vite = (tool, dev) => ({
  ...bundler(tool, ['vite'], (folder) => run(folder, 'npx', 'vite', 'build')),
  ...(dev && {
    run: async ({ project, browser }) => {
      const files = { 'main.js': main, 'index.html': html('./main.js') };
      const folder = project('vite-dev', { packages: ['vite'], files });
      const server = spawn(process.execPath, ['node_modules/vite/bin/vite.js', '--host', '127.0.0.1', '--port', '0'], {
        cwd: folder,
        env: { ...process.env, NO_COLOR: '1' },
      });
      try {
        const url = await new Promise((resolve, reject) => {
          let text = '';
          server.stdout.on('data', (chunk) => {
            text += chunk;
            const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(text);
            if (found) resolve(found[0]);
          });
          server.on('exit', () => reject(new Error(text)));
        });
        return { version: versionOf(folder, 'vite'), outcome: await outcomeAt(browser, url) };
      } finally {
        server.kill();
      }
    },
  }),
});

/** Pages that use one file of the package as it is, without a bundler. */
const page = (tool, files, { policy, kind = 'train', wasm = false } = {}) => ({
  tool,
  kind,
  run: async ({ project, browser }) => {
    const folder = project(tool.toLowerCase().replace(/\W+/g, '-'), { files });
    const from = join(folder, 'node_modules', 'regulus', 'dist');
    for (const name of ['regulus.min.js', ...(wasm ? ['core-simd.wasm', 'core-relaxed.wasm'] : [])]) {
      copyFileSync(join(from, name), join(folder, name));
    }
    return { version: browser.version(), outcome: await served(folder, (url) => outcomeAt(browser, url), policy) };
  },
});

const trainMin = `import * as regulus from './regulus.min.js';
export async function train() {
  const { adam, dense, makeMoons, relu, sequential } = regulus;
  const data = makeMoons({ nSamples: 200, noise: 0.2, randomState: 1 });
  const model = sequential({ inputSize: 2, seed: 1, layers: [dense(16), relu(), dense(2)] });
  return String((await model.fit(data, { epochs: 1, optimizer: adam() })).trainLoss[0]);
}
`;
const pageMain = "import { train } from './train-min.js';\nglobalThis.outcome = train();\n";
const inWorker = `globalThis.outcome = new Promise((resolve, reject) => {
  const worker = new Worker('./worker.js', { type: 'module' });
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = ({ message }) => reject(new Error(message));
});
`;
const workerMain = "import { train } from './train-min.js';\npostMessage(await train());\n";
const inline = '<!doctype html><title>Regulus</title><script type="module">';

const slimMain = `import * as regulus from 'regulus/slim';
const { loadCore, adam, dense, makeMoons, relu, sequential } = regulus;
const early = (() => { try { sequential({ inputSize: 1, layers: [dense(2)] }); } catch (error) { return error.name; } })();
if (early !== 'EnvironmentError') throw new Error('A model was made without a core: ' + early);
globalThis.outcome = (async () => {
  await loadCore({ simd: './core-simd.wasm', relaxed: fetch('./core-relaxed.wasm') });
  const data = makeMoons({ nSamples: 200, noise: 0.2, randomState: 1 });
  const model = sequential({ inputSize: 2, seed: 1, layers: [dense(16), relu(), dense(2)] });
  const { trainLoss } = await model.fit(data, { epochs: 1, optimizer: adam() });
  return trainLoss[0] + ' ' + regulus.createEngine({ numerics: 'fast' }).info.simd;
})();
`;

const slim = {
  tool: 'regulus/slim by esbuild, core-simd.wasm by URL',
  kind: 'slim',
  run: async ({ project, browser }) => {
    const folder = project('slim', {
      packages: ['esbuild'],
      files: { 'main.js': slimMain, 'index.html': html('./out.js') },
    });
    run(folder, 'node_modules/.bin/esbuild', 'main.js', '--bundle', '--minify', '--format=esm', '--outfile=out.js');
    if (readFileSync(join(folder, 'out.js'), 'utf8').includes('AGFzbQ')) throw new Error('A binary is inlined.');
    for (const name of ['core-simd.wasm', 'core-relaxed.wasm']) {
      copyFileSync(join(folder, 'node_modules/regulus/dist', name), join(folder, name));
    }
    return { version: versionOf(folder, 'esbuild'), outcome: await served(folder, (url) => outcomeAt(browser, url)) };
  },
};

const webpackConfig =
  "export default { mode: 'production', entry: './main.js', output: { filename: 'main.js' }, performance: { hints: false } };\n";
const rollupConfig = `import resolve from '@rollup/plugin-node-resolve';
export default { input: 'main.js', output: { dir: 'dist', format: 'es' }, plugins: [resolve({ browser: true })] };
`;
const strict = "default-src 'none'; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

export const projects = [
  ...['20.0.0', '20', '22', '24'].map(nodeEsm),
  commonJs('20', 'import'),
  commonJs('22', 'require'),
  commonJs('24', 'require'),
  typescript('node16', 'node16', '7.0.2', ['ES2022', 'DOM'], true),
  typescript('bundler', 'esnext', '7.0.2', ['ES2022', 'DOM'], false),
  typescript('bundler', 'esnext', '5.9', ['ES2022', 'DOM'], false),
  vite('Vite, dev', true),
  vite('Vite, build'),
  bundler('webpack', ['webpack', 'webpack-cli'], (folder) => run(folder, 'npx', 'webpack'), {
    files: { 'webpack.config.js': webpackConfig },
  }),
  bundler('Rollup', ['rollup', '@rollup/plugin-node-resolve'], (folder) => run(folder, 'npx', 'rollup', '-c'), {
    files: { 'rollup.config.js': rollupConfig },
  }),
  bundler('esbuild', ['esbuild'], (folder) =>
    run(folder, 'node_modules/.bin/esbuild', 'main.js', '--bundle', '--format=esm', '--outfile=dist/main.js'),
  ),
  // For vega, of regulus/report, Parcel installs the polyfill `buffer` by itself, except in CI.
  bundler(
    'Parcel',
    ['parcel', 'buffer'],
    (folder) => run(folder, 'npx', 'parcel', 'build', 'index.html', '--no-cache'),
    {
      manifest: { '@parcel/resolver-default': { packageExports: true } },
    },
  ),
  page('script type="module", regulus.min.js', {
    'index.html': `${inline}import { train } from './train-min.js'; globalThis.outcome = train();</script>`,
    'train-min.js': trainMin,
  }),
  page('Web Worker', {
    'index.html': html('./main.js'),
    'main.js': inWorker,
    'worker.js': workerMain,
    'train-min.js': trainMin,
  }),
  page(
    `CSP ${strict.slice(strict.indexOf('script-src'))}`,
    { 'index.html': html('./main.js'), 'main.js': pageMain, 'train-min.js': trainMin },
    { policy: strict },
  ),
  slim,
];
