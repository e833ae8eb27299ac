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
function term(v: v128, squared: bool): v128 {
  return squared ? f64x2.mul(v, v) : f64x2.abs(v);
}

/** Σ|w| or Σw² over n weights; `squared` is known at each call, and the branch gone. Four sums of two lanes, so that an addition need not wait for the one before. */
// @ts-ignore: decorator
@inline
function sum(w: usize, n: i32, squared: bool): f64 {
  let a = f64x2.splat(0), b = a, c = a, d = a;
  for (let i = n >> 3; i > 0; i--) {
    const u = v128.load(w);
    const v = v128.load(w, 16);
    a = f64x2.add(a, term(low(u), squared));
    b = f64x2.add(b, term(high(u), squared));
    c = f64x2.add(c, term(low(v), squared));
    d = f64x2.add(d, term(high(v), squared));
    w += 32;
  }
  if (n & 4) {
    const u = v128.load(w);
    a = f64x2.add(a, term(low(u), squared));
    b = f64x2.add(b, term(high(u), squared));
    w += 16;
  }
  if (n & 3) {
    const u = loadTail(w, n & 3);
    a = f64x2.add(a, term(low(u), squared));
    b = f64x2.add(b, term(high(u), squared));
  }
  const total = f64x2.add(f64x2.add(a, c), f64x2.add(b, d));
  return f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1);
}

/** Σ|w| over n weights. */
export function sumAbsolute(w: usize, n: i32): f64 {
  return sum(w, n, false);
}

/** Σw² over n weights; the squares of float32 are exact in float64. */
export function sumSquares(w: usize, n: i32): f64 {
  return sum(w, n, true);
}

/** g + l1 · sign(w) + twoL2 · w, with sign(0) = 0. */
// @ts-ignore: decorator
@inline
export function penalized(g: v128, w: v128, l1: v128, twoL2: v128): v128 {
  const sign = v128.and(v128.or(v128.and(w, i32x4.splat(0x80000000)), l1), f32x4.ne(w, f32x4.splat(0)));
  return f32x4.add(f32x4.add(g, sign), f32x4.mul(twoL2, w));
}
