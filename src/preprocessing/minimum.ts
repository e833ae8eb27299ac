// The minimum of a function of one number: downhill until it is bracketed, then Brent's method (Brent 1973, chapter 5).

const GOLDEN = (Math.sqrt(5) - 1) / 2;
const TOLERANCE = 1.5e-8;

/** The x near `a` and `b` where `f` has a minimum, within some 1e-8 of its size. */
export function minimum(f: (x: number) => number, a: number, b: number): number {
  let [low, middle] = f(a) < f(b) ? [b, a] : [a, b];
  let high = middle + (middle - low) / GOLDEN;
  for (let fMiddle = f(middle), i = 0; i < 200; i++) {
    const fHigh = f(high);
    if (!(fHigh < fMiddle)) break;
    [low, middle, fMiddle] = [middle, high, fHigh];
    high = middle + (middle - low) / GOLDEN;
  }
  return brent(f, Math.min(low, high), Math.max(low, high), middle);
}

function brent(f: (x: number) => number, from: number, to: number, start: number): number {
  let [low, high] = [from, to];
  // The best three points so far, the best first.
  let [x, second, third] = [start, start, start];
  let [fx, fSecond, fThird] = [f(x), f(x), f(x)];
  let step = 0;
  let before = 0;
  for (let i = 0; i < 500; i++) {
    const middle = (low + high) / 2;
    const least = TOLERANCE * Math.abs(x) + 1e-11;
    if (Math.abs(x - middle) <= 2 * least - (high - low) / 2) break;
    // The vertex of the parabola through the three, unless it is too far or progress is slow.
    const r = (x - second) * (fx - fThird);
    const q = (x - third) * (fx - fSecond);
    const divisor = 2 * (q - r);
    const shift = -((x - third) * q - (x - second) * r) / divisor;
    if (Math.abs(before) > least && Math.abs(shift) < Math.abs(before / 2) && x + shift > low && x + shift < high) {
      before = step;
      step = shift;
      if (x + step - low < 2 * least || high - x - step < 2 * least) step = x < middle ? least : -least;
    } else {
      before = x < middle ? high - x : low - x;
      step = (1 - GOLDEN) * before;
    }
    const next = x + (Math.abs(step) >= least ? step : step > 0 ? least : -least);
    const fNext = f(next);
    if (fNext <= fx) {
      if (next >= x) low = x;
      else high = x;
      [third, fThird, second, fSecond, x, fx] = [second, fSecond, x, fx, next, fNext];
    } else {
      if (next < x) low = next;
      else high = next;
      if (fNext <= fSecond || second === x) [third, fThird, second, fSecond] = [second, fSecond, next, fNext];
      else if (fNext <= fThird || third === x || third === second) [third, fThird] = [next, fNext];
    }
  }
  return x;
}
