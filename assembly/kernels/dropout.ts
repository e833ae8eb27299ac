// Inverted dropout with a mask from the counter-based generator. The mask is never stored: the backward pass is the
// same function, applied to the gradient with the same key.
import { WEYL, words } from '../random/counter';
import { loadTail, storeTail } from './tail';

/**
 * y (n) = x · scale where word i of the stream (key0, key1), as a signed number, is below `threshold`, else 0.
 * May work in place. Threshold = keep probability · 2^32 − 2^31.
 */
export function dropout(y: usize, x: usize, n: i32, threshold: i32, scale: f32, key0: i32, key1: i32): void {
  const t = i32x4.splat(threshold);
  const s = f32x4.splat(scale);
  const k = i32x4.splat(key1);
  let weyl = i32x4.add(i32x4.splat(key0), i32x4.mul(i32x4(0, 1, 2, 3), i32x4.splat(WEYL)));
  const step = i32x4.splat(4 * WEYL);
  const end = x + ((<usize>(n & ~3)) << 2);
  while (x < end) {
    v128.store(y, v128.and(f32x4.mul(v128.load(x), s), i32x4.lt_s(words(weyl, k), t)));
    weyl = i32x4.add(weyl, step);
    x += 16;
    y += 16;
  }
  if (n & 3) storeTail(y, v128.and(f32x4.mul(loadTail(x, n & 3), s), i32x4.lt_s(words(weyl, k), t)), n & 3);
}

/** y (n) = factor · x; may work in place. The backward pass where the zeros are made by others. */
export function scale(y: usize, x: usize, n: i32, factor: f32): void {
  const f = f32x4.splat(factor);
  const end = x + ((<usize>(n & ~3)) << 2);
  while (x < end) {
    v128.store(y, f32x4.mul(v128.load(x), f));
    x += 16;
    y += 16;
  }
  if (n & 3) storeTail(y, f32x4.mul(loadTail(x, n & 3), f), n & 3);
}
