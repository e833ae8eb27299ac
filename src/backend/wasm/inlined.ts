// The binaries of the core that ship inside the package. The build of `regulus/slim` replaces this file.
import { relaxed, simd128 } from './generated/binaries.ts';

/** The instruction sets that the core is compiled for; `relaxed` has fused multiply-add beside what `simd128` has. */
export type SimdLevel = 'simd128' | 'relaxed';

/** The core for `simd128`, or what `relaxed` replaces in it. */
export function inlined(level: SimdLevel): Uint8Array<ArrayBuffer> {
  return decode(level === 'simd128' ? simd128 : relaxed);
}

/** Undoes `printable` of scripts/build.mjs. */
function decode(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const value = text.charCodeAt(i) - 41;
    // Negative values become bytes of 248 and more as they are stored.
    bytes[length++] = value < 84 ? value : value * 82 - 6837 + text.charCodeAt(++i);
  }
  return bytes.slice(0, length);
}
