// Hyperbolic tangent, forward and backward.
import { exp } from './exp';
import { flushed } from './flush';
import { endOf } from './tail';

/**
 * tanh of four floats. For |x| < 0.625 x + x³·p(x²), where p has the least maximum relative error of its degree (4.5e-9 before rounding);
 * beyond, 1 − 2e / (1 + e) with e = exp(−2|x|). The sign is put on last, so that tanh(−x) is exactly −tanh(x).
 * Error: at most 1.47 ulp, over every float32.
 */
export function tanh4(x: v128): v128 {
  const size = f32x4.abs(x);
  const square = f32x4.mul(size, size);
  let p = f32x4.splat(-0.005692296);
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(0.020628167));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-0.053736515));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(0.13331406));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-0.3333328));
  const near = f32x4.add(size, f32x4.mul(f32x4.mul(size, square), p));
  const one = f32x4.splat(1);
  const e = exp(f32x4.mul(size, f32x4.splat(-2)));
  const far = f32x4.sub(one, f32x4.div(f32x4.add(e, e), f32x4.add(one, e)));
  const result = v128.bitselect(near, far, f32x4.lt(size, f32x4.splat(0.625)));
  return v128.bitselect(x, result, i32x4.splat(0x80000000));
}

/** y (n) = tanh(x), within 1.5 ulp; NaN stays NaN. y may be x. */
export function tanh(y: usize, x: usize, n: i32): void {
  const end = endOf(x, n);
  while (x < end) {
    v128.store(y, tanh4(v128.load(x)));
    y += 16;
    x += 16;
  }
}

/** dy · (1 − y²), where the factors 1 − y and 1 + y lose nothing to cancellation. */
// @ts-ignore: decorator
@inline
function backward(dy: v128, y: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.mul(dy, f32x4.mul(f32x4.sub(one, y), f32x4.add(one, y)));
}

/** dx (n) = dy · (1 − y²), with the output y. dx may be dy; what is tiny in dy counts as 0. */
export function tanhBackward(dx: usize, dy: usize, y: usize, n: i32): void {
  const end = endOf(y, n);
  while (y < end) {
    v128.store(dx, backward(flushed(v128.load(dy)), v128.load(y)));
    dx += 16;
    dy += 16;
    y += 16;
  }
}
