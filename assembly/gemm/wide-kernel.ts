// The microkernel of the wide binaries: MR × 16, so that each pair of neighbouring vectors can become one of 256 bits.
import { BORDER, MR, NR, workspace } from './blocking';
import { madd } from './kernel';

// @ts-ignore: decorator
@inline
function storeRow(to: usize, v0: v128, v1: v128, v2: v128, v3: v128): void {
  v128.store(to, v0);
  v128.store(to, v1, 16);
  v128.store(to, v2, 32);
  v128.store(to, v3, 48);
}

/** Writes or adds what is in c of a tile. */
function copyTile(c: usize, rsc: usize, tile: usize, rows: i32, columns: i32, accumulate: bool): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const offset = (<usize>j) << 2;
      const value = load<f32>(tile + offset);
      store<f32>(c + offset, accumulate ? load<f32>(c + offset) + value : value);
    }
    c += rsc;
    tile += 4 * NR;
  }
}

/**
 * As `tile` of kernel.ts, with 16 columns. The host finds the pairs by their stores, if those are in one place: so a tile that is
 * not whole, or is added to c, goes through the working memory.
 */
export function wideTile(
  c: usize, rsc: usize, a: usize, rsa: usize, csa: usize, panel: usize,
  depth: i32, rows: i32, columns: i32, accumulate: bool,
): void {
  const direct = rows == MR && columns == NR && !accumulate;
  let a0 = a;
  let a1 = rows > 1 ? a0 + rsa : a0;
  let a2 = rows > 2 ? a1 + rsa : a1;
  let a3 = rows > 3 ? a2 + rsa : a2;
  let a4 = rows > 4 ? a3 + rsa : a3;
  let a5 = rows > 5 ? a4 + rsa : a4;
  let c00 = f32x4.splat(0), c01 = c00, c02 = c00, c03 = c00, c10 = c00, c11 = c00, c12 = c00, c13 = c00;
  let c20 = c00, c21 = c00, c22 = c00, c23 = c00, c30 = c00, c31 = c00, c32 = c00, c33 = c00;
  let c40 = c00, c41 = c00, c42 = c00, c43 = c00, c50 = c00, c51 = c00, c52 = c00, c53 = c00;
  for (let p = 0; p < depth; p++) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    const b2 = v128.load(panel, 32);
    const b3 = v128.load(panel, 48);
    panel += 4 * NR;
    let x = v128.load32_splat(a0);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    c02 = madd(x, b2, c02);
    c03 = madd(x, b3, c03);
    x = v128.load32_splat(a1);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    c12 = madd(x, b2, c12);
    c13 = madd(x, b3, c13);
    x = v128.load32_splat(a2);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    c22 = madd(x, b2, c22);
    c23 = madd(x, b3, c23);
    x = v128.load32_splat(a3);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    c32 = madd(x, b2, c32);
    c33 = madd(x, b3, c33);
    a0 += csa;
    a1 += csa;
    a2 += csa;
    a3 += csa;
    if (MR > 4) {
      x = v128.load32_splat(a4);
      c40 = madd(x, b0, c40);
      c41 = madd(x, b1, c41);
      c42 = madd(x, b2, c42);
      c43 = madd(x, b3, c43);
      x = v128.load32_splat(a5);
      c50 = madd(x, b0, c50);
      c51 = madd(x, b1, c51);
      c52 = madd(x, b2, c52);
      c53 = madd(x, b3, c53);
      a4 += csa;
      a5 += csa;
    }
  }
  const to = direct ? c : workspace + BORDER;
  const rsto = direct ? rsc : 4 * NR;
  storeRow(to, c00, c01, c02, c03);
  storeRow(to + rsto, c10, c11, c12, c13);
  storeRow(to + 2 * rsto, c20, c21, c22, c23);
  storeRow(to + 3 * rsto, c30, c31, c32, c33);
  if (MR > 4) {
    storeRow(to + 4 * rsto, c40, c41, c42, c43);
    storeRow(to + 5 * rsto, c50, c51, c52, c53);
  }
  if (!direct) copyTile(c, rsc, to, rows, columns, accumulate);
}
