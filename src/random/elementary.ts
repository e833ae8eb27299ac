// log, exp, sin, cos, atan and a fused multiply-add from IEEE-754 basic operations alone, so that results do not depend on the host's Math.
//
// Each function splits its argument so that what is left is small, carries that remainder and the leading term of
// the series as an unevaluated sum of two doubles (high + low), and evaluates only the small rest in plain double
// arithmetic. The error bounds below are that rest's rounding errors plus the final rounding (half an ulp).

// ln 2 = LN2_HIGH + LN2_LOW; LN2_HIGH has 42 significant bits, so its product with any exponent is exact.
const LN2_HIGH = 0.6931471805598903;
const LN2_LOW = 5.497923018708371e-14;

// pi/2 = HALF_PI_1 + HALF_PI_2 + HALF_PI_3; the first two have 33 significant bits.
const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487959506e-21;
const HALF_PI = Math.PI / 2;
const TWO_OVER_PI = 0.6366197723675814;

// Series in powers of the argument named, constant term first.
const ATANH_SERIES = Array.from({ length: 11 }, (_, i) => 2 / (2 * i + 3)); // (2 atanh(s) - 2s) / s^3, in s^2
const EXP_SERIES = inverseFactorials(2, 1, 1, 13); // (exp(r) - 1 - r) / r^2, in r
const SIN_SERIES = inverseFactorials(3, 2, -1, 8).map((c) => -c); // (sin(r) - r) / r^3, in r^2
const COS_SERIES = inverseFactorials(4, 2, -1, 8); // (cos(r) - 1 + r^2/2) / r^4, in r^2
const ATAN_SERIES = Array.from({ length: 12 }, (_, i) => (i % 2 ? 1 : -1) / (2 * i + 3)); // (atan(x) - x) / x^3, in x^2

const doubleView = new Float64Array(1);
const wordView = new Uint32Array(doubleView.buffer);
const HIGH_WORD = highWordIndex();

/**
 * Natural logarithm of a double, at most 0.54 ulp from the exact value. `log(0)` is -Infinity, and NaN for x < 0.
 *
 * x = 2^k m with m in [sqrt(1/2), sqrt(2)); log m = 2 atanh(s), s = (m - 1) / (m + 1), |s| <= 0.1716. The series
 * stops at s^23: what is left out is below 2^-64 of the result.
 */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  let k = 0;
  let m = x;
  if (m < 2.2250738585072014e-308) {
    m *= 18014398509481984; // 2^54: subnormal numbers become normal
    k = -54;
  }
  doubleView[0] = m;
  k += (wordView[HIGH_WORD] >>> 20) - 1023;
  wordView[HIGH_WORD] = (wordView[HIGH_WORD] & 0xfffff) | 0x3ff00000;
  m = doubleView[0];
  if (m > Math.SQRT2) {
    m *= 0.5;
    k += 1;
  }
  const numerator = m - 1;
  const denominator = m + 1;
  const denominatorLow = m - (denominator - 1);
  const s = numerator / denominator;
  const product = s * denominator;
  const productLow = productError(s, denominator, product);
  const sLow = (numerator - product - productLow - s * denominatorLow) / denominator;
  const z = s * s;
  const rest = s * z * polynomial(ATANH_SERIES, z) + 2 * sLow * (1 + z);
  const scaled = k * LN2_HIGH;
  const sum = scaled + 2 * s;
  const sumLow = 2 * s - (sum - scaled);
  return sum + (sumLow + (rest + k * LN2_LOW));
}

/**
 * Exponential of a double, at most 0.65 ulp from the exact value (0.9 ulp where the result is subnormal).
 *
 * x = k ln 2 + r with |r| <= 0.3466; the series stops at r^14: what is left out is below 2^-62 of the result.
 */
export function exp(x: number): number {
  if (!(x <= 709.782712893384)) return x > 0 ? Number.POSITIVE_INFINITY : Number.NaN;
  if (x < -745.1332191019412) return 0;
  const k = Math.floor(x * Math.LOG2E + 0.5);
  const reduced = x - k * LN2_HIGH;
  const correction = k * LN2_LOW;
  const r = reduced - correction;
  const back = r - reduced;
  const rLow = reduced - (r - back) - (correction + back);
  const sum = 1 + r;
  const sumLow = r - (sum - 1);
  const value = sum + (sumLow + (rLow + rLow * r + r * r * polynomial(EXP_SERIES, r)));
  // Two factors, because 2^k alone may be no normal double where the result is a double.
  const half = k >> 1;
  return value * powerOfTwo(half) * powerOfTwo(k - half);
}

/** Sine of an angle in radians, |x| <= 8; at most 0.8 ulp from the exact value. */
export function sin(x: number): number {
  return rotated(x, 0);
}

/** Cosine of an angle in radians, |x| <= 8; at most 0.8 ulp from the exact value. */
export function cos(x: number): number {
  return rotated(x, 1);
}

/**
 * Arctangent of a double, at most 3.1 ulp from the exact value.
 *
 * Beyond 1 it is pi/2 - atan(1/x). Two steps of atan(x) = 2 atan(x / (1 + sqrt(1 + x^2))) leave |x| <= 0.199, where the series
 * stops at x^25: what is left out is below 2^-58 of the result.
 */
export function atan(x: number): number {
  const size = Math.abs(x);
  const halved = halfAngle(halfAngle(size > 1 ? 1 / size : size));
  const angle = 4 * (halved + halved * halved * halved * polynomial(ATAN_SERIES, halved * halved));
  return Math.sign(x) * (size > 1 ? HALF_PI - angle : angle);
}

/** tan(a / 2) of tan(a). */
function halfAngle(x: number): number {
  return x / (1 + Math.sqrt(1 + x * x));
}

/** sin(x + quarters pi/2), by x = k pi/2 + (r + rLow) with |r| <= pi/4. */
function rotated(x: number, quarters: number): number {
  const k = Math.floor(x * TWO_OVER_PI + 0.5);
  const reduced = x - k * HALF_PI_1; // exact, and so are the next two products but for the last
  const first = k * HALF_PI_2;
  const middle = reduced - first;
  const middleBack = middle - reduced;
  const middleLow = reduced - (middle - middleBack) - (first + middleBack);
  const correction = k * HALF_PI_3 - middleLow;
  const r = middle - correction;
  const rLow = middle - r - correction;
  const quadrant = (k + quarters) & 3;
  const value = quadrant & 1 ? cosineOfRemainder(r, rLow) : sineOfRemainder(r, rLow);
  return quadrant & 2 ? -value : value;
}

function sineOfRemainder(r: number, rLow: number): number {
  const z = r * r;
  return r + (rLow - 0.5 * z * rLow + r * z * polynomial(SIN_SERIES, z));
}

function cosineOfRemainder(r: number, rLow: number): number {
  const z = r * r;
  const zLow = productError(r, r, z);
  const lead = 1 - 0.5 * z;
  const leadLow = 1 - lead - 0.5 * z;
  return lead + (leadLow - 0.5 * zLow - r * rLow + z * z * polynomial(COS_SERIES, z));
}

/**
 * a * b + c with one rounding at the end, as hardware computes it, while no intermediate over- or underflows. (The two
 * error terms are added in double, which could shift a result only in a tie at more than 100 bits.)
 */
export function fusedMultiplyAdd(a: number, b: number, c: number): number {
  const product = a * b;
  const sum = product + c;
  const back = sum - product;
  const sumLow = product - (sum - back) + (c - back);
  return sum + (sumLow + productError(a, b, product));
}

/** The exact a * b - fl(a * b) (Dekker 1971, with Veltkamp's splitting). */
function productError(a: number, b: number, product: number): number {
  const aScaled = 134217729 * a; // 2^27 + 1
  const aHigh = aScaled - (aScaled - a);
  const aLow = a - aHigh;
  const bScaled = 134217729 * b;
  const bHigh = bScaled - (bScaled - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** Horner's rule; the constant term is the first of `coefficients`. */
export function polynomial(coefficients: readonly number[], x: number): number {
  let sum = coefficients[coefficients.length - 1];
  for (let i = coefficients.length - 2; i >= 0; i--) sum = sum * x + coefficients[i];
  return sum;
}

/** sign^i / (first + i step)! for i = 0..count-1; each factorial below 2^53 or rounded once. */
function inverseFactorials(first: number, step: number, sign: number, count: number): number[] {
  const series: number[] = [];
  let factorial = 1;
  for (let n = 1; series.length < count; n++) {
    factorial *= n;
    if (n >= first && (n - first) % step === 0) series.push((series.length % 2 ? sign : 1) / factorial);
  }
  return series;
}

/** 2^exponent for -1022 <= exponent <= 1023. */
function powerOfTwo(exponent: number): number {
  doubleView[0] = 0;
  wordView[HIGH_WORD] = (exponent + 1023) << 20;
  return doubleView[0];
}

function highWordIndex(): 0 | 1 {
  doubleView[0] = 1;
  return wordView[1] === 0 ? 0 : 1;
}
