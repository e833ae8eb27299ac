// The safetensors format: named arrays behind a JSON header, as huggingface/safetensors defines it.
import { formatError } from '../errors/index.ts';
import { concatenate } from '../protobuf/index.ts';
import { isObject, parseJson } from './parse-json.ts';

/** The types of arrays that safetensors has and JavaScript, too, by their name there. */
const arrayTypes = {
  F64: Float64Array,
  F32: Float32Array,
  I64: BigInt64Array,
  I32: Int32Array,
  I16: Int16Array,
  I8: Int8Array,
  U64: BigUint64Array,
  U32: Uint32Array,
  U16: Uint16Array,
  U8: Uint8Array,
} as const;

type DataType = keyof typeof arrayTypes;
export type TensorData =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | BigUint64Array
  | Uint32Array
  | Uint16Array
  | Uint8Array;

/** A named array of a file. */
export interface FileTensor {
  name: string;
  shape: readonly number[];
  data: TensorData;
}

/** What a file holds. */
export interface SafetensorsFile {
  metadata: ReadonlyMap<string, string>;
  tensors: readonly FileTensor[];
}

/** The reference implementation reads no longer headers. */
const MAX_HEADER = 100_000_000;

/** The data begin at a multiple of this. */
const ALIGNMENT = 8;

/** Whether a file can hold `value`. */
export function isTensorData(value: unknown): value is TensorData {
  return Object.hasOwn(arrayTypes, dataType(value as TensorData));
}

/** The name of an array's type: `F32`. */
export function dataType(data: TensorData): DataType {
  const [, letter, bits] = /^(?:Big)?([FIU])\D*(\d+)Array$/.exec(data?.[Symbol.toStringTag] ?? '') ?? [];
  return `${letter}${bits}` as DataType;
}

/** The bytes of an array. */
export function bytesOf({ buffer, byteOffset, byteLength }: TensorData): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Writes a file. */
export function writeSafetensors({ metadata, tensors }: SafetensorsFile): Uint8Array<ArrayBuffer> {
  // The largest elements first, as the reference implementation has them: all are aligned then.
  const ordered = [...tensors].sort((a, b) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT);
  let end = 0;
  const entries = ordered.map(({ name, shape, data }) => {
    const begin = end;
    end += data.byteLength;
    return [name, { dtype: dataType(data), shape, data_offsets: [begin, end] }];
  });
  const json = JSON.stringify(Object.fromEntries([['__metadata__', Object.fromEntries(metadata)], ...entries]));
  const text = new TextEncoder().encode(json);
  const start = Math.ceil((8 + text.length) / ALIGNMENT) * ALIGNMENT;
  const head = new Uint8Array(start).fill(0x20);
  new DataView(head.buffer).setBigUint64(0, BigInt(start - 8), true);
  head.set(text, 8);
  return concatenate([head, ...ordered.map(({ data }) => bytesOf(data))]);
}

/**
 * Reads a file. Nothing is allocated before the header and all that it says of sizes is known to be right.
 *
 * @throws ParameterError for what breaks a rule of the format.
 */
export function readSafetensors(what: string, bytes: Uint8Array): SafetensorsFile {
  const damaged = (detail: string): never => {
    throw formatError(`${what} is no whole safetensors file: ${detail}. Save or copy it again.`);
  };
  if (bytes.length < 8) damaged(`it has ${bytes.length} bytes`);
  const size = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (size > Math.min(MAX_HEADER, bytes.length - 8)) {
    damaged(`its header would be ${size} bytes, of ${bytes.length - 8} that follow and ${MAX_HEADER} that are allowed`);
  }
  const start = 8 + Number(size);
  const header = parseJson(`The header of ${what}`, bytes.subarray(8, start));
  if (!isObject(header)) return damaged('its header is no JSON object');
  const { __metadata__: metadata = {}, ...tensors } = header;
  if (!isObject(metadata) || !Object.values(metadata).every((value) => typeof value === 'string')) {
    damaged('its metadata are not texts by name');
  }
  const length = bytes.length - start;
  const entries = Object.entries(tensors).map(([name, entry]) => checkEntry(name, entry, damaged));
  // Without gaps and overlaps, so that every byte belongs to one array.
  let end = 0;
  for (const { name, offsets } of [...entries].sort(
    (a, b) => a.offsets[0] - b.offsets[0] || a.offsets[1] - b.offsets[1],
  )) {
    if (offsets[0] !== end)
      damaged(`array ${JSON.stringify(name)} begins at byte ${offsets[0]} of the data instead of ${end}`);
    end = offsets[1];
  }
  if (end !== length) damaged(`its arrays have ${end} bytes, and ${length} follow the header`);
  return {
    metadata: new Map(Object.entries(metadata as Record<string, string>)),
    tensors: entries.map(({ name, type, shape, offsets: [from, to] }) => ({
      name,
      shape,
      // A copy, because views have to be aligned; not by slice, which does not copy a Buffer.
      data: new arrayTypes[type](new Uint8Array(bytes.subarray(start + from, start + to)).buffer),
    })),
  };
}

function checkEntry(name: string, entry: unknown, damaged: (detail: string) => never) {
  const array = `array ${JSON.stringify(name)}`;
  if (!isObject(entry)) return damaged(`${array} is not described`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== 'string' || !Object.hasOwn(arrayTypes, dtype)) {
    return damaged(
      `${array} is of the type ${JSON.stringify(dtype)?.slice(0, 40)}, of ${Object.keys(arrayTypes).join(', ')}`,
    );
  }
  const type = dtype as DataType;
  if (!isSizes(shape)) return damaged(`${array} has no shape`);
  if (!isSizes(offsets) || offsets.length !== 2) return damaged(`${array} has no 'data_offsets'`);
  const size = shape.reduce((product, n) => product * n, arrayTypes[type].BYTES_PER_ELEMENT);
  if (offsets[1] - offsets[0] !== size)
    return damaged(`${array} has ${offsets[1] - offsets[0]} bytes instead of ${size}`);
  return { name, type, shape, offsets };
}

const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
