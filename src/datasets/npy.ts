// parseNpy and parseNpz: the bytes of NumPy's files become arrays of numbers in row-major order.
import { didYouMean, formatError, type GivenOptions, list, resolveOptions, text, toBytes } from '../errors/index.ts';
import { elementTypes, readNpyHeader } from './npy-header.ts';
import { unzip } from './zip.ts';

/** What an error says to do. */
const AS_BYTES = 'Read the file as bytes, not as text.';

/** An array of any rank in row-major (C) order, like the matrices of Regulus. */
export interface NpyArray {
  /** float64 and 64-bit integers come as Float64Array, booleans as Uint8Array of 0 and 1, others as their own type. */
  data: Float64Array | Float32Array | Int32Array | Int16Array | Int8Array | Uint32Array | Uint16Array | Uint8Array;
  /** Size of each dimension; empty for a single number. */
  shape: number[];
}

/**
 * Reads an array from the bytes of an .npy file: `f4`, `f8`, integers of 1 to 8 bytes and booleans, in C or Fortran
 * order and of either byte order.
 *
 * @throws ParameterError for other types, for 64-bit integers beyond ±(2⁵³ − 1), which a double cannot hold exactly, and
 * for bytes that are not a whole .npy file
 * @example
 * ```js
 * import { parseNpy } from 'regulus/datasets';
 *
 * const header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }".padEnd(117) + '\n';
 * const bytes = Uint8Array.of(0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, 118, 0, ...new TextEncoder().encode(header),
 *   ...new Uint8Array(Float64Array.of(1.5, 2.5).buffer));
 * console.log(parseNpy(bytes)); // { data: [1.5, 2.5], shape: [2] }
 * ```
 */
export function parseNpy(bytes: ArrayBuffer | Uint8Array): NpyArray {
  return readNpy("The 'bytes' parameter of parseNpy", toBytes('parseNpy', 'bytes', bytes, AS_BYTES));
}

const npzRules = {
  arrays: list(text(), { optional: true, describe: 'Names of the arrays to read; by default all' }),
};

/** Options of {@link parseNpz}. `arrays`: names of the arrays to read, by default all; others are not even inflated. @interface */
export type ParseNpzOptions = GivenOptions<typeof npzRules>;

/**
 * Reads arrays from the bytes of an .npz file, as `numpy.savez` and `numpy.savez_compressed` write it. Keys are the
 * names given there (`arr_0`, `arr_1` … for arrays without one).
 *
 * @throws ParameterError for archives that are truncated or damaged (every array is checked against its CRC-32), for a name
 * that is not there, and for all that {@link parseNpy} refuses; EnvironmentError where there is no memory for an array
 * @example
 * ```js
 * import { parseNpz } from 'regulus/datasets';
 *
 * const empty = new Uint8Array(22); // an archive of no arrays is its end record
 * empty.set([0x50, 0x4b, 5, 6]);
 * console.log(Object.keys(parseNpz(empty))); // []
 * ```
 */
export function parseNpz(bytes: ArrayBuffer | Uint8Array, options: ParseNpzOptions = {}): Record<string, NpyArray> {
  const what = "The 'bytes' parameter of parseNpz";
  const files = unzip(what, toBytes('parseNpz', 'bytes', bytes, AS_BYTES));
  const names = Array.from(files.keys(), (name) => {
    if (name.endsWith('.npy')) return name.slice(0, -'.npy'.length);
    throw formatError(`${what} must hold .npy files only. Got '${name.slice(0, 60)}' instead.`);
  });
  const { arrays = names } = resolveOptions('parseNpz', options, npzRules);
  return Object.fromEntries(
    arrays.map((name) => {
      const read = files.get(`${name}.npy`);
      if (read) return [name, readNpy(`${what}, in its array '${name.slice(0, 60)}',`, read())];
      const hint = didYouMean(name, names) || `Arrays: ${names.slice(0, 20).join(', ')}.`;
      throw formatError(`There is no array '${name}'. ${hint}`);
    }),
  );
}

/** {@link parseNpy}; `what` names the file in errors. */
function readNpy(what: string, bytes: Uint8Array): NpyArray {
  const { element, bigEndian, fortranOrder, shape, offset } = readNpyHeader(what, bytes);
  const Elements = elementTypes[element];
  const size = Elements.BYTES_PER_ELEMENT;
  const count = shape.reduce((product, length) => product * length, 1);
  const present = bytes.length - offset;
  if (present !== count * size) {
    const state = present < count * size ? 'truncated' : 'damaged';
    throw formatError(
      `${what} is ${state}: its shape (${shape.join(', ')}) takes ${count * size} bytes, and ${present} follow the header.`,
    );
  }
  // A copy, because typed arrays need aligned bytes and the caller keeps his.
  const own = bytes.slice(offset);
  if (bigEndian) for (let i = 0; i < own.length; i += size) own.subarray(i, i + size).reverse();
  const values = new Elements(own.buffer);
  const data =
    values instanceof BigInt64Array || values instanceof BigUint64Array ? exactDoubles(what, values) : values;
  return { data: fortranOrder ? toRowMajor(data, shape) : data, shape };
}

function exactDoubles(what: string, values: BigInt64Array | BigUint64Array): Float64Array {
  return Float64Array.from({ length: values.length }, (_, i) => {
    const value = Number(values[i]);
    if (!Number.isSafeInteger(value)) {
      throw formatError(
        `${what} must hold integers of at most 2^53 - 1 in size. Got ${values[i]} at element ${i} instead.`,
      );
    }
    return value;
  });
}

/** Rearranges an array whose first index runs fastest into one whose last index does. */
function toRowMajor<T extends NpyArray['data']>(data: T, shape: readonly number[]): T {
  const ordered = data.slice() as T;
  const index = shape.map(() => 0);
  for (let from = 0; from < data.length; from++) {
    ordered[index.reduce((to, value, axis) => to * shape[axis] + value, 0)] = data[from];
    for (let axis = 0; axis < shape.length && ++index[axis] === shape[axis]; axis++) index[axis] = 0;
  }
  return ordered;
}
