// Tests run over src/ directly; the build before them has made the core's inlined binaries.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/playground/**', '**/node_modules/**'],
    testTimeout: 120_000,
    // Vitest would leave a core to itself: of two, half of the machine.
    maxWorkers: '100%',
  },
  define: { __VERSION__: JSON.stringify('test') },
});
