// `npm run test:exports`: exported models in the programs that they are for. They are large (540 MB), so they are installed apart.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/exports/*.runtime.ts'], testTimeout: 60_000 },
  define: { __VERSION__: JSON.stringify('test') },
});
