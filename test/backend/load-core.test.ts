// A core that the user brings, as `regulus/slim` asks for.
import { expect, test } from 'vitest';
import { type CoreSource, createEngine, loadCore } from '../../src/backend/index.ts';
import { inlined } from '../../src/backend/wasm/inlined.ts';
import { EnvironmentError, ParameterError } from '../../src/errors/index.ts';

const bytes = inlined('simd128');
const response = () => new Response(bytes, { headers: { 'content-type': 'application/wasm' } });
const sources: Record<string, () => CoreSource> = {
  'a typed array': () => bytes,
  'an ArrayBuffer': () => bytes.buffer,
  'a module': () => new WebAssembly.Module(bytes),
  'a response': response,
  'a response on its way': async () => response(),
  'a URL': () => new URL(`data:application/wasm;base64,${btoa(String.fromCharCode(...bytes))}`),
};

test.each(Object.entries(sources))('from %s', async (_, source) => {
  await loadCore({ simd: source() });
  expect(createEngine().info.simd).toBe('simd128');
  expect(createEngine({ numerics: 'fast' }).info.simd).toBe('simd128'); // no relaxed core was given
});

test('what is no core is an error that names it', async () => {
  const empty = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
  await expect(loadCore({ simd: empty })).rejects.toThrow(ParameterError);
  await expect(loadCore({ simd: empty })).rejects.toThrow(/'simd' parameter of loadCore must be the core-simd\.wasm/);
  await expect(loadCore({ simd: Uint8Array.of(1, 2, 3) })).rejects.toThrow(EnvironmentError);
  await expect(loadCore({ simd: bytes, relaxed: empty })).rejects.toThrow(/'relaxed'/);
  await expect(loadCore({ simd: bytes, relaxed: bytes })).rejects.toThrow(/'relaxed'/);
  await expect(loadCore({ simd: 5 as unknown as CoreSource })).rejects.toThrow(ParameterError);
  await expect(loadCore({} as { simd: CoreSource })).rejects.toThrow(/'simd' parameter of loadCore/);
  await expect(loadCore({ simd: bytes, fast: bytes } as { simd: CoreSource })).rejects.toThrow(ParameterError);
});

test('what cannot be fetched is an error with its status', async () => {
  const missing = new Response('', { status: 404, statusText: 'Not Found' });
  await expect(loadCore({ simd: missing })).rejects.toThrow(/could not fetch 'simd'.*404 Not Found/);
  await expect(loadCore({ simd: new URL('file:///core.wasm') })).rejects.toThrow(EnvironmentError);
});

test('a relaxed core that this host cannot compile is done without', async () => {
  await loadCore({ simd: bytes, relaxed: Uint8Array.of(1, 2, 3) });
  expect(createEngine({ numerics: 'fast' }).info.simd).toBe('simd128');
});
