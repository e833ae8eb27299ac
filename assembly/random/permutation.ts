// Orders of samples: NumPy's `RandomState([…]).permutation(n)`, which is MT19937 of Matsumoto & Nishimura (1998) and the shuffle of
// Fisher and Yates from the end, as in src/random.

// @ts-ignore: decorator
@inline const WORDS: i32 = 624;
// @ts-ignore: decorator
@inline const MIDDLE: i32 = 397;
// @ts-ignore: decorator
@inline const FIRST: i32 = 2 * WORDS; // where the words are that every seed begins with

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

/** The words that every seed begins with, from the first on. */
function begin(state: usize): void {
  let before: u32 = 19650218;
  setWord(state, 0, before);
  for (let i = 1; i < WORDS; i++) {
    before = spread(before, 1812433253) + i;
    setWord(state, i, before);
  }
}

/** The reference implementation's `init_by_array` of three integers. */
function seed(state: usize, seed0: i32, seed1: i32, seed2: i32): void {
  const first = state + 4 * FIRST;
  if (word(first, 0) == 0) begin(first);
  // Two rounds over all words but word 0, in which the second begins one later.
  let before = word(first, 0);
  let j = 0;
  for (let i = 1; i <= WORDS; i++) {
    const from = i < WORDS ? word(first, i) : word(state, 1);
    before = (from ^ spread(before, 1664525)) + (j == 0 ? seed0 : j == 1 ? seed1 : seed2) + j;
    setWord(state, i < WORDS ? i : 1, before);
    j = j == 2 ? 0 : j + 1;
  }
  for (let i = 2; i <= WORDS; i++) {
    const own = i < WORDS ? i : 1;
    before = (word(state, own) ^ spread(before, 1566083941)) - own;
    setWord(state, own, before);
  }
  setWord(state, 0, 0x80000000);
}

/** The highest bits of `upper` and the lower ones of `lower`, twisted, of four words each. */
// @ts-ignore: decorator
@inline
function twist(upper: v128, lower: v128): v128 {
  const joined = v128.bitselect(upper, lower, i32x4.splat(0x80000000));
  const odd = i32x4.neg(v128.and(joined, i32x4.splat(1)));
  return v128.xor(i32x4.shr_u(joined, 1), v128.and(odd, i32x4.splat(0x9908b0df)));
}

/** Replaces words from `i` to `end`, four at a time, by those `distance` behind. */
// @ts-ignore: decorator
@inline
function replace(state: usize, i: i32, end: i32, distance: i32): void {
  for (; i < end; i += 4) {
    const p = state + ((<usize>i) << 2);
    v128.store(p, v128.xor(v128.load(p + 4 * distance), twist(v128.load(p), v128.load(p, 4))));
  }
}

/** Replaces one word, by those at the given places. */
// @ts-ignore: decorator
@inline
function replaceOne(state: usize, i: i32, next: i32, far: i32): void {
  const twisted = twist(i32x4.splat(word(state, i)), i32x4.splat(word(state, next)));
  setWord(state, i, word(state, far) ^ i32x4.extract_lane(twisted, 0));
}

/** Replaces all words, and writes behind them the random numbers that they stand for. */
function advance(state: usize): void {
  const split = WORDS - MIDDLE; // 227: three more than a multiple of four
  replace(state, 0, split - 3, MIDDLE);
  for (let i = split - 3; i < split; i++) replaceOne(state, i, i + 1, i + MIDDLE);
  replace(state, split, WORDS - 1, -split);
  replaceOne(state, WORDS - 1, 0, MIDDLE - 1);
  for (let p = state; p < state + 4 * WORDS; p += 16) {
    let x = v128.load(p);
    x = v128.xor(x, i32x4.shr_u(x, 11));
    x = v128.xor(x, v128.and(i32x4.shl(x, 7), i32x4.splat(0x9d2c5680)));
    x = v128.xor(x, v128.and(i32x4.shl(x, 15), i32x4.splat(0xefc60000)));
    v128.store(p, v128.xor(x, i32x4.shr_u(x, 18)), 4 * WORDS);
  }
}

/**
 * indices (n) = the order that NumPy's `RandomState([seed0, seed1, seed2]).permutation(n)` gives. `state` (1872), zeros at first, is what that
 * works with: the generator's words, their random numbers, and the words that every seed begins with.
 */
export function permutation(indices: usize, state: usize, n: i32, seed0: i32, seed1: i32, seed2: i32): void {
  for (let i = 0; i < n; i++) store<i32>(indices + ((<usize>i) << 2), i);
  seed(state, seed0, seed1, seed2);
  let position = WORDS;
  let i = <u32>max(n - 1, 0);
  while (i > 0) {
    // Random bits up to the highest one of i are taken where they are not above it. What is above changes places with itself, because
    // the processor could not foresee a branch.
    const mask = <u32>-1 >> clz(i);
    while (i > mask >> 1) {
      if (position == WORDS) {
        advance(state);
        position = 0;
      }
      const j = word(state, WORDS + position++) & mask;
      const fits = j <= i;
      const own = indices + ((<usize>i) << 2);
      const other = indices + ((<usize>(select(j, i, fits))) << 2);
      const held = load<i32>(own);
      store<i32>(own, load<i32>(other));
      store<i32>(other, held);
      i -= u32(fits);
    }
  }
}
