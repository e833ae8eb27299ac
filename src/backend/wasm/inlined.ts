// The binaries of the core that ship inside the package. The build of `regulus/slim` replaces this file.
import { packed, sizes } from './generated/binaries.ts';
import { unpack } from './unpack.ts';

/** The instruction sets that the core is compiled for; `relaxed` has fused multiply-add beside what `simd128` has. */
export type SimdLevel = 'simd128' | 'relaxed';

/** The core for `simd128`, or what `relaxed` replaces in it. */
export function inlined(level: SimdLevel): Uint8Array<ArrayBuffer> {
  const { simd128, relaxed } = sizes;
  return level === 'simd128' ? unpack(packed, simd128) : unpack(packed, simd128 + relaxed).slice(simd128);
}
