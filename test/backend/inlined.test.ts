// The binaries inside the package are those that the compiler made.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inlined } from '../../src/backend/wasm/inlined.ts';
import { unpack } from '../../src/backend/wasm/unpack.ts';

test.each([
  ['simd128', 'simd'],
  ['relaxed', 'relaxed'],
] as const)('%s', (level, target) => {
  const file = readFileSync(new URL(`../../build/core-${target}.wasm`, import.meta.url));
  expect(file.equals(inlined(level))).toBe(true);
});

test.each([
  ['nothing', []],
  ['one byte', [255]],
  ['one byte many times', new Array(5000).fill(7)],
  ['all bytes, thrice', Array.from({ length: 768 }, (_, i) => i)],
  ['bytes without order', Array.from({ length: 3000 }, (_, i) => (i * i * 2654435761) >>> 24)],
])('%s is packed and unpacked', async (_, values) => {
  const script = '../../scripts/pack.mjs';
  const { pack } = await import(/* @vite-ignore */ script);
  const bytes = Uint8Array.from(values);
  expect(unpack(pack(bytes), bytes.length)).toEqual(bytes);
});
