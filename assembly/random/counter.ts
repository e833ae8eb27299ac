// A counter-based generator: word i of the stream (key0, key1) is a hash of i, so any part of a stream can be had
// in any order, by any thread, without state. Part i = o, o + 1 … of a stream is the stream (key0 + o · WEYL, key1).

// @ts-ignore: decorator
@inline export const WEYL: i32 = 0x9e3779b1; // odd: spreads consecutive counters over 32 bits

/**
 * Four words; `weyl` holds counter · WEYL + key0. Two multiply-xorshift rounds (constants: C. Wellons, "Prospecting for
 * hash functions", 2018), with the second half of the key between them, so that two streams are not shifts of each other.
 */
// @ts-ignore: decorator
@inline
export function words(weyl: v128, key1: v128): v128 {
  let x = v128.xor(weyl, i32x4.shr_u(weyl, 16));
  x = i32x4.mul(x, i32x4.splat(0x7feb352d));
  x = i32x4.add(x, key1);
  x = v128.xor(x, i32x4.shr_u(x, 15));
  x = i32x4.mul(x, i32x4.splat(0x846ca68b));
  return v128.xor(x, i32x4.shr_u(x, 16));
}
