// Arithmetic of arrays, element by element.
import { flushed } from './flush';
import { endOf } from './tail';

/** y (n) = factor · x. y may be x. */
export function scale(y: usize, x: usize, n: i32, factor: f32): void {
  const f = f32x4.splat(factor);
  const end = endOf(x, n);
  while (x < end) {
    v128.store(y, f32x4.mul(v128.load(x), f));
    x += 16;
    y += 16;
  }
}

/** y (n) += factor · x. x may be y. */
export function addScaled(y: usize, x: usize, n: i32, factor: f32): void {
  const f = f32x4.splat(factor);
  const end = endOf(x, n);
  while (x < end) {
    v128.store(y, f32x4.add(v128.load(y), f32x4.mul(v128.load(x), f)));
    y += 16;
    x += 16;
  }
}

// pmax and pmin keep NaN, for which every comparison is false.
/** y (n) = x where it is in [low, high], else the nearer end; NaN stays NaN. y may be x. */
export function clip(y: usize, x: usize, n: i32, low: f32, high: f32): void {
  const least = f32x4.splat(low);
  const greatest = f32x4.splat(high);
  const end = endOf(x, n);
  while (x < end) {
    v128.store(y, f32x4.pmin(f32x4.pmax(v128.load(x), least), greatest));
    y += 16;
    x += 16;
  }
}

/** y (n) += share · (x − y): a running average, which stays exactly where the two are equal. Tiny numbers become 0. */
export function moveTowards(y: usize, x: usize, n: i32, share: f32): void {
  const s = f32x4.splat(share);
  const end = endOf(x, n);
  while (x < end) {
    const old = v128.load(y);
    v128.store(y, flushed(f32x4.add(old, f32x4.mul(f32x4.sub(v128.load(x), old), s))));
    y += 16;
    x += 16;
  }
}
