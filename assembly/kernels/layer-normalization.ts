// Layer normalization of the rows of a matrix (Ba et al. 2016), forward and backward. Sums over a row are float64.
import { high, low, total } from './float64';
import { loadNext, storeNext } from './tail';

/** Σ of four products, in float64. */
// @ts-ignore: decorator
@inline
function products(a: v128, b: v128): v128 {
  return f64x2.add(f64x2.mul(low(a), low(b)), f64x2.mul(high(a), high(b)));
}

/**
 * z (rows, columns) = (x − mean) · inverse with the mean of each row and inverse (rows) = 1 / √(variance + epsilon), where the variance is that
 * of the population; y (rows, columns) = z · gamma + beta. y may be x.
 */
export function layerNormalize(
  y: usize, z: usize, inverse: usize, x: usize, gamma: usize, beta: usize, rows: i32, columns: i32, epsilon: f64,
): void {
  const stride = (<usize>columns) << 2;
  const one = f32x4.splat(1);
  for (let i = 0; i < rows; i++) {
    let sum = f64x2.splat(0);
    for (let j = 0; j < columns; j += 4) sum = f64x2.add(sum, products(loadNext(x + (j << 2), columns - j), one));
    const mean = total(sum) / <f64>columns;
    const center = f64x2.splat(mean);
    sum = f64x2.splat(0);
    for (let j = 0; j < columns; j += 4) {
      // Beyond the end the mean itself, whose deviation is next to 0.
      const v = loadNext(x + (j << 2), columns - j, <f32>mean);
      const lo = f64x2.sub(low(v), center);
      const hi = f64x2.sub(high(v), center);
      sum = f64x2.add(sum, f64x2.add(f64x2.mul(lo, lo), f64x2.mul(hi, hi)));
    }
    const scale = <f32>(1 / sqrt(total(sum) / <f64>columns + epsilon));
    store<f32>(inverse + ((<usize>i) << 2), scale);
    const m = f32x4.splat(<f32>mean);
    const s = f32x4.splat(scale);
    for (let j = 0; j < columns; j += 4) {
      const at = j << 2;
      const left = columns - j;
      const standardized = f32x4.mul(f32x4.sub(loadNext(x + at, left), m), s);
      storeNext(z + at, standardized, left);
      storeNext(y + at, f32x4.add(f32x4.mul(standardized, loadNext(gamma + at, left)), loadNext(beta + at, left)), left);
    }
    x += stride;
    y += stride;
    z += stride;
  }
}

/**
 * dx (rows, columns) = inverse · (g − mean of g − z · mean of g · z) in every row, where g = dy · gamma. dx may be dy.
 */
export function layerNormalizeBackward(
  dx: usize, dy: usize, z: usize, inverse: usize, gamma: usize, rows: i32, columns: i32,
): void {
  const stride = (<usize>columns) << 2;
  const one = f32x4.splat(1);
  for (let i = 0; i < rows; i++) {
    let sum = f64x2.splat(0), product = sum;
    for (let j = 0; j < columns; j += 4) {
      const left = columns - j;
      const g = f32x4.mul(loadNext(dy + (j << 2), left), loadNext(gamma + (j << 2), left));
      sum = f64x2.add(sum, products(g, one));
      product = f64x2.add(product, products(g, loadNext(z + (j << 2), left)));
    }
    const mean = f32x4.splat(<f32>(total(sum) / <f64>columns));
    const slope = f32x4.splat(<f32>(total(product) / <f64>columns));
    const scale = f32x4.splat(load<f32>(inverse + ((<usize>i) << 2)));
    for (let j = 0; j < columns; j += 4) {
      const at = j << 2;
      const left = columns - j;
      const g = f32x4.mul(loadNext(dy + at, left), loadNext(gamma + at, left));
      const rest = f32x4.sub(f32x4.sub(g, mean), f32x4.mul(loadNext(z + at, left), slope));
      storeNext(dx + at, f32x4.mul(scale, rest), left);
    }
    dx += stride;
    dy += stride;
    z += stride;
  }
}

/** dGamma (columns) = Σ over rows of dy · z (rows, columns), in ascending row order. */
export function columnProducts(dGamma: usize, dy: usize, z: usize, rows: i32, columns: i32): void {
  const stride = (<usize>columns) << 2;
  for (; columns > 0; columns -= 4) {
    let sum = f32x4.splat(0);
    let p = dy, q = z;
    for (let i = 0; i < rows; i++) {
      sum = f32x4.add(sum, f32x4.mul(loadNext(p, columns), loadNext(q, columns)));
      p += stride;
      q += stride;
    }
    storeNext(dGamma, sum, columns);
    dGamma += 16;
    dy += 16;
    z += 16;
  }
}
