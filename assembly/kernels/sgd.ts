// Stochastic gradient descent, plain, with momentum and with Nesterov's, fused with the gradient of the weight penalties.
import { flushed } from './flush';
import { penalized } from './penalty';

/** With g' = g + l1·sign(w) + 2·l2·w: w (n) −= rate · g'. */
export function sgd(w: usize, g: usize, n: i32, rate: f32, l1: f32, l2: f32): void {
  const a = f32x4.splat(l1);
  const b = f32x4.splat(2 * l2);
  const lr = f32x4.splat(rate);
  for (let i = n >> 2; i > 0; i--) {
    descend(w, g, a, b, lr);
    w += 16;
    g += 16;
  }
  // Not in the loop, see dropout.ts; nor below.
  if (n & 3) descend(w, g, a, b, lr);
}

/** Four weights. */
// @ts-ignore: decorator
@inline
function descend(w: usize, g: usize, l1: v128, twoL2: v128, rate: v128): void {
  const x = v128.load(w);
  const gradient = flushed(penalized(v128.load(g), x, l1, twoL2));
  v128.store(w, flushed(f32x4.sub(x, f32x4.mul(rate, gradient))));
}

/** Where momentum goes: along v, or with Nesterov's a step ahead, g' + momentum · v. */
// @ts-ignore: decorator
@inline
function direction(gradient: v128, velocity: v128, mu: v128, ahead: bool): v128 {
  return ahead ? f32x4.add(gradient, f32x4.mul(mu, velocity)) : velocity;
}

/** Four weights and their velocities. */
// @ts-ignore: decorator
@inline
function accelerate(
  w: usize, g: usize, v: usize, l1: v128, twoL2: v128, rate: v128, mu: v128, ahead: bool,
): void {
  const x = v128.load(w);
  const gradient = flushed(penalized(v128.load(g), x, l1, twoL2));
  const velocity = flushed(f32x4.add(f32x4.mul(mu, v128.load(v)), gradient));
  v128.store(v, velocity);
  v128.store(w, flushed(f32x4.sub(x, f32x4.mul(rate, direction(gradient, velocity, mu, ahead)))));
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
    accelerate(w, g, v, a, b, lr, m, ahead);
    w += 16;
    g += 16;
    v += 16;
  }
  if (n & 3) accelerate(w, g, v, a, b, lr, m, ahead);
}

/** With g' = g + l1·sign(w) + 2·l2·w: v (n) = mu · v + g'; w (n) −= rate · v. */
export function momentum(w: usize, g: usize, v: usize, n: i32, rate: f32, mu: f32, l1: f32, l2: f32): void {
  accelerated(w, g, v, n, rate, mu, l1, l2, false);
}

/** With g' = g + l1·sign(w) + 2·l2·w: v (n) = mu · v + g'; w (n) −= rate · (g' + mu · v). */
export function nesterov(w: usize, g: usize, v: usize, n: i32, rate: f32, mu: f32, l1: f32, l2: f32): void {
  accelerated(w, g, v, n, rate, mu, l1, l2, true);
}
