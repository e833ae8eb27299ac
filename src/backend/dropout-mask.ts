// The keep threshold of the dropout mask, one rule for all backends.

/** A unit is kept where its random word, as a signed 32-bit integer, is below this. */
export function keepThreshold(rate: number): number {
  return Math.min(Math.round((1 - rate) * 2 ** 32) - 2 ** 31, 2 ** 31 - 1);
}
