// The datasets entry where there is no Node: bundled for browsers and run in a bare context.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

test('readers and built-in sets need no Node, no files and no network', async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import * as datasets from './src/datasets/index.ts';
        const { y, classNames } = datasets.parseCsv('a,c\\n1,"x\\n"\\n2,é');
        globalThis.found = [
          datasets.loadDigits().y.length,
          datasets.loadBreastCancer().y.length,
          datasets.loadWine().y.length,
          [...y].map((k) => classNames[k]).join(),
          datasets.parseNpz(archive).x.shape.join(),
        ].join(' ');`,
      resolveDir: fileURLToPath(new URL('../..', import.meta.url)),
    },
    bundle: true,
    format: 'iife',
    platform: 'browser',
    write: false,
    logLevel: 'silent',
  });
  const archive = new URL('../golden/numpy/npy/compressed.npz', import.meta.url);
  // What every browser has, taken from here, so that typed arrays are of one realm.
  const context: Record<string, unknown> = { TextDecoder, TextEncoder, ArrayBuffer, Uint8Array, DataView, setTimeout };
  context.archive = new Uint8Array(readFileSync(archive));
  runInNewContext(outputFiles[0].text, context);
  expect(context.found).toBe('1797 569 178 x\n,é 40,8,8');
});
