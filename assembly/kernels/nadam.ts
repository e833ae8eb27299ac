// NAdam (Dozat 2016) with PyTorch's rules.
import { firstMoment, secondMoment } from './adam';
import { flushed } from './flush';

/**
 * m (n) += decay1 · (g − m); v (n) += decay2 · (g² − v); w (n) −= (ownStep · g + meanStep · m) / (√v · rescale + epsilon).
 * `decay1`, `decay2` are 1 − β1, 1 − β2; the steps hold the schedule of the momentum.
 */
export function nadam(
  w: usize, g: usize, m: usize, v: usize, n: i32,
  ownStep: f32, meanStep: f32, decay1: f32, decay2: f32, rescale: f32, epsilon: f32,
): void {
  const own = f32x4.splat(ownStep);
  const mean = f32x4.splat(meanStep);
  const d1 = f32x4.splat(decay1);
  const d2 = f32x4.splat(decay2);
  const r = f32x4.splat(rescale);
  const e = f32x4.splat(epsilon);
  for (let i = (n + 3) >> 2; i > 0; i--) {
    const gradient = flushed(v128.load(g));
    const first = firstMoment(v128.load(m), gradient, d1);
    const second = secondMoment(v128.load(v), gradient, d2);
    const step = f32x4.add(f32x4.mul(own, gradient), f32x4.mul(mean, first));
    v128.store(m, first);
    v128.store(v, second);
    const change = f32x4.div(step, f32x4.add(f32x4.mul(f32x4.sqrt(second), r), e));
    v128.store(w, flushed(f32x4.sub(v128.load(w), change)));
    w += 16;
    g += 16;
    m += 16;
    v += 16;
  }
}
