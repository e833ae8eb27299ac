// Rows for bundlers: each builds main.js and the worker to dist/, which is opened in Chromium.
import { spawn } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { outcomeAt, served } from './page.mjs';
import { run, versionOf } from './project.mjs';

export const html = (script) => `<!doctype html><title>Regulus</title><script type="module" src="${script}"></script>`;
const main = "import { run } from './train.js';\nglobalThis.outcome = run();\n";

/** `options`: further `files`, more of package.json (`manifest`), the Content-Security-Policy to serve with (`policy`). */
const bundler = (tool, packages, command, { files = {}, manifest, policy } = {}) => ({
  tool,
  kind: 'browser',
  run: async ({ project, browser }) => {
    const folder = project(tool.toLowerCase().replace(/\W+/g, '-'), {
      packages,
      manifest,
      files: { 'main.js': main, 'index.html': html('./main.js'), ...files },
    });
    run(folder, 'npx', ...command.split(' '));
    const dist = join(folder, 'dist');
    if (!readdirSync(dist).includes('index.html')) copyFileSync(join(folder, 'index.html'), join(dist, 'index.html'));
    noNode(dist);
    const outcome = await served(dist, (url) => outcomeAt(browser, url), policy);
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

export const viteDev = {
  tool: 'Vite, dev',
  kind: 'browser',
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
};

export const viteBuild = bundler('Vite, build', ['vite'], 'vite build');

export const webpack = bundler('webpack', ['webpack', 'webpack-cli'], 'webpack', {
  files: {
    'webpack.config.js': `export default {
  mode: 'production', entry: './main.js', output: { filename: 'main.js' }, performance: { hints: false },
};
`,
  },
});

// Rollup and esbuild leave `new URL('./worker-thread.js', import.meta.url)` as it is: the worker is a second entry.
export const rollup = bundler('Rollup', ['rollup', '@rollup/plugin-node-resolve'], 'rollup -c', {
  files: {
    'rollup.config.js': `import resolve from '@rollup/plugin-node-resolve';
export default {
  input: { main: 'main.js', 'worker-thread': 'regulus/worker-thread' },
  output: { dir: 'dist', format: 'es' },
  plugins: [resolve({ browser: true })],
};
`,
  },
});

/** By esbuild, served with a Content-Security-Policy if one is given. */
export const esbuild = (tool, policy) => {
  const command = 'esbuild main.js worker-thread=regulus/worker-thread --bundle --minify --format=esm --outdir=dist';
  return bundler(tool, ['esbuild'], command, { policy });
};

// Parcel reads the "exports" of packages only if it is told to. For vega, of regulus/report, it installs the polyfill
// `buffer` by itself, except in CI.
export const parcel = bundler('Parcel', ['parcel', 'buffer'], 'parcel build index.html --no-cache', {
  manifest: { '@parcel/resolver-default': { packageExports: true } },
});

const slimMain = `import * as regulus from 'regulus/slim';
const { loadCore, adam, dense, makeMoons, relu, sequential } = regulus;
const early = (() => { try { sequential({ inputSize: 1, layers: [dense(2)] }); } catch (error) { return error.name; } })();
if (early !== 'EnvironmentError') throw new Error('A model was made without a core: ' + early);
globalThis.outcome = (async () => {
  await loadCore({ simd: './core-simd.wasm', relaxed: fetch('./core-relaxed.wasm') });
  const data = makeMoons({ nSamples: 200, noise: 0.2, randomState: 1 });
  const model = sequential({ inputSize: 2, seed: 1, layers: [dense(16), relu(), dense(2)] });
  const { trainLoss } = await model.fit(data, { epochs: 1, optimizer: adam() });
  return trainLoss[0] + ' | ' + regulus.createEngine({ numerics: 'fast' }).info.simd;
})();
`;

export const slim = {
  tool: 'regulus/slim by esbuild, core-simd.wasm by URL',
  kind: 'slim',
  run: async ({ project, browser }) => {
    const folder = project('slim', {
      packages: ['esbuild'],
      files: { 'main.js': slimMain, 'index.html': html('./out.js') },
    });
    run(folder, 'npx', 'esbuild', 'main.js', '--bundle', '--minify', '--format=esm', '--outfile=out.js');
    if (readFileSync(join(folder, 'out.js'), 'utf8').includes('0061736d')) throw new Error('A binary is inlined.');
    for (const name of ['core-simd.wasm', 'core-relaxed.wasm']) {
      copyFileSync(join(folder, 'node_modules/regulus/dist', name), join(folder, name));
    }
    return { version: versionOf(folder, 'esbuild'), outcome: await served(folder, (url) => outcomeAt(browser, url)) };
  },
};
