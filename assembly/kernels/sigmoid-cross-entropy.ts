// The logistic function and its cross-entropy loss through log1p: exact for logits of any size.
import { exp } from './exp';
import { flushed } from './flush';
import { high, low, total } from './float64';
import { log1p } from './log1p';
import { loadNext } from './tail';

// The logit of a lane beyond the end, whose target is 0: with this its loss is exactly 0.
// @ts-ignore: decorator
@inline const NO_LOSS: f32 = -1e38;

/** e^−|z|. */
export function decay(z: v128): v128 {
  return exp(f32x4.neg(f32x4.abs(z)));
}

/** The same for slopes: 0 below 2^-75, so that the product with a gradient that is not tiny is not denormal. */
export function slopeDecay(z: v128): v128 {
  return exp(f32x4.neg(f32x4.abs(z)), -52);
}

/** σ(z) of z and e = e^−|z|: 1 / (1 + e) for z ≥ 0, else e / (1 + e), so that small probabilities keep their digits. */
// @ts-ignore: decorator
@inline
export function logistic(z: v128, e: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(v128.bitselect(one, e, f32x4.ge(z, f32x4.splat(0))), f32x4.add(one, e));
}

/** p (n) = 1 / (1 + e^−logits), within 2.5 ulp; 0 below −87.33; NaN stays NaN. p may be `logits`. */
export function sigmoid(p: usize, logits: usize, n: i32): void {
  for (; n > 0; n -= 4) {
    const z = v128.load(logits);
    v128.store(p, logistic(z, decay(z)));
    p += 16;
    logits += 16;
  }
}

/** −t·log σ(z) − (1 − t)·log(1 − σ(z)) = max(z, 0) − z·t + log(1 + e), where e = e^−|z|; all float64. */
// @ts-ignore: decorator
@inline
function loss(z: v128, t: v128, e: v128): v128 {
  return f64x2.add(f64x2.sub(f64x2.max(z, f64x2.splat(0)), f64x2.mul(z, t)), log1p(e));
}

/**
 * Returns the cross-entropy, Σ −t·log σ(z) − (1 − t)·log(1 − σ(z)) over the n logits z and their targets t, in float64, where
 * each target is first moved towards ½, t = (1 − smoothing) · target + smoothing / 2;
 * dLogits (n) = (σ(z) − t) / n, the gradient of the mean. dLogits may be `logits`.
 */
export function sigmoidCrossEntropy(dLogits: usize, logits: usize, targets: usize, n: i32, smoothing: f32): f64 {
  const share = f32x4.splat(<f32>(1 / <f64>n));
  const kept = f32x4.splat(1 - smoothing);
  const half = f32x4.splat(smoothing / 2);
  let sum = f64x2.splat(0);
  for (; n > 0; n -= 4) {
    const z = loadNext(logits, n, NO_LOSS);
    // Nothing is added beyond the end.
    const own = v128.and(half, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(n)));
    const t = f32x4.add(f32x4.mul(loadNext(targets, n), kept), own);
    const e = decay(z);
    sum = f64x2.add(sum, f64x2.add(loss(low(z), low(t), low(e)), loss(high(z), high(t), high(e))));
    v128.store(dLogits, f32x4.mul(flushed(f32x4.sub(logistic(z, e), t)), share));
    dLogits += 16;
    logits += 16;
    targets += 16;
  }
  return total(sum);
}
