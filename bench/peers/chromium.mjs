// Runs contenders in pages of Debian's Chromium that may share memory, so that there are threads.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { chromium } from 'playwright-core';
import { program } from '../../test/engines/installed.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** Starts Chromium. `measure` runs one task in a page of its own; `job` is the folder of a job. */
export async function openChromium() {
  const built = mkdtempSync(join(tmpdir(), 'regulus-peers-page-'));
  await esbuild.build({
    entryPoints: [join(here, 'page.mjs')],
    outdir: built,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    mainFields: ['browser', 'module', 'main'],
    // Regulus as it is published, so that it finds what its threads load.
    plugins: [
      {
        name: 'regulus',
        setup: (build) =>
          build.onResolve({ filter: /\/dist\/index\.js$/ }, ({ path, importer }) =>
            importer.startsWith(join(here, 'contenders'))
              ? { path: `/dist/${path.split('/dist/')[1]}`, external: true }
              : undefined,
          ),
      },
    ],
    logLevel: 'error',
  });
  let job = '';
  const folders = {
    '/dist/': () => join(here, '../../dist'),
    '/tfjs/': () => join(here, 'node_modules/@tensorflow/tfjs-backend-wasm/dist'),
    '/job/': () => job,
    '/': () => built,
  };
  const server = createServer(({ url }, response) => {
    const path = normalize(new URL(url, 'http://localhost').pathname);
    response.setHeader('cross-origin-opener-policy', 'same-origin');
    response.setHeader('cross-origin-embedder-policy', 'require-corp');
    if (path === '/')
      return response.setHeader('content-type', types['.html']).end('<script type=module src=/page.js></script>');
    const prefix = Object.keys(folders).find((each) => path.startsWith(each));
    try {
      const body = readFileSync(join(folders[prefix](), path.slice(prefix.length)));
      response.setHeader('content-type', types[extname(path)] ?? 'application/octet-stream').end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await chromium.launch({
    executablePath: program('chromium'),
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  }); // root cannot have one
  return {
    version: browser.version(),
    async measure({ module, option }, task, argument, threads) {
      if (task !== 'matmul') job = argument;
      const manifest = (name) => JSON.parse(readFileSync(join(here, 'node_modules', name, 'package.json'), 'utf8'));
      const versions = { '@jax-js/jax': manifest('@jax-js/jax').version };
      const page = await browser.newPage();
      try {
        await page.goto(`http://127.0.0.1:${server.address().port}/`);
        await page.waitForFunction('globalThis.perform !== undefined');
        return await page.evaluate((asked) => globalThis.perform(asked), {
          module,
          option,
          task,
          argument,
          threads,
          versions,
        });
      } finally {
        await page.close();
      }
    },
    async close() {
      await browser.close();
      server.close();
      rmSync(built, { recursive: true });
    },
  };
}
