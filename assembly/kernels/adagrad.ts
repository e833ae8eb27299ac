// Adagrad (Duchi et al. 2011) with PyTorch's rules.
import { flushed } from './flush';

/** s (n) += g²; w (n) −= rate · g / (√s + epsilon). */
export function adagrad(w: usize, g: usize, s: usize, n: i32, rate: f32, epsilon: f32): void {
  const lr = f32x4.splat(rate);
  const e = f32x4.splat(epsilon);
  for (let i = (n + 3) >> 2; i > 0; i--) {
    const gradient = flushed(v128.load(g));
    const square = f32x4.add(v128.load(s), f32x4.mul(gradient, gradient));
    const step = f32x4.div(f32x4.mul(lr, gradient), f32x4.add(f32x4.sqrt(square), e));
    v128.store(s, square);
    v128.store(w, flushed(f32x4.sub(v128.load(w), step)));
    w += 16;
    g += 16;
    s += 16;
  }
}
