// Reads the header of an .npy file: where the numbers start, what they are and how they are arranged.
import { formatError } from '../errors/index.ts';

/** Number types of NumPy that can be read, with the typed arrays of their bits. */
export const elementTypes = {
  f4: Float32Array,
  f8: Float64Array,
  i1: Int8Array,
  i2: Int16Array,
  i4: Int32Array,
  i8: BigInt64Array,
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
  u8: BigUint64Array,
  b1: Uint8Array,
};

export interface NpyHeader {
  element: keyof typeof elementTypes;
  bigEndian: boolean;
  fortranOrder: boolean;
  shape: number[];
  /** Where the numbers start. */
  offset: number;
}

/** Dimensions of an array, as NumPy limits them. */
const MOST_DIMENSIONS = 64;

const magic = [0x93, ...Array.from('NUMPY', (letter) => letter.charCodeAt(0))];

// One entry of the Python dictionary that the header is (NEP 1). NumPy sorts the keys, others need not.
const dictionaryEntry = /\s*(['"])(\w+)\1\s*:\s*('[^']*'|"[^"]*"|True|False|\([\dL,\s]*\)|\[.*\])\s*(?:,|$)/gsy;

/** The values of the dictionary as they are written, by key; undefined for text that is none. */
function readDictionary(text: string): Map<string, string> | undefined {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{') || !trimmed.endsWith('}')) return undefined;
  const inside = trimmed.slice(1, -1);
  const entries = [...inside.matchAll(dictionaryEntry)];
  const read = entries.reduce((length, [entry]) => length + entry.length, 0);
  return inside.slice(read).trim() === '' ? new Map(entries.map(([, , key, value]) => [key, value])) : undefined;
}

/** The sizes in a Python tuple of integers; undefined for what is none, such as `(3)`. */
function readShape(tuple: string): number[] | undefined {
  const sizes = tuple
    .slice(1, -1)
    .split(',')
    .map((size) => size.trim().replace(/L$/, ''));
  // A comma may follow the last size, and has to follow an only one.
  if (sizes.at(-1) === '') sizes.pop();
  else if (sizes.length === 1) return undefined;
  return sizes.every((size) => /^\d+$/.test(size)) ? sizes.map(Number) : undefined;
}

/**
 * Reads the header of NumPy's format, version 1.0, 2.0 or 3.0.
 *
 * @throws ParameterError when `bytes` are no such file or hold what is not a plain number
 */
export function readNpyHeader(what: string, bytes: Uint8Array): NpyHeader {
  if (!magic.every((byte, i) => bytes[i] === byte)) {
    throw formatError(`${what} must be an .npy file as NumPy writes it. It does not start as one.`);
  }
  const [major] = bytes.subarray(6);
  if (!(major >= 1 && major <= 3)) {
    throw formatError(`${what} must be an .npy file of version 1, 2 or 3. Got ${major ?? 'its end'} instead.`);
  }
  const start = major === 1 ? 10 : 12;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < start ? Number.NaN : major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const offset = start + length;
  if (!(offset <= bytes.length)) throw formatError(`${what} is truncated: it ends inside its header.`);
  const text = new TextDecoder(major === 3 ? 'utf-8' : 'latin1').decode(bytes.subarray(start, offset));
  const entries = readDictionary(text);
  const [descr, order, tuple] = ['descr', 'fortran_order', 'shape'].map((key) => entries?.get(key) ?? '');
  const shape = readShape(tuple);
  if (
    entries?.size !== 3 ||
    descr === '' ||
    !/^(True|False)$/.test(order) ||
    shape === undefined ||
    shape.length > MOST_DIMENSIONS
  ) {
    throw formatError(`${what} is damaged: its header is not one that NumPy writes.`);
  }
  const type = /^['"]([<>|=]?)([a-z]\d)['"]$/.exec(descr);
  if (!type || !Object.hasOwn(elementTypes, type[2])) {
    const known = Object.keys(elementTypes).join(', ');
    throw formatError(
      `${what} must hold numbers of a type among ${known}. Got ${descr.slice(0, 60)} instead. Convert them with astype before saving.`,
    );
  }
  return {
    element: type[2] as NpyHeader['element'],
    bigEndian: type[1] === '>',
    fortranOrder: order === 'True',
    shape,
    offset,
  };
}
