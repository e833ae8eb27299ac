// Products that are too small for packing to pay: B is read where it is, and what follows the product (bias, ReLU) is done in
// registers. Sums have the same order as in gemm.ts, so results have the same bits.
import { finished, floorOf } from '../kernels/bias';
import { loadTail, storeNext } from '../kernels/tail';
import { NR } from './blocking';
import { madd } from './kernel';

/** The four floats at `address`, of which `left` are there; the others are 0. */
function loadSome(address: usize, left: i32): v128 {
  if (left > 3) return v128.load(address);
  if (left == 2) return v128.load64_zero(address);
  return left > 0 ? loadTail(address, left) : f32x4.splat(0);
}

/** Stores eight sums, or as many as are `left`; with a bias what `finished` makes of them. */
function put(c: usize, lo: v128, hi: v128, left: i32, accumulate: bool, bias: usize, floor: v128, tiny: v128): void {
  const rest = left - 4;
  if (accumulate) {
    lo = f32x4.add(loadSome(c, left), lo);
    hi = f32x4.add(loadSome(c + 16, rest), hi);
  }
  if (bias) {
    lo = finished(lo, loadSome(bias, left), floor, tiny);
    hi = finished(hi, loadSome(bias + 16, rest), floor, tiny);
  }
  storeNext(c, lo, left);
  if (rest > 0) storeNext(c + 16, hi, rest);
}

/** Up to 4 rows and `left` columns (8 at most where it is greater). Rows that do not exist repeat the last one. */
function fourRows(
  c: usize, rsc: usize, a: usize, rsa: usize, csa: usize, b: usize, rsb: usize, depth: i32, rows: i32, left: i32,
  accumulate: bool, bias: usize, floor: v128, tiny: v128,
): void {
  let a1 = rows > 1 ? a + rsa : a;
  let a2 = rows > 2 ? a1 + rsa : a1;
  let a3 = rows > 3 ? a2 + rsa : a2;
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  const whole = left >= NR;
  for (let p = 0; p < depth; p++) {
    const b0 = whole ? v128.load(b) : loadSome(b, left);
    const b1 = whole ? v128.load(b, 16) : loadSome(b + 16, left - 4);
    let x = v128.load32_splat(a);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load32_splat(a1);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load32_splat(a2);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load32_splat(a3);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    a += csa;
    a1 += csa;
    a2 += csa;
    a3 += csa;
    b += rsb;
  }
  put(c, c00, c01, left, accumulate, bias, floor, tiny);
  if (rows > 1) put(c + rsc, c10, c11, left, accumulate, bias, floor, tiny);
  if (rows > 2) put(c + 2 * rsc, c20, c21, left, accumulate, bias, floor, tiny);
  if (rows > 3) put(c + 3 * rsc, c30, c31, left, accumulate, bias, floor, tiny);
}

/** One row and 32 columns, of which each vector of A serves eight of B. */
function oneRow(
  c: usize, a: usize, csa: usize, b: usize, rsb: usize, depth: i32, accumulate: bool, bias: usize, floor: v128, tiny: v128,
): void {
  let c0 = f32x4.splat(0), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
  for (let p = 0; p < depth; p++) {
    const x = v128.load32_splat(a);
    c0 = madd(x, v128.load(b), c0);
    c1 = madd(x, v128.load(b, 16), c1);
    c2 = madd(x, v128.load(b, 32), c2);
    c3 = madd(x, v128.load(b, 48), c3);
    c4 = madd(x, v128.load(b, 64), c4);
    c5 = madd(x, v128.load(b, 80), c5);
    c6 = madd(x, v128.load(b, 96), c6);
    c7 = madd(x, v128.load(b, 112), c7);
    a += csa;
    b += rsb;
  }
  const next: usize = bias ? 32 : 0;
  put(c, c0, c1, 8, accumulate, bias, floor, tiny);
  put(c + 32, c2, c3, 8, accumulate, bias + next, floor, tiny);
  put(c + 64, c4, c5, 8, accumulate, bias + 2 * next, floor, tiny);
  put(c + 96, c6, c7, 8, accumulate, bias + 3 * next, floor, tiny);
}

/**
 * c (m × n) = [c +] a (m × depth) · b (depth × n), whose blocks of 8 columns are `panel` bytes apart, 32 where b is as it was given;
 * with a bias (n) as `finished` makes it. Strides are in bytes.
 */
export function direct(
  c: usize, rsc: usize, a: usize, rsa: usize, csa: usize, b: usize, rsb: usize, panel: usize, m: i32, depth: i32, n: i32,
  accumulate: bool, bias: usize, relu: i32, tiny: f32,
): void {
  const floor = floorOf(relu);
  const least = f32x4.splat(tiny);
  if (m == 1 && panel == 4 * NR) {
    for (; n >= 32; n -= 32) {
      oneRow(c, a, csa, b, rsb, depth, accumulate, bias, floor, least);
      c += 128;
      b += 128;
      if (bias) bias += 128;
    }
  }
  for (let i = 0; i < m; i += 4) {
    let to = c, from = b, own = bias;
    for (let left = n; left > 0; left -= NR) {
      // Packed panels are whole.
      fourRows(to, rsc, a, rsa, csa, from, rsb, depth, m - i, left, accumulate, own, floor, least);
      to += 4 * NR;
      from += panel;
      if (own) own += 4 * NR;
    }
    c += 4 * rsc;
    a += 4 * rsa;
  }
}
