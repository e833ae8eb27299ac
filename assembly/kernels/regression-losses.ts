// Losses of real targets beside the squared error. What they return is the sum over all outputs, in float64; the gradient is
// that of the mean.
import { exponential4 } from './exp';
import { flushed } from './flush';
import { high, low, total } from './float64';
import { log } from './log';
import { loadNext } from './tail';

/** The difference d as it is limited to ±delta. */
// @ts-ignore: decorator
@inline
function limited(d: v128, delta: v128): v128 {
  return f64x2.max(f64x2.min(d, delta), f64x2.neg(delta));
}

/** c·(d − c/2), where c is d limited to ±delta: d²/2 near 0, then delta·(|d| − delta/2). */
// @ts-ignore: decorator
@inline
function huberOf(d: v128, delta: v128): v128 {
  const c = limited(d, delta);
  return f64x2.mul(c, f64x2.sub(d, f64x2.mul(c, f64x2.splat(0.5))));
}

/**
 * Returns Σ huber(output − target) over n outputs, in float64, which is d²/2 for |d| ≤ delta and delta·(|d| − delta/2) beyond;
 * dOutput (n) = d limited to ±delta, / n. dOutput may be `output`.
 */
export function huber(dOutput: usize, output: usize, targets: usize, n: i32, delta: f32): f64 {
  const share = f32x4.splat(<f32>(1 / <f64>n));
  const most = f32x4.splat(delta);
  const least = f32x4.neg(most);
  const limit = f64x2.splat(<f64>delta);
  let sum = f64x2.splat(0);
  for (; n > 0; n -= 4) {
    const y = loadNext(output, n);
    const t = loadNext(targets, n);
    const lo = huberOf(f64x2.sub(low(y), low(t)), limit);
    const hi = huberOf(f64x2.sub(high(y), high(t)), limit);
    sum = f64x2.add(sum, f64x2.add(lo, hi));
    v128.store(dOutput, f32x4.mul(f32x4.max(f32x4.min(f32x4.sub(y, t), most), least), share));
    dOutput += 16;
    output += 16;
    targets += 16;
  }
  return total(sum);
}

/**
 * Returns Σ |output − target| over n outputs, in float64; dOutput (n) = sign(output − target) / n, with sign(0) = 0. dOutput
 * may be `output`.
 */
export function absoluteError(dOutput: usize, output: usize, targets: usize, n: i32): f64 {
  const share = f32x4.splat(<f32>(1 / <f64>n));
  let sum = f64x2.splat(0);
  for (; n > 0; n -= 4) {
    const y = loadNext(output, n);
    const t = loadNext(targets, n);
    const lo = f64x2.abs(f64x2.sub(low(y), low(t)));
    const hi = f64x2.abs(f64x2.sub(high(y), high(t)));
    sum = f64x2.add(sum, f64x2.add(lo, hi));
    const up = v128.and(share, f32x4.gt(y, t));
    const down = v128.and(share, f32x4.lt(y, t));
    v128.store(dOutput, f32x4.sub(up, down));
    dOutput += 16;
    output += 16;
    targets += 16;
  }
  return total(sum);
}

/**
 * Returns Σ e^z − t·z over the n outputs z and their targets t, in float64: the negative log-likelihood of counts whose mean is
 * e^z, without log t!; dOutput (n) = (e^z − t) / n. dOutput may be `output`.
 */
export function poisson(dOutput: usize, output: usize, targets: usize, n: i32): f64 {
  const share = f32x4.splat(<f32>(1 / <f64>n));
  let sum = f64x2.splat(0);
  for (; n > 0; n -= 4) {
    const z = loadNext(output, n, -Infinity);
    const t = loadNext(targets, n);
    const e = exponential4(z);
    // Beyond the end e is 0, and z is made finite for the product.
    const finite = f32x4.max(z, f32x4.splat(-3.4e38));
    const lo = f64x2.sub(low(e), f64x2.mul(low(t), low(finite)));
    const hi = f64x2.sub(high(e), f64x2.mul(high(t), high(finite)));
    sum = f64x2.add(sum, f64x2.add(lo, hi));
    v128.store(dOutput, f32x4.mul(flushed(f32x4.sub(e, t)), share));
    dOutput += 16;
    output += 16;
    targets += 16;
  }
  return total(sum);
}

/**
 * Returns the pinball loss Σ max(q·(t − y), (q − 1)·(t − y)) over n targets t, each with one output y for each of the `count`
 * quantiles q, in float64; dOutput (n, count) is the gradient of the mean over all outputs, 0 where y = t.
 * Several outputs share a target, so this goes output by output. dOutput may be `output`.
 */
export function pinball(dOutput: usize, output: usize, targets: usize, quantiles: usize, n: i32, count: i32): f64 {
  const share = 1 / (<f64>n * <f64>count);
  let sum: f64 = 0;
  for (let i = 0; i < n; i++) {
    const t = <f64>load<f32>(targets + ((<usize>i) << 2));
    for (let j = 0; j < count; j++) {
      const q = <f64>load<f32>(quantiles + ((<usize>j) << 2));
      const d = t - <f64>load<f32>(output);
      const slope = d > 0 ? q : d < 0 ? q - 1 : 0;
      // NaN takes neither side and must be seen.
      sum += d == d ? slope * d : d;
      store<f32>(dOutput, <f32>(-slope * share));
      dOutput += 4;
      output += 4;
    }
  }
  return sum;
}

/**
 * Returns Σ ½·(log v + (t − m)² / v) over `rows` rows of `count` targets t, in float64: the negative log-likelihood of normal
 * targets without its constant. A row of outputs has `count` means m, then `count` numbers s with the variances
 * v = e^s + floor. dOutput (rows, 2·count) is the gradient of the mean over all targets. dOutput may be `output`.
 */
export function gaussianNll(
  dOutput: usize, output: usize, targets: usize, rows: i32, count: i32, floor: f64,
): f64 {
  const share = 1 / (<f64>rows * <f64>count);
  const stride = (<usize>count) << 2;
  let sum: f64 = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < count; j++) {
      const e = <f64>f32x4.extract_lane(exponential4(f32x4.splat(load<f32>(output + stride))), 0);
      const v = e + floor;
      const d = <f64>load<f32>(output) - <f64>load<f32>(targets);
      const ratio = (d * d) / v;
      // log is for arguments from 1 on.
      sum += 0.5 * ((v < 1 ? -log(1 / v) : log(v)) + ratio);
      store<f32>(dOutput, <f32>((d / v) * share));
      store<f32>(dOutput + stride, <f32>(0.5 * (1 - ratio) * (e / v) * share));
      output += 4;
      dOutput += 4;
      targets += 4;
    }
    output += stride;
    dOutput += stride;
  }
  return sum;
}
