// Weight penalties: their sums for the loss, in float64, and their gradient, which the optimizers add.
import { loadTail } from './tail';

// @ts-ignore: decorator
@inline
function low(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}

// @ts-ignore: decorator
@inline
function high(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
}

// @ts-ignore: decorator
@inline
function total(a: v128, b: v128): f64 {
  const sum = f64x2.add(a, b);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** Σ|w| over n weights. */
export function sumAbsolute(w: usize, n: i32): f64 {
  let a = f64x2.splat(0), b = a;
  for (let i = n >> 2; i > 0; i--) {
    const v = f32x4.abs(v128.load(w));
    a = f64x2.add(a, low(v));
    b = f64x2.add(b, high(v));
    w += 16;
  }
  if (n & 3) {
    const v = f32x4.abs(loadTail(w, n & 3));
    a = f64x2.add(a, low(v));
    b = f64x2.add(b, high(v));
  }
  return total(a, b);
}

/** Σw² over n weights; the squares of float32 are exact in float64. */
export function sumSquares(w: usize, n: i32): f64 {
  let a = f64x2.splat(0), b = a;
  for (let i = n >> 2; i > 0; i--) {
    const v = v128.load(w);
    const lo = low(v);
    const hi = high(v);
    a = f64x2.add(a, f64x2.mul(lo, lo));
    b = f64x2.add(b, f64x2.mul(hi, hi));
    w += 16;
  }
  if (n & 3) {
    const v = loadTail(w, n & 3);
    const lo = low(v);
    const hi = high(v);
    a = f64x2.add(a, f64x2.mul(lo, lo));
    b = f64x2.add(b, f64x2.mul(hi, hi));
  }
  return total(a, b);
}

/** g + l1 · sign(w) + twoL2 · w, with sign(0) = 0. */
// @ts-ignore: decorator
@inline
export function penalized(g: v128, w: v128, l1: v128, twoL2: v128): v128 {
  const sign = v128.and(v128.or(v128.and(w, i32x4.splat(0x80000000)), l1), f32x4.ne(w, f32x4.splat(0)));
  return f32x4.add(f32x4.add(g, sign), f32x4.mul(twoL2, w));
}
