// MT19937, the 32-bit Mersenne Twister of Matsumoto and Nishimura (1998), seeded as numpy.random.RandomState seeds it.

/** Number of 32-bit words in the generator's state. */
export const STATE_WORDS = 624;
const MIDDLE_WORD = 397;

export class MersenneTwister {
  readonly key = new Uint32Array(STATE_WORDS);
  /** Index of the next word to hand out; `STATE_WORDS` when the state must be advanced first. */
  position = STATE_WORDS;

  /** `seed`: an integer in [0, 2^32), or a non-empty list of such integers. */
  constructor(seed: number | ArrayLike<number>) {
    if (typeof seed === 'number') this.#seedWithInteger(seed);
    else this.#seedWithList(seed);
  }

  /** A uniformly distributed integer in [0, 2^32). */
  nextUint32(): number {
    if (this.position === STATE_WORDS) this.#advance();
    let word = this.key[this.position++];
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  /** A uniformly distributed multiple of 2^-53 in [0, 1). */
  nextDouble(): number {
    const high = this.nextUint32() >>> 5;
    const low = this.nextUint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** The reference implementation's `init_genrand`. */
  #seedWithInteger(seed: number): void {
    const { key } = this;
    key[0] = seed;
    for (let i = 1; i < STATE_WORDS; i++) {
      key[i] = Math.imul(1812433253, key[i - 1] ^ (key[i - 1] >>> 30)) + i;
    }
  }

  /** The reference implementation's `init_by_array`. */
  #seedWithList(seeds: ArrayLike<number>): void {
    const { key } = this;
    this.#seedWithInteger(19650218);
    const rounds = Math.max(STATE_WORDS, seeds.length);
    let i = 1;
    let j = 0;
    for (let round = 0; round < rounds; round++) {
      key[i] = (key[i] ^ Math.imul(key[i - 1] ^ (key[i - 1] >>> 30), 1664525)) + seeds[j] + j;
      if (++j === seeds.length) j = 0;
      i = this.#next(i);
    }
    for (let round = 1; round < STATE_WORDS; round++) {
      key[i] = (key[i] ^ Math.imul(key[i - 1] ^ (key[i - 1] >>> 30), 1566083941)) - i;
      i = this.#next(i);
    }
    key[0] = 0x80000000;
  }

  /** The index after `i` in `init_by_array`, which goes round from the last word to the second. */
  #next(i: number): number {
    if (i + 1 < STATE_WORDS) return i + 1;
    this.key[0] = this.key[STATE_WORDS - 1];
    return 1;
  }

  /** Replaces all words. Two loops without a modulo: this is most of the cost of shuffling a large data set. */
  #advance(): void {
    const { key } = this;
    const split = STATE_WORDS - MIDDLE_WORD;
    for (let i = 0; i < split; i++) key[i] = key[i + MIDDLE_WORD] ^ twist(key[i], key[i + 1]);
    for (let i = split; i < STATE_WORDS - 1; i++) key[i] = key[i - split] ^ twist(key[i], key[i + 1]);
    key[STATE_WORDS - 1] = key[MIDDLE_WORD - 1] ^ twist(key[STATE_WORDS - 1], key[0]);
    this.position = 0;
  }
}

/** The generator's linear map of one word, the highest bit of `upper` followed by the lower bits of `lower`. */
function twist(upper: number, lower: number): number {
  const joined = (upper & 0x80000000) | (lower & 0x7fffffff);
  return (joined >>> 1) ^ (-(joined & 1) & 0x9908b0df);
}
