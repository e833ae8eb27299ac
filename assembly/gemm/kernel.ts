// The microkernel: one MR × NR tile of C, held in vector registers over the whole depth.
import { finished } from '../kernels/bias';
import { BORDER, MR, NR, workspace } from './blocking';

/** c + a·b: one rounding with relaxed SIMD's fused multiply-add, two without. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(c, f32x4.mul(a, b));
}

// @ts-ignore: decorator
@inline
function storeRow(c: usize, lo: v128, hi: v128, columns: i32, accumulate: bool): void {
  if (columns == NR) {
    if (accumulate) {
      lo = f32x4.add(v128.load(c), lo);
      hi = f32x4.add(v128.load(c, 16), hi);
    }
    v128.store(c, lo);
    v128.store(c, hi, 16);
  } else {
    v128.store(workspace, lo, BORDER);
    v128.store(workspace, hi, BORDER + 16);
    for (let j = 0; j < columns; j++) {
      const offset = (<usize>j) << 2;
      const value = load<f32>(workspace + offset, BORDER);
      store<f32>(c + offset, accumulate ? load<f32>(c + offset) + value : value);
    }
  }
}

/**
 * c (rows × columns, row stride rsc) = [c +] a (rows × depth) · panel (depth × NR, row stride rsp).
 * Strides are in bytes. 1 ≤ rows ≤ MR, 1 ≤ columns ≤ NR; a packed panel is padded with zeros beyond `columns`.
 * Rows beyond `rows` compute the last valid row again, which costs nothing that a branch would save.
 * Where `bias`, the address of the biases of the columns, is not 0, `finished` is what becomes of each sum.
 */
// @ts-ignore: decorator
@inline
function computeTile(
  c: usize, rsc: usize, a: usize, rsa: usize, csa: usize, panel: usize, rsp: usize,
  depth: i32, rows: i32, columns: i32, accumulate: bool, bias: usize,
): void {
  let a0 = a;
  let a1 = rows > 1 ? a0 + rsa : a0;
  let a2 = rows > 2 ? a1 + rsa : a1;
  let a3 = rows > 3 ? a2 + rsa : a2;
  let a4 = rows > 4 ? a3 + rsa : a3;
  let a5 = rows > 5 ? a4 + rsa : a4;
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  let c40 = c00, c41 = c00, c50 = c00, c51 = c00;
  for (let p = 0; p < depth; p++) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    panel += rsp;
    let x = v128.load32_splat(a0);
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
    a0 += csa;
    a1 += csa;
    a2 += csa;
    a3 += csa;
    if (MR > 4) {
      x = v128.load32_splat(a4);
      c40 = madd(x, b0, c40);
      c41 = madd(x, b1, c41);
      x = v128.load32_splat(a5);
      c50 = madd(x, b0, c50);
      c51 = madd(x, b1, c51);
      a4 += csa;
      a5 += csa;
    }
  }
  if (bias) {
    // Where fewer are left, what is behind them is read, but not stored; memory ends with a header of the allocator.
    const lo = v128.load(bias);
    const hi = v128.load(bias, 16);
    c00 = finished(c00, lo);
    c01 = finished(c01, hi);
    c10 = finished(c10, lo);
    c11 = finished(c11, hi);
    c20 = finished(c20, lo);
    c21 = finished(c21, hi);
    c30 = finished(c30, lo);
    c31 = finished(c31, hi);
    if (MR > 4) {
      c40 = finished(c40, lo);
      c41 = finished(c41, hi);
      c50 = finished(c50, lo);
      c51 = finished(c51, hi);
    }
  }
  storeRow(c, c00, c01, columns, accumulate);
  if (rows > 1) storeRow(c + rsc, c10, c11, columns, accumulate);
  if (rows > 2) storeRow(c + 2 * rsc, c20, c21, columns, accumulate);
  if (rows > 3) storeRow(c + 3 * rsc, c30, c31, columns, accumulate);
  if (MR > 4) {
    if (rows > 4) storeRow(c + 4 * rsc, c40, c41, columns, accumulate);
    if (rows > 5) storeRow(c + 5 * rsc, c50, c51, columns, accumulate);
  }
}

/** The tile of a packed panel, whose row stride is a constant: one address less to keep in the loop. */
export function tile(
  c: usize, rsc: usize, a: usize, rsa: usize, csa: usize, panel: usize,
  depth: i32, rows: i32, columns: i32, accumulate: bool, bias: usize,
): void {
  computeTile(c, rsc, a, rsa, csa, panel, 4 * NR, depth, rows, columns, accumulate, bias);
}

/** The tile of a B that is read where it is. */
export function tileInPlace(
  c: usize, rsc: usize, a: usize, rsa: usize, csa: usize, b: usize, rsb: usize,
  depth: i32, rows: i32, columns: i32, accumulate: bool, bias: usize,
): void {
  computeTile(c, rsc, a, rsa, csa, b, rsb, depth, rows, columns, accumulate, bias);
}

/** c (rows × 16) = [c +] a (rows × depth) · b (depth × 16, row stride rsb) for one or two rows, which would leave half of a tile idle. */
export function rowPair(
  c: usize, rsc: usize, a: usize, rsa: usize, csa: usize, b: usize, rsb: usize, depth: i32, rows: i32, accumulate: bool, bias: usize,
): void {
  let a1 = rows > 1 ? a + rsa : a;
  let c00 = f32x4.splat(0), c01 = c00, c02 = c00, c03 = c00, c10 = c00, c11 = c00, c12 = c00, c13 = c00;
  for (let p = 0; p < depth; p++) {
    const b0 = v128.load(b), b1 = v128.load(b, 16), b2 = v128.load(b, 32), b3 = v128.load(b, 48);
    let x = v128.load32_splat(a);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    c02 = madd(x, b2, c02);
    c03 = madd(x, b3, c03);
    x = v128.load32_splat(a1);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    c12 = madd(x, b2, c12);
    c13 = madd(x, b3, c13);
    a += csa;
    a1 += csa;
    b += rsb;
  }
  if (bias) {
    const b0 = v128.load(bias), b1 = v128.load(bias, 16), b2 = v128.load(bias, 32), b3 = v128.load(bias, 48);
    c00 = finished(c00, b0);
    c01 = finished(c01, b1);
    c02 = finished(c02, b2);
    c03 = finished(c03, b3);
    c10 = finished(c10, b0);
    c11 = finished(c11, b1);
    c12 = finished(c12, b2);
    c13 = finished(c13, b3);
  }
  storeRow(c, c00, c01, NR, accumulate);
  storeRow(c + 32, c02, c03, NR, accumulate);
  if (rows > 1) {
    storeRow(c + rsc, c10, c11, NR, accumulate);
    storeRow(c + rsc + 32, c12, c13, NR, accumulate);
  }
}

/** c (rows × columns) = [c +] a (rows × depth) · b (depth × columns, row stride rsb) for up to four rows and 1, 2 or 4 columns. */
export function narrowTile(
  c: usize, rsc: usize, a: usize, rsa: usize, csa: usize, b: usize, rsb: usize,
  depth: i32, rows: i32, columns: i32, accumulate: bool, bias: usize,
): void {
  let a1 = rows > 1 ? a + rsa : a;
  let a2 = rows > 2 ? a1 + rsa : a1;
  let a3 = rows > 3 ? a2 + rsa : a2;
  let c0 = f32x4.splat(0), c1 = c0, c2 = c0, c3 = c0;
  for (let p = 0; p < depth; p++) {
    const y = loadFew(b, columns);
    c0 = madd(v128.load32_splat(a), y, c0);
    c1 = madd(v128.load32_splat(a1), y, c1);
    c2 = madd(v128.load32_splat(a2), y, c2);
    c3 = madd(v128.load32_splat(a3), y, c3);
    a += csa;
    a1 += csa;
    a2 += csa;
    a3 += csa;
    b += rsb;
  }
  if (bias) {
    const own = v128.load(bias);
    c0 = finished(c0, own);
    c1 = finished(c1, own);
    c2 = finished(c2, own);
    c3 = finished(c3, own);
  }
  storeFew(c, c0, columns, accumulate);
  if (rows > 1) storeFew(c + rsc, c1, columns, accumulate);
  if (rows > 2) storeFew(c + 2 * rsc, c2, columns, accumulate);
  if (rows > 3) storeFew(c + 3 * rsc, c3, columns, accumulate);
}

// @ts-ignore: decorator
@inline
function loadFew(address: usize, columns: i32): v128 {
  return columns == 4 ? v128.load(address) : columns == 2 ? v128.load64_zero(address) : v128.load32_zero(address);
}

// @ts-ignore: decorator
@inline
function storeFew(c: usize, v: v128, columns: i32, accumulate: bool): void {
  if (accumulate) v = f32x4.add(loadFew(c, columns), v);
  if (columns == 4) v128.store(c, v);
  else if (columns == 2) v128.store64_lane(c, v, 0);
  else v128.store32_lane(c, v, 0);
}

/** c (1 × 32) = [c +] a (1 × depth) · b (depth × 32, row stride rsb): one row, each element of which serves eight vectors. */
export function row(c: usize, a: usize, csa: usize, b: usize, rsb: usize, depth: i32, accumulate: bool, bias: usize): void {
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
  if (bias) {
    c0 = finished(c0, v128.load(bias));
    c1 = finished(c1, v128.load(bias, 16));
    c2 = finished(c2, v128.load(bias, 32));
    c3 = finished(c3, v128.load(bias, 48));
    c4 = finished(c4, v128.load(bias, 64));
    c5 = finished(c5, v128.load(bias, 80));
    c6 = finished(c6, v128.load(bias, 96));
    c7 = finished(c7, v128.load(bias, 112));
  }
  storeRow(c, c0, c1, NR, accumulate);
  storeRow(c + 32, c2, c3, NR, accumulate);
  storeRow(c + 64, c4, c5, NR, accumulate);
  storeRow(c + 96, c6, c7, NR, accumulate);
}
