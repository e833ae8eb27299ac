// Inputs that are nearly right: good ones with a few edits, of their bytes, of their text or of their JSON.
import fc from 'fast-check';
import { encode } from './format.ts';

const edit = fc.record({
  kind: fc.nat(8),
  at: fc.nat(),
  length: fc.oneof(fc.nat(4), fc.nat(64), fc.nat(4096)),
  value: fc.nat(),
});
type Edit = { kind: number; at: number; length: number; value: number };
const edits = fc.array(edit, { minLength: 0, maxLength: 5 });

/** Numbers that lengths, sizes and places are made of, at their ends. */
const ENDS = [0, 1, 2, 0x7f, 0x80, 0xff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

function changeBytes(bytes: Uint8Array, { kind, at, length, value }: Edit): Uint8Array {
  const place = at % (bytes.length + 1);
  const end = Math.min(place + length, bytes.length);
  const [before, chosen, after] = [bytes.subarray(0, place), bytes.subarray(place, end), bytes.subarray(end)];
  const join = (...parts: ArrayLike<number>[]) =>
    Uint8Array.from(Buffer.concat(parts.map((part) => Uint8Array.from(part))));
  switch (kind) {
    case 0:
      return join(before, after);
    case 1:
      return join(before, chosen, chosen, after);
    case 2:
      return join(before, new Uint8Array(length).fill(value), bytes.subarray(place));
    case 3:
      return join(before);
    case 4: {
      // A number of 32 bits, or of 16, at one of its ends.
      const changed = bytes.slice();
      const number = ENDS[value % ENDS.length];
      for (let i = 0; i < (length % 2 ? 2 : 4) && place + i < bytes.length; i++)
        changed[place + i] = number >>> (8 * i);
      return changed;
    }
    case 5: {
      const from = value % (bytes.length + 1);
      return join(before, bytes.subarray(from, from + length), after);
    }
    default: {
      const changed = bytes.slice();
      if (place < bytes.length) changed[place] ^= 1 << (value % 8);
      return changed;
    }
  }
}

/** One of `samples` with a few edits of its bytes. */
export function mutatedBytes(samples: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  return fc.tuple(fc.constantFrom(...samples), edits).map(([sample, list]) => list.reduce(changeBytes, sample));
}

/** Characters: no text becomes much longer, because reading long texts may take long. */
const MOST_REPEATED = 200_000;

/** One of `samples` with `tokens` put in, cut out or repeated, perhaps very often. */
export function mutatedText(samples: readonly string[], tokens: readonly string[]): fc.Arbitrary<Uint8Array> {
  const change = (text: string, { kind, at, length, value }: Edit): string => {
    const place = at % (text.length + 1);
    const token = tokens[value % tokens.length];
    const [before, after] = [text.slice(0, place), text.slice(place)];
    if (kind < 4) return before + token + after;
    if (kind < 6) return before + token + after.slice(length);
    if (kind === 6) return before + token.repeat(Math.min(length, MOST_REPEATED / (token.length + 1))) + after;
    return kind === 7 ? before + after.slice(length) : before + after.slice(0, length) + after;
  };
  const text = fc
    .tuple(fc.constantFrom(...samples), edits)
    .map(([sample, list]) => encode(list.reduce(change, sample)));
  return fc.oneof({ weight: 8, arbitrary: text }, { weight: 2, arbitrary: mutatedBytes(samples.map(encode)) });
}

const deep = (levels: number): unknown => Array.from({ length: levels }).reduce((inner: unknown) => [inner], []);
/** Stands for Infinity, which JSON can only write as a number too large. */
const HUGE = '@1e999';
const VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -1, 0.5, 1, 2, 3, 1e308, -1e308, 1e-308, 2 ** 31, 2 ** 32, 2 ** 53, 1e12, 1e21, HUGE],
  ...['', 'a', '__proto__', 'constructor', 'toString', 'length', 'loss', 'accuracy', '<script>alert(1)</script>'],
  ...['\u0000', '\u001b[31m', '\ud800', '\u2028', 'x'.repeat(2000), ' ', '.', '../../etc/passwd', 'NaN'],
  ...[[], {}, [[]], [{}], [null], { length: 1e9 }, { type: 'dense' }, { toJSON: 1 }, deep(150), [1, 2, 3], ['a', 'a']],
];
const KEYS = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'type',
  'loss',
  '',
  '0',
  'then',
  'x'.repeat(300),
];

/** Values of a JSON text: several edits that repeat parts must not repeat each other. */
const MOST_PLACES = 20_000;

type Json = Record<string, unknown> | unknown[];
interface JsonPlace {
  holder: Json;
  key: string;
}

function placesIn(root: unknown, places: JsonPlace[] = []): JsonPlace[] {
  if (typeof root !== 'object' || root === null) return places;
  for (const key of Object.keys(root)) {
    places.push({ holder: root as Json, key });
    placesIn((root as Record<string, unknown>)[key], places);
  }
  return places;
}

function changeJson(root: { value: unknown }, { kind, at, length, value }: Edit): { value: unknown } {
  const places = placesIn(root);
  const { holder, key } = places[at % places.length];
  const object = holder as Record<string, unknown>;
  const other = places[value % places.length];
  const given = structuredClone(VALUES[value % VALUES.length]);
  const own = (name: string, item: unknown) =>
    Object.defineProperty(object, name, { value: item, enumerable: true, configurable: true, writable: true });
  if (kind === 0 && Array.isArray(holder)) holder.splice(Number(key), 1);
  else if (kind === 0 && object !== root) delete object[key];
  else if (kind === 1 && Array.isArray(holder))
    holder.push(...new Array(Math.min(length, Math.ceil(MOST_PLACES / places.length))).fill(holder[Number(key)]));
  else if (kind === 2 && object !== root && !Array.isArray(holder)) own(KEYS[value % KEYS.length], given);
  else if (kind === 3) object[key] = structuredClone((other.holder as Record<string, unknown>)[other.key]);
  else if (kind === 4 && typeof object[key] === 'number')
    object[key] = (object[key] as number) * (length % 2 ? -1 : 1e6);
  else if (kind === 5 && object !== root && !Array.isArray(holder)) {
    own(KEYS[value % KEYS.length], object[key]);
    delete object[key];
  } else object[key] = given;
  // A value may have been put inside itself.
  return structuredClone(root);
}

/** Values of `samples` with a few edits of their parts. */
export function mutatedJson(samples: readonly unknown[]): fc.Arbitrary<unknown> {
  return fc
    .tuple(fc.constantFrom(...samples), edits)
    .map(([sample, list]) => list.reduce(changeJson, { value: structuredClone(sample) }).value);
}

/** The texts of {@link mutatedJson}; some of them are no JSON any more. */
export function mutatedJsonText(samples: readonly unknown[]): fc.Arbitrary<Uint8Array> {
  const whole = mutatedJson(samples).map((value) => encode(jsonText(value)));
  const damaged = mutatedText(samples.map(jsonText), [
    '"',
    '{',
    '[',
    ',',
    ':',
    '\\',
    '//',
    '/*',
    '1e999',
    '[['.repeat(5000),
    '\ufeff',
  ]);
  return fc.oneof({ weight: 9, arbitrary: whole }, { weight: 1, arbitrary: damaged });
}

const jsonText = (value: unknown): string => (JSON.stringify(value) ?? 'null').replaceAll(`"${HUGE}"`, '1e999');
