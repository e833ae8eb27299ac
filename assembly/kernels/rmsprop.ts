// RMSprop (Tieleman & Hinton 2012) with PyTorch's rules, fused with the gradient of the weight penalties.
import { secondMoment } from './adam';
import { flushed } from './flush';
import { penalized } from './penalty';

/**
 * s (n) += decay · (g'² − s); v (n) = mu · v + g' / (√s + epsilon); w (n) −= rate · v, where g' = g + l1·sign(w) + 2·l2·w and
 * decay is 1 − ρ. Where mu is 0, v may be g: what it held is not used.
 */
export function rmsprop(
  w: usize, g: usize, s: usize, v: usize, n: i32, rate: f32, decay: f32, epsilon: f32, mu: f32, l1: f32, l2: f32,
): void {
  const a = f32x4.splat(l1);
  const b = f32x4.splat(2 * l2);
  const lr = f32x4.splat(rate);
  const d = f32x4.splat(decay);
  const e = f32x4.splat(epsilon);
  const m = f32x4.splat(mu);
  for (let i = (n + 3) >> 2; i > 0; i--) {
    const x = v128.load(w);
    const gradient = flushed(penalized(v128.load(g), x, a, b));
    const square = secondMoment(v128.load(s), gradient, d);
    const step = f32x4.div(gradient, f32x4.add(f32x4.sqrt(square), e));
    const velocity = flushed(f32x4.add(f32x4.mul(m, v128.load(v)), step));
    v128.store(s, square);
    v128.store(v, velocity);
    v128.store(w, flushed(f32x4.sub(x, f32x4.mul(lr, velocity))));
    w += 16;
    g += 16;
    s += 16;
    v += 16;
  }
}
