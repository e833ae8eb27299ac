// The proximal step of the L1 penalty, a soft threshold (Donoho 1995). It follows the step of an optimizer without L1 and
// makes weights within the threshold exactly 0.

/** What the threshold t takes from w: w within [−t, t], ±t beyond. w minus this is sign(w) · max(|w| − t, 0). */
// @ts-ignore: decorator
@inline
function taken(w: v128, t: v128): v128 {
  return f32x4.max(f32x4.min(w, t), f32x4.neg(t));
}

/** w (n) = sign(w) · max(|w| − threshold, 0): exactly 0 within the threshold. */
export function softThreshold(w: usize, n: i32, threshold: f32): void {
  const t = f32x4.splat(threshold);
  for (let i = (n + 3) >> 2; i > 0; i--) {
    const x = v128.load(w);
    v128.store(w, f32x4.sub(x, taken(x, t)));
    w += 16;
  }
}

// @ts-ignore: decorator
@inline
function scaled(threshold: v128, v: v128, rescale: v128, epsilon: v128): v128 {
  return f32x4.div(threshold, f32x4.add(f32x4.mul(f32x4.sqrt(v), rescale), epsilon));
}

/**
 * The same in the metric of Adam's second moments v (n), after its step: the threshold of a weight is
 * threshold / (√v · rescale + ε) (Yun, Lozano & Yang 2021).
 */
export function softThresholdAdam(w: usize, v: usize, n: i32, threshold: f32, rescale: f32, epsilon: f32): void {
  const t = f32x4.splat(threshold);
  const r = f32x4.splat(rescale);
  const e = f32x4.splat(epsilon);
  for (let i = (n + 3) >> 2; i > 0; i--) {
    const x = v128.load(w);
    v128.store(w, f32x4.sub(x, taken(x, scaled(t, v128.load(v), r, e))));
    w += 16;
    v += 16;
  }
}
