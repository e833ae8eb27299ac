// Binomial variates by the two algorithms of numpy.random.RandomState: inversion for few expected successes, BTPE else.
import { exp, log } from './elementary.ts';

/** Expected number of successes (or failures, if fewer) up to which inversion is used. */
const LARGEST_MEAN_FOR_INVERSION = 30;

/** A sampler of the number of successes in `n` trials of probability `p`; `uniform` draws from [0, 1). */
export function binomialSampler(n: number, p: number, uniform: () => number): () => number {
  // Both algorithms want p <= 1/2: for a larger p failures are counted.
  const rarer = p <= 0.5 ? p : 1 - p;
  const sample = rarer * n <= LARGEST_MEAN_FOR_INVERSION ? inversion(n, rarer, uniform) : btpe(n, rarer, uniform);
  return p <= 0.5 ? sample : () => n - sample();
}

/** Walks up the cumulative distribution; starts anew when rounding has carried it absurdly far. */
function inversion(n: number, p: number, uniform: () => number): () => number {
  const q = 1 - p;
  const probabilityOfZero = exp(n * log(q));
  const bound = Math.floor(Math.min(n, n * p + 10 * Math.sqrt(n * p * q + 1)));
  return () => {
    let count = 0;
    let probability = probabilityOfZero;
    let u = uniform();
    while (u > probability) {
      count += 1;
      if (count > bound) {
        count = 0;
        probability = probabilityOfZero;
        u = uniform();
      } else {
        u -= probability;
        probability = ((n - count + 1) * p * probability) / (count * q);
      }
    }
    return count;
  };
}

/**
 * Kachitvichyanukul and Schmeiser, "Binomial random variate generation" (Communications of the ACM 31, 1988): a
 * rejection method under a triangle, a parallelogram and two exponential tails. Names are the paper's. The order of
 * operations is NumPy's, since it decides the last bit and with it, at times, an acceptance.
 */
function btpe(n: number, p: number, uniform: () => number): () => number {
  const r = Math.min(p, 1 - p);
  const q = 1 - r;
  const fm = n * r + r;
  const m = Math.floor(fm); // the mode
  const p1 = Math.floor(2.195 * Math.sqrt(n * r * q) - 4.6 * q) + 0.5;
  const xm = m + 0.5;
  const xl = xm - p1;
  const xr = xm + p1;
  const c = 0.134 + 20.5 / (15.3 + m);
  const tailRate = (a: number) => a * (1 + a / 2);
  const lambdaLeft = tailRate((fm - xl) / (fm - xl * r));
  const lambdaRight = tailRate((xr - fm) / (xr * q));
  const p2 = p1 * (1 + 2 * c);
  const p3 = p2 + c / lambdaLeft;
  const p4 = p3 + c / lambdaRight;
  const nrq = n * r * q;

  /** Whether v is below f(y) / f(m), by the recursion of the binomial probabilities. */
  const acceptedByProduct = (y: number, v: number): boolean => {
    const s = r / q;
    const a = s * (n + 1);
    let ratio = 1;
    for (let i = m + 1; i <= y; i++) ratio *= a / i - s;
    for (let i = y + 1; i <= m; i++) ratio /= a / i - s;
    return v <= ratio;
  };

  /** The same for a y far from the mode: a squeeze first, then Stirling's approximation of the factorials. */
  const acceptedByStirling = (y: number, k: number, v: number): boolean => {
    const rho = (k / nrq) * ((k * (k / 3 + 0.625) + 0.16666666666666666) / nrq + 0.5);
    const t = (-k * k) / (2 * nrq);
    const logV = log(v);
    if (logV < t - rho) return true;
    if (logV > t + rho) return false;
    const x1 = y + 1;
    const f1 = m + 1;
    const z = n + 1 - m;
    const w = n - y + 1;
    const limit =
      xm * log(f1 / x1) +
      (n - m + 0.5) * log(z / w) +
      (y - m) * log((w * r) / (x1 * q)) +
      stirlingTail(f1) +
      stirlingTail(z) +
      stirlingTail(x1) +
      stirlingTail(w);
    return logV <= limit;
  };

  return () => {
    for (;;) {
      const u = uniform() * p4;
      let v = uniform();
      let y: number;
      if (u <= p1) {
        return Math.floor(xm - p1 * v + u);
      } else if (u <= p2) {
        const x = xl + (u - p1) / c;
        v = v * c + 1 - Math.abs(m - x + 0.5) / p1;
        if (v > 1) continue;
        y = Math.floor(x);
      } else if (u <= p3) {
        y = Math.floor(xl + log(v) / lambdaLeft);
        if (y < 0 || v === 0) continue;
        v = v * (u - p2) * lambdaLeft;
      } else {
        y = Math.floor(xr - log(v) / lambdaRight);
        if (y > n || v === 0) continue;
        v = v * (u - p3) * lambdaRight;
      }
      const k = Math.abs(y - m);
      const far = k > 20 && k < nrq / 2 - 1;
      if (far ? acceptedByStirling(y, k, v) : acceptedByProduct(y, v)) return y;
    }
  };
}

/**
 * The correction terms of Stirling's formula for log((x - 1)!), as NumPy's legacy streams have them for good: with 13680
 * where the series has 13860, and above with the paper's misprint, which adds the terms of x1 and w instead of
 * subtracting them. That changes about one draw in 10^4.
 */
function stirlingTail(x: number): number {
  const square = x * x;
  return (13680 - (462 - (132 - (99 - 140 / square) / square) / square) / square) / x / 166320;
}
