// Weight penalties: their sums for the loss, in float64, and their gradient, which the optimizers add.
import { total } from './float64';
import { loadTail } from './tail';

/** Two float32 as float64. Loaded as two, because taking the upper half of four would cost an instruction more. */
// @ts-ignore: decorator
@inline
function pair(w: usize, offset: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(w + offset));
}

/** l1·Σ|w| + l2·Σw² over n weights, both sums in float64, where the squares of float32 are exact. */
export function penalty(w: usize, n: i32, l1: f64, l2: f64): f64 {
  // Four sums of two lanes for each, so that an addition need not wait for the one before.
  let a0 = f64x2.splat(0), a1 = a0, a2 = a0, a3 = a0;
  let s0 = a0, s1 = a0, s2 = a0, s3 = a0;
  for (let i = n >> 3; i > 0; i--) {
    const x0 = pair(w, 0), x1 = pair(w, 8), x2 = pair(w, 16), x3 = pair(w, 24);
    a0 = f64x2.add(a0, f64x2.abs(x0));
    a1 = f64x2.add(a1, f64x2.abs(x1));
    a2 = f64x2.add(a2, f64x2.abs(x2));
    a3 = f64x2.add(a3, f64x2.abs(x3));
    s0 = f64x2.add(s0, f64x2.mul(x0, x0));
    s1 = f64x2.add(s1, f64x2.mul(x1, x1));
    s2 = f64x2.add(s2, f64x2.mul(x2, x2));
    s3 = f64x2.add(s3, f64x2.mul(x3, x3));
    w += 32;
  }
  for (let i = n & 7; i > 0; i -= 2) {
    const x = i > 1 ? pair(w, 0) : f64x2.promote_low_f32x4(loadTail(w, 1));
    a0 = f64x2.add(a0, f64x2.abs(x));
    s0 = f64x2.add(s0, f64x2.mul(x, x));
    w += 8;
  }
  const absolute = f64x2.add(f64x2.add(a0, a2), f64x2.add(a1, a3));
  const squared = f64x2.add(f64x2.add(s0, s2), f64x2.add(s1, s3));
  return l1 * total(absolute) + l2 * total(squared);
}

/** g + l1 · sign(w) + twoL2 · w, with sign(0) = 0. */
// @ts-ignore: decorator
@inline
export function penalized(g: v128, w: v128, l1: v128, twoL2: v128): v128 {
  const sign = v128.and(v128.or(v128.and(w, i32x4.splat(0x80000000)), l1), f32x4.ne(w, f32x4.splat(0)));
  return f32x4.add(f32x4.add(g, sign), f32x4.mul(twoL2, w));
}

/** g (n) += l1·sign(w) + 2·l2·w, the gradient of `penalty`, with sign(0) = 0. */
export function addPenaltyGradient(g: usize, w: usize, n: i32, l1: f32, l2: f32): void {
  const a = f32x4.splat(l1);
  const b = f32x4.splat(2 * l2);
  for (let i = (n + 3) >> 2; i > 0; i--) {
    v128.store(g, penalized(v128.load(g), v128.load(w), a, b));
    g += 16;
    w += 16;
  }
}
