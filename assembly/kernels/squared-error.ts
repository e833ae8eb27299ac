// The squared error of real targets.
import { high, low, total } from './float64';
import { loadNext } from './tail';

/**
 * Returns Σ (output − target)² over n outputs, in float64; dOutput (n) = 2 · (output − target) / n, the gradient of the mean.
 * dOutput may be `output`.
 */
export function squaredError(dOutput: usize, output: usize, targets: usize, n: i32): f64 {
  const share = f32x4.splat(<f32>(2 / <f64>n));
  let sum = f64x2.splat(0);
  for (; n > 0; n -= 4) {
    const y = loadNext(output, n);
    const t = loadNext(targets, n);
    const lo = f64x2.sub(low(y), low(t));
    const hi = f64x2.sub(high(y), high(t));
    sum = f64x2.add(sum, f64x2.add(f64x2.mul(lo, lo), f64x2.mul(hi, hi)));
    v128.store(dOutput, f32x4.mul(f32x4.sub(y, t), share));
    dOutput += 16;
    output += 16;
    targets += 16;
  }
  return total(sum);
}
