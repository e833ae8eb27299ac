// `npm run test:browser`: the unit and conformance suites in Chromium, the very files that `npm test` runs in Node.
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';

const modules = ['backend', 'data', 'nn', 'optim', 'random', 'train'];
/** These compile the core, read its files, compare bytes of v8's serializer or make realms with node:vm, or count threads: they need Node. */
const needNode = [
  'test/backend/accuracy.test.ts',
  'test/backend/inlined.test.ts',
  'test/backend/threads-in-node.test.ts',
  'test/backend/wide.test.ts',
  'test/data/dataset.test.ts',
  'test/data/splits.test.ts',
  'test/train/callbacks.test.ts',
  'test/train/checkpoint.test.ts',
];

export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  // Pages that may share memory, for engines with threads.
  server: {
    headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
  },
  define: { __VERSION__: JSON.stringify('test') },
  test: {
    include: [...modules.map((module) => `test/${module}/**/*.test.ts`), 'test/browser/*.browser.ts'],
    exclude: needNode,
    testTimeout: 60_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] },
      }),
      instances: [{ browser: 'chromium' }],
    },
  },
});
