// Functions of one number that layers and losses share, in float64: far more exact than the float32 they end up in.
import { exp, log } from '../../random/index.ts';
import { TINY } from '../tiny.ts';

/** x, or 0 where |x| < `least`. */
export function flushed(x: number, least = TINY): number {
  return Math.abs(x) < least ? 0 : x;
}

/** A running mean x of gradients that goes on to y. */
export function firstMoment(x: number, y: number, share: number): number {
  return flushed(x + share * (y - x));
}

/** A running mean v of squares that goes on to that of g. Squares are tiny below 2^-100. */
export function secondMoment(v: number, g: number, share: number): number {
  return flushed(v + share * (g * g - v), TINY * TINY);
}

/** 1 / (1 + e^−z), in the form that keeps the digits of small probabilities. */
export function logistic(z: number): number {
  const e = exp(-Math.abs(z));
  return (z < 0 ? e : 1) / (1 + e);
}

/** log(1 + u) for u in [0, 1]; what 1 + u rounds away is put back. */
export function log1p(u: number): number {
  const sum = 1 + u;
  return log(sum) + (u - (sum - 1)) / sum;
}

/** Near 0, where the difference from 1 would lose digits, x − x³/3: what is left out is below 2^-42 of the result. */
export function tanh(x: number): number {
  if (Math.abs(x) < 2 ** -10) return x * (1 - (x * x) / 3);
  return Math.sign(x) * (1 - 2 / (1 + exp(2 * Math.abs(x))));
}

/** e^x − 1 for x ≤ 0, without loss near 0. */
export function expm1(x: number): number {
  const t = tanh(x / 2);
  return (2 * t) / (1 - t);
}

/** log(1 + e^x). */
export function softplus(x: number): number {
  return Math.max(x, 0) + log1p(exp(-Math.abs(x)));
}

/** The density of the normal distribution. */
export function density(x: number): number {
  return exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/** The normal distribution function Φ(x): for small |x| by the series of its integral, beyond by a continued fraction. */
export function normal(x: number): number {
  const size = Math.abs(x);
  let tail: number;
  if (size < 3) {
    let term = size;
    let sum = size;
    for (let n = 3; term > 1e-17 * sum; n += 2) {
      term *= (x * x) / n;
      sum += term;
    }
    tail = 0.5 - density(x) * sum;
  } else {
    let fraction = 0;
    for (let n = 60; n > 0; n--) fraction = n / (size + fraction);
    tail = density(x) / (size + fraction);
  }
  return x < 0 ? tail : 1 - tail;
}
