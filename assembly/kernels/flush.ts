// Tiny numbers become 0, so that none of training is denormal: arithmetic with those takes a hundred times as long, and
// WebAssembly cannot have the processor leave them out (docs/numerics.md, rule 12).
import { endOf } from './tail';

/** 2^-50: products of what is not smaller are at least 2^-100, and their sums are multiples of 2^-123, so neither is denormal. */
// @ts-ignore: decorator
@inline export const TINY: f32 = 8.881784197001252e-16;

/** x, or 0 where |x| < `least`; NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function flushed(x: v128, least: f32 = TINY): v128 {
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), f32x4.splat(least)));
}

/** x (n) = 0 where |x| < 2^-50; NaN stays NaN. */
export function flush(x: usize, n: i32): void {
  const end = endOf(x, n);
  while (x < end) {
    v128.store(x, flushed(v128.load(x)));
    x += 16;
  }
}
