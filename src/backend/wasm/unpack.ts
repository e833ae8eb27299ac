// Undoes scripts/pack.mjs: the binaries of the core from text.

/** The `size` bytes that `text` was packed from: bytes one by one, or copies of earlier ones. */
export function unpack(text: string, size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  // How likely a 1 is, in 4096ths, by the context of the decision.
  const odds = new Uint16Array(2416).fill(2048);
  // An interval of 30-bit numbers, and where the text is in it.
  let low = 0;
  let high = 2 ** 30 - 1;
  let code = 0;
  let read = 0;
  const shift = (word: number, six: number) => ((word & 0xffffff) << 6) | six;
  // Six bits are a character from '>' on, but for the backslash.
  const next = () => {
    const character = text.charCodeAt(read++);
    return shift(code, character - (character > 92 ? 63 : 62));
  };
  while (read < 5) code = next();

  const bit = (context: number): number => {
    const middle = low + ((high - low) >> 12) * odds[context];
    const is = code <= middle ? 1 : 0;
    if (is) high = middle;
    else low = middle + 1;
    odds[context] += is ? (4096 - odds[context]) >> 4 : -(odds[context] >> 4);
    for (; (low ^ high) >> 24 === 0; code = next()) {
      low = shift(low, 0);
      high = shift(high, 63);
    }
    return is;
  };
  const number = (context: number): number => {
    let bits = 1;
    while (bits < 16) bits = 2 * bits + bit(context + bits);
    let value = 1;
    for (let i = bits - 17; i >= 0; i--) value = 2 * value + bit(context + 16 * (bits - 15) + i);
    return value;
  };

  // Whether the last three were copies.
  let kinds = 0;
  let distance = 1;
  for (let at = 0; at < size; ) {
    const isCopy = bit(kinds);
    if (isCopy) {
      const again = !(kinds & 1) && bit(8 + kinds);
      let length = again ? number(784) : number(1056) + 1;
      if (!again) distance = number(1328 + 272 * Math.min(length - 2, 3));
      for (; length > 0; length--) bytes[at] = bytes[at++ - distance];
    } else {
      // After a copy, the byte that would have been next is unlikely.
      const guess = kinds & 1 ? 256 | bytes[at - distance] : 0;
      let byte = 1;
      for (let i = 8; i > 0; i--) {
        byte = 2 * byte + bit(16 + byte + (byte === guess >> i ? 256 << ((guess >> (i - 1)) & 1) : 0));
      }
      bytes[at++] = byte;
    }
    kinds = ((kinds << 1) | isCopy) & 7;
  }
  return bytes;
}
