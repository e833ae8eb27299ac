// The normal distribution function, which is the error function in other units: Φ(x) = (1 + erf(x / √2)) / 2.
import { exp } from './exp';

/** The density of the normal distribution times √(2π), e^(−x²/2), which is 0 beyond 13.21. */
export function bell(x: v128): v128 {
  // Half of x as its first 12 bits and the rest, whose products are exact: the square without rounding is square + rest.
  const first = v128.and(x, i32x4.splat(0xfffff000));
  const second = f32x4.sub(x, first);
  const square = f32x4.mul(x, x);
  const cross = f32x4.mul(f32x4.add(first, first), second);
  let rest = f32x4.add(f32x4.sub(f32x4.mul(first, first), square), cross);
  rest = f32x4.add(rest, f32x4.mul(second, second));
  const half = f32x4.splat(-0.5);
  const e = exp(f32x4.mul(square, half));
  const corrected = f32x4.add(e, f32x4.mul(e, f32x4.mul(rest, half)));
  // Where the square is infinite, rest is not a number, and e is 0.
  return v128.bitselect(e, corrected, f32x4.eq(e, f32x4.splat(0)));
}

/**
 * Φ(x), with b = bell(x): for x < 0 b·q(t), t = 1 / (1 + |x| / 4), where q has the least maximum relative error of its degree,
 * 7.5e-9 before rounding; for x ≥ 0 1 − Φ(−x).
 */
export function normal(x: v128, b: v128): v128 {
  const one = f32x4.splat(1);
  const t = f32x4.div(one, f32x4.add(one, f32x4.mul(f32x4.abs(x), f32x4.splat(0.25))));
  let q = f32x4.splat(0.0160883106);
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(-0.0600352511));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(0.0449314639));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(0.0377637632));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(0.0046028439));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(0.0912281498));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(0.0703310743));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(0.0958952755));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(0.0994437709));
  q = f32x4.add(f32x4.mul(q, t), f32x4.splat(0.0997506008));
  const tail = f32x4.mul(b, f32x4.mul(q, t));
  return v128.bitselect(tail, f32x4.sub(one, tail), f32x4.lt(x, f32x4.splat(0)));
}
