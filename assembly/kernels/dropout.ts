// Inverted dropout with a mask from the counter-based generator. The mask is never stored: the backward pass is the
// same function, applied to the gradient with the same key.
import { WEYL, words } from '../random/counter';
import { endOf } from './tail';

// @ts-ignore: decorator
@inline
function masked(x: usize, weyl: v128, key1: v128, scale: v128, threshold: v128): v128 {
  return v128.and(f32x4.mul(v128.load(x), scale), i32x4.lt_s(words(weyl, key1), threshold));
}

/**
 * y (n) = x · scale where unit i is kept, else 0. It is kept where word i of the stream (key0, key1), as a signed integer,
 * is below `threshold`, which is the probability to be kept · 2^32 − 2^31. The mask is the same in every backend, and the
 * backward pass is the same call on the gradient. y may be x.
 */
export function dropout(y: usize, x: usize, n: i32, threshold: i32, scale: f32, key0: i32, key1: i32): void {
  const t = i32x4.splat(threshold);
  const s = f32x4.splat(scale);
  const k = i32x4.splat(key1);
  let weyl = i32x4.add(i32x4.splat(key0), i32x4.mul(i32x4(0, 1, 2, 3), i32x4.splat(WEYL)));
  const step = i32x4.splat(4 * WEYL);
  const end = x + ((<usize>(n & ~3)) << 2);
  while (x < end) {
    v128.store(y, masked(x, weyl, k, s, t));
    weyl = i32x4.add(weyl, step);
    x += 16;
    y += 16;
  }
  // Not in the loop, because V8 of Node 20 makes constants anew in every round where the loop alone uses them.
  if (n & 3) v128.store(y, masked(x, weyl, k, s, t));
}

/** As `dropout`, but y = x · scale + shift where unit i is kept, else `dropped`. */
export function alphaDropout(
  y: usize,
  x: usize,
  n: i32,
  threshold: i32,
  scale: f32,
  shift: f32,
  dropped: f32,
  key0: i32,
  key1: i32,
): void {
  const t = i32x4.splat(threshold);
  const k = i32x4.splat(key1);
  let weyl = i32x4.add(i32x4.splat(key0), i32x4.mul(i32x4(0, 1, 2, 3), i32x4.splat(WEYL)));
  const step = i32x4.splat(4 * WEYL);
  const end = endOf(x, n);
  while (x < end) {
    const kept = f32x4.add(f32x4.mul(v128.load(x), f32x4.splat(scale)), f32x4.splat(shift));
    v128.store(y, v128.bitselect(kept, f32x4.splat(dropped), i32x4.lt_s(words(weyl, k), t)));
    weyl = i32x4.add(weyl, step);
    x += 16;
    y += 16;
  }
}
