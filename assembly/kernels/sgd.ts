// Stochastic gradient descent, plain, with momentum and with Nesterov's, fused with the gradient of the weight penalties.
import { penalized } from './penalty';
import { loadTail, storeTail } from './tail';

/** w (n) −= rate · (g + penalties). */
export function sgd(w: usize, g: usize, n: i32, rate: f32, l1: f32, l2: f32): void {
  const a = f32x4.splat(l1);
  const b = f32x4.splat(2 * l2);
  const lr = f32x4.splat(rate);
  for (let i = n >> 2; i > 0; i--) {
    const x = v128.load(w);
    v128.store(w, f32x4.sub(x, f32x4.mul(lr, penalized(v128.load(g), x, a, b))));
    w += 16;
    g += 16;
  }
  if (n & 3) {
    const x = loadTail(w, n & 3);
    storeTail(w, f32x4.sub(x, f32x4.mul(lr, penalized(loadTail(g, n & 3), x, a, b))), n & 3);
  }
}

/** Where momentum goes: along v, or with Nesterov's a step ahead, g' + momentum · v. */
// @ts-ignore: decorator
@inline
function direction(gradient: v128, velocity: v128, mu: v128, ahead: bool): v128 {
  return ahead ? f32x4.add(gradient, f32x4.mul(mu, velocity)) : velocity;
}

/** Both kinds of momentum; `ahead` is known at each call, and the branch gone. */
// @ts-ignore: decorator
@inline
function accelerated(
  w: usize, g: usize, v: usize, n: i32, rate: f32, mu: f32, l1: f32, l2: f32, ahead: bool,
): void {
  const a = f32x4.splat(l1);
  const b = f32x4.splat(2 * l2);
  const lr = f32x4.splat(rate);
  const m = f32x4.splat(mu);
  for (let i = n >> 2; i > 0; i--) {
    const x = v128.load(w);
    const gradient = penalized(v128.load(g), x, a, b);
    const velocity = f32x4.add(f32x4.mul(m, v128.load(v)), gradient);
    v128.store(v, velocity);
    v128.store(w, f32x4.sub(x, f32x4.mul(lr, direction(gradient, velocity, m, ahead))));
    w += 16;
    g += 16;
    v += 16;
  }
  if (n & 3) {
    const rest = n & 3;
    const x = loadTail(w, rest);
    const gradient = penalized(loadTail(g, rest), x, a, b);
    const velocity = f32x4.add(f32x4.mul(m, loadTail(v, rest)), gradient);
    storeTail(v, velocity, rest);
    storeTail(w, f32x4.sub(x, f32x4.mul(lr, direction(gradient, velocity, m, ahead))), rest);
  }
}

/** With g' = g + penalties: v (n) = momentum · v + g'; w (n) −= rate · v. */
export function momentum(w: usize, g: usize, v: usize, n: i32, rate: f32, mu: f32, l1: f32, l2: f32): void {
  accelerated(w, g, v, n, rate, mu, l1, l2, false);
}

/** With g' = g + penalties: v (n) = momentum · v + g'; w (n) −= rate · (g' + momentum · v). */
export function nesterov(w: usize, g: usize, v: usize, n: i32, rate: f32, mu: f32, l1: f32, l2: f32): void {
  accelerated(w, g, v, n, rate, mu, l1, l2, true);
}
