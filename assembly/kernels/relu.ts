// Rectified linear unit, forward and backward.
import { flushed } from './flush';
import { endOf } from './tail';

// pmax keeps NaN (NaN < 0 is false), so a broken activation is seen in the loss instead of turning into 0.
// @ts-ignore: decorator
@inline
function forward(x: v128): v128 {
  return f32x4.pmax(x, f32x4.splat(0));
}

/** y (n) = max(x, 0); NaN stays NaN. y may be x. */
export function relu(y: usize, x: usize, n: i32): void {
  const end = endOf(x, n);
  while (x < end) {
    v128.store(y, forward(v128.load(x)));
    x += 16;
    y += 16;
  }
}

// @ts-ignore: decorator
@inline
function backward(dy: v128, y: v128): v128 {
  return v128.and(dy, f32x4.gt(y, f32x4.splat(0)));
}

/** dx (n) = dy where the output y > 0, else 0. dx may be dy; what is tiny in dy counts as 0. */
export function reluBackward(dx: usize, dy: usize, y: usize, n: i32): void {
  const end = endOf(y, n);
  while (y < end) {
    v128.store(dx, backward(flushed(v128.load(dy)), v128.load(y)));
    dx += 16;
    dy += 16;
    y += 16;
  }
}
