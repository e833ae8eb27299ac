// Serves and builds the playground on the built package in dist/. Paths are relative, so that the build works in any folder.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  resolve: {
    alias: [
      { find: /^regulus$/, replacement: `${dist}index.js` },
      { find: /^regulus\/(.+)$/, replacement: `${dist}$1.js` },
    ],
  },
  build: { target: 'es2022', emptyOutDir: true },
  worker: { format: 'es' },
});
