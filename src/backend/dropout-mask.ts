// The threshold below which a random word keeps a unit, one rule for all backends.

/** A dropout mask keeps the units whose random word, as a signed 32-bit integer, is below this. */
export function keepThreshold(rate: number): number {
  return Math.min(Math.round((1 - rate) * 2 ** 32) - 2 ** 31, 2 ** 31 - 1);
}
