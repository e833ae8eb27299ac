// Packs the binaries of the core into text, a quarter shorter than gzip makes them: LZ77, whose decisions an arithmetic coder
// writes with probabilities that it learns, as LZMA does. `src/backend/wasm/unpack.ts` undoes it; the contexts below are its own.

const LONGEST = 400;

/** Contexts of decisions: of what kind a token is, of the bits of a byte, and of those of numbers. */
const [KIND, AGAIN, BYTE, AGAIN_LENGTH, LENGTH, DISTANCE] = [0, 8, 16, 784, 1056, 1328];
const CONTEXTS = 2416;

/** The decisions of a number from 1 to 2^16 − 1: how many bits it has, then its bits. */
function number(context, value, decide) {
  const bits = 31 - Math.clz32(value);
  for (let i = 3, node = 1; i >= 0; i--) {
    const bit = (bits >> i) & 1;
    decide(context + node, bit);
    node = 2 * node + bit;
  }
  for (let i = bits - 1; i >= 0; i--) decide(context + 16 + 16 * bits + i, (value >> i) & 1);
}

/** The decisions of a token at `at`: a byte (`length` 0), or `length` bytes that were `distance` before. */
function token(bytes, at, { length, distance }, { kinds, last }, decide) {
  decide(KIND + kinds, length > 0 ? 1 : 0);
  if (length === 0) {
    // After repeated bytes, the one that would have been next is unlikely.
    const guess = kinds & 1 ? 256 | bytes[at - last] : 0;
    for (let i = 8, node = 1; i > 0; i--) {
      const bit = (bytes[at] >> (i - 1)) & 1;
      decide(BYTE + node + (node === guess >> i ? 256 << ((guess >> (i - 1)) & 1) : 0), bit);
      node = 2 * node + bit;
    }
    return;
  }
  const again = distance === last;
  if (!(kinds & 1)) decide(AGAIN + kinds, again ? 1 : 0);
  if (again) number(AGAIN_LENGTH, length, decide);
  else {
    number(LENGTH, length - 1, decide);
    number(DISTANCE + 272 * Math.min(length - 2, 3), distance, decide);
  }
}

/** What later tokens depend on: the kinds of the last three, and the last distance. */
const next = ({ kinds, last }, { length, distance }) => ({
  kinds: ((kinds << 1) | (length > 0 ? 1 : 0)) & 7,
  last: length > 0 ? distance : last,
});

/** Calls `decide` for all decisions of `tokens`. */
function decisions(bytes, tokens, decide) {
  let at = 0;
  let state = { kinds: 0, last: 1 };
  for (const one of tokens) {
    token(bytes, at, one, state, decide);
    at += one.length || 1;
    state = next(state, one);
  }
}

const lengthOfMatch = (bytes, at, distance) => {
  let length = 0;
  while (at + length < bytes.length && length < LONGEST && bytes[at + length] === bytes[at + length - distance])
    length++;
  return length;
};

/** For each position, the longest match for each distance that has a longer one than all nearer ones. */
function findMatches(bytes) {
  const latest = new Map();
  const earlier = new Int32Array(bytes.length);
  return Array.from(bytes, (byte, at) => {
    const found = [];
    const key = (byte << 8) | bytes[at + 1];
    earlier[at] = latest.get(key) ?? -1;
    latest.set(key, at);
    for (let place = earlier[at], longest = 1; place >= 0 && longest < LONGEST; place = earlier[place]) {
      if (bytes[place + longest] !== bytes[at + longest]) continue;
      const length = lengthOfMatch(bytes, at, at - place);
      if (length > longest) found.push({ length, distance: at - place });
      longest = Math.max(longest, length);
    }
    return found;
  });
}

/** The tokens with the lowest sum of prices, of which each position knows one way that leads to it. */
function cheapest(bytes, matches, price) {
  const best = Array.from({ length: bytes.length + 1 }, () => ({ cost: Number.POSITIVE_INFINITY }));
  best[0] = { cost: 0, state: { kinds: 0, last: 1 } };
  for (let at = 0; at < bytes.length; at++) {
    const { cost, state } = best[at];
    const reach = (one) => {
      let sum = cost;
      token(bytes, at, one, state, (context, bit) => {
        sum += price(context, bit);
      });
      const end = at + (one.length || 1);
      if (sum < best[end].cost) best[end] = { cost: sum, state: next(state, one), token: one, from: at };
    };
    const reachAll = (from, to, distance) => {
      for (let length = from; length <= to; length++) if (length < 20 || length === to) reach({ length, distance });
    };
    reach({ length: 0 });
    if (!(state.kinds & 1) && at >= state.last) reachAll(1, lengthOfMatch(bytes, at, state.last), state.last);
    let longest = 1;
    for (const { length, distance } of matches[at]) {
      if (distance === state.last) continue;
      reachAll(longest + 1, length, distance);
      longest = length;
    }
  }
  const tokens = [];
  for (let at = bytes.length; at > 0; at = best[at].from) tokens.push(best[at].token);
  return tokens.reverse();
}

/** The prices in bits of the decisions in these `tokens`. */
function pricesOf(bytes, tokens) {
  const counts = new Float64Array(2 * CONTEXTS).fill(0.4);
  decisions(bytes, tokens, (context, bit) => {
    counts[2 * context + bit]++;
  });
  return (context, bit) => -Math.log2(counts[2 * context + bit] / (counts[2 * context] + counts[2 * context + 1]));
}

/** Six bits as one of the characters from '>' to '~', the backslash left out, because strings need two for one. */
const character = (six) => String.fromCharCode(six + (six < 30 ? 62 : 63));

/** The decisions as text, by an arithmetic coder whose numbers have 30 bits, so that engines keep them as small integers. */
function encode(bytes, tokens) {
  const odds = new Uint16Array(CONTEXTS).fill(2048);
  let text = '';
  let low = 0;
  let high = 2 ** 30 - 1;
  decisions(bytes, tokens, (context, bit) => {
    const middle = low + ((high - low) >> 12) * odds[context];
    if (bit) high = middle;
    else low = middle + 1;
    odds[context] += bit ? (4096 - odds[context]) >> 4 : -(odds[context] >> 4);
    for (; (low ^ high) >> 24 === 0; low = (low & 0xffffff) << 6, high = ((high & 0xffffff) << 6) | 63) {
      text += character(low >> 24);
    }
  });
  return `${text}${character(high >> 24)}${character(0).repeat(4)}`;
}

/** `bytes` as text. */
export function pack(bytes) {
  const matches = findMatches(bytes);
  let tokens;
  let price = () => 1;
  for (let pass = 0; pass < 4; pass++) {
    tokens = cheapest(bytes, matches, price);
    price = pricesOf(bytes, tokens);
  }
  return encode(bytes, tokens);
}
