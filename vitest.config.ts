// Tests run over src/ directly; the build before them has made the core's inlined binaries.
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/playground/**', '**/node_modules/**'],
    testTimeout: 120_000,
    // Vitest would leave a core to itself: of two, half of the machine. One more, because tests of processes and queues wait most of the time.
    maxWorkers: availableParallelism() + 1,
  },
  define: { __VERSION__: JSON.stringify('test') },
});
