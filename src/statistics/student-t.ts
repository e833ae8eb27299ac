// Student's t distribution for one or more degrees of freedom, whole or not, from arithmetic that is the same on every engine.
import { exp, log } from '../random/index.ts';

/** 97.5 % quantiles for 1 to 30 degrees of freedom. */
// biome-ignore format: a table of six a row
const quantiles = [
  12.7062047364321, 4.30265272991127, 3.18244630528426, 2.7764451051978, 2.57058183661474, 2.44691184879168,
  2.3646242510103, 2.30600413503337, 2.26215716274099, 2.22813885196494, 2.20098516008295, 2.17881282966342,
  2.16036865646101, 2.14478668791693, 2.13144954555932, 2.11990529922101, 2.10981557783318, 2.10092204024096,
  2.09302405440826, 2.08596344726584, 2.07961384472766, 2.07387306790401, 2.06865761041904, 2.06389856162802,
  2.05953855275329, 2.05552943864287, 2.05183051648028, 2.04840714179524, 2.0452296421327, 2.04227245630124,
];

/** 97.5 % quantile of the standard normal distribution. */
const z = 1.959963984540054;

/**
 * 97.5 % quantile, within 1e-7 relative: a table, then the expansion around the normal quantile (Abramowitz & Stegun
 * 26.7.5).
 */
export function tQuantile975(degreesOfFreedom: number): number {
  const v = degreesOfFreedom;
  if (v <= quantiles.length) return Number.isInteger(v) ? quantiles[v - 1] : between(v);
  const z2 = z * z;
  const g1 = (z2 + 1) / 4;
  const g2 = ((5 * z2 + 16) * z2 + 3) / 96;
  const g3 = (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
  const g4 = ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160;
  return z * (1 + (g1 + (g2 + (g3 + g4 / v) / v) / v) / v);
}

/** The quantile between those of the whole numbers next to `v`, by bisection. */
function between(v: number): number {
  let low = quantiles[Math.ceil(v) - 1];
  let high = quantiles[Math.floor(v) - 1];
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (tTwoSidedP(middle, v) > 0.05) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * P(|T| >= |t|), within 1e-11 relative up to 10,000 degrees of freedom: the regularized incomplete beta function
 * I_x(v/2, 1/2) at x = v / (v + t²) (Abramowitz & Stegun 26.7.1, 26.5.27).
 */
export function tTwoSidedP(t: number, degreesOfFreedom: number): number {
  const v = degreesOfFreedom;
  const a = v / 2;
  const b = 0.5;
  const x = v / (v + t * t);
  if (x === 0) return 0;
  const y = (t * t) / (v + t * t); // 1 - x, without cancellation
  const front = (exp(a * log(x)) * Math.sqrt(y)) / betaWithHalf(v);
  // The fraction converges fast on one side of the mean of the beta distribution; symmetry gives the other.
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(a, b, x)) / a
    : Math.max(0, 1 - (front * betaFraction(b, a, y)) / b);
}

/**
 * The complete beta function B(v/2, 1/2) = √π Γ(a) / Γ(a + 1/2), a = v/2: by B(a, b) = B(a + 1, b) (a + b) / a up to
 * where the asymptotic series of Γ(a + 1/2) / Γ(a) (DLMF 5.11.13) is exact to rounding.
 */
function betaWithHalf(v: number): number {
  let a = v / 2;
  let factor = 1.7724538509055159; // √π
  for (; a < 32; a++) factor *= (a + 0.5) / a;
  const u = 1 / a;
  const series =
    1 + u * (-1 / 8 + u * (1 / 128 + u * (5 / 1024 + u * (-21 / 32768 + u * (-399 / 262144 + (u * 869) / 4194304)))));
  return factor / (Math.sqrt(a) * series);
}

/** The continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method as modified by Thompson & Barnett (1986). */
function betaFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  const awayFromZero = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    fraction *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return fraction;
}
