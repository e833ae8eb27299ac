// These suites run where they claim to: in a browser, on the WebAssembly core.
import { expect, test } from 'vitest';
import { defaultEngine } from '../../src/backend/index.ts';

test('the default engine of a browser is the SIMD core', () => {
  expect(navigator.userAgent).toMatch(/Chrome/);
  expect('process' in globalThis && 'node' in (globalThis.process.versions ?? {})).toBe(false);
  expect(defaultEngine().info).toMatchObject({ backend: 'wasm', simd: 'simd128', numerics: 'reproducible' });
});
