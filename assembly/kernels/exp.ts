// e^x for four floats at once, and for arrays.
import { endOf } from './tail';

/**
 * e^x for x ≤ 88.72; 0 below `least`, by default −87.33 (the normal range of float32 ends there).
 * Two-step reduction x = k·ln2 + r with |r| ≤ ln2/2 (Cody & Waite 1980), then a degree-6 polynomial with the least
 * maximum relative error (3.1e-9 before rounding). Error: below 1 ulp on [−87.33, 0] (at most 0.982, over every float32).
 */
// @ts-ignore: decorator
@inline
export function exp(x: v128, least: f32 = -87.33654): v128 {
  const inRange = f32x4.ge(x, f32x4.splat(least));
  const k = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504)));
  // The first part of ln2 has 9 bits, so that k times it is exact.
  let r = f32x4.sub(x, f32x4.mul(k, f32x4.splat(0.693359375)));
  r = f32x4.add(r, f32x4.mul(k, f32x4.splat(2.12194440e-4)));
  let p = f32x4.splat(0.0013814599);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.0083687166));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.041668389));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.16666521));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.49999994));
  // 1 + (r + r²·p): the largest term is added last.
  p = f32x4.add(f32x4.splat(1), f32x4.add(r, f32x4.mul(f32x4.mul(r, r), p)));
  // Times 2^k through the exponent bits; NaN compares false, so it is put back.
  const scaled = i32x4.add(p, i32x4.shl(i32x4.trunc_sat_f32x4_s(k), 23));
  return v128.or(v128.and(scaled, inRange), v128.andnot(x, f32x4.eq(x, x)));
}

/** e^x for any x: +∞ from 88.72284 on, where it exceeds float32. */
export function exponential4(x: v128): v128 {
  return v128.bitselect(f32x4.splat(Infinity), exp(x), f32x4.gt(x, f32x4.splat(88.72284)));
}

/** y (n) = e^x, within 1 ulp; 0 below −87.33, +∞ beyond 88.72; NaN stays NaN. y may be x. */
export function exponential(y: usize, x: usize, n: i32): void {
  const end = endOf(x, n);
  while (x < end) {
    v128.store(y, exponential4(v128.load(x)));
    y += 16;
    x += 16;
  }
}
