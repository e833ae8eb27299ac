// Batch normalization of the columns of a matrix (Ioffe & Szegedy 2015), forward and backward.
// Sums over rows are float64, in ascending row order, four columns at a time. Beyond the last column, loads read the next row,
// or what memory ends with (memory.ts); of results, such lanes are never stored into a row.
import { high, low, rounded } from './float64';
import { storeTail } from './tail';

/**
 * mean (columns) and variance (columns) of the rows of x (rows, columns): the population variance, Σ (x − mean)² / rows. Both
 * sums are float64, and the second has the mean as float64, so that nothing is lost where the mean is much greater than the
 * deviation; the results are rounded once.
 */
export function columnMoments(mean: usize, variance: usize, x: usize, rows: i32, columns: i32): void {
  const stride = (<usize>columns) << 2;
  const count = f64x2.splat(<f64>rows);
  for (; columns > 0; columns -= 4) {
    let lo = f64x2.splat(0), hi = lo;
    let p = x;
    for (let i = 0; i < rows; i++) {
      const v = v128.load(p);
      lo = f64x2.add(lo, low(v));
      hi = f64x2.add(hi, high(v));
      p += stride;
    }
    const meanLo = f64x2.div(lo, count);
    const meanHi = f64x2.div(hi, count);
    lo = f64x2.splat(0);
    hi = lo;
    p = x;
    for (let i = 0; i < rows; i++) {
      const v = v128.load(p);
      const dLo = f64x2.sub(low(v), meanLo);
      const dHi = f64x2.sub(high(v), meanHi);
      lo = f64x2.add(lo, f64x2.mul(dLo, dLo));
      hi = f64x2.add(hi, f64x2.mul(dHi, dHi));
      p += stride;
    }
    v128.store(mean, rounded(meanLo, meanHi));
    v128.store(variance, rounded(f64x2.div(lo, count), f64x2.div(hi, count)));
    mean += 16;
    variance += 16;
    x += 16;
  }
}

/** (x − mean) · inverse. */
// @ts-ignore: decorator
@inline
function standardized(x: v128, mean: v128, inverse: v128): v128 {
  return f32x4.mul(f32x4.sub(x, mean), inverse);
}

/** Four columns of `normalize`, or where `whole` is false the last `columns` (1 to 3). */
// @ts-ignore: decorator
@inline
function normalizeSome(
  y: usize, x: usize, mean: usize, inverse: usize, gamma: usize, beta: usize,
  rows: i32, columns: i32, stride: usize, whole: bool,
): void {
  const m = v128.load(mean);
  const r = v128.load(inverse);
  const g = v128.load(gamma);
  const b = v128.load(beta);
  for (let i = 0; i < rows; i++) {
    const v = f32x4.add(f32x4.mul(standardized(v128.load(x), m, r), g), b);
    if (whole) v128.store(y, v);
    else storeTail(y, v, columns);
    x += stride;
    y += stride;
  }
}

/**
 * y (rows, columns) = (x − mean) · inverse · gamma + beta in every row, where mean, inverse, gamma and beta have `columns`
 * elements and inverse is 1 / √(variance + ε). y may be x.
 */
export function normalize(
  y: usize, x: usize, mean: usize, inverse: usize, gamma: usize, beta: usize, rows: i32, columns: i32,
): void {
  const stride = (<usize>columns) << 2;
  for (; columns > 3; columns -= 4) {
    normalizeSome(y, x, mean, inverse, gamma, beta, rows, columns, stride, true);
    x += 16;
    y += 16;
    mean += 16;
    inverse += 16;
    gamma += 16;
    beta += 16;
  }
  if (columns) normalizeSome(y, x, mean, inverse, gamma, beta, rows, columns, stride, false);
}

/** Four columns of dx, or where `whole` is false the last `columns` (1 to 3). */
// @ts-ignore: decorator
@inline
function backwardSome(
  dx: usize, dy: usize, x: usize, m: v128, r: v128, factor: v128, meanOfBeta: v128, meanOfGamma: v128,
  rows: i32, columns: i32, stride: usize, whole: bool,
): void {
  for (let i = 0; i < rows; i++) {
    const z = standardized(v128.load(x), m, r);
    const d = f32x4.mul(factor, f32x4.sub(f32x4.sub(v128.load(dy), meanOfBeta), f32x4.mul(z, meanOfGamma)));
    if (whole) v128.store(dx, d);
    else storeTail(dx, d, columns);
    x += stride;
    dy += stride;
    dx += stride;
  }
}

/**
 * The gradients of `normalize`, where mean and inverse are those of x itself. With z = (x − mean) · inverse:
 * dGamma (columns) = Σ over rows of dy · z; dBeta (columns) = Σ over rows of dy;
 * dx (rows, columns) = gamma · inverse · (dy − dBeta / rows − z · dGamma / rows). dx may be dy.
 */
export function normalizeBackward(
  dx: usize, dGamma: usize, dBeta: usize, dy: usize, x: usize, mean: usize, inverse: usize, gamma: usize,
  rows: i32, columns: i32,
): void {
  const stride = (<usize>columns) << 2;
  const share = f64x2.splat(1 / <f64>rows);
  for (; columns > 0; columns -= 4) {
    const m = v128.load(mean);
    const r = v128.load(inverse);
    const factor = f32x4.mul(v128.load(gamma), r);
    let gammaLo = f64x2.splat(0), gammaHi = gammaLo, betaLo = gammaLo, betaHi = gammaLo;
    let p = x, q = dy;
    for (let i = 0; i < rows; i++) {
      const z = standardized(v128.load(p), m, r);
      const d = v128.load(q);
      const lo = low(d);
      const hi = high(d);
      betaLo = f64x2.add(betaLo, lo);
      betaHi = f64x2.add(betaHi, hi);
      gammaLo = f64x2.add(gammaLo, f64x2.mul(lo, low(z)));
      gammaHi = f64x2.add(gammaHi, f64x2.mul(hi, high(z)));
      p += stride;
      q += stride;
    }
    v128.store(dGamma, rounded(gammaLo, gammaHi));
    v128.store(dBeta, rounded(betaLo, betaHi));
    const meanOfGamma = rounded(f64x2.mul(gammaLo, share), f64x2.mul(gammaHi, share));
    const meanOfBeta = rounded(f64x2.mul(betaLo, share), f64x2.mul(betaHi, share));
    if (columns > 3) backwardSome(dx, dy, x, m, r, factor, meanOfBeta, meanOfGamma, rows, columns, stride, true);
    else backwardSome(dx, dy, x, m, r, factor, meanOfBeta, meanOfGamma, rows, columns, stride, false);
    dx += 16;
    dGamma += 16;
    dBeta += 16;
    dy += 16;
    x += 16;
    mean += 16;
    inverse += 16;
    gamma += 16;
  }
}
