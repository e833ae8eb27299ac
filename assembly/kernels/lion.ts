// Lion (Chen et al. 2023, algorithm 2).
import { firstMoment, lerp } from './adam';
import { flushed } from './flush';

/** w (n) −= rate · sign(m + decay1 · (g − m)), with sign(0) = 0; then m (n) += decay2 · (g − m). `decay1`, `decay2` are 1 − β1, 1 − β2. */
export function lion(w: usize, g: usize, m: usize, n: i32, rate: f32, decay1: f32, decay2: f32): void {
  const lr = f32x4.splat(rate);
  const d1 = f32x4.splat(decay1);
  const d2 = f32x4.splat(decay2);
  const zero = f32x4.splat(0);
  for (let i = (n + 3) >> 2; i > 0; i--) {
    const gradient = flushed(v128.load(g));
    const momentum = v128.load(m);
    const direction = lerp(momentum, gradient, d1);
    const up = v128.and(lr, f32x4.gt(direction, zero));
    const down = v128.and(lr, f32x4.lt(direction, zero));
    v128.store(w, flushed(f32x4.sub(v128.load(w), f32x4.sub(up, down))));
    v128.store(m, firstMoment(momentum, gradient, d2));
    w += 16;
    g += 16;
    m += 16;
  }
}
