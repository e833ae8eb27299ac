// Tests in a real browser, apart from the others: they need Chromium and take minutes.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  define: { __VERSION__: JSON.stringify('test') },
  test: {
    root: import.meta.dirname,
    include: ['*.test.ts'],
    globalSetup: './serve.ts',
    testTimeout: 120_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000, interval: 50 } },
    // One browser at a time: they would take the processor from each other.
    fileParallelism: false,
  },
});
