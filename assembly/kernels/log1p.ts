// log(1 + u) for two float64 at once.

/**
 * log(1 + u) for u in [0, 1], two float64: 2·artanh(s) with s = u / (2 + u) is 2s + 2s³·p(s²), and p has the least maximum
 * relative error of its degree, 7e-14: far less than that of u, which comes from float32.
 */
export function log1p(u: v128): v128 {
  const s = f64x2.div(u, f64x2.add(f64x2.splat(2), u));
  const square = f64x2.mul(s, s);
  let p = f64x2.splat(0.10003234692420211);
  p = f64x2.add(f64x2.mul(p, square), f64x2.splat(0.07048414981913691));
  p = f64x2.add(f64x2.mul(p, square), f64x2.splat(0.09152815235116461));
  p = f64x2.add(f64x2.mul(p, square), f64x2.splat(0.11107890545834952));
  p = f64x2.add(f64x2.mul(p, square), f64x2.splat(0.14285803203802175));
  p = f64x2.add(f64x2.mul(p, square), f64x2.splat(0.1999999884110961));
  p = f64x2.add(f64x2.mul(p, square), f64x2.splat(0.3333333333842873));
  const half = f64x2.add(s, f64x2.mul(f64x2.mul(s, square), p));
  return f64x2.add(half, half);
}
