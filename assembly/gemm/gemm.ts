// The matrix product in its three layouts, and what a dense layer makes of two of them: the blocked loops around packing and
// microkernel.
import { addBias, biasColumns, finishWith } from '../kernels/bias';
import { KC, MC, MR, NC, NR, PACKED_A, workspace } from './blocking';
import { narrowTile, row, rowPair, tile, tileInPlace } from './kernel';
import { packA, packB } from './packing';
import { packColumns, THIN_DEPTH, THIN_ROWS, thinDots, thinOuter } from './thin';
import { wideTile } from './wide-kernel';

/** Elements of a B that stays in the L1 cache as it is. */
// @ts-ignore: decorator
@inline const IN_PLACE: i32 = 1024;

/** The address of the biases from column j on, or 0 where there are none. */
// @ts-ignore: decorator
@inline
function behind(bias: usize, j: i32): usize {
  return bias ? bias + ((<usize>j) << 2) : 0;
}

/**
 * c (m × n) = a (m × k) · b (k × n), with any strides (in bytes) of the rows of c and of a and b; c overlaps neither. Where `bias`,
 * the address of n biases, is not 0, `finished` is what becomes of each sum.
 * Loops, outermost first: columns of B in blocks of NC, depth in blocks of KC (the packed block), then the
 * register tiles: rows of C, columns of C. Each element of C is summed in ascending depth, KC terms at a time,
 * whatever the machine, which makes the result reproducible.
 */
export function gemm(
  c: usize, rsc: usize, a: usize, rsa: usize, csa: usize, b: usize, rsb: usize, csb: usize, m: i32, k: i32, n: i32, bias: usize,
): void {
  if (k == 0) {
    for (let i = 0; i < m; i++) memory.fill(c + <usize>i * rsc, 0, (<usize>n) << 2);
    return;
  }
  const rest = n % 8; // also where tiles are wider: the thin kernels add in another order
  if (rest > 0 && rest <= 4 && m >= THIN_ROWS && k >= THIN_DEPTH && k <= KC * NC / 4) {
    n -= rest;
    const columns = b + <usize>n * csb;
    thin(c + ((<usize>n) << 2), rsc, a, rsa, csa, columns, rsb, csb, m, k, rest, behind(bias, n));
  }
  // Where sums are put together of several blocks, and by wide tiles, biases are left to a pass of their own.
  const later = NR == 16 || k > KC ? bias : 0;
  if (later) bias = 0;
  if (NR == 8 && csb == 4 && (m < 4 || k * n <= IN_PLACE)) {
    // Packing would cost more than it gains.
    for (let pc = 0; pc < k; pc += KC) {
      inPlace(c, rsc, a + <usize>pc * csa, rsa, csa, b + <usize>pc * rsb, rsb, m, min(KC, k - pc), n, pc > 0, bias);
    }
    if (later) addBias(c, rsc, later, m, n);
    return;
  }
  for (let jc = 0; jc < n; jc += NC) {
    const nc = min(NC, n - jc);
    for (let pc = 0; pc < k; pc += KC) {
      const kc = min(KC, k - pc);
      packB(workspace, b + <usize>pc * rsb + <usize>jc * csb, rsb, csb, kc, nc);
      block(c + ((<usize>jc) << 2), rsc, a + <usize>pc * csa, rsa, csa, m, kc, nc, pc > 0, behind(bias, jc));
    }
  }
  if (later) addBias(c, rsc, later, m, n);
}

/** c (m × n) = [c +] a (m × k) · b (k × n, of contiguous rows). */
function inPlace(
  c: usize, rsc: usize, a: usize, rsa: usize, csa: usize, b: usize, rsb: usize, m: i32, k: i32, n: i32,
  accumulate: bool, bias: usize,
): void {
  if (m == 1) {
    for (; n >= 4 * NR; n -= 4 * NR) {
      row(c, a, csa, b, rsb, k, accumulate, bias);
      c += 16 * NR;
      b += 16 * NR;
      bias = behind(bias, 4 * NR);
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
        rowPair(corner + offset, rsc, x, rsa, csa, b + offset, rsb, k, rows, accumulate, behind(bias, j));
      }
    }
    for (; j + NR <= n; j += NR) {
      const offset = (<usize>j) << 2;
      tileInPlace(corner + offset, rsc, x, rsa, csa, b + offset, rsb, k, rows, NR, accumulate, behind(bias, j));
    }
  }
  for (let j = n - n % NR; j < n;) {
    const offset = (<usize>j) << 2;
    const columns = n - j > 3 ? 4 : n - j > 1 ? 2 : 1;
    for (let i = 0; i < m; i += 4) {
      narrowTile(
        c + offset + <usize>i * rsc, rsc, a + <usize>i * rsa, rsa, csa, b + offset, rsb, k, min(4, m - i), columns,
        accumulate, behind(bias, j),
      );
    }
    j += columns;
  }
}

/** The last one to four columns, by the kernel that fits the layout of a. */
function thin(
  c: usize, rsc: usize, a: usize, rsa: usize, csa: usize, b: usize, rsb: usize, csb: usize, m: i32, k: i32, n: i32, bias: usize,
): void {
  if (csa != 4) return thinOuter(c, rsc, a, csa, b, rsb, csb, m, k, n);
  if (rsb != 4) {
    packColumns(workspace, b, rsb, csb, k, n);
    b = workspace;
    csb = (<usize>k) << 2;
  }
  thinDots(c, rsc, a, rsa, b, csb, m, k, n, bias);
}

/** c (m × n) = [c +] a (m × k) · the packed block of B, in blocks of MC rows, packed where their rows are far apart. */
function block(
  c: usize, rsc: usize, a: usize, rsa: usize, csa: usize, m: i32, k: i32, n: i32, accumulate: bool, bias: usize,
): void {
  if (csa == 4 || csa <= 2048) return tiles(c, rsc, a, rsa, csa, m, k, n, accumulate, bias);
  for (let i = 0; i < m; i += MC) {
    const rows = min(MC, m - i);
    packA(workspace + PACKED_A, a, rsa, csa, rows, k);
    tiles(c, rsc, workspace + PACKED_A, 4, 4 * MR, rows, k, n, accumulate, bias, k * 4 * MR);
    c += <usize>MC * rsc;
    a += <usize>MC * rsa;
  }
}

/** All register tiles of one block; `panel` is the distance of two panels of A. */
function tiles(
  c: usize, rsc: usize, a: usize, rsa: usize, csa: usize, m: i32, k: i32, n: i32, accumulate: bool, bias: usize,
  panel: usize = <usize>MR * rsa,
): void {
  for (let i = 0; i < m; i += MR) {
    let b = workspace;
    for (let j = 0; j < n; j += NR) {
      const corner = c + ((<usize>j) << 2);
      const rows = min(MR, m - i);
      const columns = min(NR, n - j);
      if (NR == 16) wideTile(corner, rsc, a, rsa, csa, b, k, rows, columns, accumulate);
      else tile(corner, rsc, a, rsa, csa, b, k, rows, columns, accumulate, behind(bias, j));
      b += <usize>k * (4 * NR);
    }
    c += <usize>MR * rsc;
    a += panel;
  }
}

/** c (m, n) = a (m, k) · b (k, n). */
export function matmul(c: usize, a: usize, b: usize, m: i32, k: i32, n: i32): void {
  gemm(c, (<usize>n) << 2, a, (<usize>k) << 2, 4, b, (<usize>n) << 2, 4, m, k, n, 0);
}

/** c (m, n) = aᵀ · b, with a stored (k, m) and b (k, n): the gradient of a kernel, Xᵀ·dY. */
export function matmulTN(c: usize, a: usize, b: usize, m: i32, k: i32, n: i32): void {
  gemm(c, (<usize>n) << 2, a, 4, (<usize>m) << 2, b, (<usize>n) << 2, 4, m, k, n, 0);
}

/** c (m, n) = a · bᵀ, with a (m, k) and b stored (n, k): the gradient of an input, dY·Wᵀ. */
export function matmulNT(c: usize, a: usize, b: usize, m: i32, k: i32, n: i32): void {
  gemm(c, (<usize>n) << 2, a, (<usize>k) << 2, 4, b, 4, (<usize>k) << 2, m, k, n, 0);
}

/**
 * y (rows, outputs) = x (rows, inputs) · w (inputs, outputs) + b (outputs); with `relu` 1, max(y, 0) of that; then 0 where |y| < tiny.
 * inputs ≥ 1.
 */
export function dense(
  y: usize, x: usize, w: usize, b: usize, rows: i32, inputs: i32, outputs: i32, relu: i32, tiny: f32,
): void {
  denseColumns(y, x, w, b, rows, inputs, outputs, outputs, relu, tiny);
}

/** The first `columns` columns of what `dense` computes. */
export function denseColumns(
  y: usize, x: usize, w: usize, b: usize, rows: i32, inputs: i32, columns: i32, outputs: i32, relu: i32, tiny: f32,
): void {
  const stride = (<usize>outputs) << 2;
  finishWith(relu, tiny);
  gemm(y, stride, x, (<usize>inputs) << 2, 4, w, stride, 4, rows, inputs, columns, b);
}

/**
 * The gradients of `dense` for dy (rows, outputs), which is made 0 where it is tiny and, with `relu` 1, where the output y is not
 * above 0: db (outputs) = Σ over rows of dy, in ascending row order; dw (inputs, outputs) = xᵀ · dy.
 */
export function denseGradients(
  dw: usize, db: usize, dy: usize, x: usize, y: usize, rows: i32, inputs: i32, outputs: i32, relu: i32,
): void {
  gradientColumns(dw, db, dy, x, y, rows, inputs, outputs, outputs, relu);
}

/** The first `columns` columns of what `denseGradients` computes. */
export function gradientColumns(
  dw: usize, db: usize, dy: usize, x: usize, y: usize, rows: i32, inputs: i32, columns: i32, outputs: i32, relu: i32,
): void {
  const stride = (<usize>outputs) << 2;
  biasColumns(db, dy, y, rows, columns, stride, relu);
  gemm(dw, stride, x, 4, (<usize>inputs) << 2, dy, stride, 4, inputs, rows, columns, 0);
}
