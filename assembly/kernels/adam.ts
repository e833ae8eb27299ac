// Adam (Kingma & Ba 2015, algorithm 1), fused with the gradient of the weight penalties and with decoupled weight decay
// (AdamW, Loshchilov & Hutter 2019).
import { flushed, TINY } from './flush';
import { penalized } from './penalty';

/** x + (y − x) · t: unlike β·x + (1 − β)·y it keeps x = y exactly, whatever the rounding of β. */
// @ts-ignore: decorator
@inline
export function lerp(x: v128, y: v128, t: v128): v128 {
  return f32x4.add(x, f32x4.mul(f32x4.sub(y, x), t));
}

/** A running mean x of gradients that goes on to y. */
// @ts-ignore: decorator
@inline
export function firstMoment(x: v128, y: v128, t: v128): v128 {
  return flushed(lerp(x, y, t));
}

/** A running mean v of squares that goes on to that of g. Squares are tiny below 2^-100. */
// @ts-ignore: decorator
@inline
export function secondMoment(v: v128, g: v128, t: v128): v128 {
  const mean = lerp(v, f32x4.mul(g, g), t);
  return v128.andnot(mean, f32x4.lt(mean, f32x4.splat(TINY * TINY)));
}

/**
 * w − (stepSize · m / (√v · rescale + ε) + decay · w). As a factor of w, 1 − decay would lose most of the digits of a
 * decay of 1e-5 to rounding.
 */
// @ts-ignore: decorator
@inline
function descend(w: v128, m: v128, v: v128, stepSize: v128, rescale: v128, epsilon: v128, decay: v128): v128 {
  const step = f32x4.div(f32x4.mul(stepSize, m), f32x4.add(f32x4.mul(f32x4.sqrt(v), rescale), epsilon));
  return f32x4.sub(w, f32x4.add(step, f32x4.mul(decay, w)));
}

/** Four weights and their moments. */
// @ts-ignore: decorator
@inline
function update(
  w: usize, g: usize, m: usize, v: usize,
  penalizes: bool, l1: v128, twoL2: v128, stepSize: v128, decay1: v128, decay2: v128, rescale: v128, epsilon: v128, decay: v128,
): void {
  const x = v128.load(w);
  let gradient = v128.load(g);
  if (penalizes) gradient = penalized(gradient, x, l1, twoL2);
  gradient = flushed(gradient);
  const first = firstMoment(v128.load(m), gradient, decay1);
  const second = secondMoment(v128.load(v), gradient, decay2);
  v128.store(m, first);
  v128.store(v, second);
  v128.store(w, flushed(descend(x, first, second, stepSize, rescale, epsilon, decay)));
}

/**
 * With g' = g + l1·sign(w) + 2·l2·w: m (n) += decay1 · (g' − m); v (n) += decay2 · (g'² − v);
 * w (n) −= stepSize · m / (√v · rescale + epsilon) + decay · w. `decay1`, `decay2` are 1 − β1, 1 − β2.
 * Bias correction at step t: stepSize = rate / (1 − β1^t), rescale = 1 / √(1 − β2^t). AdamW: decay = rate · weight decay.
 */
export function adam(
  w: usize, g: usize, m: usize, v: usize, n: i32,
  stepSize: f32, decay1: f32, decay2: f32, rescale: f32, epsilon: f32, decay: f32,
  l1: f32, l2: f32,
): void {
  const penalizes = l1 > 0 || l2 > 0;
  const a = f32x4.splat(l1);
  const b = f32x4.splat(2 * l2);
  const d1 = f32x4.splat(decay1);
  const d2 = f32x4.splat(decay2);
  const s = f32x4.splat(stepSize);
  const r = f32x4.splat(rescale);
  const e = f32x4.splat(epsilon);
  const d = f32x4.splat(decay);
  for (let i = n >> 2; i > 0; i--) {
    update(w, g, m, v, penalizes, a, b, s, d1, d2, r, e, d);
    w += 16;
    g += 16;
    m += 16;
    v += 16;
  }
  // Not in the loop, see dropout.ts.
  if (n & 3) update(w, g, m, v, penalizes, a, b, s, d1, d2, r, e, d);
}
