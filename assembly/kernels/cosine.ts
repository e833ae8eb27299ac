// Sines and cosines of whole turns, four at a time.

/** sin 2πt for |t| ≤ ¼, by its series, whose next term is below 6e-8. */
// @ts-ignore: decorator
@inline
function quarterSine(t: v128): v128 {
  const angle = f32x4.mul(t, f32x4.splat(<f32>6.283185307179586));
  const square = f32x4.mul(angle, angle);
  let p = f32x4.splat(<f32>(-1.0 / 39916800));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(<f32>(1.0 / 362880)));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(<f32>(-1.0 / 5040)));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(<f32>(1.0 / 120)));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(<f32>(-1.0 / 6)));
  return f32x4.add(angle, f32x4.mul(f32x4.mul(angle, square), p));
}

/** cos 2πt for |t| ≤ ½: sin 2π(¼ − |t|). */
export function cosine(t: v128): v128 {
  return quarterSine(f32x4.sub(f32x4.splat(0.25), f32x4.abs(t)));
}

/** sin 2πt for |t| ≤ ½, which the sine of half a turn minus |t| equals, with the sign of t. */
export function sine(t: v128): v128 {
  const size = f32x4.abs(t);
  const s = quarterSine(f32x4.min(size, f32x4.sub(f32x4.splat(0.5), size)));
  return v128.bitselect(t, s, i32x4.splat(0x80000000));
}
