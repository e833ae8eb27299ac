// Activations other than ReLU and tanh, forward and backward. Those with an output from which the derivative can be had
// without loss take that in the backward pass, the others the input.
import { flushed } from './flush';
import { high, low, rounded } from './float64';
import { log1p } from './log1p';
import { bell, normal } from './normal';
import { decay, logistic, slopeDecay } from './sigmoid-cross-entropy';
import { endOf } from './tail';
import { tanh4 } from './tanh';

/** e^x − 1 for x ≤ 0: 2t / (1 − t) with t = tanh(x/2), which loses nothing near 0. */
function expm1(x: v128): v128 {
  const t = tanh4(f32x4.mul(x, f32x4.splat(0.5)));
  return f32x4.div(f32x4.add(t, t), f32x4.sub(f32x4.splat(1), t));
}

/** y (n) = x for x > 0, else slope · x; slope ≥ 0. y may be x. */
export function leakyRelu(y: usize, x: usize, n: i32, slope: f32): void {
  const s = f32x4.splat(slope);
  const end = endOf(x, n);
  while (x < end) {
    const v = v128.load(x);
    v128.store(y, v128.bitselect(v, f32x4.mul(v, s), f32x4.gt(v, f32x4.splat(0))));
    y += 16;
    x += 16;
  }
}

/** dx (n) = dy where the output y > 0, else slope · dy. dx may be dy; what is tiny in dy counts as 0. */
export function leakyReluBackward(dx: usize, dy: usize, y: usize, n: i32, slope: f32): void {
  const s = f32x4.splat(slope);
  const end = endOf(y, n);
  while (y < end) {
    const d = flushed(v128.load(dy));
    v128.store(dx, v128.bitselect(d, f32x4.mul(d, s), f32x4.gt(v128.load(y), f32x4.splat(0))));
    dx += 16;
    dy += 16;
    y += 16;
  }
}

/** y (n) = scale · x for x > 0, else scale · alpha · (e^x − 1). y may be x. */
export function elu(y: usize, x: usize, n: i32, alpha: f32, scale: f32): void {
  const s = f32x4.splat(scale);
  const a = f32x4.splat(scale * alpha);
  const zero = f32x4.splat(0);
  const end = endOf(x, n);
  while (x < end) {
    const v = v128.load(x);
    const below = f32x4.mul(a, expm1(f32x4.pmin(v, zero)));
    v128.store(y, v128.bitselect(f32x4.mul(s, v), below, f32x4.gt(v, zero)));
    y += 16;
    x += 16;
  }
}

/** dx (n) = scale · dy where the output y > 0, else (y + scale · alpha) · dy. dx may be dy; what is tiny in dy counts as 0. */
export function eluBackward(dx: usize, dy: usize, y: usize, n: i32, alpha: f32, scale: f32): void {
  const s = f32x4.splat(scale);
  const a = f32x4.splat(scale * alpha);
  const end = endOf(y, n);
  while (y < end) {
    const v = v128.load(y);
    const slope = v128.bitselect(s, f32x4.add(v, a), f32x4.gt(v, f32x4.splat(0)));
    v128.store(dx, f32x4.mul(slope, flushed(v128.load(dy))));
    dx += 16;
    dy += 16;
    y += 16;
  }
}

/** dx (n) = dy · y · (1 − y), with the output y of `sigmoid`. dx may be dy; what is tiny in dy counts as 0. */
export function sigmoidBackward(dx: usize, dy: usize, y: usize, n: i32): void {
  const end = endOf(y, n);
  while (y < end) {
    const v = v128.load(y);
    v128.store(dx, f32x4.mul(flushed(v128.load(dy)), f32x4.mul(v, f32x4.sub(f32x4.splat(1), v))));
    dx += 16;
    dy += 16;
    y += 16;
  }
}

/** y (n) = log(1 + e^x) = max(x, 0) + log(1 + e^−|x|). y may be x. */
export function softplus(y: usize, x: usize, n: i32): void {
  const end = endOf(x, n);
  while (x < end) {
    const v = v128.load(x);
    const e = decay(v);
    const rest = rounded(log1p(low(e)), log1p(high(e)));
    v128.store(y, f32x4.add(f32x4.max(v, f32x4.splat(0)), rest));
    y += 16;
    x += 16;
  }
}

/** dx (n) = dy · σ(x) = dy · (1 − e^−y), with the output y. dx may be dy; what is tiny in dy counts as 0. */
export function softplusBackward(dx: usize, dy: usize, y: usize, n: i32): void {
  const end = endOf(y, n);
  while (y < end) {
    v128.store(dx, f32x4.neg(f32x4.mul(flushed(v128.load(dy)), expm1(f32x4.neg(v128.load(y))))));
    dx += 16;
    dy += 16;
    y += 16;
  }
}

/** y (n) = x · Φ(x), where Φ is the normal distribution function. y may be x. */
export function gelu(y: usize, x: usize, n: i32): void {
  const end = endOf(x, n);
  while (x < end) {
    const v = v128.load(x);
    v128.store(y, f32x4.mul(v, normal(v, bell(v))));
    y += 16;
    x += 16;
  }
}

/** dx (n) = dy · (Φ(x) + x · e^(−x²/2) / √(2π)), with the input x. dx may be dy; what is tiny in dy counts as 0. */
export function geluBackward(dx: usize, dy: usize, x: usize, n: i32): void {
  const end = endOf(x, n);
  while (x < end) {
    const v = v128.load(x);
    const b = flushed(bell(v));
    const slope = f32x4.add(normal(v, b), f32x4.mul(v, f32x4.mul(b, f32x4.splat(0.39894228))));
    v128.store(dx, f32x4.mul(flushed(v128.load(dy)), slope));
    dx += 16;
    dy += 16;
    x += 16;
  }
}

/** y (n) = x · σ(x). y may be x. */
export function silu(y: usize, x: usize, n: i32): void {
  const end = endOf(x, n);
  while (x < end) {
    const v = v128.load(x);
    v128.store(y, f32x4.mul(v, logistic(v, decay(v))));
    y += 16;
    x += 16;
  }
}

/** dx (n) = dy · σ(x) · (1 + x · (1 − σ(x))), with the input x. dx may be dy; what is tiny in dy counts as 0. */
export function siluBackward(dx: usize, dy: usize, x: usize, n: i32): void {
  const one = f32x4.splat(1);
  const end = endOf(x, n);
  while (x < end) {
    const v = v128.load(x);
    const e = slopeDecay(v);
    const rest = f32x4.mul(v, logistic(f32x4.neg(v), e));
    v128.store(dx, f32x4.mul(flushed(v128.load(dy)), f32x4.mul(logistic(v, e), f32x4.add(one, rest))));
    dx += 16;
    dy += 16;
    x += 16;
  }
}

/**
 * tanh(log(1 + e^x)) is numerator / (numerator + 2 · small), with e = e^−|x|: numerator is 1 + 2e for x ≥ 0, where small is e², and
 * e · (e + 2) for x < 0, where small is 1.
 */
// @ts-ignore: decorator
@inline
function numerator(e: v128, positive: v128): v128 {
  const one = f32x4.splat(1);
  return v128.bitselect(f32x4.add(one, f32x4.add(e, e)), f32x4.mul(e, f32x4.add(e, f32x4.splat(2))), positive);
}

// @ts-ignore: decorator
@inline
function twiceSmall(e: v128, positive: v128): v128 {
  // The square is not to be denormal; of a root below 2^-50 it does not change a sum with 1.
  const root = flushed(e);
  const small = v128.bitselect(f32x4.mul(root, root), f32x4.splat(1), positive);
  return f32x4.add(small, small);
}

/** y (n) = x · tanh(log(1 + e^x)). y may be x. */
export function mish(y: usize, x: usize, n: i32): void {
  const end = endOf(x, n);
  while (x < end) {
    const v = v128.load(x);
    const e = decay(v);
    const positive = f32x4.ge(v, f32x4.splat(0));
    const p = numerator(e, positive);
    v128.store(y, f32x4.mul(v, f32x4.div(p, f32x4.add(p, twiceSmall(e, positive)))));
    y += 16;
    x += 16;
  }
}

/** dx (n) = dy · (w + x · σ(x) · (1 − w²)) with w = tanh(log(1 + e^x)) and the input x. dx may be dy; what is tiny in dy counts as 0. */
export function mishBackward(dx: usize, dy: usize, x: usize, n: i32): void {
  const one = f32x4.splat(1);
  const end = endOf(x, n);
  while (x < end) {
    const v = v128.load(x);
    const e = slopeDecay(v);
    const positive = f32x4.ge(v, f32x4.splat(0));
    const p = numerator(e, positive);
    const q = twiceSmall(e, positive);
    const sum = f32x4.add(p, q);
    const w = f32x4.div(p, sum);
    // 1 − w² is (1 + w) · (1 − w), and 1 − w is q / sum.
    const slope = f32x4.mul(f32x4.mul(v, logistic(v, e)), f32x4.mul(f32x4.add(one, w), f32x4.div(q, sum)));
    v128.store(dx, f32x4.mul(flushed(v128.load(dy)), f32x4.add(w, slope)));
    dx += 16;
    dy += 16;
    x += 16;
  }
}
