// One to four columns of C: too few for the register tiles of the microkernel, whose vectors lie along columns.
// Here they lie along the depth (a of contiguous rows) or along the rows of C (a of contiguous columns).
import { finished } from '../kernels/bias';
import { loadTail } from '../kernels/tail';
import { madd } from './kernel';

/** Least rows of C and least depth for which this pays; `outerTile` needs as many rows. */
// @ts-ignore: decorator
@inline export const THIN_ROWS = 16;
// @ts-ignore: decorator
@inline export const THIN_DEPTH = 8;

/** Copies b (depth × columns, strides in bytes) so that its columns are contiguous. */
export function packColumns(packed: usize, b: usize, rsb: usize, csb: usize, depth: i32, columns: i32): void {
  for (let j = 0; j < columns; j++) {
    let from = b + <usize>j * csb;
    for (let p = 0; p < depth; p++) {
      store<f32>(packed, load<f32>(from));
      packed += 4;
      from += rsb;
    }
  }
}

/**
 * c (m × columns, row stride rsc) = a (m × depth, rows contiguous) · b (depth × columns, columns contiguous), and what becomes of
 * that with biases where `bias` is not 0. m ≥ 4. Strides are in bytes. The last tile may begin before the end of the one above it: it writes the same values.
 */
export function thinDots(
  c: usize, rsc: usize, a: usize, rsa: usize, b: usize, csb: usize, m: i32, depth: i32, columns: i32, bias: usize,
): void {
  for (let j = 0; j < columns; j += 2) {
    const second = j + 1 < columns ? csb : 0;
    for (let i = 0; i < m; i += 4) {
      const row = <usize>min(i, m - 4);
      dotTile(c + row * rsc, rsc, a + row * rsa, rsa, b, second, depth, bias);
    }
    c += 8;
    b += 2 * csb;
    if (bias) bias += 8;
  }
}

/** A tile of 4 rows × 2 columns (1 where `second`, the distance of the two columns of b, is 0). */
function dotTile(c: usize, rsc: usize, a: usize, rsa: usize, b: usize, second: usize, depth: i32, bias: usize): void {
  let a1 = a + rsa;
  let a2 = a1 + rsa;
  let a3 = a2 + rsa;
  let b1 = b + second;
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  for (let p = depth >> 2; p > 0; p--) {
    const y0 = v128.load(b);
    const y1 = v128.load(b1);
    let x = v128.load(a);
    c00 = madd(x, y0, c00);
    c01 = madd(x, y1, c01);
    x = v128.load(a1);
    c10 = madd(x, y0, c10);
    c11 = madd(x, y1, c11);
    x = v128.load(a2);
    c20 = madd(x, y0, c20);
    c21 = madd(x, y1, c21);
    x = v128.load(a3);
    c30 = madd(x, y0, c30);
    c31 = madd(x, y1, c31);
    a += 16;
    a1 += 16;
    a2 += 16;
    a3 += 16;
    b += 16;
    b1 += 16;
  }
  const rest = depth & 3;
  if (rest) {
    const y0 = loadTail(b, rest);
    const y1 = loadTail(b1, rest);
    let x = loadTail(a, rest);
    c00 = madd(x, y0, c00);
    c01 = madd(x, y1, c01);
    x = loadTail(a1, rest);
    c10 = madd(x, y0, c10);
    c11 = madd(x, y1, c11);
    x = loadTail(a2, rest);
    c20 = madd(x, y0, c20);
    c21 = madd(x, y1, c21);
    x = loadTail(a3, rest);
    c30 = madd(x, y0, c30);
    c31 = madd(x, y1, c31);
  }
  let sums = laneSums(c00, c10, c20, c30);
  if (bias) sums = finished(sums, v128.load32_splat(bias));
  storeColumn(c, rsc, sums);
  if (!second) return;
  sums = laneSums(c01, c11, c21, c31);
  if (bias) sums = finished(sums, v128.load32_splat(bias, 4));
  storeColumn(c + 4, rsc, sums);
}

/** (Σ lanes of v0, Σ lanes of v1, Σ lanes of v2, Σ lanes of v3) */
// @ts-ignore: decorator
@inline
function laneSums(v0: v128, v1: v128, v2: v128, v3: v128): v128 {
  const s01 = f32x4.add(v128.shuffle<f32>(v0, v1, 0, 4, 1, 5), v128.shuffle<f32>(v0, v1, 2, 6, 3, 7));
  const s23 = f32x4.add(v128.shuffle<f32>(v2, v3, 0, 4, 1, 5), v128.shuffle<f32>(v2, v3, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(s01, s23, 0, 1, 4, 5), v128.shuffle<f32>(s01, s23, 2, 3, 6, 7));
}

/** The four lanes of v, one below the other. */
// @ts-ignore: decorator
@inline
function storeColumn(c: usize, rsc: usize, v: v128): void {
  v128.store_lane<f32>(c, v, 0);
  v128.store_lane<f32>(c + rsc, v, 1);
  v128.store_lane<f32>(c + 2 * rsc, v, 2);
  v128.store_lane<f32>(c + 3 * rsc, v, 3);
}

/**
 * c (m × columns, row stride rsc) = a (m × depth, columns contiguous, column stride csa) · b (depth × columns, any strides).
 * m ≥ 16. Strides are in bytes. The last tile may begin before the end of the one above it, as in `thinDots`.
 */
export function thinOuter(
  c: usize, rsc: usize, a: usize, csa: usize, b: usize, rsb: usize, csb: usize, m: i32, depth: i32, columns: i32,
): void {
  for (let j = 0; j < columns; j += 2) {
    const second = j + 1 < columns ? csb : 0;
    for (let i = 0; i < m; i += 16) {
      const row = <usize>min(i, m - 16);
      outerTile(c + row * rsc, rsc, a + (row << 2), csa, b, rsb, second, depth);
    }
    c += 8;
    b += 2 * csb;
  }
}

/** A tile of 16 rows × 2 columns (1 where `second` is 0). */
function outerTile(
  c: usize, rsc: usize, a: usize, csa: usize, b: usize, rsb: usize, second: usize, depth: i32,
): void {
  let b1 = b + second;
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  for (let p = 0; p < depth; p++) {
    const y0 = v128.load32_splat(b);
    const y1 = v128.load32_splat(b1);
    let x = v128.load(a);
    c00 = madd(x, y0, c00);
    c01 = madd(x, y1, c01);
    x = v128.load(a, 16);
    c10 = madd(x, y0, c10);
    c11 = madd(x, y1, c11);
    x = v128.load(a, 32);
    c20 = madd(x, y0, c20);
    c21 = madd(x, y1, c21);
    x = v128.load(a, 48);
    c30 = madd(x, y0, c30);
    c31 = madd(x, y1, c31);
    a += csa;
    b += rsb;
    b1 += rsb;
  }
  storeColumn(c, rsc, c00);
  storeColumn(c + 4 * rsc, rsc, c10);
  storeColumn(c + 8 * rsc, rsc, c20);
  storeColumn(c + 12 * rsc, rsc, c30);
  if (second) {
    storeColumn(c + 4, rsc, c01);
    storeColumn(c + 4 + 4 * rsc, rsc, c11);
    storeColumn(c + 4 + 8 * rsc, rsc, c21);
    storeColumn(c + 4 + 12 * rsc, rsc, c31);
  }
}
