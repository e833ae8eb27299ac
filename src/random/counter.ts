// The counter-based generator of assembly/random/counter.ts: word i of a stream is a hash of i.

/** Word i of the stream (key0, key1), as a signed 32-bit integer. */
export function counterWord(i: number, key0: number, key1: number): number {
  let x = (Math.imul(i, 0x9e3779b1) + key0) | 0;
  x ^= x >>> 16;
  x = (Math.imul(x, 0x7feb352d) + key1) | 0;
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  return x ^ (x >>> 16);
}
