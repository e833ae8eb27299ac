// The binaries of the core that ship inside the package. The build of `regulus/slim` replaces this file.

import type { SimdLevel } from './core.ts';
import relaxed from './generated/core-relaxed.ts';
import simd128 from './generated/core-simd.ts';

/** The bytes of the core for `level`; undefined in `regulus/slim`. */
export function inlined(level: SimdLevel): Uint8Array<ArrayBuffer> | undefined {
  const base = decode(simd128);
  return level === 'simd128' ? base : patch(base, relaxed.copies, decode(relaxed.bytes));
}

/** Undoes `delta` of scripts/delta.mjs: most of the relaxed binary is in the other one too, so that only the rest ships. */
function patch(base: Uint8Array, copies: readonly number[], bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  let used = 0;
  for (let i = 0; i < copies.length; i += 3) {
    const [fresh, start, length] = copies.slice(i, i + 3) as [number, number, number];
    parts.push(bytes.subarray(used, used + fresh), base.subarray(start, start + length));
    used += fresh;
  }
  parts.push(bytes.subarray(used));
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    result.set(part, end);
    end += part.length;
  }
  return result;
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  // Node's own decoder is many times faster than atob, which matters at a cold start. Not as a free name: Parcel would polyfill it.
  if (globalThis.Buffer) return Uint8Array.from(globalThis.Buffer.from(base64, 'base64'));
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
