// The matrix product in its three layouts: the blocked loops around packing and microkernel.
import { KC, MC, MR, NC, NR, PACKED_A, workspace } from './blocking';
import { narrowTile, row, rowPair, tile, tileInPlace } from './kernel';
import { packA, packB } from './packing';
import { packColumns, THIN_DEPTH, THIN_ROWS, thinDots, thinOuter } from './thin';
import { wideTile } from './wide-kernel';

/** Elements of a B that stays in the L1 cache as it is. */
// @ts-ignore: decorator
@inline const IN_PLACE: i32 = 1024;

/**
 * c (m × n) = a (m × k) · b (k × n), with any strides (in bytes) of the rows of c and of a and b; c overlaps neither.
 * Loops, outermost first: columns of B in blocks of NC, depth in blocks of KC (the packed block), then the
 * register tiles: rows of C, columns of C. Each element of C is summed in ascending depth, KC terms at a time,
 * whatever the machine, which makes the result reproducible.
 */
export function gemm(
  c: usize, rsc: usize, a: usize, rsa: usize, csa: usize, b: usize, rsb: usize, csb: usize, m: i32, k: i32, n: i32,
): void {
  if (k == 0) {
    for (let i = 0; i < m; i++) memory.fill(c + <usize>i * rsc, 0, (<usize>n) << 2);
    return;
  }
  const rest = n % 8; // also where tiles are wider: the thin kernels add in another order
  if (rest > 0 && rest <= 4 && m >= THIN_ROWS && k >= THIN_DEPTH && k <= KC * NC / 4) {
    n -= rest;
    const columns = b + <usize>n * csb;
    thin(c + ((<usize>n) << 2), rsc, a, rsa, csa, columns, rsb, csb, m, k, rest);
  }
  if (NR == 8 && csb == 4 && (m < 4 || k * n <= IN_PLACE)) {
    // Packing would cost more than it gains.
    for (let pc = 0; pc < k; pc += KC) {
      inPlace(c, rsc, a + <usize>pc * csa, rsa, csa, b + <usize>pc * rsb, rsb, m, min(KC, k - pc), n, pc > 0);
    }
    return;
  }
  for (let jc = 0; jc < n; jc += NC) {
    const nc = min(NC, n - jc);
    for (let pc = 0; pc < k; pc += KC) {
      const kc = min(KC, k - pc);
      packB(workspace, b + <usize>pc * rsb + <usize>jc * csb, rsb, csb, kc, nc);
      block(c + ((<usize>jc) << 2), rsc, a + <usize>pc * csa, rsa, csa, m, kc, nc, pc > 0);
    }
  }
}

/** c (m × n) = [c +] a (m × k) · b (k × n, of contiguous rows). */
function inPlace(
  c: usize, rsc: usize, a: usize, rsa: usize, csa: usize, b: usize, rsb: usize, m: i32, k: i32, n: i32, accumulate: bool,
): void {
  if (m == 1) {
    for (; n >= 4 * NR; n -= 4 * NR) {
      row(c, a, csa, b, rsb, k, accumulate);
      c += 16 * NR;
      b += 16 * NR;
    }
  }
  for (let i = 0; i < m; i += MR) {
    const rows = min(MR, m - i);
    const corner = c + <usize>i * rsc;
    const x = a + <usize>i * rsa;
    let j = 0;
    if (rows <= 2) {
      for (; j + 2 * NR <= n; j += 2 * NR) {
        const offset = (<usize>j) << 2;
        rowPair(corner + offset, rsc, x, rsa, csa, b + offset, rsb, k, rows, accumulate);
      }
    }
    for (; j + NR <= n; j += NR) {
      const offset = (<usize>j) << 2;
      tileInPlace(corner + offset, rsc, x, rsa, csa, b + offset, rsb, k, rows, NR, accumulate);
    }
  }
  for (let j = n - n % NR; j < n; j += 4) {
    const offset = (<usize>j) << 2;
    for (let i = 0; i < m; i += 4) {
      narrowTile(
        c + offset + <usize>i * rsc, rsc, a + <usize>i * rsa, rsa, csa, b + offset, rsb, k, min(4, m - i), min(4, n - j), accumulate,
      );
    }
  }
}

/** The last one to four columns, by the kernel that fits the layout of a. */
function thin(c: usize, rsc: usize, a: usize, rsa: usize, csa: usize, b: usize, rsb: usize, csb: usize, m: i32, k: i32, n: i32): void {
  if (csa != 4) return thinOuter(c, rsc, a, csa, b, rsb, csb, m, k, n);
  if (rsb != 4) {
    packColumns(workspace, b, rsb, csb, k, n);
    b = workspace;
    csb = (<usize>k) << 2;
  }
  thinDots(c, rsc, a, rsa, b, csb, m, k, n);
}

/** c (m × n) = [c +] a (m × k) · the packed block of B, in blocks of MC rows, packed where their rows are far apart. */
function block(c: usize, rsc: usize, a: usize, rsa: usize, csa: usize, m: i32, k: i32, n: i32, accumulate: bool): void {
  if (csa == 4 || csa <= 2048) return tiles(c, rsc, a, rsa, csa, m, k, n, accumulate);
  for (let i = 0; i < m; i += MC) {
    const rows = min(MC, m - i);
    packA(workspace + PACKED_A, a, rsa, csa, rows, k);
    tiles(c, rsc, workspace + PACKED_A, 4, 4 * MR, rows, k, n, accumulate, k * 4 * MR);
    c += <usize>MC * rsc;
    a += <usize>MC * rsa;
  }
}

/** All register tiles of one block; `panel` is the distance of two panels of A. */
function tiles(
  c: usize, rsc: usize, a: usize, rsa: usize, csa: usize, m: i32, k: i32, n: i32, accumulate: bool,
  panel: usize = <usize>MR * rsa,
): void {
  for (let i = 0; i < m; i += MR) {
    let b = workspace;
    for (let j = 0; j < n; j += NR) {
      const corner = c + ((<usize>j) << 2);
      const rows = min(MR, m - i);
      const columns = min(NR, n - j);
      if (NR == 16) wideTile(corner, rsc, a, rsa, csa, b, k, rows, columns, accumulate);
      else tile(corner, rsc, a, rsa, csa, b, k, rows, columns, accumulate);
      b += <usize>k * (4 * NR);
    }
    c += <usize>MR * rsc;
    a += panel;
  }
}

/** c (m, n) = a (m, k) · b (k, n). */
export function matmul(c: usize, a: usize, b: usize, m: i32, k: i32, n: i32): void {
  gemm(c, (<usize>n) << 2, a, (<usize>k) << 2, 4, b, (<usize>n) << 2, 4, m, k, n);
}

/** c (m, n) = aᵀ · b, with a stored (k, m) and b (k, n): the gradient of a kernel, Xᵀ·dY. */
export function matmulTN(c: usize, a: usize, b: usize, m: i32, k: i32, n: i32): void {
  gemm(c, (<usize>n) << 2, a, 4, (<usize>m) << 2, b, (<usize>n) << 2, 4, m, k, n);
}

/** c (m, n) = a · bᵀ, with a (m, k) and b stored (n, k): the gradient of an input, dY·Wᵀ. */
export function matmulNT(c: usize, a: usize, b: usize, m: i32, k: i32, n: i32): void {
  gemm(c, (<usize>n) << 2, a, (<usize>k) << 2, 4, b, 4, (<usize>k) << 2, m, k, n);
}
