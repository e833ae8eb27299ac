// Describes one binary by what it has in common with another.
const SHORTEST = 12; // a shorter copy costs more to name than its bytes

/**
 * Returns `{ copies, bytes }`: `copies` is a flat list of triples (how many of the next `bytes` come first, where in `base`
 * the copy starts, how long it is); the rest of `bytes` follows. `patch` in src/backend/wasm/inlined.ts puts it together.
 */
export function delta(base, target) {
  const places = new Map();
  for (let i = 0; i + SHORTEST <= base.length; i++) {
    const key = base.toString('latin1', i, i + SHORTEST);
    if (places.has(key)) places.get(key).push(i);
    else places.set(key, [i]);
  }
  const common = (from, at) => {
    let n = 0;
    while (at + n < target.length && from + n < base.length && base[from + n] === target[at + n]) n++;
    return n;
  };
  const copies = [];
  const fresh = [];
  let counted = 0;
  for (let at = 0; at < target.length; ) {
    const found = places.get(target.toString('latin1', at, at + SHORTEST)) ?? [];
    const best = found.map((start) => ({ start, length: common(start, at) })).sort((a, b) => b.length - a.length)[0];
    if (best) {
      copies.push(fresh.length - counted, best.start, best.length);
      counted = fresh.length;
      at += best.length;
    } else {
      fresh.push(target[at++]);
    }
  }
  return { copies, bytes: Buffer.from(fresh) };
}
