// Orders of samples: NumPy's `RandomState([…]).permutation(n)`, which is MT19937 of Matsumoto & Nishimura (1998) and the shuffle of
// Fisher and Yates from the end, as in src/random.

// @ts-ignore: decorator
@inline const WORDS: i32 = 624;
// @ts-ignore: decorator
@inline const MIDDLE: i32 = 397;

// @ts-ignore: decorator
@inline
function word(state: usize, i: i32): u32 {
  return load<u32>(state + ((<usize>i) << 2));
}

// @ts-ignore: decorator
@inline
function setWord(state: usize, i: i32, value: u32): void {
  store<u32>(state + ((<usize>i) << 2), value);
}

/** What a word is seeded with from the one before. */
// @ts-ignore: decorator
@inline
function spread(before: u32, factor: u32): u32 {
  return (before ^ (before >> 30)) * factor;
}

/** The reference implementation's `init_by_array` of three integers. */
function seed(state: usize, seed0: i32, seed1: i32, seed2: i32): void {
  let before: u32 = 19650218;
  setWord(state, 0, before);
  for (let i = 1; i < WORDS; i++) {
    before = spread(before, 1812433253) + i;
    setWord(state, i, before);
  }
  before = 19650218;
  // Two rounds over all words but the first, in which the second begins one later.
  let i = 1, j = 0;
  for (let round = 2 * WORDS - 1; round > 0; round--) {
    const mixed = round >= WORDS
      ? (word(state, i) ^ spread(before, 1664525)) + (j == 0 ? seed0 : j == 1 ? seed1 : seed2) + j
      : (word(state, i) ^ spread(before, 1566083941)) - i;
    setWord(state, i, mixed);
    before = mixed;
    j = j == 2 ? 0 : j + 1;
    i = i + 1 < WORDS ? i + 1 : 1;
  }
  setWord(state, 0, 0x80000000);
}

/** The highest bit of `upper` and the lower ones of `lower`, twisted. */
// @ts-ignore: decorator
@inline
function twist(upper: u32, lower: u32): u32 {
  const joined = (upper & 0x80000000) | (lower & 0x7fffffff);
  return (joined >> 1) ^ (-(joined & 1) & 0x9908b0df);
}

/** Replaces all words. */
function advance(state: usize): void {
  let upper = word(state, 0);
  for (let i = 0; i < WORDS; i++) {
    const lower = word(state, i + 1 < WORDS ? i + 1 : 0);
    setWord(state, i, word(state, i + (i < WORDS - MIDDLE ? MIDDLE : MIDDLE - WORDS)) ^ twist(upper, lower));
    upper = lower;
  }
}

/**
 * indices (n) = the order that NumPy's `RandomState([seed0, seed1, seed2]).permutation(n)` gives. `state` (624) is what that works with.
 */
export function permutation(indices: usize, state: usize, n: i32, seed0: i32, seed1: i32, seed2: i32): void {
  for (let i = 0; i < n; i++) store<i32>(indices + ((<usize>i) << 2), i);
  seed(state, seed0, seed1, seed2);
  let position = WORDS;
  for (let i = n - 1; i > 0; i--) {
    // The smallest 2^b − 1 that is at least i.
    const mask = <u32>-1 >> clz(i);
    let j: u32;
    do {
      if (position == WORDS) {
        advance(state);
        position = 0;
      }
      let value = word(state, position++);
      value ^= value >> 11;
      value ^= (value << 7) & 0x9d2c5680;
      value ^= (value << 15) & 0xefc60000;
      j = (value ^ (value >> 18)) & mask;
    } while (j > <u32>i);
    const own = indices + ((<usize>i) << 2);
    const other = indices + ((<usize>j) << 2);
    const held = load<i32>(own);
    store<i32>(own, load<i32>(other));
    store<i32>(other, held);
  }
}
