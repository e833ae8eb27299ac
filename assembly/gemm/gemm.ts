// The matrix product in its three layouts: the blocked loops around packing and microkernel.
import { addBias, biasGradient } from '../kernels/bias';
import { KC, MC, MR, NC, NR, PACKED_A, PACKED_B } from './blocking';
import { row, tile } from './kernel';
import { packA, packB } from './packing';
import { packColumns, THIN_DEPTH, THIN_ROWS, thinDots, thinOuter } from './thin';

/** Elements of a B that stays in the L1 cache as it is. */
// @ts-ignore: decorator
@inline const IN_PLACE: i32 = 1024;

/**
 * c (m × n, row-major) = a (m × k) · b (k × n), with any strides of a and b (in bytes); c overlaps neither.
 * Loops, outermost first: columns of B in blocks of NC, depth in blocks of KC (the packed block), then the
 * register tiles: rows of C, columns of C. Each element of C is summed in ascending depth, KC terms at a time,
 * whatever the machine, which makes the result reproducible.
 */
function gemm(c: usize, a: usize, rsa: usize, csa: usize, b: usize, rsb: usize, csb: usize, m: i32, k: i32, n: i32): void {
  const rsc = (<usize>n) << 2;
  if (k == 0) {
    memory.fill(c, 0, <usize>m * rsc);
    return;
  }
  const rest = n % NR;
  if (rest > 0 && rest <= 4 && m >= THIN_ROWS && k >= THIN_DEPTH && k <= KC * NC / 4) {
    n -= rest;
    const columns = b + <usize>n * csb;
    thin(c + ((<usize>n) << 2), rsc, a, rsa, csa, columns, rsb, csb, m, k, rest);
  }
  if (csb == 4 && (m < 4 || k * n <= IN_PLACE)) {
    // Packing would cost more than it gains; the last columns alone are packed, to be padded.
    const whole = n - n % NR;
    for (let pc = 0; pc < k; pc += KC) {
      inPlace(c, rsc, a + <usize>pc * csa, rsa, csa, b + <usize>pc * rsb, rsb, m, min(KC, k - pc), whole, pc > 0);
    }
    n -= whole;
    c += (<usize>whole) << 2;
    b += (<usize>whole) << 2;
  }
  for (let jc = 0; jc < n; jc += NC) {
    const nc = min(NC, n - jc);
    for (let pc = 0; pc < k; pc += KC) {
      const kc = min(KC, k - pc);
      packB(PACKED_B, b + <usize>pc * rsb + <usize>jc * csb, rsb, csb, kc, nc);
      block(c + ((<usize>jc) << 2), rsc, a + <usize>pc * csa, rsa, csa, m, kc, nc, pc > 0);
    }
  }
}

/** c (m × n) = [c +] a (m × k) · b (k × n, of contiguous rows), where n is a multiple of NR. */
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
    for (let j = 0; j < n; j += NR) {
      const offset = (<usize>j) << 2;
      tile(c + offset, rsc, a, rsa, csa, b + offset, rsb, k, min(MR, m - i), NR, accumulate);
    }
    c += <usize>MR * rsc;
    a += <usize>MR * rsa;
  }
}

/** The last one to four columns, by the kernel that fits the layout of a. */
function thin(c: usize, rsc: usize, a: usize, rsa: usize, csa: usize, b: usize, rsb: usize, csb: usize, m: i32, k: i32, n: i32): void {
  if (csa != 4) return thinOuter(c, rsc, a, csa, b, rsb, csb, m, k, n);
  if (rsb != 4) {
    packColumns(PACKED_B, b, rsb, csb, k, n);
    b = PACKED_B;
    csb = (<usize>k) << 2;
  }
  thinDots(c, rsc, a, rsa, b, csb, m, k, n);
}

/** c (m × n) = [c +] a (m × k) · the packed block of B, in blocks of MC rows, packed where their rows are far apart. */
function block(c: usize, rsc: usize, a: usize, rsa: usize, csa: usize, m: i32, k: i32, n: i32, accumulate: bool): void {
  if (csa == 4 || csa <= 2048) return tiles(c, rsc, a, rsa, csa, m, k, n, accumulate);
  for (let i = 0; i < m; i += MC) {
    const rows = min(MC, m - i);
    packA(PACKED_A, a, rsa, csa, rows, k);
    tiles(c, rsc, PACKED_A, 4, 4 * MR, rows, k, n, accumulate, k * 4 * MR);
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
    let b = PACKED_B;
    for (let j = 0; j < n; j += NR) {
      tile(c + ((<usize>j) << 2), rsc, a, rsa, csa, b, 4 * NR, k, min(MR, m - i), min(NR, n - j), accumulate);
      b += <usize>k * (4 * NR);
    }
    c += <usize>MR * rsc;
    a += panel;
  }
}

/** c (m, n) = a (m, k) · b (k, n). */
export function matmul(c: usize, a: usize, b: usize, m: i32, k: i32, n: i32): void {
  gemm(c, a, (<usize>k) << 2, 4, b, (<usize>n) << 2, 4, m, k, n);
}

/** c (m, n) = aᵀ · b, with a stored (k, m) and b (k, n): the gradient of a kernel, Xᵀ·dY. */
export function matmulTN(c: usize, a: usize, b: usize, m: i32, k: i32, n: i32): void {
  gemm(c, a, 4, (<usize>m) << 2, b, (<usize>n) << 2, 4, m, k, n);
}

/** c (m, n) = a · bᵀ, with a (m, k) and b stored (n, k): the gradient of an input, dY·Wᵀ. */
export function matmulNT(c: usize, a: usize, b: usize, m: i32, k: i32, n: i32): void {
  gemm(c, a, (<usize>k) << 2, 4, b, 4, (<usize>k) << 2, m, k, n);
}

/**
 * A dense layer and its activation: y (m, n) = x (m, k) · kernel (k, n) + bias (n); with `relu` 1, max(y, 0) of that; then 0 where |y| < tiny.
 */
export function dense(
  y: usize, x: usize, kernel: usize, bias: usize, m: i32, k: i32, n: i32, relu: i32, tiny: f32,
): void {
  matmul(y, x, kernel, m, k, n);
  addBias(y, bias, m, n, relu, tiny);
}

/**
 * The gradients of `dense`: dy (m, n) = dy, with `relu` 1 only where the output y > 0, and 0 where it is tiny; then dBias (n) = Σ over rows
 * of dy and dKernel (k, n) = xᵀ · dy.
 */
export function denseGradients(
  dKernel: usize, dBias: usize, dy: usize, x: usize, y: usize, m: i32, k: i32, n: i32, relu: i32,
): void {
  biasGradient(dBias, dy, y, m, n, relu);
  matmulTN(dKernel, x, dy, k, m, n);
}
