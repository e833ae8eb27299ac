// Gaussian noise from the counter-based generator. It is never stored: what is multiplied has the same function as backward pass.
import { WEYL, words } from '../random/counter';
import { cosine } from './cosine';
import { log1p } from './log1p';
import { endOf } from './tail';

// Both halves of the key change for the second number: one round of the hash would not tell two near keys apart.
// @ts-ignore: decorator
@inline const OTHER: i32 = 0x5851f42d;

/** −2·log of u = (1 + fraction)·2^exponent in (0, 1], two of each. */
// @ts-ignore: decorator
@inline
function minusTwoLog(fraction: v128, exponent: v128): v128 {
  const log = f64x2.add(
    f64x2.mul(f64x2.convert_low_i32x4_s(exponent), f64x2.splat(0.6931471805599453)),
    log1p(f64x2.promote_low_f32x4(fraction)),
  );
  return f64x2.mul(f64x2.splat(-2), log);
}

/** Four numbers of the standard normal distribution: √(−2·log u)·cos 2πt for u in (0, 1] and t in [−½, ½) (Box & Muller 1958). */
function normals(weyl: v128, key1: v128): v128 {
  const one = f32x4.splat(1);
  // 24 bits and 1, exact as a float.
  const u = f32x4.mul(
    f32x4.add(f32x4.convert_i32x4_s(i32x4.shr_u(words(weyl, key1), 8)), one),
    f32x4.splat(<f32>(1.0 / 16777216)),
  );
  const exponent = i32x4.sub(i32x4.shr_u(u, 23), i32x4.splat(127));
  const mantissa = v128.or(v128.and(u, i32x4.splat(0x7fffff)), one);
  const fraction = f32x4.sub(mantissa, one);
  const low = minusTwoLog(fraction, exponent);
  const high = minusTwoLog(
    v128.shuffle<i32>(fraction, fraction, 2, 3, 2, 3),
    v128.shuffle<i32>(exponent, exponent, 2, 3, 2, 3),
  );
  const radius = f32x4.sqrt(v128.shuffle<i32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5));
  const t = f32x4.mul(
    f32x4.convert_i32x4_s(words(i32x4.add(weyl, i32x4.splat(OTHER)), v128.not(key1))),
    f32x4.splat(<f32>(1.0 / 4294967296)),
  );
  return f32x4.mul(radius, cosine(t));
}

/**
 * y (n) = x·(1 + factor·z) + stddev·z, where z[i] is normal with mean 0 and variance 1: made of words i of the streams (key0, key1)
 * and (key0 + 0x5851f42d, not key1). y may be x.
 */
export function noise(y: usize, x: usize, n: i32, factor: f32, stddev: f32, key0: i32, key1: i32): void {
  const f = f32x4.splat(factor);
  const s = f32x4.splat(stddev);
  const k = i32x4.splat(key1);
  let weyl = i32x4.add(i32x4.splat(key0), i32x4.mul(i32x4(0, 1, 2, 3), i32x4.splat(WEYL)));
  const step = i32x4.splat(4 * WEYL);
  const end = endOf(x, n);
  while (x < end) {
    const own = v128.load(x);
    const scale = f32x4.add(f32x4.mul(own, f), s);
    v128.store(y, f32x4.add(own, f32x4.mul(scale, normals(weyl, k))));
    weyl = i32x4.add(weyl, step);
    x += 16;
    y += 16;
  }
}
