// The binaries inside the package are those that the compiler made.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inlined } from '../../src/backend/wasm/inlined.ts';

test.each([
  ['simd128', 'simd'],
  ['relaxed', 'relaxed'],
] as const)('%s', (level, target) => {
  const file = readFileSync(new URL(`../../build/core-${target}.wasm`, import.meta.url));
  expect(file.equals(inlined(level))).toBe(true);
});
